// SPDX-License-Identifier: GPL-2.0-or-later
/* Wards: see ward.h. */
#include "path/ward.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "path/handle.h"
#include "path/plain.h"
#include "path/ward_layout.h"

#define HELD_MAX 128	 /* descriptors */
#define VERSIONS_MAX 256 /* objects that have had one name */
#define EVENTS_BYTES 4096

static void ward_finish(struct ward *ward)
{
	fd_close(ward->fd);
	free(ward->path);
	free(ward->inner);
}

static int compare_wards(const void *a, const void *b)
{
	return strcmp(((const struct ward *)a)->path,
		      ((const struct ward *)b)->path);
}

static int compare_path(const void *path, const void *ward)
{
	return strcmp(path, ((const struct ward *)ward)->path);
}

static void sort(struct wards *wards)
{
	if (wards->count)
		qsort(wards->items, wards->count, sizeof(*wards->items),
		      compare_wards);
}

static void set_suspect(struct wards *wards, ino_t inode)
{
	wards->inodes[inode >> 6 & 15] |= UINT64_C(1) << (inode & 63);
}

bool wards_suspect(const struct wards *wards, ino_t inode)
{
	return wards->inodes[inode >> 6 & 15] >> (inode & 63) & 1;
}

/* These change with whoever looks; names are all there is to go by. */
static bool is_virtual(const char *path)
{
	return mounts_after(path, "/proc") || mounts_after(path, "/sys");
}

/*
 * Opens what a ward's rule names. Whoever serves a file system that may keep us
 * waiting can do so only before the program runs.
 */
static int open_name(const struct wards *wards, const struct ward *ward)
{
	int fd;

	if (wards->patient)
		return plain_open(ward->path);
	fd = plain_open_cached(ward->path);
	return fd == -EAGAIN && !mounts_may_wait(&wards->mounts, ward->path)
		       ? plain_open(ward->path)
		       : fd;
}

/* Finds the object that has the name now. */
static void find(struct wards *wards, struct ward *ward)
{
	_cleanup_fd_ int fd = -1;
	struct statx st;

	if (is_virtual(ward->path))
		return;
	fd = open_name(wards, ward);
	if (fd < 0 || statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
			    STATX_BASIC_STATS | STATX_MNT_ID, &st) < 0)
		return;
	ward->found = true;
	ward->directory = S_ISDIR(st.stx_mode);
	ward->shared = !ward->directory && st.stx_nlink > 1;
	ward->device = makedev(st.stx_dev_major, st.stx_dev_minor);
	ward->inode = st.stx_ino;
	ward->mount = st.stx_mnt_id;
	set_suspect(wards, ward->inode);
	if (wards->held < HELD_MAX) {
		ward->fd = fd_take(&fd);
		wards->held++;
	}
}

/* Watches one directory. Returns: whether it is. */
static bool watch(struct wards *wards, const char *directory)
{
	const uint64_t moves = FAN_MOVED_FROM | FAN_MOVED_TO | FAN_MOVE_SELF |
			       FAN_CREATE | FAN_ONDIR;

	return wards->events >= 0 &&
	       !fanotify_mark(wards->events, FAN_MARK_ADD | FAN_MARK_ONLYDIR,
			      moves, AT_FDCWD, directory);
}

/*
 * Watches all directories above a ward; of one that is not there, those that
 * are. What @last has above it is watched already.
 */
static void watch_above(struct wards *wards, const struct ward *ward,
			const char *last)
{
	char path[PATH_MAX];
	const char *slash = strrchr(ward->path, '/');
	const size_t length = (size_t)(slash - ward->path);

	if (is_virtual(ward->path) ||
	    (last && !strncmp(last, ward->path, length + 1) &&
	     !strchr(last + length + 1, '/')))
		return;
	snprintf(path, sizeof(path), "%.*s", (int)length, ward->path);
	for (char *end = path + length; end >= path; end--) {
		if (end != path && *end != '\0' && *end != '/')
			continue;
		*end = '\0';
		if (!watch(wards, *path ? path : "/") && ward->found)
			wards->unsure = true;
	}
}

/* Where it is called now; what is not held is believed to be where it was. */
static void place(struct wards *wards, struct ward *ward)
{
	const struct mount *mount = mounts_find(&wards->mounts, ward->mount);
	char path[PATH_MAX], inner[PATH_MAX];
	const char *now = ward->path;
	size_t length;

	free(ward->inner);
	ward->inner = NULL;
	if (!ward->found)
		return;
	if (ward->fd >= 0 && !handle_path(ward->fd, path, &length))
		now = path;
	/* A file is told by its number alone. */
	if (ward->directory && strcmp(now, ward->path))
		wards->moved = true;
	if (mount && !mounts_inner(mount, now, inner))
		ward->inner = strdup(inner);
}

/* What the mounts are to the wards. */
static void mark_mounts(struct wards *wards)
{
	for (size_t i = 0; i < wards->mounts.count; i++) {
		struct mount *mount = &wards->mounts.items[i];

		mount->concerned = false;
		mount->plain = true;
		for (size_t j = 0; j < wards->count; j++) {
			const struct ward *ward = &wards->items[j];
			const struct mount *its =
				ward->found ? mounts_find(&wards->mounts,
							  ward->mount)
					    : NULL;

			if (ward->found && !its)
				mount->plain = false;
			if (!its || its->device != mount->device)
				continue;
			mount->concerned = true;
			mount->plain = mount->plain && its == mount;
		}
	}
}

void wards_place(struct wards *wards)
{
	wards->moved = false;
	for (size_t i = 0; i < wards->count; i++)
		place(wards, &wards->items[i]);
	mark_mounts(wards);
}

static int append(struct wards *wards, const struct ward *ward)
{
	if (wards->count == wards->allocated) {
		const size_t allocated = wards->allocated * 2 + 16;
		struct ward *items =
			reallocarray(wards->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		wards->items = items;
		wards->allocated = allocated;
	}
	wards->items[wards->count++] = *ward;
	return 0;
}

struct collection {
	struct wards *old, *new;
	bool new_paths;
};

/* The first of the wards with a path; count: there is none. */
static size_t find_path(const struct wards *wards, const char *path)
{
	const struct ward *found =
		wards->count ? bsearch(path, wards->items, wards->count,
				       sizeof(*wards->items), compare_path)
			     : NULL;
	size_t i = found ? (size_t)(found - wards->items) : wards->count;

	while (found && i > 0 && !strcmp(wards->items[i - 1].path, path))
		i--;
	return i;
}

/* Keeps what was known of a path, or looks for what it means. */
static int collect(void *userdata, const char *path, bool beneath)
{
	struct collection *collection = userdata;
	struct wards *old = collection->old, *new = collection->new;
	struct ward ward = {.fd = -1};
	size_t i = find_path(old, path);
	int error = 0;

	(void)beneath;
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return 0;
	if (i < old->count) {
		for (; !error && i < old->count &&
		       !strcmp(old->items[i].path, path) && !old->items[i].kept;
		     i++) {
			error = append(new, &old->items[i]);
			old->items[i].kept = !error;
		}
		return error;
	}
	collection->new_paths = true;
	ward.path = strdup(path);
	if (!ward.path)
		return -ENOMEM;
	find(old, &ward);
	error = append(new, &ward);
	if (error)
		ward_finish(&ward);
	return error;
}

/* Rules may have the same path. */
static void remove_doubles(struct wards *wards)
{
	size_t kept = 0;

	for (size_t i = 0; i < wards->count; i++) {
		struct ward *ward = &wards->items[i];
		const struct ward *last = kept ? &wards->items[kept - 1] : NULL;

		if (last && !strcmp(last->path, ward->path) &&
		    last->found == ward->found &&
		    last->device == ward->device &&
		    last->inode == ward->inode) {
			wards->held -= ward->fd >= 0;
			ward_finish(ward);
			continue;
		}
		wards->items[kept++] = *ward;
	}
	wards->count = kept;
}

/* Lets go of what has not been kept. */
static void take_over(struct wards *wards, struct wards *collected)
{
	for (size_t i = 0; i < wards->count; i++) {
		if (wards->items[i].kept)
			continue;
		wards->held -= wards->items[i].fd >= 0;
		ward_finish(&wards->items[i]);
	}
	free(wards->items);
	wards->items = collected->items;
	wards->count = collected->count;
	wards->allocated = collected->allocated;
	for (size_t i = 0; i < wards->count; i++)
		wards->items[i].kept = false;
}

static void watch_all(struct wards *wards)
{
	const char *last = NULL;

	wards->unsure = false;
	for (size_t i = 0; i < wards->count; i++) {
		watch_above(wards, &wards->items[i], last);
		last = wards->items[i].path;
	}
}

/* Everything that follows from which there are. */
static void settle(struct wards *wards)
{
	sort(wards);
	remove_doubles(wards);
	watch_all(wards);
	wards_place(wards);
	wards->changes++;
}

/* As if nothing had been collected. */
static void give_back(struct wards *wards, struct wards *collected)
{
	for (size_t i = 0; i < collected->count; i++)
		if (find_path(wards, collected->items[i].path) == wards->count)
			ward_finish(&collected->items[i]);
	free(collected->items);
	for (size_t i = 0; i < wards->count; i++)
		wards->items[i].kept = false;
}

int wards_set(struct wards *wards, const struct ruleset *ruleset)
{
	struct wards collected = {0};
	struct collection collection = {wards, &collected, false};
	const int error = ruleset_each_refusal(ruleset, collect, &collection);

	if (error) {
		give_back(wards, &collected);
		return error;
	}
	if (!collection.new_paths && collected.count == wards->count) {
		take_over(wards, &collected);
		sort(wards);
		return 0;
	}
	take_over(wards, &collected);
	settle(wards);
	return 0;
}

int wards_new(struct wards **ret, const struct ruleset *ruleset)
{
	struct wards *wards = calloc(1, sizeof(*wards));
	int error;

	if (!wards)
		return -ENOMEM;
	wards->events = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME |
					      FAN_NONBLOCK | FAN_CLOEXEC,
				      0);
	error = mounts_read(&wards->mounts);
	wards->patient = true;
	if (!error)
		error = wards_set(wards, ruleset);
	if (error) {
		wards_free(wards);
		return error;
	}
	wards->patient = false;
	*ret = wards;
	return 0;
}

struct wards *wards_free(struct wards *wards)
{
	if (!wards)
		return NULL;
	for (size_t i = 0; i < wards->count; i++)
		ward_finish(&wards->items[i]);
	free(wards->items);
	mounts_finish(&wards->mounts);
	fd_close(wards->events);
	free(wards);
	return NULL;
}

int wards_fd(const struct wards *wards)
{
	return wards->events;
}

unsigned int wards_changes(const struct wards *wards)
{
	return wards->changes;
}

/* Whether what has a name now is known, among the wards of that name. */
static bool is_known(const struct wards *wards, size_t first, size_t end,
		     const struct ward *now)
{
	for (size_t i = first; i < end; i++)
		if (wards->items[i].found &&
		    wards->items[i].device == now->device &&
		    wards->items[i].inode == now->inode)
			return true;
	return false;
}

/* Of very many objects that had one name, one that nobody can reach by any. */
static struct ward *find_gone(struct wards *wards, size_t first, size_t end)
{
	struct stat st;

	for (size_t i = first; end - first > VERSIONS_MAX && i < end; i++)
		if (wards->items[i].fd >= 0 &&
		    !fstat(wards->items[i].fd, &st) && !st.st_nlink)
			return &wards->items[i];
	return NULL;
}

/* Adds what has appeared where a rule says to what was there before: that may
 * still be reached. */
static int look_at_name(struct wards *wards, size_t first, size_t end)
{
	struct ward now = {.fd = -1};
	struct ward *gone;

	now.path = strdup(wards->items[first].path);
	if (!now.path)
		return -ENOMEM;
	find(wards, &now);
	if (!now.found || is_known(wards, first, end, &now)) {
		wards->held -= now.fd >= 0;
		ward_finish(&now);
		return 0;
	}
	gone = wards->items[first].found ? find_gone(wards, first, end)
					 : &wards->items[first];
	if (!gone) {
		const int error = append(wards, &now);

		if (error)
			ward_finish(&now);
		return error;
	}
	wards->held -= gone->fd >= 0;
	ward_finish(gone);
	*gone = now;
	return 0;
}

static int look_for_new(struct wards *wards)
{
	const size_t count = wards->count;
	int error = 0;

	for (size_t first = 0, end; !error && first < count; first = end) {
		for (end = first + 1;
		     end < count &&
		     !strcmp(wards->items[end].path, wards->items[first].path);
		     end++)
			;
		error = look_at_name(wards, first, end);
	}
	return error;
}

void wards_look(struct wards *wards, bool mounts_changed)
{
	char events[EVENTS_BYTES];
	struct mounts mounts;

	while (wards->events >= 0 &&
	       read(wards->events, events, sizeof(events)) > 0)
		;
	if (mounts_changed && !mounts_read(&mounts)) {
		mounts_finish(&wards->mounts);
		wards->mounts = mounts;
	}
	if (look_for_new(wards))
		wards->unsure = true;
	settle(wards);
}
