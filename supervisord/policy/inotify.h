/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inotify: one instance of inotify(7) for any number of listeners.
 *
 * A user has few instances (128 by default) and many watches; and the kernel
 * gives the watches of one instance on one directory the same number. So one
 * instance serves a whole process, and its watches are counted.
 */
#pragma once

#include <event2/event.h>
#include <sys/inotify.h>
#include <sys/queue.h>

struct inotify;

/* Embedded by whoever wants to be told. */
struct inotify_listener {
	TAILQ_ENTRY(inotify_listener) link;
	/*
	 * Something has happened in a directory that somebody watches. Must
	 * neither add nor remove listeners.
	 */
	void (*told)(struct inotify_listener *listener,
		     const struct inotify_event *event);
};

/* Returns: 0, or a negative errno (EMFILE: the user has too many already). */
int inotify_new(struct inotify **ret, struct event_base *loop);

/* Takes NULL; always returns NULL. */
struct inotify *inotify_free(struct inotify *inotify);

void inotify_listen(struct inotify *inotify, struct inotify_listener *listener);
void inotify_ignore(struct inotify *inotify, struct inotify_listener *listener);

/*
 * Watches a directory, once more if it is watched already.
 * Returns: the number of the watch, or a negative errno.
 */
int inotify_watch(struct inotify *inotify, const char *path);

/* Takes one watch back; -1 is ignored. */
void inotify_unwatch(struct inotify *inotify, int watch);
