/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps are used again and again: one must not know anything of the last.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "operation/notif.h"
#include "unit.h"

/* As memory may come: full of something else. */
static struct notif *notif_in(int byte)
{
	struct notif *notif = malloc(sizeof(*notif));

	ck_assert_ptr_nonnull(notif);
	memset(notif, byte, sizeof(*notif));
	notif_init(notif);
	return notif;
}

START_TEST(knows_nothing_of_before)
{
	struct notif *fresh = notif_in(0), *used = notif_in(0x6a);

	ck_assert_mem_eq(used, fresh, offsetof(struct notif, paths));
	for (int i = 0; i < 2; i++) {
		ck_assert_str_eq(used->paths[i], "");
		ck_assert_mem_eq(&used->pins[i], &fresh->pins[i],
				 offsetof(struct pin, name));
		ck_assert_str_eq(used->pins[i].name, "");
		ck_assert_str_eq(used->pins[i].path, "");
	}
	notif_release(used);
	notif_release(fresh);
	free(used);
	free(fresh);
}
END_TEST

UNIT_MAIN("notif", knows_nothing_of_before);
