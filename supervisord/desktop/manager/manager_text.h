/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the manager says of rules, programs and events, as `landlord` prints
 * them. All texts are plain, new and released with g_free().
 */
#pragma once

#include <jansson.h>

/* "Allowed: read and list". */
char *manager_text_effect(const json_t *rule);

/* The object, and whether all beneath it is meant; as it can be copied. */
char *manager_text_object(const json_t *rule);

/* For how long, where from and when. */
char *manager_text_origin(const json_t *rule);

/* "Started 3 times, the last time on Monday". */
char *manager_text_starts(const json_t *rule);

/* A program that runs: its command, since when, what it has asked. */
char *manager_text_running(const json_t *program);

/* What was asked and is open, or was not answered: what, why and when. */
char *manager_text_pending(const json_t *question);
char *manager_text_pending_why(const json_t *question);

/* An event of the log. */
char *manager_text_event(const json_t *event);
char *manager_text_event_about(const json_t *event);

/* A point in time, as the person writes it. @time: seconds since the epoch */
char *manager_text_time(double time);
