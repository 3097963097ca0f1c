/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that are whole, to be damaged: a trace, a log, and what is imported, each
 * with the same questions.
 */
#pragma once

#include "damage.h"

/* Questions have numbers of three digits, and nothing else has. */
#define FIRST 100
#define QUESTIONS 60
#define LINES_MAX (4 * QUESTIONS)

struct line {
	char *text;
	int question; /* 0: of none */
	char what;    /* which of its lines */
};

extern struct line lines[LINES_MAX];
extern size_t lines_count;

/* A third is denied by the policy, a third was by somebody. */
enum fate { BY_POLICY, WANTED, BY_SOMEBODY, FATES };

enum fate fate_of(int question);

/* Each makes all lines of a text. */
void make_trace(void);
void make_log(void);
void make_audit(void);
void make_strace(void);
void forget_lines(void);

/* The lines, as one text; its bytes are the caller's. */
struct text join_lines(void);
