/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The precedence of rule.h is applied twice here, and a property test holds
 * the two together: in advance for sets of rights at every node (a judgement
 * is then a walk down the trie and two masks), and rule by rule for one right
 * (ruleset_why(), and what cannot be computed in advance: rules bound to a
 * process, and sockets with their three wildcards).
 *
 * In either, rules are met from the least to the most specific: beneath each
 * node of the way down, then at the last node itself. Within a layer what is
 * met later replaces what was met before.
 */
#include "core/ruleset.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/trie.h"

/* What is decided for every right at a place; what is in neither is asked. */
struct verdict {
	rights_t allowed, denied;
};

/* What one layer's most specific rules say. The three are disjoint. */
struct opinion {
	rights_t by[EFFECTS_];
};

struct opinions {
	struct opinion of[LAYERS_];
};

/* A node of the trie with what the rules make of it. */
struct place {
	struct verdict here;	/* for the object itself */
	struct verdict beneath; /* for what has no node of its own */
	rights_t uniform;	/* see ruleset_uniform(): here and beneath */
	rights_t uniform_here;
	rights_t uniform_rest; /* beneath, where there is no node */
	uint32_t link;	       /* the rules about this node */
};

/* A rule about several namespaces is linked from the node of each. */
struct link {
	const struct rule *rule;
	uint32_t next; /* TRIE_NONE at the end */
};

struct ruleset {
	_Atomic unsigned int references;
	uint64_t generation;
	int64_t next_expiry;
	struct rules rules;
	struct trie trie;
	struct place *places; /* one for each node of the trie */
	struct link *links;
	uint32_t links_count, links_allocated;
	bool bound; /* some rule is bound to a process */
};

/* Which rules are looked at. */
struct filter {
	bool permanent; /* only those that hold for all, and do not expire */
	pid_t pid;
	uint64_t pid_start;
};

static bool is_bound(const struct rule *rule)
{
	return rule->pid != 0 || rule->pid_start != 0;
}

static bool is_permanent(const struct rule *rule)
{
	return !is_bound(rule) && rule->expires == 0;
}

static bool applies(const struct rule *rule, const struct filter *filter)
{
	if (filter->permanent)
		return is_permanent(rule);
	return !is_bound(rule) || (rule->pid == filter->pid &&
				   rule->pid_start == filter->pid_start);
}

static bool covers_beneath(const struct rule *rule)
{
	return rule->object.type == OBJECT_PATH ? rule->beneath
						: rule->object.any;
}

/* One namespace type at a time; its number lives in @number. */
static struct trie_key object_key(const struct object *object, uint64_t *number)
{
	struct trie_key key = {
		.type = object->type,
		.bytes = (const char *)number,
		.length = sizeof(*number),
	};

	switch (object->type) {
	case OBJECT_PATH:
	case OBJECT_ABSTRACT:
		key.bytes = object->bytes;
		key.length = object->length;
		return key;
	case OBJECT_PORT:
		*number = object->port;
		break;
	case OBJECT_CAPABILITY:
		*number = object->capability;
		break;
	case OBJECT_NAMESPACE:
		*number = object->namespaces & -object->namespaces;
		break;
	case OBJECT_PROCESS:
		*number = object->pid;
		break;
	default:
		/* Sockets are all at their root. */
		key.length = 0;
		break;
	}
	if (object->any)
		key.length = 0;
	return key;
}

/* --- Compiling --------------------------------------------------- */

static int link_rule(struct ruleset *ruleset, const struct rule *rule,
		     uint32_t node, uint32_t *heads)
{
	if (ruleset->links_count == ruleset->links_allocated) {
		const uint32_t allocated = ruleset->links_allocated * 2 + 16;
		struct link *const links =
			reallocarray(ruleset->links, allocated, sizeof(*links));

		if (!links)
			return -ENOMEM;
		ruleset->links = links;
		ruleset->links_allocated = allocated;
	}
	ruleset->links[ruleset->links_count] = (struct link){
		.rule = rule,
		.next = heads[node],
	};
	heads[node] = ruleset->links_count++;
	return 0;
}

static bool rule_is_valid(const struct rule *rule)
{
	return rule->object.type < OBJECT_TYPES_ && rule->layer < LAYERS_ &&
	       rule->effect < EFFECTS_ && rule->rights != 0 &&
	       !(rule->rights & ~object_rights(rule->object.type)) &&
	       (!is_bound(rule) || rule->layer == LAYER_USER) &&
	       (rule->object.type != OBJECT_NAMESPACE || rule->object.any ||
		rule->object.namespaces != 0);
}

/* Where each rule belongs: pairs of a rule and a node, nodes being added. */
struct placement {
	const struct rule *rule;
	uint32_t node;
};

struct placements {
	struct placement *items;
	size_t count, allocated;
};

static int add_placement(struct placements *placements, const struct rule *rule,
			 uint32_t node)
{
	if (placements->count == placements->allocated) {
		const size_t allocated = placements->allocated * 2 + 16;
		struct placement *const items = reallocarray(
			placements->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		placements->items = items;
		placements->allocated = allocated;
	}
	placements->items[placements->count++] =
		(struct placement){.rule = rule, .node = node};
	return 0;
}

static int place_rule(struct ruleset *ruleset, const struct rule *rule,
		      struct placements *placements)
{
	struct object object = rule->object; /* borrowed, not finished */
	int result;

	if (!rule_is_valid(rule))
		return -EINVAL;
	do {
		uint64_t number = 0;
		uint32_t node;

		result = trie_add(&ruleset->trie, object_key(&object, &number),
				  &node);
		if (result == 0)
			result = add_placement(placements, rule, node);
		if (result < 0)
			return result;
		if (object.type == OBJECT_NAMESPACE)
			object.namespaces &= object.namespaces - 1;
	} while (object.type == OBJECT_NAMESPACE && !object.any &&
		 object.namespaces != 0);
	return 0;
}

static int place_rules(struct ruleset *ruleset)
{
	struct placements placements = {0};
	_cleanup_free_ uint32_t *heads = NULL;
	int result = 0;

	for (size_t i = 0; result == 0 && i < ruleset->rules.count; i++)
		result = place_rule(ruleset, &ruleset->rules.items[i],
				    &placements);
	ruleset->places = calloc(ruleset->trie.count, sizeof(*ruleset->places));
	heads = reallocarray(NULL, ruleset->trie.count, sizeof(*heads));
	if (result == 0 && (!ruleset->places || !heads))
		result = -ENOMEM;
	if (result == 0)
		for (uint32_t i = 0; i < ruleset->trie.count; i++)
			heads[i] = TRIE_NONE;
	for (size_t i = 0; result == 0 && i < placements.count; i++)
		result = link_rule(ruleset, placements.items[i].rule,
				   placements.items[i].node, heads);
	if (result == 0)
		for (uint32_t i = 0; i < ruleset->trie.count; i++)
			ruleset->places[i].link = heads[i];
	free(placements.items);
	return result;
}

/* Puts the rules about a node over what is known from above it. */
static void overlay(const struct ruleset *ruleset, uint32_t node, bool beneath,
		    const struct filter *filter, struct opinions *opinions)
{
	struct opinions found = {0};
	uint32_t i = ruleset->places[node].link;

	for (; i != TRIE_NONE; i = ruleset->links[i].next) {
		const struct rule *const rule = ruleset->links[i].rule;

		if (covers_beneath(rule) == beneath && applies(rule, filter))
			found.of[rule->layer].by[rule->effect] |= rule->rights;
	}
	for (enum layer layer = 0; layer < LAYERS_; layer++) {
		struct opinion *const known = &opinions->of[layer];
		rights_t decided = 0;

		/* Effects are in the order in which they win a tie. */
		for (enum effect effect = 0; effect < EFFECTS_; effect++) {
			const rights_t rights =
				found.of[layer].by[effect] & ~decided;

			decided |= rights;
			found.of[layer].by[effect] = rights;
		}
		for (enum effect effect = 0; effect < EFFECTS_; effect++)
			known->by[effect] = (known->by[effect] & ~decided) |
					    found.of[layer].by[effect];
	}
}

/* Lets the layers speak in their order. */
static struct verdict combine(const struct opinions *opinions)
{
	const struct opinion *const admin = &opinions->of[LAYER_ADMIN];
	const struct opinion *const user = &opinions->of[LAYER_USER];
	const struct opinion *const vendor = &opinions->of[LAYER_VENDOR];
	struct verdict verdict = {
		.allowed = admin->by[EFFECT_ALLOW],
		.denied = admin->by[EFFECT_DENY],
	};
	rights_t open = ~(verdict.allowed | verdict.denied);

	verdict.allowed |= open & user->by[EFFECT_ALLOW];
	verdict.denied |= open & user->by[EFFECT_DENY];
	open = ~(verdict.allowed | verdict.denied | admin->by[EFFECT_ASK] |
		 user->by[EFFECT_ASK]);
	verdict.allowed |= open & vendor->by[EFFECT_ALLOW];
	verdict.denied |= open & vendor->by[EFFECT_DENY];
	return verdict;
}

/* The rights that rules of limited reach take away at a node. */
static rights_t limited_refusals(const struct ruleset *ruleset, uint32_t node,
				 bool beneath)
{
	uint32_t i = ruleset->places[node].link;
	rights_t rights = 0;

	for (; i != TRIE_NONE; i = ruleset->links[i].next) {
		const struct rule *const rule = ruleset->links[i].rule;

		if (covers_beneath(rule) == beneath && !is_permanent(rule) &&
		    rule->effect != EFFECT_ALLOW)
			rights |= rule->rights;
	}
	return rights;
}

/* What is carried from a node to its children while compiling. */
struct inherited {
	struct opinions all;	   /* of rules not bound to a process */
	struct opinions permanent; /* nor with an expiry */
	rights_t refused;	   /* by rules that are one or the other */
};

static void compile_place(struct ruleset *ruleset, uint32_t node,
			  struct inherited *inherited)
{
	static const struct filter all = {0}, permanent = {true, 0, 0};
	const uint32_t parent = ruleset->trie.nodes[node].parent;
	struct place *const place = &ruleset->places[node];
	struct inherited *const mine = &inherited[node];
	struct opinions here;

	if (parent != TRIE_NONE)
		*mine = inherited[parent];
	overlay(ruleset, node, true, &all, &mine->all);
	place->beneath = combine(&mine->all);
	here = mine->all;
	overlay(ruleset, node, false, &all, &here);
	place->here = combine(&here);

	overlay(ruleset, node, true, &permanent, &mine->permanent);
	mine->refused |= limited_refusals(ruleset, node, true);
	place->uniform_rest =
		combine(&mine->permanent).allowed & ~mine->refused;
	here = mine->permanent;
	overlay(ruleset, node, false, &permanent, &here);
	place->uniform_here = combine(&here).allowed & ~mine->refused &
			      ~limited_refusals(ruleset, node, false);
	place->uniform = place->uniform_here & place->uniform_rest;
}

static int compile_places(struct ruleset *ruleset)
{
	const uint32_t count = ruleset->trie.count;
	_cleanup_free_ struct inherited *inherited =
		calloc(count, sizeof(*inherited));

	if (!inherited)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		compile_place(ruleset, i, inherited);
	/* Children first: a place is uniform when all beneath it is. */
	for (uint32_t i = count; i-- > OBJECT_TYPES_;) {
		const uint32_t parent = ruleset->trie.nodes[i].parent;

		ruleset->places[parent].uniform &= ruleset->places[i].uniform;
	}
	return 0;
}

static int copy_rules(struct ruleset *ruleset, const struct rules *rules,
		      int64_t now)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];
		struct rule copy;

		if (rule->expires != 0 && rule->expires <= now)
			continue;
		if (rule_copy(&copy, rule) < 0)
			return -ENOMEM;
		if (rules_take(&ruleset->rules, &copy) < 0) {
			rule_finish(&copy);
			return -ENOMEM;
		}
		ruleset->bound |= is_bound(rule);
		if (rule->expires != 0 &&
		    (ruleset->next_expiry == 0 ||
		     rule->expires < ruleset->next_expiry))
			ruleset->next_expiry = rule->expires;
	}
	return 0;
}

int ruleset_new(struct ruleset **ret, const struct rules *rules,
		uint64_t generation, int64_t now)
{
	struct ruleset *const ruleset = calloc(1, sizeof(*ruleset));
	int result;

	if (!ruleset)
		return -ENOMEM;
	ruleset->references = 1;
	ruleset->generation = generation;
	result = trie_init(&ruleset->trie);
	if (result == 0)
		result = copy_rules(ruleset, rules, now);
	if (result == 0)
		result = place_rules(ruleset);
	if (result == 0)
		result = compile_places(ruleset);
	if (result < 0) {
		ruleset_unref(ruleset);
		return result;
	}
	*ret = ruleset;
	return 0;
}

struct ruleset *ruleset_ref(struct ruleset *ruleset)
{
	atomic_fetch_add(&ruleset->references, 1);
	return ruleset;
}

struct ruleset *ruleset_unref(struct ruleset *ruleset)
{
	if (!ruleset || atomic_fetch_sub(&ruleset->references, 1) > 1)
		return NULL;
	rules_finish(&ruleset->rules);
	trie_finish(&ruleset->trie);
	free(ruleset->places);
	free(ruleset->links);
	free(ruleset);
	return NULL;
}

uint64_t ruleset_generation(const struct ruleset *ruleset)
{
	return ruleset->generation;
}

bool ruleset_has_process_rules(const struct ruleset *ruleset)
{
	return ruleset->bound;
}

int64_t ruleset_next_expiry(const struct ruleset *ruleset)
{
	return ruleset->next_expiry;
}

/* --- One right, rule by rule ------------------------------------- */

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

static void replace(struct winners *winners, const struct winners *group)
{
	for (enum layer layer = 0; layer < LAYERS_; layer++)
		if (group->of[layer])
			winners->of[layer] = group->of[layer];
}

static void visit(const struct ruleset *ruleset, uint32_t node, bool beneath,
		  rights_t right, const struct filter *filter,
		  struct winners *winners)
{
	struct winners group = {0};
	uint32_t i = ruleset->places[node].link;

	for (; i != TRIE_NONE; i = ruleset->links[i].next) {
		const struct rule *const rule = ruleset->links[i].rule;

		if (covers_beneath(rule) == beneath && rule->rights & right &&
		    applies(rule, filter))
			consider(&group, rule);
	}
	replace(winners, &group);
}

static const struct rule *pick(const struct winners *winners)
{
	const struct rule *const admin = winners->of[LAYER_ADMIN];
	const struct rule *const user = winners->of[LAYER_USER];

	if (admin && admin->effect != EFFECT_ASK)
		return admin;
	if (user && user->effect != EFFECT_ASK)
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
	struct winners winners = {0};
	uint32_t node = key.type;
	enum trie_step step;

	do {
		visit(ruleset, node, true, right, filter, &winners);
		step = trie_step(&ruleset->trie, &key, &node);
	} while (step == TRIE_STEP);
	if (step == TRIE_BAD)
		return NULL;
	if (step == TRIE_END)
		visit(ruleset, node, false, right, filter, &winners);
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
	struct winners winners = {0};

	for (unsigned int specificity = 0; specificity < 8; specificity++) {
		struct winners group = {0};
		uint32_t i = ruleset->places[OBJECT_SOCKET].link;

		for (; i != TRIE_NONE; i = ruleset->links[i].next) {
			const struct rule *const rule = ruleset->links[i].rule;

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

static const struct rule *why(const struct ruleset *ruleset,
			      const struct object *object, rights_t right,
			      const struct filter *filter)
{
	uint64_t number;

	if (object->type >= OBJECT_TYPES_ || object->any)
		return NULL;
	if (object->type == OBJECT_SOCKET)
		return why_socket(ruleset, object, right, filter);
	if (object->type == OBJECT_NAMESPACE)
		return why_namespaces(ruleset, *object, right, filter);
	return why_key(ruleset, object_key(object, &number), right, filter);
}

const struct rule *ruleset_why(const struct ruleset *ruleset,
			       const struct object *object, rights_t right,
			       pid_t pid, uint64_t pid_start)
{
	const struct filter filter = {.pid = pid, .pid_start = pid_start};

	return why(ruleset, object, right, &filter);
}

/* --- Judging ----------------------------------------------------- */

static struct judgement partition(struct verdict verdict, rights_t wanted)
{
	return (struct judgement){
		.allowed = wanted & verdict.allowed,
		.denied = wanted & verdict.denied,
		.asked = wanted & ~(verdict.allowed | verdict.denied),
	};
}

/* The way that always works, a right at a time. */
static struct judgement judge_each(const struct ruleset *ruleset,
				   const struct object *object, rights_t wanted,
				   const struct filter *filter)
{
	struct verdict verdict = {0};
	rights_t right;

	RIGHTS_FOREACH (right, wanted) {
		const struct rule *const rule =
			why(ruleset, object, right, filter);

		if (rule && rule->effect == EFFECT_ALLOW)
			verdict.allowed |= right;
		if (rule && rule->effect == EFFECT_DENY)
			verdict.denied |= right;
	}
	return partition(verdict, wanted);
}

static struct judgement judge_key(const struct ruleset *ruleset,
				  struct trie_key key, rights_t wanted)
{
	static const struct verdict none = {0};
	uint32_t node = key.type;

	for (;;) {
		switch (trie_step(&ruleset->trie, &key, &node)) {
		case TRIE_STEP:
			continue;
		case TRIE_END:
			return partition(ruleset->places[node].here, wanted);
		case TRIE_LEAVE:
			return partition(ruleset->places[node].beneath, wanted);
		case TRIE_BAD:
			return partition(none, wanted);
		}
	}
}

static bool is_bound_process(const struct ruleset *ruleset, pid_t pid,
			     uint64_t pid_start)
{
	if (!ruleset->bound)
		return false;
	for (size_t i = 0; i < ruleset->rules.count; i++) {
		const struct rule *const rule = &ruleset->rules.items[i];

		if (is_bound(rule) && rule->pid == pid &&
		    rule->pid_start == pid_start)
			return true;
	}
	return false;
}

struct judgement ruleset_judge(const struct ruleset *ruleset,
			       const struct object *object, rights_t wanted,
			       pid_t pid, uint64_t pid_start)
{
	const struct filter filter = {.pid = pid, .pid_start = pid_start};
	uint64_t number;

	if (object->type >= OBJECT_SOCKET || object->any ||
	    object->type == OBJECT_NAMESPACE ||
	    is_bound_process(ruleset, pid, pid_start))
		return judge_each(ruleset, object, wanted, &filter);
	return judge_key(ruleset, object_key(object, &number), wanted);
}

struct judgement ruleset_judge_path(const struct ruleset *ruleset,
				    const char *path, size_t length,
				    rights_t wanted, pid_t pid,
				    uint64_t pid_start)
{
	/* Borrows the bytes, which judging only reads. */
	const struct object object = {
		.type = OBJECT_PATH,
		.bytes = (char *)path,
		.length = length,
	};

	return ruleset_judge(ruleset, &object, wanted, pid, pid_start);
}

/* --- What a kernel can hold -------------------------------------- */

/*
 * Hands out one place.
 * @whole: rights on it and everything beneath; @here: on it alone
 */
static int emit(const struct ruleset *ruleset, uint32_t node,
		struct object *object, rights_t whole, rights_t here,
		ruleset_uniform_fn callback, void *userdata)
{
	int result = 0;

	if (object->type == OBJECT_PATH) {
		object->bytes = trie_path(&ruleset->trie, node);
		if (!object->bytes)
			return -ENOMEM;
		object->length = strlen(object->bytes);
	} else if (node == OBJECT_PORT) {
		object->any = true;
	} else {
		object->port = trie_number(&ruleset->trie, node);
	}
	if (whole)
		result = callback(userdata, object, whole, false);
	if (here && result == 0)
		result = callback(userdata, object, here, true);
	object_finish(object);
	return result;
}

int ruleset_uniform(const struct ruleset *ruleset, ruleset_uniform_fn callback,
		    void *userdata)
{
	const uint32_t count = ruleset->trie.count;
	/* What ancestors already cover for each node. */
	_cleanup_free_ rights_t *covered = calloc(count, sizeof(*covered));

	if (!covered)
		return -ENOMEM;
	for (uint32_t node = 0; node < count; node++) {
		const uint32_t parent = ruleset->trie.nodes[node].parent;
		const struct place *const place = &ruleset->places[node];
		struct object object = {
			.type = trie_type(&ruleset->trie, node),
		};
		rights_t whole, here;
		int result;

		if (parent != TRIE_NONE)
			covered[node] = covered[parent];
		whole = place->uniform & ~covered[node];
		covered[node] |= place->uniform;
		here = place->uniform_here & ~covered[node];
		/* A type's root is no object but for the root directory. */
		if (object.type != OBJECT_PATH)
			here = 0;
		if (!(whole | here) ||
		    (object.type != OBJECT_PATH && object.type != OBJECT_PORT))
			continue;
		result = emit(ruleset, node, &object, whole, here, callback,
			      userdata);
		if (result != 0)
			return result;
	}
	return 0;
}

rights_t ruleset_uniform_path(const struct ruleset *ruleset, const char *path,
			      size_t length, rights_t *ret_here)
{
	struct trie_key key = {
		.type = OBJECT_PATH,
		.bytes = path,
		.length = length,
	};
	uint32_t node = key.type;
	enum trie_step step;
	rights_t here = 0, whole = 0;

	do
		step = trie_step(&ruleset->trie, &key, &node);
	while (step == TRIE_STEP);
	if (step == TRIE_END) {
		here = ruleset->places[node].uniform_here;
		whole = ruleset->places[node].uniform;
	} else if (step == TRIE_LEAVE) {
		here = whole = ruleset->places[node].uniform_rest;
	}
	if (ret_here)
		*ret_here = here;
	return whole;
}
