/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is in a world: see things.h. */
#include "things.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define LONG_AGO 978307200 /* 2001 */

static unsigned int hash(unsigned int sum, const char *bytes, ssize_t length)
{
	for (ssize_t i = 0; i < length; i++)
		sum = sum * 31 + (unsigned char)bytes[i];
	return sum;
}

/* Of extended attributes, in the order of the file system. */
static unsigned int hash_attributes(const char *path)
{
	char names[1024], value[1024];
	const ssize_t length = llistxattr(path, names, sizeof(names));
	unsigned int sum = hash(0, names, length);

	for (const char *name = names; name < names + length;
	     name += strlen(name) + 1)
		sum = hash(sum, value,
			   lgetxattr(path, name, value, sizeof(value)));
	return sum;
}

static void take(struct things *things, const char *path)
{
	struct thing *thing = &things->items[things->count];

	if (things->count == THINGS_MAX || lstat(path, &thing->st))
		return;
	snprintf(thing->path, sizeof(thing->path), "%s", path);
	thing->attributes = hash_attributes(path);
	thing->seen = false;
	things->count++;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct thing *)a)->path,
		      ((const struct thing *)b)->path);
}

static void take_beneath(struct things *things, const char *directory)
{
	const int fd =
		open(directory, O_RDONLY | O_DIRECTORY | O_NOATIME | O_CLOEXEC);
	DIR *entries_of = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char path[THING_PATH_BYTES];

	while (entries_of && (entry = readdir(entries_of))) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (strcmp(directory, "."))
			snprintf(path, sizeof(path), "%s/%s", directory,
				 entry->d_name);
		else
			snprintf(path, sizeof(path), "%s", entry->d_name);
		take(things, path);
		if (entry->d_type == DT_DIR)
			take_beneath(things, path);
	}
	if (entries_of)
		closedir(entries_of);
}

void things_take(struct things *things, bool mounts)
{
	things->count = 0;
	take(things, ".");
	take_beneath(things, ".");
	if (mounts) {
		take(things, "../stuffed");
		take_beneath(things, "../stuffed");
		take_beneath(things, "../fixed");
	}
	/* What may be searched and not listed. */
	if (faccessat(AT_FDCWD, "search", R_OK, AT_EACCESS))
		take(things, "search/inner");
	qsort(things->items, things->count, sizeof(things->items[0]), by_path);
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool things_times_are_fine(void)
{
	struct stat before, after;
	bool fine = true;

	for (int i = 0; fine && i < 20; i++)
		fine = !chmod(".", 0755) && !stat(".", &before) &&
		       !chmod(".", 0755) && !stat(".", &after) &&
		       !same_time(&before.st_ctim, &after.st_ctim);
	return fine;
}

void things_settle(const struct things *things)
{
	struct timespec newest = {0}, now;

	for (size_t i = 0; i < things->count; i++) {
		const struct timespec *at = &things->items[i].st.st_ctim;

		if (at->tv_sec > newest.tv_sec ||
		    (at->tv_sec == newest.tv_sec &&
		     at->tv_nsec > newest.tv_nsec))
			newest = *at;
	}
	do {
		const struct timespec nap = {.tv_nsec = 500000};

		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		if (now.tv_sec > newest.tv_sec ||
		    (now.tv_sec == newest.tv_sec &&
		     now.tv_nsec > newest.tv_nsec))
			return;
		nanosleep(&nap, NULL);
	} while (true);
}

void things_age(const struct things *things)
{
	const struct timespec times[2] = {{.tv_sec = LONG_AGO},
					  {.tv_sec = LONG_AGO}};

	for (size_t i = 0; i < things->count; i++)
		(void)utimensat(AT_FDCWD, things->items[i].path, times,
				AT_SYMLINK_NOFOLLOW);
}

static char kind(mode_t mode)
{
	return "?pc?d?b?-?l?s???"[(mode & S_IFMT) >> 12];
}

static void describe_new(const struct thing *thing, FILE *out)
{
	const struct stat *st = &thing->st;
	char text[64];
	ssize_t length;

	fprintf(out, " +%s %c%04o %u:%u %u", thing->path, kind(st->st_mode),
		st->st_mode & 07777, st->st_uid, st->st_gid,
		(unsigned int)st->st_nlink);
	if (S_ISREG(st->st_mode))
		fprintf(out, " %lld", (long long)st->st_size);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		fprintf(out, " %#llx", (unsigned long long)st->st_rdev);
	if (S_ISLNK(st->st_mode)) {
		length = readlink(thing->path, text, sizeof(text) - 1);
		fprintf(out, " %lld %.*s", (long long)st->st_size,
			length < 0 ? 0 : (int)length, text);
	}
	if (st->st_mtim.tv_sec == LONG_AGO)
		fprintf(out, " old");
}

/* A time that was said, and not the present one. */
static void describe_time(const char *name, const struct timespec *is,
			  const struct timespec *was, FILE *out)
{
	if (!same_time(is, was) && is->tv_sec < LONG_AGO)
		fprintf(out, " %s=%lld.%09ld", name, (long long)is->tv_sec,
			is->tv_nsec);
}

static void describe_change(const struct thing *thing, const struct thing *then,
			    FILE *out)
{
	const struct stat *is = &thing->st, *was = &then->st;

	fprintf(out, " ~%s", thing->path);
	if (is->st_mode != was->st_mode)
		fprintf(out, " %04o", is->st_mode & 07777);
	if (is->st_uid != was->st_uid || is->st_gid != was->st_gid)
		fprintf(out, " %u:%u", is->st_uid, is->st_gid);
	if (is->st_nlink != was->st_nlink)
		fprintf(out, " %u", (unsigned int)is->st_nlink);
	if (is->st_size != was->st_size && !S_ISDIR(is->st_mode))
		fprintf(out, " %lld", (long long)is->st_size);
	if (thing->attributes != then->attributes)
		fprintf(out, " attributes=%#x", thing->attributes);
	describe_time("atime", &is->st_atim, &was->st_atim, out);
	describe_time("mtime", &is->st_mtim, &was->st_mtim, out);
	fprintf(out, " %s%s%s",
		same_time(&is->st_atim, &was->st_atim) ? "" : "a",
		same_time(&is->st_mtim, &was->st_mtim) ? "" : "m",
		same_time(&is->st_ctim, &was->st_ctim) &&
				same_time(&is->st_mtim, &was->st_mtim)
			? ""
			: "c");
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode && a->st_uid == b->st_uid &&
	       a->st_gid == b->st_gid && a->st_nlink == b->st_nlink &&
	       (a->st_size == b->st_size || S_ISDIR(a->st_mode)) &&
	       same_time(&a->st_atim, &b->st_atim) &&
	       same_time(&a->st_mtim, &b->st_mtim) &&
	       same_time(&a->st_ctim, &b->st_ctim);
}

static struct thing *find(struct things *things, const struct thing *wanted)
{
	return bsearch(wanted, things->items, things->count,
		       sizeof(things->items[0]), by_path);
}

bool things_compare(struct things *before, const struct things *after,
		    FILE *out)
{
	bool changed = false;

	for (size_t i = 0; i < after->count; i++) {
		const struct thing *now = &after->items[i];
		struct thing *then = find(before, now);

		if (then)
			then->seen = true;
		if (then && then->st.st_ino == now->st.st_ino &&
		    then->st.st_dev == now->st.st_dev) {
			if (same(&then->st, &now->st))
				continue;
			describe_change(now, then, out);
		} else {
			describe_new(now, out);
		}
		changed = true;
	}
	for (size_t i = 0; i < before->count; i++) {
		struct thing *then = &before->items[i];

		if (!then->seen) {
			fprintf(out, " -%s", then->path);
			changed = true;
		}
		then->seen = false;
	}
	return changed;
}
