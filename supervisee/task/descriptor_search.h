/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a tree has something open, by looking at every descriptor of its
 * processes.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct descriptor_search {
	/* Whether it may be what a descriptor leads to, which costs little. */
	bool (*may_be)(const struct stat *st, void *userdata);
	/* Whether it is, by a copy of the descriptor; borrowed. */
	bool (*is)(int fd, void *userdata);
	void *userdata; /* of both */
};

/* Whether a process below @monitor has it. */
bool descriptor_search(const struct descriptor_search *search, pid_t monitor);
