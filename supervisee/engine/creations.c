/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tree has made: see creations.h. */
#include "engine/creations.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define HANDLE_BYTES 40 /* longer ones are of no file system on a disk */
#define COUNT_MAX (1 << 20)
#define ROOM_FIRST 64
#define NS 1000000000

#ifndef AT_HANDLE_FID
#define AT_HANDLE_FID 0x200 /* Linux 6.5 */
#endif

/* What is done to an object itself, or to what lies in it. */
#define RIGHTS_OWN                                                    \
	(RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE | \
	 RIGHT_FS_EXECUTE)

/* What is done in a directory, by a name that is not there yet. */
#define RIGHTS_IN_OWN (RIGHTS_CREATE | RIGHTS_READ | RIGHTS_WRITE)

/* All of it is compared, so there is no padding. */
struct birth {
	uint64_t device, inode;
	int64_t born; /* nanoseconds; 0: nobody knows */
	int32_t type; /* of the handle */
	uint32_t length;
	unsigned char handle[HANDLE_BYTES];
};

/* Open addressing; an entry with no inode is free. */
struct creations {
	struct birth *items;
	size_t room, count;
};

int creations_new(struct creations **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

struct creations *creations_free(struct creations *creations)
{
	if (!creations)
		return NULL;
	free(creations->items);
	free(creations);
	return NULL;
}

static size_t slot_of(const struct creations *creations,
		      const struct birth *birth)
{
	uint64_t number =
		birth->inode * UINT64_C(0x9e3779b97f4a7c15) + birth->device;

	number ^= number >> 29;
	return (size_t)number & (creations->room - 1);
}

/* Its place in the table, or the free one where it would be. */
static struct birth *find(const struct creations *creations,
			  const struct birth *birth)
{
	size_t slot = slot_of(creations, birth);

	while (creations->items[slot].inode &&
	       memcmp(&creations->items[slot], birth, sizeof(*birth)) != 0)
		slot = (slot + 1) & (creations->room - 1);
	return &creations->items[slot];
}

/* Returns: whether there is a place for one more. */
static bool make_room(struct creations *creations)
{
	struct creations larger = {.room = creations->room ? creations->room * 2
							   : ROOM_FIRST};

	if (creations->count * 2 < creations->room)
		return true;
	if (creations->count == COUNT_MAX)
		return false;
	larger.items = calloc(larger.room, sizeof(*larger.items));
	if (!larger.items)
		return false;
	larger.count = creations->count;
	for (size_t i = 0; i < creations->room; i++)
		if (creations->items[i].inode)
			*find(&larger, &creations->items[i]) =
				creations->items[i];
	free(creations->items);
	*creations = larger;
	return true;
}

static bool read_handle(int at, const char *name, int flags, struct birth *ret)
{
	union {
		struct file_handle handle;
		unsigned char bytes[sizeof(struct file_handle) + HANDLE_BYTES];
	} is = {.handle.handle_bytes = HANDLE_BYTES};
	int mount;

	if (name_to_handle_at(at, name, &is.handle, &mount,
			      AT_EMPTY_PATH | flags) < 0 ||
	    is.handle.handle_bytes > HANDLE_BYTES)
		return false;
	ret->type = is.handle.handle_type;
	ret->length = is.handle.handle_bytes;
	memcpy(ret->handle, is.handle.f_handle, is.handle.handle_bytes);
	return true;
}

/*
 * @name: in a directory; "": the directory, or whatever @at is, itself. What has
 * the name may be exchanged in between, and then the two halves are of nothing.
 * Returns: whether it can be told from any other that ever has its number.
 */
static bool read_birth(int at, const char *name, struct birth *ret)
{
	struct statx st;
	bool known;

	*ret = (struct birth){0};
	if (statx(at, name,
		  AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
		  STATX_INO | STATX_BTIME, &st) < 0)
		return false;
	ret->device = makedev(st.stx_dev_major, st.stx_dev_minor);
	ret->inode = st.stx_ino;
	if (st.stx_mask & STATX_BTIME)
		ret->born = st.stx_btime.tv_sec * NS + st.stx_btime.tv_nsec;
	known = read_handle(at, name, 0, ret) ||
		read_handle(at, name, AT_HANDLE_FID, ret);
	return ret->inode && (known || ret->born);
}

void creations_add(struct creations *creations, int at, const char *name,
		   int64_t since)
{
	struct birth birth, *slot;

	if (!read_birth(at, name, &birth) || (since && birth.born < since) ||
	    !make_room(creations))
		return;
	slot = find(creations, &birth);
	creations->count += !slot->inode;
	*slot = birth;
}

bool creations_has(const struct creations *creations, int fd)
{
	struct birth birth;

	return creations->count && read_birth(fd, "", &birth) &&
	       find(creations, &birth)->inode;
}

/* What is missing of one object. */
static bool covers(const struct creations *creations,
		   const struct ruleset *ruleset, const struct need *missing,
		   struct process_id process)
{
	const struct object *object = &missing->object;
	const rights_t own = missing->inode ? RIGHTS_OWN : RIGHTS_IN_OWN;
	struct judgement refused;

	if (object->type != OBJECT_PATH || missing->place < 0 ||
	    missing->rights & ~own)
		return false;
	/* What a rule denies, or has asked for, it does so of everybody. */
	refused = ruleset_refused(ruleset, object->bytes, object->length,
				  missing->rights, process);
	return !refused.denied && !refused.asked &&
	       creations_has(creations, missing->place);
}

bool creations_covers(const struct creations *creations,
		      const struct ruleset *ruleset,
		      const struct accesses *accesses,
		      const struct judged_detail *detail,
		      struct process_id process)
{
	/* What others have put into a directory would gain by a move of it. */
	if (accesses->reparents && detail->gain.any &&
	    (accesses->directories[0] || accesses->directories[1]))
		return false;
	if (!creations->count || accesses->impossible ||
	    accesses->aliases_count)
		return false;
	for (size_t i = 0; i < detail->missing_count; i++)
		if (!covers(creations, ruleset, &detail->missing[i], process))
			return false;
	return detail->missing_count > 0;
}
