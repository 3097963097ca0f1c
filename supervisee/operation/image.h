/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an execve(2) would put into a process: the file, the interpreters that
 * its "#!" lines name, and the ELF interpreter of the last one. Each of them
 * needs fs.execute and fs.read_file, as the kernel opens each of them for both.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "path/lookup_base.h"
#include "path/pin.h"

#define IMAGE_FILES_MAX 4

enum image_kind {
	IMAGE_PROGRAM,	   /* loaded by the kernel itself */
	IMAGE_SCRIPT,	   /* "#!": the next file runs it */
	IMAGE_INTERPRETER, /* PT_INTERP of the file before */
};

struct image_file {
	enum image_kind kind;
	int fd;		/* O_PATH; owned */
	bool readable;	/* by the one who executes it */
	char *argument; /* IMAGE_SCRIPT: of the "#!" line, or NULL; owned */
	dev_t device;
	ino_t inode;
	char *path; /* canonical; owned */
	char *name; /* as the script or ELF file before calls it; owned */
	size_t length;
};

struct image {
	struct image_file files[IMAGE_FILES_MAX];
	size_t count;
	/* Its ELF interpreter is executed, and told what to load: the kernel
	 * would not load it by itself. */
	bool by_loader;
};

/*
 * Reads what a pinned file would run.
 * @base: of the thread that runs it (names in "#!" lines are its own)
 * @wait: for whoever has a lease on one of the files
 * Returns: 0, -EACCES for what may not be executed, -ELOOP for too many
 * interpreters, -EWOULDBLOCK for what would have to be waited for, ...
 */
int image_read(struct image *ret, const struct pin *file,
	       const struct lookup_base *base, bool wait);

/* The ELF interpreter of the program; NULL: none. */
const struct image_file *image_loader(const struct image *image);

/* The file that the kernel is to load, behind all scripts; NULL: none. */
const struct image_file *image_loaded(const struct image *image);

/* Leaves it empty, as it may be already. */
void image_finish(struct image *image);
