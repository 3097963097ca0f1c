/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rule decides one right: the way that always works. */
#include "core/ruleset_why.h"

struct winners {
	const struct rule *of[LAYERS_];
};

/* Effects are in the order in which they win a tie. */
static void consider(struct winners *group, const struct rule *rule)
{
	const struct rule **const best = &group->of[rule->layer];

	if (!*best || rule->effect < (*best)->effect)
		*best = rule;
}

/* A pattern takes nothing away from what is refused by then. */
static bool is_spared(const struct rule *rule, const struct rule *known)
{
	return rule->object.type == OBJECT_PATTERN &&
	       rule->effect == EFFECT_ALLOW && known &&
	       known->effect != EFFECT_ALLOW;
}

static void replace(struct winners *winners, const struct winners *group)
{
	for (enum layer layer = 0; layer < LAYERS_; layer++) {
		const struct rule *const rule = group->of[layer];
		const struct rule *const known = winners->of[layer];

		/* A guard leaves alone what is denied from above. */
		if (rule && !(rule->effect == EFFECT_GUARD && known &&
			      known->effect == EFFECT_DENY))
			winners->of[layer] = rule;
	}
}

static void visit(const struct ruleset *ruleset, const struct way *way,
		  enum heard heard, rights_t right, const struct filter *filter,
		  struct winners *winners)
{
	struct winners group = {0};
	struct visit links = {0};
	const struct rule *rule;

	while ((rule = way_rule(ruleset, way, heard, &links)))
		if (is_heard(rule, heard) && rule->rights & right &&
		    applies(rule, filter) &&
		    !is_spared(rule, winners->of[rule->layer]))
			consider(&group, rule);
	replace(winners, &group);
}

static void visit_place(const struct ruleset *ruleset, const struct way *way,
			bool last, rights_t right, const struct filter *filter,
			struct winners *winners)
{
	if (way->patterned)
		visit(ruleset, way, HEARD_PATTERNS_BENEATH, right, filter,
		      winners);
	if (way->patterned && last)
		visit(ruleset, way, HEARD_PATTERNS_HERE, right, filter,
		      winners);
	visit(ruleset, way, HEARD_BENEATH, right, filter, winners);
	if (way->aimed)
		visit(ruleset, way, HEARD_BENEATH_AIMED, right, filter,
		      winners);
}

static bool decides(const struct rule *rule)
{
	return rule && rule->effect != EFFECT_ASK &&
	       rule->effect != EFFECT_GUARD;
}

static const struct rule *pick(const struct winners *winners)
{
	const struct rule *const admin = winners->of[LAYER_ADMIN];
	const struct rule *const user = winners->of[LAYER_USER];

	if (decides(admin))
		return admin;
	if (decides(user))
		return user;
	if (admin)
		return admin;
	if (user)
		return user;
	return winners->of[LAYER_VENDOR];
}

static const struct rule *why_key(const struct ruleset *ruleset,
				  struct trie_key key, rights_t right,
				  const struct filter *filter)
{
	struct way way = way_begin(ruleset, key.type);
	struct winners winners = {0};
	enum trie_step step;

	do {
		visit_place(ruleset, &way, key_ends(&key), right, filter,
			    &winners);
		step = way_step(ruleset, &key, &way);
	} while (step == TRIE_STEP);
	if (step == TRIE_BAD)
		return NULL;
	if (step == TRIE_END)
		visit(ruleset, &way, HEARD_HERE, right, filter, &winners);
	if (step == TRIE_END && way.aimed)
		visit(ruleset, &way, HEARD_HERE_AIMED, right, filter, &winners);
	return pick(&winners);
}

/* Which parts of a socket rule are not wildcards; a family weighs most. */
static unsigned int socket_specificity(const struct object *rule)
{
	return (rule->family >= 0) * 4 + (rule->socket_type >= 0) * 2 +
	       (rule->protocol >= 0);
}

static bool socket_matches(const struct object *rule,
			   const struct object *object)
{
	return (rule->family < 0 || rule->family == object->family) &&
	       (rule->socket_type < 0 ||
		rule->socket_type == object->socket_type) &&
	       (rule->protocol < 0 || rule->protocol == object->protocol);
}

static const struct rule *why_socket(const struct ruleset *ruleset,
				     const struct object *object,
				     rights_t right,
				     const struct filter *filter)
{
	const struct way way = way_begin(ruleset, OBJECT_SOCKET);
	struct winners winners = {0};

	for (unsigned int specificity = 0; specificity < 8; specificity++) {
		struct winners group = {0};
		struct visit links = {0};
		const struct rule *rule;

		while ((rule = way_rule(ruleset, &way, HEARD_BENEATH,
					&links))) {
			if (socket_specificity(&rule->object) == specificity &&
			    socket_matches(&rule->object, object) &&
			    rule->rights & right && applies(rule, filter))
				consider(&group, rule);
		}
		replace(&winners, &group);
	}
	return pick(&winners);
}

/* How much a verdict refuses: of several namespaces the strictest decides. */
static int strictness(const struct rule *rule)
{
	if (rule && rule->effect == EFFECT_DENY)
		return 2;
	return rule && rule->effect == EFFECT_ALLOW ? 0 : 1;
}

static const struct rule *why_namespaces(const struct ruleset *ruleset,
					 struct object object, rights_t right,
					 const struct filter *filter)
{
	const struct rule *strictest = NULL;
	bool first = true;

	for (; object.namespaces; object.namespaces &= object.namespaces - 1) {
		uint64_t number;
		const struct rule *const rule = why_key(
			ruleset, object_key(&object, &number), right, filter);

		if (first || strictness(rule) > strictness(strictest))
			strictest = rule;
		first = false;
	}
	return strictest;
}

const struct rule *ruleset_why_filtered(const struct ruleset *ruleset,
					const struct object *object,
					rights_t right,
					const struct filter *filter)
{
	uint64_t number;

	if (object->type >= OBJECT_TYPES_ || object->any ||
	    object->type == OBJECT_PATTERN)
		return NULL;
	if (object->type == OBJECT_SOCKET)
		return why_socket(ruleset, object, right, filter);
	if (object->type == OBJECT_NAMESPACE)
		return why_namespaces(ruleset, *object, right, filter);
	return why_key(ruleset, object_key(object, &number), right, filter);
}
