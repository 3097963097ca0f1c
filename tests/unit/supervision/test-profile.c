/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policies are loaded once for the apps that have the same.
 */
#include "one_domain.h"

#include "supervision/profile.h"

START_TEST(apps_without_files_share_a_policy)
{
	static struct engine second, third;
	const struct profile *kept;
	struct domain *other;

	open_world(60);
	ck_assert_int_eq(add_domain("other", &second, 60, NULL, &other), 0);
	kept = other->profile;
	ck_assert_ptr_ne(kept, domain->profile);
	ck_assert_ptr_eq(kept->shared, domain->profile->shared);
	domain_unregister(other);
	/* For the next one. */
	ck_assert_uint_eq(domain->profile->shared->references, 2);
	ck_assert_int_eq(add_domain("other", &third, 60, NULL, &other), 0);
	ck_assert_ptr_eq(other->profile, kept);
	ck_assert_uint_eq(kept->references, 1);
	domain_unregister(other);
	ruleset_unref(second.ruleset);
	ruleset_unref(third.ruleset);
	close_world();
}
END_TEST

/* However many programs of as many apps end in whatever order. */
START_TEST(some_apps_are_kept)
{
	enum { APPS = 40 };
	static struct engine engines[APPS];
	struct domain *others[APPS];
	const struct profile *profile;
	int kept = -1; /* but for the one that runs */

	open_world(60);
	for (int i = 0; i < APPS; i++) {
		char app[16];

		snprintf(app, sizeof(app), "app-%d", i);
		ck_assert_int_eq(
			add_domain(app, &engines[i], 60, NULL, &others[i]), 0);
	}
	for (int i = 0; i < APPS; i++)
		domain_unregister(others[i * 7 % APPS]);
	TAILQ_FOREACH (profile, &supervisor->registry.profiles.list, link)
		kept++;
	ck_assert_int_gt(kept, 0);
	ck_assert_int_lt(kept, APPS);
	/* The last ones, of which each is there. */
	profile = TAILQ_LAST(&supervisor->registry.profiles.list, profile_list);
	ck_assert_str_eq(profile->app, "app-33");
	for (int i = 0; i < APPS; i++)
		ruleset_unref(engines[i].ruleset);
	close_world();
}
END_TEST

UNIT_MAIN("profile", apps_without_files_share_a_policy, some_apps_are_kept);
