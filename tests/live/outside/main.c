/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outside PART [ARGUMENT...]: see outside.h. */
#include "outside.h"

static const struct part *const tables[] = {outside_sockets, outside_processes,
					    outside_ipc};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct part *part = tables[i]; part->name; part++)
			if (argc > 1 && strcmp(part->name, argv[1]) == 0)
				return part->function(argv + 2);
	fprintf(stderr, "outside: no such part\n");
	return 2;
}
