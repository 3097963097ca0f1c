/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attacks NAME [ARGUMENT...]: tries to do what nobody has allowed. Exit status
 * 0: it was refused; 1: it was not, and a line says so; 77: it cannot be tried
 * here.
 */
#include "attack.h"

static const struct attack *const tables[] = {
	attacks_by_calls, attacks_by_descriptors, attacks_by_files,
	attacks_by_paths, attacks_by_processes,	  attacks_by_sockets,
	attacks_by_ways,  attacks_on_outsiders,
};

static const struct attack *find(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct attack *attack = tables[i]; attack->name;
		     attack++)
			if (strcmp(attack->name, name) == 0)
				return attack;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct attack *attack = argc > 1 ? find(argv[1]) : NULL;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!attack) {
		fprintf(stderr, "attacks: no such attack\n");
		return 2;
	}
	return attack->function(argv + 2);
}
