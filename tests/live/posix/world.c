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
#include <unistd.h>

#include "things.h"

#define SOCKETS_MAX 4
#define CHAIN 41     /* links in a row: one more than are followed */
#define THEIRS 65533 /* somebody else, for root's worlds */

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
	{"sticky/link", S_IFLNK, "../file", OURS},
	{"sticky/theirlink", S_IFLNK, "../file", THEIR_OWN},
	{"sticky/dangling", S_IFLNK, "../missing", THEIR_OWN},
	{"sticky/dirlink", S_IFLNK, "../full", THEIR_OWN},
	{"group", S_IFDIR | 01775, NULL, OURS},
	{"group/theirs", S_IFREG | 0666, "group", THEIR_OWN},
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
		return (!symlink(entry->text, entry->path) &&
			(!world->shared || entry->owner != THEIR_OWN ||
			 !lchown(entry->path, THEIRS, THEIRS))) ||
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

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
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
	world->fine_times = things_times_are_fine();
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
	things_take(&world->before, world->mounts);
	things_age(&world->before);
	things_take(&world->before, world->mounts);
	if (!world->fine_times)
		things_settle(&world->before);
	world->dirty = false;
	return true;
}

void world_compare(struct world *world, FILE *out)
{
	things_take(&world->after, world->mounts);
	if (things_compare(&world->before, &world->after, out))
		world->dirty = true;
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
