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
#define NAMELESS_MAX 4000
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

/* One that has been made; no other has the same numbers. */
struct creation {
	struct birth birth;
	bool nameless; /* it has no name any more */
};

/* Open addressing; an entry with no inode is free. */
struct creations {
	struct creation *items;
	size_t room, count;
	size_t nameless; /* of them */
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

/* Where to begin to look. */
static size_t slot_of(const struct creations *creations, uint64_t device,
		      uint64_t inode)
{
	uint64_t number = inode * UINT64_C(0x9e3779b97f4a7c15) + device;

	number ^= number >> 29;
	return (size_t)number & (creations->room - 1);
}

static size_t next_slot(const struct creations *creations, size_t slot)
{
	return (slot + 1) & (creations->room - 1);
}

/*
 * The place in the table of what has these numbers, or the free one where it
 * would be. No two things have the same ones at a time: the earlier is gone.
 */
static struct creation *find(const struct creations *creations, uint64_t device,
			     uint64_t inode)
{
	size_t slot = slot_of(creations, device, inode);
	const struct birth *birth = &creations->items[slot].birth;

	while (birth->inode &&
	       (birth->inode != inode || birth->device != device)) {
		slot = next_slot(creations, slot);
		birth = &creations->items[slot].birth;
	}
	return &creations->items[slot];
}

/* The same, but NULL where there is none. */
static struct creation *find_known(const struct creations *creations,
				   uint64_t device, uint64_t inode)
{
	struct creation *item;

	if (!creations->count)
		return NULL;
	item = find(creations, device, inode);
	return item->birth.inode ? item : NULL;
}

static bool is_same(const struct creation *item, const struct birth *birth)
{
	return memcmp(&item->birth, birth, sizeof(*birth)) == 0;
}

/*
 * A table of another size, without those that have no name where there are many
 * of them: who makes temporary files all day does not fill it.
 * Returns: 0 or -ENOMEM.
 */
static int resize(struct creations *creations)
{
	const bool prune = creations->nameless >= NAMELESS_MAX ||
			   creations->count >= COUNT_MAX;
	struct creations other = {0};

	other.count = creations->count - (prune ? creations->nameless : 0);
	other.nameless = prune ? 0 : creations->nameless;
	other.room = ROOM_FIRST;
	while (other.room <= other.count * 2)
		other.room *= 2;
	other.items = calloc(other.room, sizeof(*other.items));
	if (!other.items)
		return -ENOMEM;
	for (size_t i = 0; i < creations->room; i++) {
		const struct creation *item = &creations->items[i];

		if (item->birth.inode && !(prune && item->nameless))
			*find(&other, item->birth.device, item->birth.inode) =
				*item;
	}
	free(creations->items);
	*creations = other;
	return 0;
}

/* Returns: whether there is a place for one more. */
static bool make_room(struct creations *creations)
{
	if (creations->count * 2 < creations->room)
		return true;
	return (creations->count < COUNT_MAX || creations->nameless) &&
	       !resize(creations);
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
 * What its file system says of what is read.
 * Returns: whether it can be told from any other that ever has its number.
 */
static bool read_mark(int at, const char *name, struct birth *ret)
{
	const bool known = read_handle(at, name, 0, ret) ||
			   read_handle(at, name, AT_HANDLE_FID, ret);

	return ret->inode && (known || ret->born);
}

/*
 * @name: in a directory; "": the directory, or whatever @at is, itself. What has
 * the name may be exchanged in between, and then the two halves are of nothing.
 * Returns: as read_mark()
 */
static bool read_birth(int at, const char *name, struct birth *ret)
{
	struct statx st;

	*ret = (struct birth){0};
	if (statx(at, name,
		  AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
		  STATX_INO | STATX_BTIME, &st) < 0)
		return false;
	ret->device = makedev(st.stx_dev_major, st.stx_dev_minor);
	ret->inode = st.stx_ino;
	if (st.stx_mask & STATX_BTIME)
		ret->born = st.stx_btime.tv_sec * NS + st.stx_btime.tv_nsec;
	return read_mark(at, name, ret);
}

void creations_add(struct creations *creations, int at, const char *name,
		   int64_t since)
{
	struct creation *slot;
	struct birth birth;

	if (!read_birth(at, name, &birth) || (since && birth.born < since) ||
	    !make_room(creations))
		return;
	slot = find(creations, birth.device, birth.inode);
	creations->count += !slot->birth.inode;
	creations->nameless -= slot->nameless;
	*slot = (struct creation){.birth = birth};
}

/* Those behind it that it has kept from their places move up. */
static void delete (struct creations *creations, struct creation *item)
{
	const size_t mask = creations->room - 1;
	size_t hole = (size_t)(item - creations->items);

	creations->count--;
	creations->nameless -= item->nameless;
	for (size_t slot = next_slot(creations, hole);
	     creations->items[slot].birth.inode;
	     slot = next_slot(creations, slot)) {
		const struct birth *birth = &creations->items[slot].birth;
		const size_t home =
			slot_of(creations, birth->device, birth->inode);

		if (((slot - home) & mask) < ((slot - hole) & mask))
			continue;
		creations->items[hole] = creations->items[slot];
		hole = slot;
	}
	creations->items[hole] = (struct creation){0};
}

void creations_remove(struct creations *creations, dev_t device, ino_t inode,
		      bool directory)
{
	struct creation *item = find_known(creations, device, inode);

	if (!item)
		return;
	if (directory) {
		delete (creations, item);
	} else if (!item->nameless) {
		item->nameless = true;
		creations->nameless++;
	}
}

bool creations_has(const struct creations *creations, int fd)
{
	const struct creation *item;
	struct birth birth;

	if (!creations->count || !read_birth(fd, "", &birth))
		return false;
	item = find_known(creations, birth.device, birth.inode);
	return item && is_same(item, &birth);
}

/* The same with what is known already, or by nothing but its numbers. */
static bool has_needed(const struct creations *creations,
		       const struct need *need)
{
	struct birth birth = {.device = need->device,
			      .inode = need->inode,
			      .born = need->born};
	const struct creation *item;

	if (!need->inode || !need->born)
		return creations_has(creations, need->place);
	item = find_known(creations, need->device, need->inode);
	return item && read_mark(need->place, "", &birth) &&
	       is_same(item, &birth);
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
	       has_needed(creations, missing);
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
