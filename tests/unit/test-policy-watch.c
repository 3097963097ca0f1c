/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <sys/wait.h>
#include <time.h>

#include "directory.h"
#include "policy/policy_watch.h"
#include "unit.h"

static char *root;
static struct policy_options options;
static struct event_base *loop;
static struct policy_watcher *watcher;
static struct policy_watch *watch;
static int changes;

static void on_changed(void *userdata)
{
	(void)userdata;
	changes++;
	event_base_loopbreak(loop);
}

static void set_up(void)
{
	static char admin[4096], user[4096], grants[4096];
	static const char *files[2];

	root = directory_make();
	snprintf(admin, sizeof(admin), "%s/etc/landlord", root);
	snprintf(user, sizeof(user), "%s/home/config/landlord", root);
	snprintf(grants, sizeof(grants), "%s/state/grants", root);
	directory_write(root, "named.ini", "");
	files[0] = strdup(directory_path(root, "named.ini"));
	options = (struct policy_options){
		.admin_dir = admin,
		.user_dir = user,
		.grants_dir = grants,
		.files = files,
	};
	changes = 0;
	loop = event_base_new();
	ck_assert_int_eq(policy_watcher_new(&watcher, loop, &clock_real), 0);
	ck_assert_int_eq(policy_watch_new(&watch, watcher, "app", &options,
					  on_changed, NULL),
			 0);
}

static void tear_down(void)
{
	watch = policy_watch_free(watch);
	watcher = policy_watcher_free(watcher);
	event_base_free(loop);
	free((void *)options.files[0]);
	directory_remove(root);
}

static void on_limit(evutil_socket_t fd, short what, void *userdata)
{
	(void)fd;
	(void)what;
	(void)userdata;
	event_base_loopbreak(loop);
}

/* Runs the loop until a change is told or time is over. */
static int changes_within(int milliseconds)
{
	struct event *const limit = event_new(loop, -1, 0, on_limit, NULL);
	const struct timeval delay = {
		.tv_sec = milliseconds / 1000,
		.tv_usec = milliseconds % 1000 * 1000,
	};

	changes = 0;
	event_add(limit, &delay);
	event_base_dispatch(loop);
	event_free(limit);
	return changes;
}

/* Each is noticed, also in directories that did not exist. */
START_TEST(changes_are_noticed)
{
	set_up();
	ck_assert_int_eq(changes_within(300), 0);
	directory_write(root, "home/config/landlord/base.ini", "x");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "home/config/landlord/base.ini", "y");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "home/config/landlord/base.d/a.ini", "y");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "home/config/landlord/base.d/new", "z");
	ck_assert_int_eq(rename(directory_path(root, "home/config/landlord/"
						     "base.d/new"),
				directory_path(root, "home/config/landlord/"
						     "base.d/a.ini")),
			 0);
	ck_assert_int_eq(changes_within(5000), 1);
	ck_assert_int_eq(unlink(directory_path(root, "home/config/landlord/"
						     "base.d/a.ini")),
			 0);
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "etc/landlord/apps/app.d/b.ini", "");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "etc/landlord/apps/app.d/b.ini", "more");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "state/grants/app.jsonl", "");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "named.ini", "x");
	ck_assert_int_eq(changes_within(5000), 1);
	tear_down();
}
END_TEST

/* A directory that is replaced as a whole is followed. */
START_TEST(directories_are_replaced)
{
	set_up();
	directory_write(root, "etc/landlord/base.ini", "");
	ck_assert_int_eq(changes_within(5000), 1);
	ck_assert_int_eq(rename(directory_path(root, "etc/landlord"),
				directory_path(root, "etc/old")),
			 0);
	directory_write(root, "etc/landlord/base.ini", "");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "etc/landlord/base.ini", "x");
	ck_assert_int_eq(changes_within(5000), 1);
	tear_down();
}
END_TEST

START_TEST(what_does_not_concern_is_silent)
{
	set_up();
	directory_write(root, "home/config/landlord/base.ini", "x");
	directory_write(root, "state/grants/app.jsonl", "");
	ck_assert_int_eq(changes_within(5000), 1);
	directory_write(root, "home/config/other", "x");
	directory_write(root, "home/config/landlord/.base.ini.swp", "x");
	directory_write(root, "state/grants/other.jsonl", "x");
	directory_write(root, "state/grants/.app.jsonl.lock", "x");
	directory_write(root, "unnamed.ini", "x");
	ck_assert_int_eq(changes_within(1500), 0);
	tear_down();
}
END_TEST

START_TEST(bursts_are_one_change)
{
	struct timespec pause = {0, 1000000};

	set_up();
	directory_write(root, "home/config/landlord/base.ini", "x");
	ck_assert_int_eq(changes_within(5000), 1);
	for (int i = 0; i < 50; i++) {
		directory_write(root, "home/config/landlord/base.ini", "x");
		nanosleep(&pause, NULL);
	}
	ck_assert_int_eq(changes_within(5000), 1);
	ck_assert_int_eq(changes_within(1500), 0);
	tear_down();
}
END_TEST

/* How many instances of inotify this process has. */
static int instances(void)
{
	DIR *const descriptors = opendir("/proc/self/fd");
	const struct dirent *entry;
	char target[64];
	int count = 0;

	ck_assert_ptr_nonnull(descriptors);
	while ((entry = readdir(descriptors))) {
		const ssize_t length =
			readlinkat(dirfd(descriptors), entry->d_name, target,
				   sizeof(target) - 1);

		target[length > 0 ? length : 0] = '\0';
		count += strcmp(target, "anon_inode:inotify") == 0;
	}
	closedir(descriptors);
	return count;
}

#define APPS 200

static int told[APPS];

static void on_app_changed(void *userdata)
{
	*(int *)userdata += 1;
	event_base_loopbreak(loop);
}

static bool all_told(void)
{
	for (int i = 0; i < APPS; i++)
		if (!told[i])
			return false;
	return true;
}

/* A user has 128 instances. */
START_TEST(many_apps_share_an_instance)
{
	static struct policy_watch *watches[APPS];
	char app[32];

	set_up();
	for (int i = 0; i < APPS; i++) {
		snprintf(app, sizeof(app), "app%d", i);
		ck_assert_int_eq(policy_watch_new(&watches[i], watcher, app,
						  &options, on_app_changed,
						  &told[i]),
				 0);
		ck_assert(policy_watch_is_told(watches[i]));
	}
	ck_assert_int_eq(instances(), 1);
	/* One's own file is nobody else's business. */
	directory_write(root, "etc/landlord/apps/app7.d/a.ini", "");
	while (!all_told())
		event_base_dispatch(loop);
	memset(told, 0, sizeof(told));
	directory_write(root, "etc/landlord/apps/app7.ini", "x");
	while (!told[7])
		event_base_dispatch(loop);
	for (int i = 0; i < APPS; i++)
		ck_assert_int_eq(told[i], i == 7);
	/* One that goes takes nobody's watches along. */
	for (int i = 0; i < APPS - 1; i++)
		watches[i] = policy_watch_free(watches[i]);
	directory_write(root, "etc/landlord/base.ini", "");
	while (!told[APPS - 1])
		event_base_dispatch(loop);
	policy_watch_free(watches[APPS - 1]);
	tear_down();
}
END_TEST

/* How many instances this user may have, in a user namespace of ours. */
static bool limit_instances(int count)
{
	FILE *const file = fopen("/proc/sys/user/max_inotify_instances", "we");

	return file && fprintf(file, "%d", count) > 0 && fclose(file) == 0;
}

START_TEST(files_are_looked_at_when_nobody_tells)
{
	if (unshare(CLONE_NEWUSER) < 0 || !limit_instances(0)) {
		printf("# skipped: no user namespaces here\n");
		return;
	}
	set_up();
	ck_assert(!policy_watch_is_told(watch));
	ck_assert_int_eq(instances(), 0);
	directory_write(root, "home/config/landlord/base.ini", "x");
	ck_assert_int_eq(changes_within(10000), 1);
	directory_write(root, "home/config/landlord/base.ini", "y");
	ck_assert_int_eq(changes_within(10000), 1);
	directory_write(root, "state/grants/app.jsonl", "");
	ck_assert_int_eq(changes_within(10000), 1);
	directory_write(root, "named.ini", "x");
	ck_assert_int_eq(changes_within(10000), 1);
	directory_write(root, "state/grants/other.jsonl", "x");
	ck_assert_int_eq(changes_within(2 * POLICY_WATCH_POLL_MS), 0);
	ck_assert_int_eq(unlink(directory_path(root, "home/config/landlord/"
						     "base.ini")),
			 0);
	ck_assert_int_eq(changes_within(10000), 1);
	/* One is free again: what changes until then is not missed. */
	ck_assert(limit_instances(1));
	directory_write(root, "named.ini", "y");
	ck_assert_int_eq(changes_within(10000), 1);
	ck_assert(policy_watch_is_told(watch));
	ck_assert_int_eq(instances(), 1);
	directory_write(root, "named.ini", "z");
	ck_assert_int_eq(changes_within(POLICY_WATCH_POLL_MS), 1);
	tear_down();
}
END_TEST

UNIT_MAIN("watch", changes_are_noticed, directories_are_replaced,
	  what_does_not_concern_is_silent, bursts_are_one_change,
	  many_apps_share_an_instance, files_are_looked_at_when_nobody_tells);
