/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's places: see place_watch.h. */
#include "daemon/place_watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"

#define LOOK_SECONDS 30
/* Who removes a whole directory shall be done first. */
#define SETTLED_USEC 100000
/* Without inotify(7), of which a user has only so many. */
#define LOOK_OFTEN_SECONDS 2
#define CHANGES                                                     \
	(IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | \
	 IN_MOVE_SELF | IN_ONLYDIR)

struct place_watch {
	struct control_listener *listener;
	struct state_place *state;
	int inotify;
	struct event *told, *look;
	void (*moved)(void *userdata);
	void (*lost)(void *userdata);
	void *userdata;
};

static int watch(const struct place_watch *places, int directory)
{
	char name[64];

	if (directory < 0)
		return 0;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", directory);
	return inotify_add_watch(places->inotify, name, CHANGES) < 0 ? -errno
								     : 0;
}

static void look_again(struct place_watch *places)
{
	const struct timeval delay = {
		.tv_sec =
			places->inotify < 0 ? LOOK_OFTEN_SECONDS : LOOK_SECONDS,
	};

	evtimer_add(places->look, &delay);
}

static const char *explain(int error)
{
	switch (error) {
	case -EADDRINUSE:
		return "another landlordd has taken its place";
	case -ENOENT:
		return "it was moved or removed";
	case -EACCES:
		return "it was moved or removed, and this process may not make "
		       "it anew, having confined itself";
	default:
		return strerror(-error);
	}
}

static void lose(struct place_watch *places, const char *what, const char *path,
		 int error)
{
	log_error("ending, since %s %s is not this daemon's any more: %s", what,
		  path, explain(error));
	places->lost(places->userdata);
}

static void check(struct place_watch *places)
{
	int result = control_listener_check(places->listener);

	if (result < 0) {
		lose(places, "the control socket",
		     listener_path(places->listener), result);
		return;
	}
	if (result > 0)
		places->moved(places->userdata);
	/* It may be another directory now. */
	if (places->inotify >= 0)
		(void)watch(places,
			    control_listener_directory(places->listener));
	result = state_place_check(places->state);
	if (result < 0) {
		lose(places, "the state directory", places->state->path,
		     result);
		return;
	}
	look_again(places);
}

static void on_told(evutil_socket_t fd, short events, void *userdata)
{
	_Alignas(struct inotify_event) char buffer[4096];
	const struct timeval settled = {.tv_usec = SETTLED_USEC};
	struct place_watch *places = userdata;

	(void)events;
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	evtimer_add(places->look, &settled);
}

static void on_look(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	check(userdata);
}

static void free_event(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

static void begin_watching(struct place_watch *places, struct event_base *loop)
{
	places->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (places->inotify < 0)
		return;
	places->told = event_new(loop, places->inotify, EV_READ | EV_PERSIST,
				 on_told, places);
	if (!places->told || event_add(places->told, NULL) < 0 ||
	    watch(places, control_listener_directory(places->listener)) < 0 ||
	    watch(places, places->state->directory) < 0) {
		free_event(&places->told);
		places->inotify = fd_close(places->inotify);
	}
}

int place_watch_new(struct place_watch **ret, struct event_base *loop,
		    struct control_listener *listener,
		    struct state_place *state, void (*moved)(void *userdata),
		    void (*lost)(void *userdata), void *userdata)
{
	struct place_watch *places = calloc(1, sizeof(*places));

	if (!places)
		return -ENOMEM;
	places->listener = listener;
	places->state = state;
	places->moved = moved;
	places->lost = lost;
	places->userdata = userdata;
	places->inotify = -1;
	places->look = evtimer_new(loop, on_look, places);
	if (!places->look) {
		place_watch_free(places);
		return -ENOMEM;
	}
	begin_watching(places, loop);
	/* What has happened before is noticed, too. */
	check(places);
	*ret = places;
	return 0;
}

struct place_watch *place_watch_free(struct place_watch *places)
{
	if (!places)
		return NULL;
	free_event(&places->told);
	free_event(&places->look);
	fd_close(places->inotify);
	free(places);
	return NULL;
}
