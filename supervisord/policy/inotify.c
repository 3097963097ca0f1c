/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One instance of inotify for any number of listeners.
 */
#include "policy/inotify.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"

#define WATCH_MASK                                                  \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | \
	 IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct counted {
	int watch;
	unsigned int count;
};

struct inotify {
	int fd;
	struct event *readable;
	TAILQ_HEAD(, inotify_listener) listeners;
	void *watches; /* a tree of struct counted; see tsearch(3) */
};

static int compare(const void *a, const void *b)
{
	const int x = ((const struct counted *)a)->watch;
	const int y = ((const struct counted *)b)->watch;

	return (x > y) - (x < y);
}

static void tell(struct inotify *inotify, const struct inotify_event *event)
{
	struct inotify_listener *listener;

	TAILQ_FOREACH (listener, &inotify->listeners, link)
		listener->told(listener, event);
}

static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t length;

	(void)what;
	while ((length = read(fd, buffer, sizeof(buffer))) > 0) {
		const struct inotify_event *event;

		for (char *at = buffer; at < buffer + length;
		     at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			tell(userdata, event);
		}
	}
}

int inotify_new(struct inotify **ret, struct event_base *loop)
{
	struct inotify *inotify = calloc(1, sizeof(*inotify));
	int error;

	if (!inotify)
		return -ENOMEM;
	TAILQ_INIT(&inotify->listeners);
	inotify->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (inotify->fd < 0) {
		error = errno;
		inotify_free(inotify);
		return -error;
	}
	inotify->readable = event_new(loop, inotify->fd, EV_READ | EV_PERSIST,
				      on_readable, inotify);
	if (!inotify->readable || event_add(inotify->readable, NULL) < 0) {
		inotify_free(inotify);
		return -ENOMEM;
	}
	*ret = inotify;
	return 0;
}

struct inotify *inotify_free(struct inotify *inotify)
{
	if (!inotify)
		return NULL;
	if (inotify->readable)
		event_free(inotify->readable);
	fd_close(inotify->fd);
	tdestroy(inotify->watches, free);
	free(inotify);
	return NULL;
}

void inotify_listen(struct inotify *inotify, struct inotify_listener *listener)
{
	TAILQ_INSERT_TAIL(&inotify->listeners, listener, link);
}

void inotify_ignore(struct inotify *inotify, struct inotify_listener *listener)
{
	TAILQ_REMOVE(&inotify->listeners, listener, link);
}

static int count(struct inotify *inotify, int watch)
{
	struct counted *fresh = calloc(1, sizeof(*fresh)), **found;

	if (!fresh)
		return -ENOMEM;
	fresh->watch = watch;
	found = tsearch(fresh, &inotify->watches, compare);
	if (!found || *found != fresh)
		free(fresh);
	if (!found)
		return -ENOMEM;
	(*found)->count++;
	return 0;
}

int inotify_watch(struct inotify *inotify, const char *path)
{
	const int watch = inotify_add_watch(inotify->fd, path, WATCH_MASK);

	if (watch < 0)
		return -errno;
	if (count(inotify, watch) < 0) {
		const struct counted key = {.watch = watch};

		if (!tfind(&key, &inotify->watches, compare))
			inotify_rm_watch(inotify->fd, watch);
		return -ENOMEM;
	}
	return watch;
}

void inotify_unwatch(struct inotify *inotify, int watch)
{
	const struct counted key = {.watch = watch};
	struct counted **found = tfind(&key, &inotify->watches, compare);
	struct counted *counted = found ? *found : NULL;

	if (!counted || --counted->count > 0)
		return;
	tdelete(&key, &inotify->watches, compare);
	free(counted);
	/* A directory that was removed has taken its watch along. */
	inotify_rm_watch(inotify->fd, watch);
}
