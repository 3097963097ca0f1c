/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grants are taken back. */
#pragma once

#include <stdbool.h>

/*
 * Takes a grant back, by the daemon if there is one, else in its file.
 * @ret_told: the daemon has told the programs that run
 * @sentence: what is wrong, if the daemon says so (free(3)), else NULL
 * Returns: 0; -ENOENT: there is no such grant; or another negative errno.
 */
int revoke_grant(const char *app, const char *rule, char **sentence,
		 bool *ret_told);
