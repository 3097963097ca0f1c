/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps are used again and again: one must not know anything of the last.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "operation/trap.h"
#include "unit.h"

/* As memory may come: full of something else. */
static struct trap *trap_in(int byte)
{
	struct trap *trap = malloc(sizeof(*trap));

	ck_assert_ptr_nonnull(trap);
	memset(trap, byte, sizeof(*trap));
	trap_init(trap);
	return trap;
}

START_TEST(knows_nothing_of_before)
{
	struct trap *fresh = trap_in(0), *used = trap_in(0x6a);

	ck_assert_mem_eq(used, fresh, offsetof(struct trap, paths));
	for (int i = 0; i < 2; i++) {
		ck_assert_str_eq(used->paths[i], "");
		ck_assert_mem_eq(&used->pins[i], &fresh->pins[i],
				 offsetof(struct pin, name));
		ck_assert_str_eq(used->pins[i].name, "");
		ck_assert_str_eq(used->pins[i].path, "");
	}
	trap_release(used);
	trap_release(fresh);
	free(used);
	free(fresh);
}
END_TEST

UNIT_MAIN("trap", knows_nothing_of_before);
