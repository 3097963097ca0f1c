/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A siege: many programs that ask, while everything that they depend on fails.
 *
 * Each program (opens.c) opens what it is told to and says what came of it.
 * What it will be answered is in the name of the file; half of the programs are
 * answered by a helper of the daemon (answers.c), which writes down what it
 * answers, the others by a script of their own. So whatever a program was given
 * can be held against what was answered.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum kind {
	KIND_ONCE,
	KIND_DENIED,
	KIND_SESSION,
	KIND_ALWAYS,
	KIND_NEVER,  /* denied always */
	KIND_TIMED,  /* for TIMED_SECONDS of the wall clock */
	KIND_SILENT, /* nobody answers */
	KINDS,
};

extern const char *const kind_names[KINDS];

#define TIMED_SECONDS 60
/* For a question of 20 s, on a busy machine; and for an end. */
#define PATIENCE_MS 120000
/* Files of a kind and program. */
#define NUMBERS 4

/* What is known of a file, as a program may use it. */
struct claim {
	unsigned long
		answers; /* that allow it, as the helper wrote them down */
	unsigned long opened;
	unsigned long before; /* answers when it was last taken back */
	int64_t until;	      /* wall clock: the last answer holds so long */
	bool held;	      /* it was given for longer */
	bool kept;	      /* and is in the store */
	pid_t revoker;	      /* daemon that may take it back yet; 0: none */
	bool vague;	 /* it may be in force, though nobody has said so */
	int64_t gone_at; /* ms: it is not any more, for sure; 0: not known */
};

struct program {
	char app[16];
	unsigned int index;
	bool helped; /* answered by the daemon's helper, else by its script */
	bool stays;  /* as long as the siege */
	pid_t pid;   /* of `landlord run`; 0: none */
	int in, out;
	FILE *results;
	char *messages;	     /* file that its standard error goes to */
	unsigned int unkept; /* messages that were accounted for */
	int answered_by;     /* process of the daemon; 0: not known */
	bool asking, served, leaving;
	enum kind kind; /* of what it asks for */
	unsigned int number;
	unsigned long answers; /* to that, when it asked */
	int64_t asked_at;      /* ms, monotonic */
	int64_t asked_wall;    /* seconds, that its clock showed then */
	uint64_t asked_jumps;
	int64_t next_at; /* ms: asks again, or is started */
	int64_t ends_at; /* ms; 0: with the siege */
	struct claim claims[KINDS][NUMBERS];
};

struct siege {
	const char *landlord, *landlordd, *helpers, *top;
	unsigned int seed;
	int64_t started, ends; /* ms, monotonic */

	struct program *programs;
	unsigned int programs_count;

	pid_t daemon; /* 0: none */
	bool stopped, full;
	/* ms; 0: not planned */
	int64_t daemon_at, go_on_at, room_at, fault_at;
	/* At most, from a fault to the next, and between two questions. */
	unsigned int pause_ms, ask_ms;
	int64_t sample_at;
	volatile int64_t *offset; /* of the wall clock; shared */
	uint64_t jumps;
	int64_t set_at; /* ms, when it was last set */
	FILE *journal;	/* what came of each question */
	int messages;	/* of the daemon, to be read */
	char line[4096];
	size_t line_length;

	unsigned long results[KINDS][2]; /* allowed, denied */
	unsigned long faults, restarts, kept, unkept, revoked, runs, refused;
	unsigned long failures;
};

int64_t now_ms(void);
/* As the programs and the daemon see it. */
int64_t now_wall(const struct siege *siege);
/* Below a number; begins with the seed. */
unsigned int chance(struct siege *siege, unsigned int below);
void failed(struct siege *siege, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void said(const struct siege *siege, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
pid_t spawn(const char *const *arguments, int in, int out, int err);

/* --- programs.c ----------------------------------------------------------- */

/* Of ten, four are answered by the helper, four by a script, two come and go.
 */
void make_programs(struct siege *siege);
void start_program(struct siege *siege, struct program *program);
/* Asks, begins or leaves if it is time. */
void run_program(struct siege *siege, struct program *program);
/* It has said something, or nothing more. */
void on_result(struct siege *siege, struct program *program);
/* @status: of waitpid(2) */
void on_end(struct siege *siege, struct program *program, int status);
void leave(struct program *program);

/* --- claims.c: what was given against what was answered ------------------ */

/* Reads what the helper has written down. */
void read_answers(struct siege *siege);
/* A program has opened what it was told to. @error: 0 or an error number */
void take_result(struct siege *siege, struct program *program, int error);
/* All that is held for good has to be in the store. */
void check_store(struct siege *siege, struct program *program);
/* Takes back what it has been given for good. */
void take_back(struct siege *siege, struct program *program);

/* --- faults.c ------------------------------------------------------------ */

void start_daemon(struct siege *siege);
void run_faults(struct siege *siege);
/* Ends what goes on, and lets all be well. */
void end_faults(struct siege *siege);

/* --- samples.c ----------------------------------------------------------- */

void take_sample(struct siege *siege);
/* Whether nothing has grown. */
void compare_samples(struct siege *siege);
