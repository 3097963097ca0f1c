/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervision/arrivals.h"

#include <string.h>

#include "supervision/domain.h"

void arrivals_watch(struct registry *registry, struct arrival_watch *watch)
{
	TAILQ_INSERT_TAIL(&registry->arrivals, watch, link);
}

void arrivals_forget(struct registry *registry, struct arrival_watch *watch)
{
	struct arrival_watch *there;

	TAILQ_FOREACH (there, &registry->arrivals, link)
		if (there == watch) {
			TAILQ_REMOVE(&registry->arrivals, watch, link);
			return;
		}
}

int arrivals_begin(struct domain *domain)
{
	struct arrival_watch *watch;
	int error = 0;

	TAILQ_FOREACH (watch, &domain->registry->arrivals, link)
		if (!error && watch->begins &&
		    strcmp(watch->app, domain->app) == 0)
			error = watch->begins(watch->userdata, domain);
	return error;
}

void arrivals_registered(struct domain *domain)
{
	struct arrival_watch *watch;

	TAILQ_FOREACH (watch, &domain->registry->arrivals, link)
		if (watch->registered && strcmp(watch->app, domain->app) == 0)
			watch->registered(watch->userdata, domain);
}
