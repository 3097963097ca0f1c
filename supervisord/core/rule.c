/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static const char *const effect_names[EFFECTS_] = {
	[EFFECT_DENY] = "deny",
	[EFFECT_ALLOW] = "allow",
	[EFFECT_ASK] = "ask",
	[EFFECT_GUARD] = "ask", /* which is what it comes to */
};

static const char *const layer_names[LAYERS_] = {
	[LAYER_ADMIN] = "admin",
	[LAYER_USER] = "user",
	[LAYER_VENDOR] = "vendor",
};

int rule_copy(struct rule *ret, const struct rule *rule)
{
	struct rule copy = *rule;

	copy.origin = NULL;
	copy.id = NULL;
	if (object_copy(&copy.object, &rule->object) < 0) {
		*ret = (struct rule){0};
		return -ENOMEM;
	}
	if (text_copy(&copy.origin, rule->origin) < 0 ||
	    text_copy(&copy.id, rule->id) < 0) {
		rule_finish(&copy);
		*ret = copy;
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

bool rule_is_valid(const struct rule *rule)
{
	return rule->object.type < OBJECT_TYPES_ && rule->layer < LAYERS_ &&
	       rule->effect < EFFECTS_ && rule->rights != 0 &&
	       !(rule->rights & ~object_rights(rule->object.type)) &&
	       ((!rule->pid && !rule->pid_start) ||
		rule->layer == LAYER_USER) &&
	       (rule->object.type != OBJECT_NAMESPACE || rule->object.any ||
		rule->object.namespaces != 0);
}

void rule_finish(struct rule *rule)
{
	object_finish(&rule->object);
	free(rule->origin);
	free(rule->id);
	*rule = (struct rule){0};
}

static int rules_reserve(struct rules *rules, size_t count)
{
	size_t allocated = rules->allocated ? rules->allocated : 16;
	struct rule *items;

	if (count <= rules->allocated)
		return 0;
	while (allocated < count)
		allocated *= 2;
	items = reallocarray(rules->items, allocated, sizeof(*items));
	if (!items)
		return -ENOMEM;
	rules->items = items;
	rules->allocated = allocated;
	return 0;
}

int rules_take(struct rules *rules, struct rule *rule)
{
	if (rules_reserve(rules, rules->count + 1) < 0)
		return -ENOMEM;
	rules->items[rules->count++] = *rule;
	*rule = (struct rule){0};
	return 0;
}

int rules_append(struct rules *rules, const struct rules *from)
{
	const size_t count = rules->count;

	if (rules_reserve(rules, count + from->count) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < from->count; i++) {
		if (rule_copy(&rules->items[rules->count], &from->items[i]) <
		    0) {
			while (rules->count > count)
				rule_finish(&rules->items[--rules->count]);
			return -ENOMEM;
		}
		rules->count++;
	}
	return 0;
}

void rules_finish(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		rule_finish(&rules->items[i]);
	free(rules->items);
	*rules = (struct rules){0};
}

const char *effect_name(enum effect effect)
{
	return effect_names[effect];
}

const char *layer_name(enum layer layer)
{
	return layer_names[layer];
}

int effect_parse(const char *name, enum effect *ret)
{
	for (size_t i = 0; i < EFFECT_GUARD; i++) {
		if (strcmp(effect_names[i], name) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}

int layer_parse(const char *name, enum layer *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(layer_names); i++) {
		if (strcmp(layer_names[i], name) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}
