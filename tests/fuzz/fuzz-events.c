/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells of directories above wards: nothing beyond it is read,
 * and a name that may be one on the way to a ward is never passed over.
 *
 * The input is events, or after a first byte 0 a name on the way, a newline and
 * the name that an event is about.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/fanotify.h>

#include "fuzz.h"
#include "path/fold.h"
#include "path/ward_layout.h"

#define HANDLE_BYTES 8

static bool concerns(const char *way, const char *bytes, size_t length)
{
	static struct wards wards;
	char path[PATH_MAX];
	struct ward ward = {.path = path};
	char *copy = malloc(length); /* just as long as it is */
	bool result;

	FUZZ_CHECK(copy || !length);
	if (length)
		memcpy(copy, bytes, length);
	snprintf(path, sizeof(path), "/%s", way);
	wards.items = &ward;
	wards.count = 1;
	ward_watch_names(&wards);
	result = ward_watch_concern(&wards, copy, length);
	free(copy);
	return result;
}

static size_t put(char *to, size_t at, const void *from, size_t size)
{
	memcpy(to + at, from, size);
	return at + size;
}

static bool name_concerns(const char *way, const char *name)
{
	struct fanotify_event_metadata event = {
		.vers = FANOTIFY_METADATA_VERSION,
		.metadata_len = sizeof(event),
		.mask = FAN_MOVED_TO,
		.fd = FAN_NOFD,
	};
	struct fanotify_event_info_fid info = {
		.hdr.info_type = FAN_EVENT_INFO_TYPE_DFID_NAME,
	};
	struct file_handle handle = {.handle_bytes = HANDLE_BYTES};
	char bytes[sizeof(event) + sizeof(info) + sizeof(handle) +
		   HANDLE_BYTES + NAME_MAX + 1] = {0};
	size_t at = sizeof(event) + sizeof(info);

	at = put(bytes, at, &handle, sizeof(handle)) + HANDLE_BYTES;
	at = put(bytes, at, name, strlen(name) + 1);
	event.event_len = (uint32_t)at;
	info.hdr.len = (uint16_t)(at - sizeof(event));
	put(bytes, put(bytes, 0, &event, sizeof(event)), &info, sizeof(info));
	return concerns(way, bytes, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *way, *name;

	if (size > 4096)
		return 0;
	if (size == 0 || data[0] != 0) {
		concerns("w/private", (const char *)data, size);
		return 0;
	}
	way = fuzz_string(data + 1, size - 1);
	name = strchr(way, '\n');
	if (name) {
		*name++ = '\0';
		if (*name && strlen(name) <= NAME_MAX && !strchr(way, '/') &&
		    fold_same(way, strlen(way), name, strlen(name)))
			FUZZ_CHECK(name_concerns(way, name));
	}
	free(way);
	return 0;
}
