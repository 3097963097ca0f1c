/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setxattr(2), removexattr(2) and their like: extended attributes, access
 * control lists and capabilities of files among them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/opath.h"
#include "task/memory.h"

#define PAGE_BYTES 4096

/* As read once. */
struct attribute {
	char name[XATTR_NAME_MAX + 1];
	size_t size;
	int flags;
	char *value; /* owned; NULL: it has none */
};

/* The last arguments of setxattrat(2), in Linux 6.13. */
struct attribute_args {
	uint64_t value;
	uint32_t size, flags;
};

static bool removes(const struct notif *notif)
{
	switch (notif->call->number) {
	case SYS_removexattr:
	case SYS_lremovexattr:
	case SYS_fremovexattr:
	case SYS_removexattrat:
		return true;
	default:
		return false;
	}
}

/* The argument that is the name. */
static int name_argument(const struct notif *notif)
{
	switch (notif->call->number) {
	case SYS_setxattrat:
	case SYS_removexattrat:
		return 3;
	default:
		return 1;
	}
}

/* What a newer program says beyond what is known has to be nothing. */
static int read_args(const struct notif *notif, struct attribute_args *ret)
{
	const uint64_t address = notif->data.args[4],
		       size = notif->data.args[5];
	char bytes[PAGE_BYTES];
	int error;

	if (size < sizeof(*ret))
		return -EINVAL;
	if (size > sizeof(bytes))
		return -E2BIG;
	error = memory_read(notif->tid, address, bytes, size);
	for (size_t i = sizeof(*ret); !error && i < size; i++)
		if (bytes[i])
			error = -E2BIG;
	memcpy(ret, bytes, sizeof(*ret));
	return error;
}

static int gather_args(const struct notif *notif, struct attribute_args *ret)
{
	*ret = (struct attribute_args){0};
	if (removes(notif))
		return 0;
	if (notif->call->number == SYS_setxattrat)
		return read_args(notif, ret);
	ret->value = notif->data.args[2];
	ret->size = notif->data.args[3] > UINT32_MAX
			    ? UINT32_MAX
			    : (uint32_t)notif->data.args[3];
	ret->flags = (uint32_t)notif->data.args[4];
	return 0;
}

static int read_name(const struct notif *notif, struct attribute *ret)
{
	const ssize_t length = memory_read_string(
		notif->tid, notif->data.args[name_argument(notif)], ret->name,
		sizeof(ret->name));

	if (length == 0 || length == -ENAMETOOLONG)
		return -ERANGE;
	return length < 0 ? (int)length : 0;
}

static int read_value(const struct notif *notif,
		      const struct attribute_args *args, struct attribute *ret)
{
	if (args->size > XATTR_SIZE_MAX)
		return -E2BIG;
	if (!args->size)
		return 0;
	ret->size = args->size;
	ret->value = malloc(ret->size);
	return ret->value ? memory_read(notif->tid, args->value, ret->value,
					ret->size)
			  : -ENOMEM;
}

/* In the kernel's order. */
static int gather_attribute(const struct notif *notif, uint64_t at_flags,
			    struct attribute *ret)
{
	struct attribute_args args;
	int error = gather_args(notif, &args);

	if (!error &&
	    ((at_flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) ||
	     (args.flags & ~(uint32_t)(XATTR_CREATE | XATTR_REPLACE))))
		error = -EINVAL;
	if (!error)
		error = read_name(notif, ret);
	if (!error)
		error = read_value(notif, &args, ret);
	ret->flags = (int)args.flags;
	return error;
}

static int gather(struct notif *notif)
{
	const uint64_t flags = notif_argument(notif, notif->call->flags,
					      notif->call->implied_flags) &
			       UINT32_MAX;
	struct attribute *attribute = notif_keep(notif, struct attribute);
	int error;

	notif->exposed = RIGHTS_NEVER_HELD;
	error = gather_attribute(notif, flags, attribute);
	return error ? error
		     : metadata_gather(notif, flags, METADATA_EMPTY_DESCRIPTOR);
}

static int perform(struct notif *notif)
{
	const struct attribute *attribute = notif->private;
	const char *name = attribute->name;
	const int fd = notif->fd;
	char link[OPATH_LINK_BYTES];
	int result;

	metadata_link(notif, link);
	if (removes(notif))
		result = fd >= 0 ? fremovexattr(fd, name)
				 : removexattr(link, name);
	else
		result = fd >= 0 ? fsetxattr(fd, name, attribute->value,
					     attribute->size, attribute->flags)
				 : setxattr(link, name, attribute->value,
					    attribute->size, attribute->flags);
	return result < 0 ? -errno : 0;
}

static void release(struct notif *notif)
{
	const struct attribute *attribute = notif->private;

	free(attribute->value);
}

const struct operation operation_attribute = {
	.rights = "metadata, as fs.write_file",
	.gather = gather,
	.resolve = metadata_resolve,
	.check = metadata_check,
	.perform = perform,
	.release = release,
};
