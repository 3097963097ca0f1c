/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: damage-text SEED <TEXT >DAMAGED */
#include <stdio.h>
#include <stdlib.h>

#include "trace/damage.h"
#include "unit.h"

int main(int argc, char *argv[])
{
	struct text text = {0};
	char buffer[65536];
	uint64_t random;
	size_t got;
	FILE *out;

	if (argc != 2) {
		fprintf(stderr, "damage-text: expected a number\n");
		return 2;
	}
	random = strtoull(argv[1], NULL, 10) * 1000003 + 1;
	out = open_memstream(&text.bytes, &text.length);
	while ((got = fread(buffer, 1, sizeof(buffer), stdin)) > 0)
		fwrite(buffer, 1, got, out);
	fclose(out);
	damage(&text, &random);
	fwrite(text.bytes, 1, text.length, stdout);
	free(text.bytes);
	return fflush(stdout) || ferror(stdin) ? 1 : 0;
}
