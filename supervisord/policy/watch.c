/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every directory of the policy is a place. One that exists is watched itself;
 * of one that does not, the nearest that exists above it, for the name that
 * leads down. After each burst all places are looked for anew, so that it does
 * not matter what was made, moved or removed in which order. When a directory
 * above one that exists is moved away, nobody tells; the next reload finds that
 * out.
 */
#include "policy/watch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "core/app.h"

#define SETTLE_MS 100
#define INTERVAL_MS 1000

#define WATCH_MASK                                                  \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | \
	 IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct place {
	char *path;  /* of a directory; owned */
	char *file;  /* the only name that matters there; owned; NULL: those
		      * that policy files and directories have */
	int watch;   /* inotify's number; -1: none */
	char *below; /* what leads from the watched directory to this one;
		      * owned; NULL: it is the watched directory */
};

struct policy_watch {
	int inotify;
	struct event *readable, *timer;
	struct place *places;
	size_t count, allocated;
	int64_t first; /* ms, of the burst's first change; 0: no burst */
	int64_t last;  /* ms, of the last call back */
	void (*changed)(void *userdata);
	void *userdata;
};

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* --- Places ------------------------------------------------------ */

/* Takes @path and @file, also on failure; a NULL path is a failed asprintf. */
static int take_place(struct policy_watch *watch, char *path, char *file)
{
	if (path && watch->count == watch->allocated) {
		const size_t allocated = watch->allocated * 2 + 8;
		struct place *const places =
			reallocarray(watch->places, allocated, sizeof(*places));

		if (places) {
			watch->places = places;
			watch->allocated = allocated;
		}
	}
	if (!path || watch->count == watch->allocated) {
		free(path);
		free(file);
		return -ENOMEM;
	}
	watch->places[watch->count++] = (struct place){
		.path = path,
		.file = file,
		.watch = -1,
	};
	return 0;
}

static int add_layer(struct policy_watch *watch, const char *directory,
		     const char *app_file)
{
	static const char *const beneath[] = {"", "/base.d", "/apps"};
	char *path = NULL;
	int result = 0;

	if (!directory)
		return 0;
	for (size_t i = 0; result == 0 && i < ARRAY_SIZE(beneath); i++) {
		if (asprintf(&path, "%s%s", directory, beneath[i]) < 0)
			path = NULL;
		result = take_place(watch, path, NULL);
	}
	if (result < 0)
		return result;
	if (asprintf(&path, "%s/apps/%s.d", directory, app_file) < 0)
		path = NULL;
	return take_place(watch, path, NULL);
}

/* Adds one file of a directory. */
static int add_file(struct policy_watch *watch, const char *path)
{
	const char *const slash = strrchr(path, '/');
	char *const file = strdup(slash ? slash + 1 : path);
	char *const directory =
		!slash ? strdup(".")
		       : strndup(path, slash == path ? 1 : slash - path);

	if (!file) {
		free(directory);
		return -ENOMEM;
	}
	return take_place(watch, directory, file);
}

static int add_grants(struct policy_watch *watch, const char *directory,
		      const char *app_file)
{
	_cleanup_free_ char *path = NULL;

	if (!directory)
		return 0;
	if (asprintf(&path, "%s/%s.jsonl", directory, app_file) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return add_file(watch, path);
}

static int add_places(struct policy_watch *watch, const char *app,
		      const struct policy_options *options)
{
	_cleanup_free_ char *app_file = NULL;
	int result;

	result = app_file_name(app, "", &app_file);
	if (result == 0)
		result = add_layer(watch, options->admin_dir, app_file);
	if (result == 0)
		result = add_layer(watch, options->user_dir, app_file);
	if (result == 0)
		result = add_layer(watch, options->vendor_dir, app_file);
	if (result == 0)
		result = add_grants(watch, options->grants_dir, app_file);
	for (size_t i = 0; options->files && options->files[i]; i++)
		if (result == 0)
			result = add_file(watch, options->files[i]);
	return result;
}

/*
 * Watches a place or, while it does not exist, what is above it.
 * Returns: 0, or a negative errno: it cannot be watched at all.
 */
static int find_place(struct policy_watch *watch, struct place *place)
{
	_cleanup_free_ char *path = strdup(place->path);

	free(place->below);
	place->below = NULL;
	place->watch = -1;
	if (!path)
		return -ENOMEM;
	for (;;) {
		char *const slash = strrchr(path, '/');

		place->watch =
			inotify_add_watch(watch->inotify, path, WATCH_MASK);
		if (place->watch >= 0)
			return 0;
		if ((errno != ENOENT && errno != ENOTDIR) || !slash ||
		    slash[1] == '\0')
			return -errno;
		free(place->below);
		place->below = strdup(slash + 1);
		if (!place->below)
			return -ENOMEM;
		slash[slash == path] = '\0';
	}
}

/*
 * Watches anew. What may not be listed is not watched: it can be loaded all
 * the same, and a reload can be asked for.
 */
static int find_places(struct policy_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->places[i].watch >= 0)
			inotify_rm_watch(watch->inotify,
					 watch->places[i].watch);
	for (size_t i = 0; i < watch->count; i++) {
		const int result = find_place(watch, &watch->places[i]);

		if (result == -ENOMEM || result == -ENOSPC)
			return result;
	}
	return 0;
}

/* --- Events ------------------------------------------------------ */

static bool ends_with(const char *name, const char *end)
{
	const size_t length = strlen(name), end_length = strlen(end);

	return length > end_length &&
	       strcmp(name + length - end_length, end) == 0;
}

static bool concerns(const struct place *place,
		     const struct inotify_event *event)
{
	const char *const name = event->len > 0 ? event->name : "";

	if (event->wd != place->watch)
		return false;
	if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF))
		return true;
	if (place->below)
		return strcmp(name, place->below) == 0;
	if (place->file)
		return strcmp(name, place->file) == 0;
	return ends_with(name, ".ini") || ends_with(name, ".d") ||
	       strcmp(name, "apps") == 0 || *name == '\0';
}

static bool is_change(const struct policy_watch *watch,
		      const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		return true;
	if (event->mask & IN_IGNORED)
		return false; /* told by what removed the directory */
	for (size_t i = 0; i < watch->count; i++)
		if (concerns(&watch->places[i], event))
			return true;
	return false;
}

/* Waits until a burst settles, but neither too long nor too seldom. */
static void schedule(struct policy_watch *watch)
{
	const int64_t now = milliseconds();
	int64_t at = now + SETTLE_MS;
	struct timeval delay;

	if (watch->first == 0)
		watch->first = now;
	if (at > watch->first + INTERVAL_MS)
		at = watch->first + INTERVAL_MS;
	if (watch->last != 0 && at < watch->last + INTERVAL_MS)
		at = watch->last + INTERVAL_MS;
	if (at < now)
		at = now;
	delay.tv_sec = (at - now) / 1000;
	delay.tv_usec = (at - now) % 1000 * 1000;
	event_add(watch->timer, &delay);
}

static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct policy_watch *const watch = userdata;
	_Alignas(struct inotify_event) char buffer[4096];
	bool changed = false;
	ssize_t length;

	(void)what;
	while ((length = read(fd, buffer, sizeof(buffer))) > 0) {
		const struct inotify_event *event;

		for (char *at = buffer; at < buffer + length;
		     at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			changed |= is_change(watch, event);
		}
	}
	if (changed)
		schedule(watch);
}

static void on_settled(evutil_socket_t fd, short what, void *userdata)
{
	struct policy_watch *const watch = userdata;

	(void)fd;
	(void)what;
	watch->first = 0;
	watch->last = milliseconds();
	/* Whatever cannot be watched now is looked for after the next change.
	 */
	find_places(watch);
	watch->changed(watch->userdata); /* may free the watch */
}

int policy_watch_new(struct policy_watch **ret, struct event_base *loop,
		     const char *app, const struct policy_options *options,
		     void (*changed)(void *userdata), void *userdata)
{
	_cleanup_(policy_watch_freep) struct policy_watch *watch =
		calloc(1, sizeof(*watch));
	int result;

	if (!watch)
		return -ENOMEM;
	watch->inotify = -1;
	watch->changed = changed;
	watch->userdata = userdata;
	watch->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->inotify < 0)
		return -errno;
	watch->readable = event_new(loop, watch->inotify, EV_READ | EV_PERSIST,
				    on_readable, watch);
	watch->timer = event_new(loop, -1, 0, on_settled, watch);
	if (!watch->readable || !watch->timer)
		return -ENOMEM;
	result = add_places(watch, app, options);
	if (result == 0)
		result = find_places(watch);
	if (result < 0)
		return result;
	if (event_add(watch->readable, NULL) < 0)
		return -ENOMEM;
	*ret = watch;
	watch = NULL;
	return 0;
}

struct policy_watch *policy_watch_free(struct policy_watch *watch)
{
	if (!watch)
		return NULL;
	if (watch->readable)
		event_free(watch->readable);
	if (watch->timer)
		event_free(watch->timer);
	if (watch->inotify >= 0)
		close(watch->inotify);
	for (size_t i = 0; i < watch->count; i++) {
		free(watch->places[i].path);
		free(watch->places[i].file);
		free(watch->places[i].below);
	}
	free(watch->places);
	free(watch);
	return NULL;
}
