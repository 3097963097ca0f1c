/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Denials: see denial.h. */
#include "supervised/denial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/fd.h"
#include "base/landlock.h"

/* What the kernel calls a set of rights depends on what they are about. */
static rights_t rights_of(uint32_t type, uint64_t access)
{
	switch (type) {
	case LANDLOCK_BLOCKER_FS:
		return access & RIGHTS_FS;
	case LANDLOCK_BLOCKER_NET:
		return (access * RIGHT_NET_BIND_TCP) & RIGHTS_NET;
	case LANDLOCK_BLOCKER_SCOPE:
		return (access * RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET) &
		       (RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET | RIGHT_SCOPE_SIGNAL);
	case LANDLOCK_BLOCKER_PERMISSION:
		return (access & LANDLOCK_PERMISSION_NAMESPACE_USE
				? RIGHT_PERM_NAMESPACE_ENTER
				: 0) |
		       (access & LANDLOCK_PERMISSION_CAPABILITY_USE
				? RIGHT_PERM_CAPABILITY_USE
				: 0);
	case LANDLOCK_BLOCKER_PTRACE:
	case LANDLOCK_BLOCKER_FS_TOPOLOGY:
	default:
		return 0;
	}
}

/* Whether a record has this many bytes, and as many more. */
static bool has(const struct landlock_record *record, size_t head, size_t more)
{
	return record->len >= head && record->len - head > more;
}

static int add_blockers(struct denial *ret,
			const struct landlock_record *record)
{
	const struct landlock_blockers_record *blockers = (const void *)record;
	struct denial_object *object;

	if (record->len < sizeof(*blockers) || ret->count == DENIAL_OBJECTS_MAX)
		return -EPROTO;
	object = &ret->objects[ret->count++];
	object->missing = rights_of(blockers->type, blockers->access);
	object->file.directory = -1;
	return 0;
}

static int add_path(struct denial *ret, const struct landlock_record *record)
{
	const struct landlock_path_record *path = (const void *)record;
	struct denial_object *object;

	if (record->len < sizeof(*path))
		return -EPROTO;
	object = ret->count ? &ret->objects[ret->count - 1] : NULL;
	if (!object || object->has_file ||
	    path->name_len >= sizeof(object->file.name) ||
	    !has(record, sizeof(*path), path->name_len)) {
		fd_close(path->fd);
		return -EPROTO;
	}
	object->has_file = true;
	object->file = (struct denial_file){
		.directory = path->fd,
		.flags = path->flags,
		.device = makedev(path->dev_major, path->dev_minor),
		.inode = path->ino,
		.mode = path->mode,
	};
	memcpy(object->file.name, path->name, path->name_len);
	return 0;
}

static int add_text(struct denial *ret, const struct landlock_record *record)
{
	const struct landlock_text_record *text = (const void *)record;
	struct denial_object *object;

	if (record->len < sizeof(*text) ||
	    !has(record, sizeof(*text), text->text_len) || !ret->count)
		return -EPROTO;
	object = &ret->objects[ret->count - 1];
	if (!object->has_file || object->file.text)
		return -EPROTO;
	object->file.text = strndup(text->text, text->text_len);
	return object->file.text ? 0 : -ENOMEM;
}

static int add_net(struct denial *ret, const struct landlock_record *record)
{
	const struct landlock_net_record *net = (const void *)record;

	if (record->len < sizeof(*net))
		return -EPROTO;
	ret->has_port = true;
	ret->port = net->port;
	return 0;
}

/* What is not known is left out, as the kernel's documentation has it. */
static int add_record(struct denial *ret, const struct landlock_record *record)
{
	switch (record->type) {
	case LANDLOCK_RECORD_BLOCKERS:
		return add_blockers(ret, record);
	case LANDLOCK_RECORD_PATH:
		return add_path(ret, record);
	case LANDLOCK_RECORD_TEXT:
		return add_text(ret, record);
	case LANDLOCK_RECORD_NET:
		return add_net(ret, record);
	default:
		return 0;
	}
}

static int add_records(struct denial *ret, const char *bytes, size_t size)
{
	int error = 0;

	/* Each is looked at, also after an error: it may have a descriptor. */
	while (size) {
		const struct landlock_record *record = (const void *)bytes;
		int wrong;

		if (size < sizeof(*record) || record->len < sizeof(*record) ||
		    record->len > size || record->len % 8)
			return -EPROTO;
		wrong = add_record(ret, record);
		error = error ? error : wrong;
		bytes += record->len;
		size -= record->len;
	}
	return error;
}

int denial_parse(struct denial *ret, const void *bytes, size_t size)
{
	const struct landlock_event *event = bytes;
	int error;

	if (size < sizeof(*event))
		return -EPROTO;
	*ret = (struct denial){
		.cookie = event->cookie,
		.call = event->call_id,
		.flags = event->flags,
		.operation = event->operation,
		.lost = event->num_lost,
		.pid = event->pid,
		.tid = event->tid,
		.pidfd = event->pidfd,
	};
	if (event->len > size || event->header_len < sizeof(*event) ||
	    event->header_len > event->len || event->header_len % 8)
		error = -EPROTO;
	else
		error = add_records(ret,
				    (const char *)bytes + event->header_len,
				    event->len - event->header_len);
	if (error)
		denial_finish(ret);
	return error;
}

void denial_finish(struct denial *denial)
{
	for (size_t i = 0; i < denial->count; i++) {
		denial->objects[i].file.directory =
			fd_close(denial->objects[i].file.directory);
		free(denial->objects[i].file.text);
		denial->objects[i].file.text = NULL;
	}
	denial->count = 0;
	denial->pidfd = fd_close(denial->pidfd);
}
