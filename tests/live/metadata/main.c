/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metadata each DIRECTORY NAME LINK
 *	tries every change of DIRECTORY/NAME, to which LINK leads, named in
 *	every way, and prints one line for each: its name and the errno
 * metadata watch DIRECTORY NAME
 *	watches DIRECTORY/NAME
 * metadata path DIRECTORY SECONDS
 *	changes the mode of DIRECTORY/swapped, while that is exchanged with
 *	the links "open" and "closed" beside it
 * metadata descriptor DIRECTORY SECONDS
 *	changes the mode of a descriptor that is exchanged meanwhile: of
 *	"mine", open for writing, and "others", open for reading
 * metadata calls
 *	reads numbers of system calls, and tries all others
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "metadata.h"

static int usage(void)
{
	fprintf(stderr,
		"usage: metadata each DIRECTORY NAME LINK | "
		"watch DIRECTORY NAME |\n"
		"       path|descriptor|shared DIRECTORY SECONDS | calls\n");
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "calls") == 0)
		return try_unknown_calls();
	if (argc < 4 || chdir(argv[2]))
		return usage();
	if (argc == 5 && strcmp(argv[1], "each") == 0)
		return try_each(argv[3], argv[4]);
	if (argc == 4 && strcmp(argv[1], "watch") == 0)
		return try_watch(argv[3]);
	if (argc == 4 && strcmp(argv[1], "path") == 0)
		return race_path(atoi(argv[3]));
	if (argc == 4 && strcmp(argv[1], "descriptor") == 0)
		return race_descriptor(atoi(argv[3]), false);
	if (argc == 4 && strcmp(argv[1], "shared") == 0)
		return race_descriptor(atoi(argv[3]), true);
	return usage();
}
