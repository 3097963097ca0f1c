/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waits: who waits for whose decision. Nobody may decide for himself, so an
 * edge that would close a circle is refused, when it is added.
 */
#pragma once

#include <sys/types.h>

#include "supervision/domain.h"

struct waits;

/* @registry: borrowed. Returns: 0 or -ENOMEM. */
int waits_new(struct waits **ret, const struct registry *registry);

/* Takes NULL; always returns NULL. */
struct waits *waits_free(struct waits *waits);

/*
 * Adds what a new domain waits for, and who waits for it.
 * @enclosing: the domain that its supervisor is inside; may be NULL
 * @error_ret: on failure a sentence (free(3)); may be NULL
 * Returns: 0, -EDEADLK, -ENOMEM, or another negative errno.
 */
int waits_add_domain(struct waits *waits, struct domain *domain,
		     struct domain *enclosing, char **error_ret);
void waits_remove_domain(struct waits *waits, struct domain *domain);

/* Adds an agent, a process that every domain waits for. Returns: the same. */
int waits_add_agent(struct waits *waits, const struct agent *agent, pid_t pid,
		    char **error_ret);
void waits_remove_agent(struct waits *waits, const struct agent *agent);
