/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parking: jobs that wait for an answer. An asker that dies withdraws its
 * question.
 */
#pragma once

#include <event2/event.h>
#include <stdint.h>

#include "seccomp/action.h"

struct seccomp;
struct job;

/* Watches whether askers die while somebody works or waits for them. */
void parking_watch(struct seccomp *seccomp);

/* Puts a job aside until parking_remove(). */
void parking_add(struct job *job);
void parking_remove(struct job *job);

/* The job that a request was made of, NULL when it has gone. */
struct job *parking_find(struct seccomp *seccomp, uint64_t request_id);

/* Puts a job's request to the decider and parks it, or refuses it. */
void parking_ask(struct job *job, const struct judged_detail *detail);

/* Refuses a job and tells the decider, for the record. */
void parking_refuse(struct job *job, const struct judged_detail *detail);

/* The timer that looks for dead askers; an event_callback_fn. */
void parking_check(evutil_socket_t fd, short what, void *seccomp);

/* Denies everything that waits. */
void parking_clear(struct seccomp *seccomp);
