/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells of wards: see ward_layout.h. */
#include <fcntl.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include "path/ward_layout.h"

#define EVENTS_BYTES 4096
/* More than one event takes, by fanotify(7), of a name of NAME_MAX bytes. */
#define EVENT_BYTES 1024

/* FNV-1a over a name, without regard to the case of ASCII letters. */
static unsigned int name_hash(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < length; i++) {
		const unsigned char byte = (unsigned char)name[i];

		hash ^= byte >= 'A' && byte <= 'Z' ? byte + 32u : byte;
		hash *= 16777619u;
	}
	return (hash ^ hash >> 16) % WARD_NAMES;
}

/* Whether a file system that is not ours may take a name for another one. */
static bool is_odd(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (name[i] & 0x80 || name[i] == ':' || name[i] == '~')
			return true;
	return length > 0 && strchr(". ", name[length - 1]);
}

static void note_name(struct wards *wards, const char *name, size_t length)
{
	const unsigned int hash = name_hash(name, length);

	/* Any name may mean the same. */
	if (is_odd(name, length))
		memset(wards->names, 0xff, sizeof(wards->names));
	wards->names[hash / 64] |= UINT64_C(1) << hash % 64;
}

void ward_watch_names(struct wards *wards)
{
	memset(wards->names, 0, sizeof(wards->names));
	for (size_t i = 0; i < wards->count; i++) {
		const char *name = wards->items[i].path;

		while (*(name += strspn(name, "/"))) {
			const size_t length = strcspn(name, "/");

			note_name(wards, name, length);
			name += length;
		}
	}
}

/* Whether a name may be one of those that lead to wards. */
static bool leads_to_ward(const struct wards *wards, const char *name)
{
	const size_t length = strlen(name);
	const unsigned int hash = name_hash(name, length);

	return is_odd(name, length) || wards->names[hash / 64] >> hash % 64 & 1;
}

/* The name that an event of some bytes is about; NULL: none that we can read.
 */
static const char *event_name(const struct fanotify_event_metadata *event,
			      const char *bytes)
{
	const size_t end = event->event_len;
	struct fanotify_event_info_fid info;
	struct file_handle handle;
	size_t name;

	if (end < event->metadata_len + sizeof(info) + sizeof(handle))
		return NULL;
	bytes += event->metadata_len;
	memcpy(&info, bytes, sizeof(info));
	if (info.hdr.info_type != FAN_EVENT_INFO_TYPE_DFID_NAME ||
	    info.hdr.len > end - event->metadata_len)
		return NULL;
	memcpy(&handle, bytes + sizeof(info), sizeof(handle));
	name = sizeof(info) + sizeof(handle) + handle.handle_bytes;
	if (name >= info.hdr.len ||
	    !memchr(bytes + name, '\0', info.hdr.len - name))
		return NULL;
	return bytes + name;
}

static bool concerns(const struct wards *wards,
		     const struct fanotify_event_metadata *event,
		     const char *bytes)
{
	const char *name;

	if (event->vers != FANOTIFY_METADATA_VERSION ||
	    event->mask & (FAN_Q_OVERFLOW | FAN_MOVE_SELF))
		return true;
	name = event_name(event, bytes);
	return !name || leads_to_ward(wards, name);
}

/* Names are of any length, so that events lie anywhere: they are copied. */
bool ward_watch_concern(const struct wards *wards, const char *bytes,
			size_t length)
{
	struct fanotify_event_metadata event;

	while (length >= sizeof(event)) {
		memcpy(&event, bytes, sizeof(event));
		if (event.event_len < sizeof(event) ||
		    event.event_len > length || concerns(wards, &event, bytes))
			return true;
		bytes += event.event_len;
		length -= event.event_len;
	}
	return false;
}

bool ward_watch_read(const struct wards *wards)
{
	/* Where one that was moved is no name of its way leads to. */
	const bool any = wards->unsure || wards->moved;
	char bytes[EVENTS_BYTES];
	bool found = false;
	ssize_t length;

	if (wards->events < 0)
		return false;
	do {
		length = read(wards->events, bytes, sizeof(bytes));
		if (length > 0 && !found)
			found = any || ward_watch_concern(wards, bytes,
							  (size_t)length);
		/* With room for one more there was none. */
	} while (length > EVENTS_BYTES - EVENT_BYTES);
	return found;
}
