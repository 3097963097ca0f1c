/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report has gathered, for the page that is made of it.
 */
#pragma once

#include "report/count_tree.h"
#include "report/report.h"
#include "report/time_line.h"

#define REPORT_PATHS_MAX (64 * 1024)
#define REPORT_PROGRAMS_MAX 4096
#define REPORT_SLOWEST 50
#define REPORT_APPS_MAX 64

/* A request that had to wait. Strings are owned. */
struct report_wait {
	int64_t time, wait; /* microseconds */
	enum came_of came_of;
	enum trace_by by;
	char *what;    /* rights and objects */
	char *program; /* that asked */
	char *who;     /* decided; NULL: not known */
};

struct report {
	struct count_tree *objects;
	struct count_tree *programs;
	struct time_line line;
	struct report_wait slowest[REPORT_SLOWEST]; /* the longest first */
	size_t slowest_count;
	struct counts all;
	uint64_t waited; /* microseconds, all together */
	int64_t first, last;
	uint64_t events[TRACE_EVENTS_];
	char *apps[REPORT_APPS_MAX]; /* owned; others are not named */
	size_t apps_count;
	int error; /* -ENOMEM: it is not all */
};
