/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A notif: see notif.h. */
#include "operation/notif.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "operation/call.h"
#include "task/descriptor.h"
#include "task/memory.h"
#include "task/thread_source.h"

uint64_t notif_argument(const struct notif *notif, int index,
			uint64_t otherwise)
{
	return index < 0 ? otherwise : notif->data.args[index];
}

/* What a path starts from: where the first one does, if the second says so. */
static int open_base(struct notif *notif, unsigned int which, int dirfd,
		     const char *path)
{
	const struct lookup_base *first = &notif->bases[0];
	const int first_dirfd = (int)notif_argument(notif, notif->call->dirfd,
						    (uint64_t)AT_FDCWD);

	if (which && first->origin >= 0 && dirfd == first_dirfd &&
	    path[0] != '/') {
		lookup_base_lend(&notif->bases[which], first);
		return 0;
	}
	return lookup_base_open(&notif->bases[which], notif->source, notif->tid,
				notif->monitor, dirfd, path,
				notif->foreign_root);
}

int notif_gather_path(struct notif *notif, unsigned int which, int path_index,
		      int dirfd_index)
{
	const ssize_t length =
		memory_read_string(notif->tid, notif->data.args[path_index],
				   notif->paths[which], PATH_MAX);
	const int dirfd =
		(int)notif_argument(notif, dirfd_index, (uint64_t)AT_FDCWD);

	if (length < 0)
		return (int)length;
	/* Before the dirfd is looked at; where it is none, later. */
	if (length == 0 && (which || !(notif->flags & AT_EMPTY_PATH)))
		return -ENOENT;
	/* What is not held could come of a fast lookup as an error. */
	notif->looked_up_fast = notif->may_look_up_fast &&
				notif->call->operation->looks_up_fast &&
				!notif->resolve_flags &&
				!(notif->exposed & ~notif->tree->held);
	if (notif->looked_up_fast)
		return 0;
	/* There, a path that begins with a slash starts from the dirfd, too. */
	return open_base(notif, which, dirfd,
			 notif->resolve_flags & RESOLVE_IN_ROOT
				 ? "."
				 : notif->paths[which]);
}

int notif_gather_paths(struct notif *notif)
{
	const struct call *call = notif->call;
	const int error = notif_gather_path(notif, 0, call->path, call->dirfd);

	if (error)
		return error;
	notif->late_error =
		notif_gather_path(notif, 1, call->path2, call->dirfd2);
	return 0;
}

int notif_settle(struct notif *notif)
{
	const int dirfd = (int)notif_argument(notif, notif->call->dirfd,
					      (uint64_t)AT_FDCWD);

	notif->looked_up_fast = false;
	return lookup_base_open(&notif->bases[0], notif->source, notif->tid,
				notif->monitor, dirfd, notif->paths[0],
				notif->foreign_root);
}

void notif_need(struct notif *notif, const struct object *object,
		rights_t rights)
{
	accesses_need(&notif->accesses, object, rights);
}

void notif_need_path(struct notif *notif, const struct pin *pin,
		     rights_t rights)
{
	struct object object = {.type = OBJECT_PATH};
	struct need *need;

	/* Borrowed: the pin lives as long as the notification. */
	object.bytes = (char *)pin->path;
	object.length = pin->length;
	need = accesses_need(&notif->accesses, &object, rights);
	need->place = pin->fd >= 0 ? pin->fd : pin->parent;
	need->mount = pin->fd >= 0 ? pin->mount : 0;
	need->born = pin->fd >= 0 ? pin->born : 0;
	if (pin->fd >= 0 || notif->looked_up_fast) {
		need->device = pin->stat.st_dev;
		need->inode = pin->stat.st_ino;
	}
}

void notif_init(struct notif *notif)
{
	static const struct tree_facts unknown;

	memset(notif, 0, offsetof(struct notif, paths));
	accesses_init(&notif->accesses);
	for (unsigned int i = 0; i < ARRAY_SIZE(notif->bases); i++) {
		notif->bases[i].root = notif->bases[i].origin = -1;
		notif->paths[i][0] = '\0';
		pin_init(&notif->pins[i]);
	}
	notif->tree = &unknown;
	/* Until gather knows better, anything. */
	notif->exposed = ~(rights_t)0;
	notif->extra = (struct identity_extra){
		.ruleset_fd = -1, .file_size = -1, .cwd = -1};
	notif->fd = notif->result_fd = -1;
}

void *notif_keep_bytes(struct notif *notif, size_t size)
{
	notif->private = memset(notif->kept, 0, size);
	return notif->private;
}

int notif_copy_fd(struct notif *notif, int fd)
{
	notif->fd = notif->source
			    ? thread_source_copy(notif->source, notif->tid, fd)
			    : descriptor_copy(notif->tid, fd);
	return notif->fd < 0 ? fd_take(&notif->fd) : 0;
}

int notif_fail(struct notif *notif, int error)
{
	notif->exact = true;
	return error;
}

void notif_forget(struct notif *notif)
{
	for (unsigned int i = 0; i < 2; i++)
		pin_release(&notif->pins[i]);
	accesses_forget(&notif->accesses);
	notif->exact = notif->opens_device = false;
	if (notif->maker == MAKER_KERNEL)
		notif->maker = MAKER_ANY;
	notif->extra.ruleset_fd = fd_close(notif->extra.ruleset_fd);
	notif->result_fd = fd_close(notif->result_fd);
}

void notif_release(struct notif *notif)
{
	notif_forget(notif);
	if (notif->private && notif->call->operation->release)
		notif->call->operation->release(notif);
	notif->private = NULL;
	for (unsigned int i = 0; i < 2; i++)
		lookup_base_close(&notif->bases[i]);
	notif->extra.cwd = fd_close(notif->extra.cwd);
	notif->fd = fd_close(notif->fd);
}
