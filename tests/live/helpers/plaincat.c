/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plaincat FILE: as cat(1); built statically against musl where there is one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	FILE *const file = argc == 2 ? fopen(argv[1], "r") : NULL;
	int byte;

	if (!file) {
		fprintf(stderr, "plaincat: %s\n", strerror(errno));
		return errno;
	}
	while ((byte = getc(file)) != EOF)
		putchar(byte);
	return ferror(file) ? 1 : 0;
}
