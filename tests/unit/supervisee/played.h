/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A system call that is only played: the kernel's side of the listener, the
 * steps of the operation and who decides do what a test says, and what they
 * were told is kept.
 */
#pragma once

#include "core/decider.h"
#include "operation/notif.h"
#include "seccomp/job.h"
#include "seccomp/seccomp.h"
#include "seccomp/state.h"
#include "unit.h"

#define ID 7
#define HELD "/usr/x" /* the kernel holds a rule for it */
#define ALLOWED 443   /* ports: by a rule, */
#define DENIED 25     /* by none, and */
#define ASKED 80      /* no rule says anything */

enum told { NOTHING, CONTINUED, VALUE, FAILED, GIVEN };

/* What the kernel is told of the call, and what it says itself. */
struct played_kernel {
	enum told told;
	int times;
	int64_t value;
	int error;
	bool exchanged; /* a descriptor of the target's */
	bool gone;	/* the target */
	int refuses;	/* what handing over a descriptor comes to */
	struct seccomp_notif notif;
	int pipe[2]; /* a byte for each call that is to be received */
};
extern struct played_kernel kernel;

/* What the steps of the call come to. */
struct played_call {
	int gather, resolve, check, perform;
	int resolves_again, performs_again; /* times that names change */
	rights_t exposed;
	bool exact;
	enum maker maker;
	const char *path; /* what it is about; NULL: */
	uint16_t port;	  /* 0: nothing */
	bool narrows;	  /* in the end nothing of it is needed */
	bool impossible, opens, blocks;
	int performed;
};
extern struct played_call does;

/* Who decides. */
struct played_decider {
	struct decider decider;
	int refuses;   /* to be asked */
	int at_once;   /* an answer, before ask() returns; -1: none */
	uint64_t open; /* the request that waits; 0: none */
	int asked, withdrawn, refused;
	const char *reason;
};
extern struct played_decider decider;

extern struct event_base *loop;
extern struct engine *engine;
extern struct seccomp *seccomp; /* the same one */
extern bool ended;		/* it has said so */

/* Begins with an engine that has rules, and no call. */
void played_begin(void);

/* Ends it: a job has had no more than one end, and left nothing behind. */
void played_end(void);

/* Commits the rules. @more: and one that allows ASKED */
void played_commit(bool more);

/* The call is there. */
void played_call(void);

/* Lets the loop turn until the kernel is told something. */
void played_turn(void);
