/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links: see ward_links.h. */
#include "path/ward_links.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "core/pattern.h"

/* How long one who asks waits, and how often the time is looked at. */
#define SLICE_MS 2000
#define SLICE_DIRECTORIES 16

#define LINKS_MAX 65536

/* What is looked through, and for what. */
struct link_search {
	struct ward_links *links;
	const struct ruleset *ruleset;
	const struct mounts *mounts;
	dev_t device;
};

static void forget(struct ward_links *links)
{
	for (size_t i = 0; i < links->count; i++)
		free(links->items[i].path);
	for (size_t i = 0; i < links->queue.count; i++)
		free(links->queue.items[i]);
	links->count = links->queue.count = links->devices_count = 0;
}

void ward_links_finish(struct ward_links *links)
{
	forget(links);
	free(links->items);
	free(links->devices);
	free(links->queue.items);
	*links = (struct ward_links){0};
}

static int add_to_hash(void *userdata, const struct rule *rule)
{
	uint64_t *const hash = userdata;

	*hash = (*hash ^ object_hash(&rule->object)) * UINT64_C(0x100000001b3);
	return 0;
}

bool ward_links_reset(struct ward_links *links, const struct ruleset *ruleset,
		      bool mounts_changed)
{
	uint64_t hash = 0;

	ruleset_each_pattern(ruleset, add_to_hash, &hash);
	if (hash == links->patterns && !mounts_changed)
		return false;
	forget(links);
	links->patterns = hash;
	return true;
}

/* --- Looking --------------------------------------------------------- */

static int push(struct ward_queue *queue, const char *path)
{
	const size_t allocated = queue->allocated * 2 + 64;
	char *copy;

	if (queue->count == queue->allocated) {
		char **items =
			reallocarray(queue->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		queue->items = items;
		queue->allocated = allocated;
	}
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	queue->items[queue->count++] = copy;
	return 0;
}

static int add_link(struct ward_links *links, const char *path,
		    const struct stat *st)
{
	const size_t allocated = links->allocated * 2 + 16;
	struct ward_link link = {st->st_dev, st->st_ino, NULL};

	if (links->count == LINKS_MAX)
		return -E2BIG;
	if (links->count == links->allocated) {
		struct ward_link *items =
			reallocarray(links->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		links->items = items;
		links->allocated = allocated;
	}
	link.path = strdup(path);
	if (!link.path)
		return -ENOMEM;
	links->items[links->count++] = link;
	return 0;
}

struct read_directory {
	const char *path;
	DIR *open;
	struct ruleset_directory *names;
};

/* One name that was read in a directory. */
static int look_at(const struct link_search *search,
		   const struct read_directory *in, const struct dirent *entry)
{
	const bool maybe = entry->d_type == DT_UNKNOWN;
	char path[PATH_MAX];
	struct stat st;
	bool beneath;
	int error = 0;
	const rights_t matched =
		ruleset_directory_matched(in->names, entry->d_name, &beneath);

	beneath = beneath && (entry->d_type == DT_DIR || maybe);
	if ((!beneath && !matched) ||
	    snprintf(path, sizeof(path), "%s/%s", in->path[1] ? in->path : "",
		     entry->d_name) >= (int)sizeof(path))
		return 0;
	/* What is beneath one that matches is not meant by all its names. */
	if (beneath)
		error = push(&search->links->queue, path);
	if (error || !matched || entry->d_type == DT_DIR ||
	    entry->d_type == DT_LNK ||
	    fstatat(dirfd(in->open), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) <
		    0 ||
	    S_ISDIR(st.st_mode) || st.st_nlink < 2)
		return error;
	return add_link(search->links, path, &st);
}

static int read_names(const struct link_search *search, DIR *directory,
		      const char *path)
{
	struct read_directory in = {.path = path, .open = directory};
	const struct dirent *entry;
	int error = ruleset_directory_new(&in.names, search->ruleset, path);

	if (error)
		return error;
	while (!error && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			error = look_at(search, &in, entry);
	ruleset_directory_free(in.names);
	return error;
}

/* A directory that we cannot read shows its names to nobody that we could. */
static int look_through(const struct link_search *search, const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
						 O_NONBLOCK | O_CLOEXEC);
	DIR *directory;
	struct stat st;
	int error;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_dev != search->device)
		return 0;
	directory = fdopendir(fd);
	if (!directory)
		return -errno;
	fd_take(&fd);
	error = read_names(search, directory, path);
	closedir(directory);
	return error;
}

/* Where a pattern begins, and the mounts beneath that. */
static int begin_at(void *userdata, const struct rule *rule)
{
	const struct link_search *const search = userdata;
	const struct mounts *const mounts = search->mounts;
	const size_t length = pattern_fixed(rule->object.bytes);
	char path[PATH_MAX];
	int error;

	/* What comes before the first wildcard may have backslashes, too. */
	path[pattern_unescape(rule->object.bytes, length, path)] = '\0';
	if (!length)
		strcpy(path, "/");
	error = push(&search->links->queue, path);
	for (size_t i = 0; !error && i < mounts->count; i++)
		if (mounts->items[i].device == search->device &&
		    strcmp(mounts->items[i].point, path) != 0 &&
		    mounts_after(mounts->items[i].point, path))
			error = push(&search->links->queue,
				     mounts->items[i].point);
	return error;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Many patterns begin at one place. */
static void remove_doubles(struct ward_queue *queue)
{
	size_t kept = 0;

	if (queue->count)
		qsort(queue->items, queue->count, sizeof(*queue->items),
		      compare_texts);
	for (size_t i = 0; i < queue->count; i++)
		if (kept &&
		    strcmp(queue->items[kept - 1], queue->items[i]) == 0)
			free(queue->items[i]);
		else
			queue->items[kept++] = queue->items[i];
	queue->count = kept;
}

/* Begins with a file system. Returns: 0 or a negative errno. */
static int begin(const struct link_search *search)
{
	struct ward_links *const links = search->links;
	dev_t *const devices = reallocarray(
		links->devices, links->devices_count + 1, sizeof(*devices));
	int error;

	if (!devices)
		return -ENOMEM;
	links->devices = devices;
	error = ruleset_each_pattern(search->ruleset, begin_at, (void *)search);
	if (error)
		return error;
	remove_doubles(&links->queue);
	devices[links->devices_count++] = search->device;
	return 0;
}

/* Goes on for a while. Returns: 0 when it is done, -EAGAIN, another error. */
static int go_on(const struct link_search *search)
{
	struct ward_queue *const queue = &search->links->queue;
	const int64_t end = clock_monotonic_ms() + SLICE_MS;

	for (unsigned int i = 0; queue->count; i++) {
		_cleanup_free_ char *path = queue->items[--queue->count];
		const int error = look_through(search, path);

		if (error)
			return error;
		if (i % SLICE_DIRECTORIES == 0 && clock_monotonic_ms() >= end)
			return queue->count ? -EAGAIN : 0;
	}
	return 0;
}

/* Has one file system looked through. */
static int look(const struct link_search *search)
{
	struct ward_links *const links = search->links;
	struct link_search last = *search;
	int error = 0;

	/* What was begun comes first. */
	if (links->queue.count && links->devices_count) {
		last.device = links->devices[links->devices_count - 1];
		error = go_on(&last);
	}
	for (size_t i = 0; !error && i < links->devices_count; i++)
		if (links->devices[i] == search->device)
			return 0;
	if (!error)
		error = begin(search);
	return error ? error : go_on(search);
}

int ward_links_find(struct ward_links *links, const struct ruleset *ruleset,
		    const struct mounts *mounts, dev_t device,
		    const struct ward_link *file,
		    int (*callback)(void *userdata, const char *path),
		    void *userdata)
{
	const struct link_search search = {links, ruleset, mounts, device};
	int result = look(&search);

	/* What has been lost of it is looked for again. */
	if (result && result != -EAGAIN) {
		forget(links);
		return result;
	}
	for (size_t i = 0; !result && i < links->count; i++)
		if (links->items[i].inode == file->inode &&
		    links->items[i].device == file->device)
			result = callback(userdata, links->items[i].path);
	return result;
}
