/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view of the file system through which what is granted later is executed.
 *
 * A Landlock domain cannot grow, but a rule of it is about a directory, and
 * what lies beneath that is found by going up from the file, through every
 * mount. So the domain has from its start a rule for a directory that is the
 * root of a mount namespace which nobody is in, and in which nobody of the tree
 * can name or open anything. The files that are granted are mounted there, each
 * by itself and where it lies, and whatever is handed over out of it the kernel lets a program
 * execute, and read. What is so executed is the file itself: /proc/self/exe and
 * the maps name it, its writers get ETXTBSY, and the kernel decides all that it
 * decides of a file natively.
 *
 * Nothing but these files can be seen there: whoever is allowed to enter
 * namespaces, and finds a way to this one, finds what was granted anyway.
 *
 * What the view cannot show (no user namespaces, or a file that is elsewhere by
 * now) is executed from a copy: see exec_copy.h.
 */
#pragma once

#include <stdbool.h>

#include "operation/image.h"

struct exec_view;

/*
 * Makes one, still empty. Where there can be none it has no directory.
 * Returns: 0 or -ENOMEM.
 */
int exec_view_new(struct exec_view **ret);
struct exec_view *exec_view_free(struct exec_view *view);

/*
 * The directory for which the domain gets a rule, borrowed; -ENOENT: there can
 * be none here.
 */
int exec_view_directory(const struct exec_view *view);

/* Whether a file is mounted there, so that who opens it waits for nobody. */
bool exec_view_shows(const struct exec_view *view,
		     const struct image_file *file);

/*
 * Opens a file of an image in it, to be executed. The first time somebody is
 * waited for who mounts it; any thread may call this. Returns: a descriptor
 * (O_CLOEXEC) of that very object; -ESTALE when its path leads to another one
 * by now, -E2BIG, -ETIMEDOUT, -EWOULDBLOCK for a lease on it, ...
 */
int exec_view_open(struct exec_view *view, const struct image_file *file);
