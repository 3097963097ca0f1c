/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Denials: what the kernel's Landlock says of an access that no rule of its
 * allows, taken out of the bytes of an event.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/right.h"

#define DENIAL_OBJECTS_MAX 2

/* A file by its name in a directory; or itself. */
struct denial_file {
	/* O_PATH: the directory, or with LANDLOCK_PATH_SELF the file; -1: the
	 * target must not be looked into. Owned. */
	int directory;
	uint32_t flags; /* LANDLOCK_PATH_* */
	dev_t device;	/* of its file system */
	ino_t inode;	/* 0: it does not exist */
	mode_t mode;	/* of what does not exist only the type */
	char name[NAME_MAX + 1];
	char *text; /* the directory's path, where that is -1; NULL; owned */
};

struct denial_object {
	rights_t missing;
	bool has_file;
	struct denial_file file;
};

struct denial {
	uint64_t cookie;    /* to answer it */
	uint64_t call;	    /* the system call, with all its denials */
	uint32_t flags;	    /* LANDLOCK_EVENT_* */
	uint32_t operation; /* LANDLOCK_OPERATION_* */
	uint32_t lost; /* denials before this one that nobody was told of */
	/* The target's as long as the event can be answered; 0: in another
	 * namespace. */
	pid_t pid, tid;
	int pidfd; /* -1: it has ended; owned */
	size_t count;
	struct denial_object objects[DENIAL_OBJECTS_MAX];
	bool has_port;
	uint16_t port;
};

/*
 * Takes an event's bytes apart. Descriptors in it are owned by @ret from then
 * on, or closed.
 * @bytes: aligned as struct landlock_event is
 * Returns: 0, or -EPROTO for what no kernel says, or -ENOMEM.
 */
int denial_parse(struct denial *ret, const void *bytes, size_t size);

void denial_finish(struct denial *denial);
