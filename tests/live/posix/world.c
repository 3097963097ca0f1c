/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world: see world.h. */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define THINGS_MAX 192
#define SOCKETS_MAX 4
#define PATH_BYTES 640	   /* two long names */
#define CHAIN 41	   /* links in a row: one more than are followed */
#define THEIRS 65533	   /* somebody else, for root's worlds */
#define LONG_AGO 978307200 /* 2001 */

enum owner { OURS, THEIR_OWN };

/* What there is. Parents come before their children. */
static const struct entry {
	const char *path;
	mode_t mode;
	const char *text; /* content, target, or the other name */
	enum owner owner;
} entries[] = {
	{"file", S_IFREG | 0644, "content", OURS},
	{"other", S_IFREG | 0600, "another", OURS},
	{"empty", S_IFREG | 0644, "", OURS},
	{"script", S_IFREG | 0755, "#!/bin/sh\n", OURS},
	{"readonly", S_IFREG | 0444, "read", OURS},
	{"none", S_IFREG | 0000, "none", OURS},
	{"suid", S_IFREG | 06755, "suid", OURS},
	{"theirs", S_IFREG | 0640, "their", THEIR_OWN},
	{"dir", S_IFDIR | 0755, NULL, OURS},
	{"gone", S_IFDIR | 0755, NULL, OURS},
	{"full", S_IFDIR | 0755, NULL, OURS},
	{"full/inner", S_IFREG | 0644, "inner", OURS},
	{"full/deep", S_IFDIR | 0755, NULL, OURS},
	{"closed", S_IFDIR | 0755, NULL, OURS},
	{"closed/inner", S_IFREG | 0644, "inner", OURS},
	{"closed", S_IFDIR | 0555, NULL, OURS},
	{"blind", S_IFDIR | 0755, NULL, OURS},
	{"blind/inner", S_IFREG | 0644, "inner", OURS},
	{"blind", S_IFDIR | 0600, NULL, OURS},
	{"search", S_IFDIR | 0755, NULL, OURS},
	{"search/inner", S_IFREG | 0644, "inner", OURS},
	{"search", S_IFDIR | 0311, NULL, OURS},
	{"sticky", S_IFDIR | 01777, NULL, OURS},
	{"sticky/ours", S_IFREG | 0666, "ours", OURS},
	{"sticky/theirs", S_IFREG | 0666, "theirs", THEIR_OWN},
	{"sticky/fifo", S_IFIFO | 0666, NULL, THEIR_OWN},
	{"setgid", S_IFDIR | 02775, NULL, THEIR_OWN},
	{"acl", S_IFDIR | 0755, NULL, OURS},
	{"link", S_IFLNK, "file", OURS},
	{"dangling", S_IFLNK, "missing", OURS},
	{"nowhere", S_IFLNK, "missing/far", OURS},
	{"dirlink", S_IFLNK, "full", OURS},
	{"uplink", S_IFLNK, "../world/file", OURS},
	{"loop", S_IFLNK, "loop", OURS},
	{"nulllink", S_IFLNK, "/dev/null", OURS},
	{"hard1", S_IFREG | 0644, "hard", OURS},
	{"fifo", S_IFIFO | 0644, NULL, OURS},
	{"stream", S_IFSOCK | 0755, "s", OURS},
	{"datagram", S_IFSOCK | 0755, "d", OURS},
	{"packet", S_IFSOCK | 0555, "p", OURS},
	{"dead", S_IFSOCK | 0755, "", OURS},
};

/* Held open, so that nobody waits for their other end. */
static const char *const fifos[] = {"fifo", "sticky/fifo", "../fixed/fifo"};

#define FIFOS (sizeof(fifos) / sizeof(fifos[0]))
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

struct thing {
	char path[PATH_BYTES];
	struct stat st;
	bool seen;
};

struct things {
	struct thing items[THINGS_MAX];
	size_t count;
};

struct world {
	bool shared, mounts, fine_times, dirty;
	int sockets[SOCKETS_MAX], sockets_count;
	int fifos[FIFOS];
	struct things before, after;
};

static bool complain(const char *what)
{
	fprintf(stderr, "posix: %s: %s\n", what, strerror(errno));
	return false;
}

static bool put(const char *path, const char *text, mode_t mode)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    mode & 07777);
	const size_t length = strlen(text);

	if (fd < 0)
		return complain(path);
	if (write(fd, text, length) != (ssize_t)length)
		return complain(path);
	close(fd);
	return true;
}

static bool put_socket(struct world *world, const char *path, char kind)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int type = kind == 'd'   ? SOCK_DGRAM
			 : kind == 'p' ? SOCK_SEQPACKET
				       : SOCK_STREAM;
	const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return complain(path);
	if (!kind)
		close(fd);
	else
		world->sockets[world->sockets_count++] = fd;
	if (kind && kind != 'd' && listen(fd, 64))
		return complain(path);
	return true;
}

static bool put_entry(struct world *world, const struct entry *entry)
{
	struct stat st;

	switch (entry->mode & S_IFMT) {
	case S_IFREG:
		if (!put(entry->path, entry->text, entry->mode))
			return false;
		break;
	case S_IFDIR:
		if (mkdir(entry->path, 0700) && errno != EEXIST)
			return complain(entry->path);
		break;
	case S_IFLNK:
		return !symlink(entry->text, entry->path) ||
		       complain(entry->path);
	case S_IFIFO:
		if (mkfifo(entry->path, 0600))
			return complain(entry->path);
		break;
	default:
		if (!put_socket(world, entry->path, entry->text[0]))
			return false;
	}
	if (world->shared && entry->owner == THEIR_OWN &&
	    chown(entry->path, THEIRS, THEIRS))
		return complain(entry->path);
	return (!lstat(entry->path, &st) && st.st_mode == entry->mode) ||
	       !chmod(entry->path, entry->mode & 07777) ||
	       complain(entry->path);
}

/* user::rwx user:1:rw- group::r-x mask::rwx other::--x, as the default */
static void put_acl(const char *path)
{
	static const unsigned char acl[] = {
		2,    0, 0, 0,			       /* version */
		1,    0, 7, 0, 0xff, 0xff, 0xff, 0xff, /* owner */
		2,    0, 6, 0, 1,    0,	   0,	 0,    /* user 1 */
		4,    0, 5, 0, 0xff, 0xff, 0xff, 0xff, /* group */
		0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff, /* mask */
		0x20, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, /* others */
	};

	/* Not every file system has them; then it is a plain directory. */
	(void)setxattr(path, "system.posix_acl_default", acl, sizeof(acl), 0);
}

static void empty(int directory)
{
	DIR *entries_of = fdopendir(directory);
	struct dirent *entry;

	while (entries_of && (entry = readdir(entries_of))) {
		int fd;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!unlinkat(dirfd(entries_of), entry->d_name, 0))
			continue;
		(void)fchmodat(dirfd(entries_of), entry->d_name, 0700, 0);
		fd = openat(dirfd(entries_of), entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			empty(fd);
		(void)unlinkat(dirfd(entries_of), entry->d_name, AT_REMOVEDIR);
	}
	if (entries_of)
		closedir(entries_of);
}

static void take(struct things *things, const char *path)
{
	struct thing *thing = &things->items[things->count];

	if (things->count == THINGS_MAX || lstat(path, &thing->st))
		return;
	snprintf(thing->path, sizeof(thing->path), "%s", path);
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
	char path[PATH_BYTES];

	while (entries_of && (entry = readdir(entries_of))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
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

static void take_all(const struct world *world, struct things *things)
{
	things->count = 0;
	take(things, ".");
	take_beneath(things, ".");
	if (world->mounts) {
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

/* Whether a change right after a look always shows in the times. */
static bool times_are_fine(void)
{
	struct stat before, after;
	bool fine = true;

	for (int i = 0; fine && i < 20; i++)
		fine = !chmod(".", 0755) && !stat(".", &before) &&
		       !chmod(".", 0755) && !stat(".", &after) &&
		       !same_time(&before.st_ctim, &after.st_ctim);
	return fine;
}

/* Otherwise the kernel's coarse clock has to go on first. */
static void let_time_pass(const struct things *things)
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

static void age(const struct things *things)
{
	const struct timespec times[2] = {{.tv_sec = LONG_AGO},
					  {.tv_sec = LONG_AGO}};

	for (size_t i = 0; i < things->count; i++)
		(void)utimensat(AT_FDCWD, things->items[i].path, times,
				AT_SYMLINK_NOFOLLOW);
}

/* A file system in which nothing fits any more. */
static bool stuff(void)
{
	if (umount2("../stuffed", MNT_DETACH) && errno != EINVAL)
		return complain("umount");
	if (mount("none", "../stuffed", "tmpfs", 0, "nr_inodes=4,size=4k"))
		return complain("mount tmpfs");
	return put("../stuffed/file", "stuffed", 0644) &&
	       !mkdir("../stuffed/dir", 0755) &&
	       put("../stuffed/last", "", 0644);
}

static bool put_mounts(void)
{
	mkdir("../fixed", 0755);
	mkdir("../stuffed", 0755);
	if (mount("none", "../fixed", "tmpfs", 0, "size=64k"))
		return complain("mount tmpfs");
	if (!put("../fixed/file", "fixed", 0644) ||
	    mkdir("../fixed/dir", 0755) || symlink("file", "../fixed/link") ||
	    mkfifo("../fixed/fifo", 0644))
		return complain("read-only file system");
	return !mount("none", "../fixed", NULL, MS_REMOUNT | MS_RDONLY, NULL) ||
	       complain("mount read-only");
}

/* A row of links, beside the world: nothing changes them. */
static bool put_chain(void)
{
	char name[32], text[32] = "../world/file";

	if (mkdir("../chain", 0755))
		return complain("chain");
	for (int i = 1; i <= CHAIN; i++) {
		snprintf(name, sizeof(name), "../chain/%d", i);
		if (symlink(text, name))
			return complain(name);
		snprintf(text, sizeof(text), "%d", i);
	}
	return true;
}

struct world *world_new(const char *directory, bool shared, bool mounts)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return NULL;
	umask(0);
	world->shared = shared;
	world->mounts = mounts;
	world->dirty = true;
	for (size_t i = 0; i < FIFOS; i++)
		world->fifos[i] = -1;
	if (chdir(directory) || mkdir("world", 0755) || chdir("world")) {
		complain(directory);
		return NULL;
	}
	world->fine_times = times_are_fine();
	if (!put_chain() || (mounts && !put_mounts()))
		return NULL;
	return world;
}

static bool make(struct world *world)
{
	while (world->sockets_count)
		close(world->sockets[--world->sockets_count]);
	for (size_t i = 0; i < FIFOS; i++)
		if (world->fifos[i] >= 0)
			close(world->fifos[i]);
	(void)chmod(".", 0755);
	empty(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	for (size_t i = 0; i < ENTRIES; i++)
		if (!put_entry(world, &entries[i]))
			return false;
	put_acl("acl");
	if (link("hard1", "hard2"))
		return complain("hard2");
	if (world->mounts && !stuff())
		return false;
	if (world->shared && chmod(".", 0777))
		return complain(".");
	for (size_t i = 0; i < FIFOS; i++)
		world->fifos[i] = open(fifos[i], O_RDWR | O_CLOEXEC);
	return true;
}

bool world_prepare(struct world *world)
{
	if (!world->dirty)
		return true;
	if (!make(world))
		return false;
	take_all(world, &world->before);
	age(&world->before);
	take_all(world, &world->before);
	if (!world->fine_times)
		let_time_pass(&world->before);
	world->dirty = false;
	return true;
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

static void describe_change(const struct thing *thing, const struct stat *was,
			    FILE *out)
{
	const struct stat *is = &thing->st;

	fprintf(out, " ~%s", thing->path);
	if (is->st_mode != was->st_mode)
		fprintf(out, " %04o", is->st_mode & 07777);
	if (is->st_uid != was->st_uid || is->st_gid != was->st_gid)
		fprintf(out, " %u:%u", is->st_uid, is->st_gid);
	if (is->st_nlink != was->st_nlink)
		fprintf(out, " %u", (unsigned int)is->st_nlink);
	if (is->st_size != was->st_size && !S_ISDIR(is->st_mode))
		fprintf(out, " %lld", (long long)is->st_size);
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

void world_compare(struct world *world, FILE *out)
{
	take_all(world, &world->after);
	for (size_t i = 0; i < world->after.count; i++) {
		const struct thing *now = &world->after.items[i];
		struct thing *then = find(&world->before, now);

		if (then)
			then->seen = true;
		if (then && then->st.st_ino == now->st.st_ino &&
		    then->st.st_dev == now->st.st_dev) {
			if (same(&then->st, &now->st))
				continue;
			describe_change(now, &then->st, out);
		} else {
			describe_new(now, out);
		}
		world->dirty = true;
	}
	for (size_t i = 0; i < world->before.count; i++) {
		struct thing *then = &world->before.items[i];

		if (!then->seen) {
			fprintf(out, " -%s", then->path);
			world->dirty = true;
		}
		then->seen = false;
	}
}

const char *world_name(const struct world *world, uint64_t device,
		       uint64_t inode)
{
	for (size_t i = 0; i < world->after.count; i++)
		if (world->after.items[i].st.st_ino == inode &&
		    world->after.items[i].st.st_dev == device)
			return world->after.items[i].path;
	return "?";
}

void world_accept(struct world *world, FILE *out)
{
	for (int i = 0; i < world->sockets_count; i++) {
		struct ucred peer;
		socklen_t length = sizeof(peer);
		const int fd = accept(world->sockets[i], NULL, NULL);

		if (fd < 0)
			continue;
		if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
			fprintf(out, " from %u:%u", peer.uid, peer.gid);
		close(fd);
	}
}
