/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source that exists is watched itself; of one that does not, the nearest
 * directory that exists above it, for the name that leads down. After each
 * burst all sources are looked for anew, so that it does not matter what was
 * made, moved or removed in which order. When a directory above one that exists
 * is moved away, nobody tells; the next reload finds that out.
 */
#include "policy/policy_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "policy/inotify.h"
#include "policy/sources.h"

#define SETTLE_MS 100
#define INTERVAL_MS 1000

/* Where one source is waited for. */
struct post {
	int watch;   /* inotify's number; -1: none */
	char *below; /* what leads from the watched directory to the source;
		      * owned; NULL: it is the watched directory */
};

struct policy_watcher {
	struct event_base *loop;
	const struct clock *clock;
	struct inotify *inotify; /* NULL while there is none to be had */
	struct event *poll;
	TAILQ_HEAD(, policy_watch) polled; /* whom nobody tells */
};

struct policy_watch {
	struct inotify_listener listener; /* the first member */
	TAILQ_ENTRY(policy_watch) link;	  /* while polled */
	struct policy_watcher *watcher;
	struct sources sources;
	struct post *posts; /* one for each source */
	bool polled;
	uint64_t signature; /* while polled: of the sources */
	struct event *timer;
	int64_t first; /* ms, of the burst's first change; 0: no burst */
	int64_t last;  /* ms, of the last call back */
	void (*changed)(void *userdata);
	void *userdata;
};

static struct timeval to_timeval(int64_t ms)
{
	return (struct timeval){ms / 1000, ms % 1000 * 1000};
}

/* Waits until a burst settles, but neither too long nor too seldom. */
static void schedule(struct policy_watch *watch)
{
	const int64_t now = clock_boot(watch->watcher->clock);
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
	delay = to_timeval(at - now);
	event_add(watch->timer, &delay);
}

/* --- Being told -------------------------------------------------- */

static bool concerns(const struct source *source, const struct post *post,
		     const struct inotify_event *event)
{
	const char *const name = event->len > 0 ? event->name : "";

	if (event->wd != post->watch)
		return false;
	if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF))
		return true;
	return post->below ? strcmp(name, post->below) == 0
			   : source_concerns(source, name);
}

static bool is_change(const struct policy_watch *watch,
		      const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		return true;
	if (event->mask & IN_IGNORED)
		return false; /* told by what removed the directory */
	for (size_t i = 0; i < watch->sources.count; i++)
		if (concerns(&watch->sources.items[i], &watch->posts[i], event))
			return true;
	return false;
}

static void on_told(struct inotify_listener *listener,
		    const struct inotify_event *event)
{
	struct policy_watch *const watch = (struct policy_watch *)listener;

	if (is_change(watch, event))
		schedule(watch);
}

/*
 * Watches a source or, while it does not exist, what is above it.
 * Returns: 0, or a negative errno: it cannot be watched at all.
 */
static int find_post(struct inotify *inotify, const struct source *source,
		     struct post *ret)
{
	_cleanup_free_ char *path = strdup(source->path);

	if (!path)
		return -ENOMEM;
	for (;;) {
		char *const slash = strrchr(path, '/');
		const int result = inotify_watch(inotify, path);

		if (result >= 0) {
			ret->watch = result;
			return 0;
		}
		if ((result != -ENOENT && result != -ENOTDIR) || !slash ||
		    slash[1] == '\0')
			return result;
		free(ret->below);
		ret->below = strdup(slash + 1);
		if (!ret->below)
			return -ENOMEM;
		slash[slash == path] = '\0';
	}
}

static void leave_posts(struct policy_watch *watch, struct post *posts)
{
	for (size_t i = 0; posts && i < watch->sources.count; i++) {
		if (posts[i].watch >= 0)
			inotify_unwatch(watch->watcher->inotify,
					posts[i].watch);
		free(posts[i].below);
	}
	free(posts);
}

/*
 * Watches anew. What may not be listed is not watched: it can be loaded all
 * the same, and a reload can be asked for.
 * Returns: 0, or -ENOMEM or -ENOSPC: what was watched is so still.
 */
static int find_posts(struct policy_watch *watch)
{
	const size_t count = watch->sources.count;
	struct post *const posts = calloc(count + 1, sizeof(*posts));
	int error = posts ? 0 : -ENOMEM;

	for (size_t i = 0; posts && i < count; i++)
		posts[i].watch = -1;
	for (size_t i = 0; !error && i < count; i++) {
		error = find_post(watch->watcher->inotify,
				  &watch->sources.items[i], &posts[i]);
		if (error != -ENOMEM && error != -ENOSPC)
			error = 0;
	}
	if (error) {
		leave_posts(watch, posts);
		return error;
	}
	leave_posts(watch, watch->posts);
	watch->posts = posts;
	return 0;
}

/* --- Looking ----------------------------------------------------- */

static void start_polling(struct policy_watch *watch)
{
	const struct timeval interval = to_timeval(POLICY_WATCH_POLL_MS);
	struct policy_watcher *const watcher = watch->watcher;

	watch->signature = sources_signature(&watch->sources);
	if (watch->polled)
		return;
	watch->polled = true;
	if (TAILQ_EMPTY(&watcher->polled))
		event_add(watcher->poll, &interval);
	TAILQ_INSERT_TAIL(&watcher->polled, watch, link);
}

static void stop_polling(struct policy_watch *watch)
{
	if (!watch->polled)
		return;
	watch->polled = false;
	TAILQ_REMOVE(&watch->watcher->polled, watch, link);
	if (TAILQ_EMPTY(&watch->watcher->polled))
		event_del(watch->watcher->poll);
}

/*
 * Lets the kernel tell. Returns: 0 or a negative errno, when it has no instance
 * or watch for this user any more.
 */
static int be_told(struct policy_watch *watch)
{
	struct policy_watcher *const watcher = watch->watcher;
	int error = 0;

	if (!watcher->inotify)
		error = inotify_new(&watcher->inotify, watcher->loop);
	if (!error)
		error = find_posts(watch);
	return error;
}

/* Follows the sources as they are now, in the one way or the other. */
static void follow(struct policy_watch *watch)
{
	const bool listening = watch->posts != NULL;
	const int error = be_told(watch);

	if (!error && !listening)
		inotify_listen(watch->watcher->inotify, &watch->listener);
	if (!error) {
		stop_polling(watch);
		return;
	}
	if (!watch->polled)
		log_debug("policy files are looked at every %d ms: inotify: %s",
			  POLICY_WATCH_POLL_MS, strerror(-error));
	start_polling(watch);
}

static void on_poll(evutil_socket_t fd, short what, void *userdata)
{
	struct policy_watcher *const watcher = userdata;
	struct policy_watch *watch, *next;

	(void)fd;
	(void)what;
	for (watch = TAILQ_FIRST(&watcher->polled); watch; watch = next) {
		const uint64_t signature = watch->signature;

		next = TAILQ_NEXT(watch, link);
		/* Who is told from now on looks once more. */
		follow(watch);
		if (sources_signature(&watch->sources) != signature)
			schedule(watch);
	}
}

/* --- Watches ----------------------------------------------------- */

static void on_settled(evutil_socket_t fd, short what, void *userdata)
{
	struct policy_watch *const watch = userdata;

	(void)fd;
	(void)what;
	watch->first = 0;
	watch->last = clock_boot(watch->watcher->clock);
	follow(watch);
	watch->changed(watch->userdata); /* may free the watch */
}

int policy_watch_new(struct policy_watch **ret, struct policy_watcher *watcher,
		     const char *app, const struct policy_options *options,
		     void (*changed)(void *userdata), void *userdata)
{
	struct policy_watch *const watch = calloc(1, sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	watch->listener.told = on_told;
	watch->watcher = watcher;
	watch->changed = changed;
	watch->userdata = userdata;
	watch->timer = event_new(watcher->loop, -1, 0, on_settled, watch);
	if (!watch->timer || sources_list(app, options, &watch->sources) < 0) {
		policy_watch_free(watch);
		return -ENOMEM;
	}
	follow(watch);
	*ret = watch;
	return 0;
}

struct policy_watch *policy_watch_free(struct policy_watch *watch)
{
	if (!watch)
		return NULL;
	stop_polling(watch);
	if (watch->posts)
		inotify_ignore(watch->watcher->inotify, &watch->listener);
	leave_posts(watch, watch->posts);
	sources_finish(&watch->sources);
	if (watch->timer)
		event_free(watch->timer);
	free(watch);
	return NULL;
}

bool policy_watch_is_told(const struct policy_watch *watch)
{
	return !watch->polled;
}

int policy_watcher_new(struct policy_watcher **ret, struct event_base *loop,
		       const struct clock *clock)
{
	struct policy_watcher *const watcher = calloc(1, sizeof(*watcher));

	if (!watcher)
		return -ENOMEM;
	watcher->loop = loop;
	watcher->clock = clock;
	TAILQ_INIT(&watcher->polled);
	watcher->poll = event_new(loop, -1, EV_PERSIST, on_poll, watcher);
	if (!watcher->poll) {
		policy_watcher_free(watcher);
		return -ENOMEM;
	}
	*ret = watcher;
	return 0;
}

struct policy_watcher *policy_watcher_free(struct policy_watcher *watcher)
{
	if (!watcher)
		return NULL;
	if (watcher->poll)
		event_free(watcher->poll);
	inotify_free(watcher->inotify);
	free(watcher);
	return NULL;
}
