/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registration: how a domain begins and ends.
 *
 * Neither may be called from within a callback of a domain: engines and agents
 * must call domain_unregister() from the loop, not from inside commit() or
 * answer().
 */
#pragma once

#include "supervision/domain.h"

/*
 * Registers a domain; its first commit has succeeded or is in flight.
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 * Returns: 0, or a negative errno (-EDEADLK: it would wait for itself).
 */
int domain_register(struct registry *registry,
		    const struct domain_options *options, struct domain **ret,
		    char **ret_sentence);

/* Ends a domain: questions are withdrawn, changes fail. Takes NULL. */
struct domain *domain_unregister(struct domain *domain);

/* Says on the program's terminal what is wrong with its profile, if anything.
 */
void domain_complain(const struct domain *domain);
