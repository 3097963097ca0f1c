/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands of ioctl(2) that are about files and directories, by their low 16
 * bits: the letter of the driver that defines it, and a number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The letters of file systems. */
extern const unsigned char flags_letters[];
extern const size_t flags_letters_count;

/*
 * Commands that change nothing, or nothing beyond what a descriptor that is open
 * for writing permits.
 */
extern const uint16_t flags_harmless[];
extern const size_t flags_harmless_count;

/* Whether a command may change what a descriptor does not say it may. */
bool flags_concern(unsigned int command);

/* Whether an open descriptor is of a file or a directory. */
bool flags_is_file(int fd);
