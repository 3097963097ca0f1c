/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids of rules.
 */
#include "supervision/rule_id.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

int rules_identify(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct rule *rule = &rules->items[i];
		uint64_t number;

		if (rule->id)
			continue;
		/* Random, so that ids of several processes do not clash. */
		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			return -EIO;
		if (asprintf(&rule->id, "%010llx",
			     (unsigned long long)(number >> 24)) < 0) {
			rule->id = NULL;
			return -ENOMEM;
		}
	}
	return 0;
}
