/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulebooks: see rulebook.h. Room for all that a rule needs is made before it
 * is added, so that what is added is added as a whole.
 */
#include "core/rulebook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/rulebook_layout.h"

/* So much may be dead in a book that is not worth tidying. */
#define TIDY_MIN 64

/*
 * Makes room for @more items of @size.
 * @array: a pointer to a pointer of whatever type
 * Returns: 0 or -ENOMEM.
 */
static int reserve(void *array, uint32_t count, uint32_t *allocated,
		   uint32_t more, size_t size)
{
	uint32_t wanted = *allocated ? *allocated : 16;
	void *items;

	if (count > UINT32_MAX / 4)
		return -ENOMEM;
	if (count + more <= *allocated)
		return 0;
	while (wanted < count + more)
		wanted *= 2;
	memcpy(&items, array, sizeof(items));
	items = reallocarray(items, wanted, size);
	if (!items)
		return -ENOMEM;
	memcpy(array, &items, sizeof(items));
	*allocated = wanted;
	return 0;
}

static int reserve_number(struct numbers *numbers)
{
	return reserve(&numbers->items, numbers->count, &numbers->allocated, 1,
		       sizeof(*numbers->items));
}

static void put_number(struct numbers *numbers, uint32_t number)
{
	numbers->items[numbers->count++] = number;
}

int rulebook_new(struct rulebook **ret)
{
	struct rulebook *const book = calloc(1, sizeof(*book));

	if (!book)
		return -ENOMEM;
	book->references = 1;
	if (trie_init(&book->trie) < 0) {
		free(book);
		return -ENOMEM;
	}
	*ret = book;
	return 0;
}

struct rulebook *rulebook_ref(struct rulebook *book)
{
	book->references++;
	return book;
}

struct rulebook *rulebook_unref(struct rulebook *book)
{
	if (!book || --book->references > 0)
		return NULL;
	for (uint32_t i = 0; i < book->count; i++)
		rule_finish(&rulebook_entry(book, i)->rule);
	for (uint32_t i = 0; i < book->chunks_count; i++)
		free(book->chunks[i]);
	free(book->chunks);
	trie_finish(&book->trie);
	pattern_trie_finish(&book->patterns);
	free(book->heads.items);
	free(book->pattern_heads.items);
	free(book->links);
	free(book->ids);
	free(book->refusals.items);
	free(book->bound.items);
	free(book->expiring.items);
	free(book->dead.items);
	free(book);
	return NULL;
}

/* --- Ids ----------------------------------------------------------- */

static uint32_t id_slot(const struct rulebook *book, const char *id)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *id; id++)
		hash = (hash ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
	return (uint32_t)(hash >> 32 ^ hash) & (book->ids_slots - 1);
}

static void insert_id(struct rulebook *book, uint32_t number)
{
	uint32_t slot = id_slot(book, rulebook_entry(book, number)->rule.id);

	while (book->ids[slot] != TRIE_NONE)
		slot = (slot + 1) & (book->ids_slots - 1);
	book->ids[slot] = number;
}

/* Keeps the table at most half full. */
static int reserve_id(struct rulebook *book)
{
	const uint32_t slots = book->ids_slots ? book->ids_slots * 2 : 32;
	uint32_t *ids;

	if (book->ids_count < book->ids_slots / 2)
		return 0;
	ids = reallocarray(NULL, slots, sizeof(*ids));
	if (!ids)
		return -ENOMEM;
	free(book->ids);
	book->ids = ids;
	book->ids_slots = slots;
	book->ids_count = 0;
	memset(ids, 0xff, slots * sizeof(*ids));
	for (uint32_t i = 0; i < book->count; i++) {
		const struct dated_rule *const entry = rulebook_entry(book, i);

		if (!entry->rule.id || entry->died != VERSION_NEVER)
			continue;
		insert_id(book, i);
		book->ids_count++;
	}
	return 0;
}

/* Returns: the number of a living entry, or TRIE_NONE. */
static uint32_t find_id(const struct rulebook *book, const char *id)
{
	uint32_t slot;

	if (book->ids_slots == 0)
		return TRIE_NONE;
	for (slot = id_slot(book, id); book->ids[slot] != TRIE_NONE;
	     slot = (slot + 1) & (book->ids_slots - 1)) {
		const struct dated_rule *const entry =
			rulebook_entry(book, book->ids[slot]);

		if (entry->died == VERSION_NEVER &&
		    strcmp(entry->rule.id, id) == 0)
			return book->ids[slot];
	}
	return TRIE_NONE;
}

const struct rule *rulebook_find(const struct rulebook *book, const char *id)
{
	const uint32_t number = find_id(book, id);

	return number == TRIE_NONE ? NULL : &rulebook_entry(book, number)->rule;
}

/* --- Expiry --------------------------------------------------------- */

static int64_t expiry_at(const struct rulebook *book, uint32_t place)
{
	return rulebook_entry(book, book->expiring.items[place])->rule.expires;
}

static void swap(struct numbers *numbers, uint32_t a, uint32_t b)
{
	const uint32_t number = numbers->items[a];

	numbers->items[a] = numbers->items[b];
	numbers->items[b] = number;
}

static void push_expiring(struct rulebook *book, uint32_t number)
{
	uint32_t at = book->expiring.count;

	put_number(&book->expiring, number);
	while (at > 0 && expiry_at(book, at) < expiry_at(book, (at - 1) / 2)) {
		swap(&book->expiring, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void pop_expiring(struct rulebook *book)
{
	struct numbers *const heap = &book->expiring;
	uint32_t at = 0;

	heap->items[0] = heap->items[--heap->count];
	for (;;) {
		uint32_t least = at;

		for (uint32_t child = 2 * at + 1;
		     child <= 2 * at + 2 && child < heap->count; child++)
			if (expiry_at(book, child) < expiry_at(book, least))
				least = child;
		if (least == at)
			return;
		swap(heap, at, least);
		at = least;
	}
}

int64_t rulebook_next_expiry(struct rulebook *book)
{
	while (book->expiring.count > 0 &&
	       rulebook_entry(book, book->expiring.items[0])->died !=
		       VERSION_NEVER)
		pop_expiring(book);
	return book->expiring.count > 0 ? expiry_at(book, 0) : 0;
}

/* --- Coming ---------------------------------------------------------- */

/* One node for every place that an object is at. */
struct rule_places {
	uint32_t nodes[64];
	uint32_t count;
};

static int find_places(struct rulebook *book, const struct rule *rule,
		       struct rule_places *ret)
{
	struct object object = rule->object; /* borrowed, not finished */

	if (object.type == OBJECT_PATTERN) {
		ret->count = 1;
		return pattern_trie_add(&book->patterns, object.bytes,
					&ret->nodes[0]);
	}
	do {
		uint64_t number = 0;
		const int error =
			trie_add(&book->trie, object_key(&object, &number),
				 &ret->nodes[ret->count]);

		if (error)
			return error;
		ret->count++;
		if (object.type == OBJECT_NAMESPACE)
			object.namespaces &= object.namespaces - 1;
	} while (object.type == OBJECT_NAMESPACE && !object.any &&
		 object.namespaces != 0);
	return 0;
}

/* Which heads a rule is linked from. */
static struct numbers *heads_of(struct rulebook *book, enum object_type type)
{
	return type == OBJECT_PATTERN ? &book->pattern_heads : &book->heads;
}

/* Has heads for all nodes of a trie. */
static int reserve_heads(struct numbers *heads, uint32_t nodes)
{
	const uint32_t more = nodes - heads->count;

	if (more == 0)
		return 0;
	if (reserve(&heads->items, heads->count, &heads->allocated, more,
		    sizeof(*heads->items)) < 0)
		return -ENOMEM;
	memset(heads->items + heads->count, 0xff, more * sizeof(*heads->items));
	heads->count = nodes;
	return 0;
}

static int reserve_entry(struct rulebook *book)
{
	if (book->count < book->chunks_count * ENTRIES_A_CHUNK)
		return 0;
	if (reserve(&book->chunks, book->chunks_count, &book->chunks_allocated,
		    1, sizeof(struct dated_rule *)) < 0)
		return -ENOMEM;
	book->chunks[book->chunks_count] =
		malloc(ENTRIES_A_CHUNK * sizeof(struct dated_rule));
	if (!book->chunks[book->chunks_count])
		return -ENOMEM;
	book->chunks_count++;
	return 0;
}

static int reserve_all(struct rulebook *book, const struct rule *rule,
		       const struct rule_places *places)
{
	int error = reserve_heads(&book->heads, book->trie.count);

	if (!error)
		error = reserve_heads(&book->pattern_heads,
				      book->patterns.trie.count);
	if (!error)
		error = reserve(&book->links, book->links_count,
				&book->links_allocated, places->count,
				sizeof(*book->links));
	if (!error)
		error = reserve_entry(book);
	if (!error && rule->id)
		error = reserve_id(book);
	if (!error && rule->effect != EFFECT_ALLOW)
		error = reserve_number(&book->refusals);
	if (!error && is_bound(rule))
		error = reserve_number(&book->bound);
	if (!error && rule->expires != 0)
		error = reserve_number(&book->expiring);
	/* A death must not fail. */
	if (!error)
		error = reserve(&book->dead.items, book->count,
				&book->dead.allocated, 1,
				sizeof(*book->dead.items));
	return error;
}

/* Notes what a rule about a pattern may do to what leads to it. */
static void note_pattern(struct rulebook *book, const struct rule *rule,
			 uint32_t node)
{
	const bool allows = rule->effect == EFFECT_ALLOW;

	pattern_trie_note(&book->patterns, node, allows ? 0 : rule->rights,
			  allows ? rule->rights : 0);
}

static void add_entry(struct rulebook *book, struct rule *moved,
		      const struct rule_places *places)
{
	const uint32_t number = book->count++;
	struct dated_rule *const entry = rulebook_entry(book, number);
	const struct rule *const rule = &entry->rule;
	struct numbers *const heads = heads_of(book, moved->object.type);

	*entry = (struct dated_rule){
		.rule = *moved,
		.born = ++book->version,
		.died = VERSION_NEVER,
	};
	*moved = (struct rule){0};
	book->alive++;
	for (uint32_t i = 0; i < places->count; i++) {
		uint32_t *const head = &heads->items[places->nodes[i]];

		book->links[book->links_count] =
			(struct rule_link){number, *head};
		*head = book->links_count++;
	}
	if (rule->object.type == OBJECT_PATTERN)
		note_pattern(book, rule, places->nodes[0]);
	if (rule->id) {
		insert_id(book, number);
		book->ids_count++;
	}
	if (rule->effect != EFFECT_ALLOW)
		put_number(&book->refusals, number);
	if (is_bound(rule)) {
		put_number(&book->bound, number);
		book->bound_alive++;
	}
	if (rule->expires != 0)
		push_expiring(book, number);
}

int rulebook_take(struct rulebook *book, struct rule *rule)
{
	struct rule_places places = {.count = 0};
	int error;

	if (!rule_is_valid(rule))
		return -EINVAL;
	error = find_places(book, rule, &places);
	if (!error)
		error = reserve_all(book, rule, &places);
	if (!error)
		add_entry(book, rule, &places);
	return error;
}

/* --- Going ----------------------------------------------------------- */

static void kill_entry(struct rulebook *book, uint32_t number)
{
	struct dated_rule *const entry = rulebook_entry(book, number);

	entry->died = ++book->version;
	book->alive--;
	book->bound_alive -= is_bound(&entry->rule);
	put_number(&book->dead, number);
}

int rulebook_append(struct rulebook *book, const struct rules *rules)
{
	const uint32_t count = book->count;
	int error = 0;

	for (size_t i = 0; !error && i < rules->count; i++) {
		struct rule copy;

		error = rule_copy(&copy, &rules->items[i]);
		if (!error)
			error = rulebook_take(book, &copy);
		rule_finish(&copy);
	}
	for (uint32_t i = count; error && i < book->count; i++)
		kill_entry(book, i);
	return error;
}

bool rulebook_remove(struct rulebook *book, const char *id)
{
	uint32_t number;
	bool found = false;

	while ((number = find_id(book, id)) != TRIE_NONE) {
		kill_entry(book, number);
		found = true;
	}
	return found;
}

void rulebook_expire(struct rulebook *book, int64_t now)
{
	int64_t expiry;

	while ((expiry = rulebook_next_expiry(book)) != 0 && expiry <= now) {
		kill_entry(book, book->expiring.items[0]);
		pop_expiring(book);
	}
}

void rulebook_prune(struct rulebook *book,
		    bool (*alive)(pid_t pid, uint64_t start))
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < book->bound.count; i++) {
		const uint32_t number = book->bound.items[i];
		const struct dated_rule *const entry =
			rulebook_entry(book, number);

		if (entry->died != VERSION_NEVER)
			continue;
		if (alive(entry->rule.pid, entry->rule.pid_start))
			book->bound.items[kept++] = number;
		else
			kill_entry(book, number);
	}
	book->bound.count = kept;
}

void rulebook_tidy(struct rulebook **book)
{
	const struct rulebook *const old = *book;
	struct rulebook *new;
	int error = 0;

	if (old->dead.count < TIDY_MIN || old->dead.count < old->alive ||
	    rulebook_new(&new) < 0)
		return;
	for (uint32_t i = 0; !error && i < old->count; i++) {
		const struct dated_rule *const entry = rulebook_entry(old, i);
		struct rule copy;

		if (entry->died != VERSION_NEVER)
			continue;
		error = rule_copy(&copy, &entry->rule);
		if (!error)
			error = rulebook_take(new, &copy);
		rule_finish(&copy);
	}
	if (error) {
		rulebook_unref(new);
		return;
	}
	rulebook_unref(*book);
	*book = new;
}

/* --- Reading --------------------------------------------------------- */

size_t rulebook_count(const struct rulebook *book)
{
	return book->alive;
}

size_t rulebook_bound(const struct rulebook *book)
{
	return book->bound_alive;
}

uint64_t rulebook_version(const struct rulebook *book)
{
	return book->version;
}

/* The newest link of what is about an object, or TRIE_NONE. */
static uint32_t find_head(const struct rulebook *book,
			  const struct object *object)
{
	uint64_t number = 0;
	struct trie_key key;
	enum trie_step step;
	uint32_t node;

	if (object->type == OBJECT_PATTERN)
		return rulebook_head(
			&book->pattern_heads,
			pattern_trie_find(&book->patterns, object->bytes));
	key = object_key(object, &number);
	node = key.type;
	do
		step = trie_step(&book->trie, &key, &node);
	while (step == TRIE_STEP);
	return step == TRIE_END ? rulebook_head(&book->heads, node) : TRIE_NONE;
}

int rulebook_about(const struct rulebook *book, const struct object *object,
		   rulebook_fn callback, void *userdata)
{
	uint32_t link, next;
	int error = 0;

	for (link = find_head(book, object); !error && link != TRIE_NONE;
	     link = next) {
		const struct dated_rule *const entry =
			rulebook_entry(book, book->links[link].entry);

		next = book->links[link].next;
		if (entry->died == VERSION_NEVER &&
		    object_equal(&entry->rule.object, object))
			error = callback(userdata, &entry->rule);
	}
	return error;
}

int rulebook_each(const struct rulebook *book, uint64_t version,
		  rulebook_fn callback, void *userdata)
{
	int error = 0;

	for (uint32_t i = 0; !error && i < book->count; i++) {
		const struct dated_rule *const entry = rulebook_entry(book, i);

		if (entry_is_seen(entry, version))
			error = callback(userdata, &entry->rule);
	}
	return error;
}

int rulebook_added(const struct rulebook *book, uint64_t from, uint64_t to,
		   rulebook_fn callback, void *userdata)
{
	uint32_t first = book->count;
	int error = 0;

	while (first > 0 && rulebook_entry(book, first - 1)->born > from)
		first--;
	for (uint32_t i = first; !error && i < book->count; i++) {
		const struct dated_rule *const entry = rulebook_entry(book, i);

		if (entry_is_seen(entry, to))
			error = callback(userdata, &entry->rule);
	}
	return error;
}

int rulebook_removed(const struct rulebook *book, uint64_t from, uint64_t to,
		     rulebook_fn callback, void *userdata)
{
	uint32_t first = book->dead.count;
	int error = 0;

	while (first > 0 &&
	       rulebook_entry(book, book->dead.items[first - 1])->died > from)
		first--;
	for (uint32_t i = first; !error && i < book->dead.count; i++) {
		const struct dated_rule *const entry =
			rulebook_entry(book, book->dead.items[i]);

		if (entry_is_seen(entry, from) && entry->died <= to)
			error = callback(userdata, &entry->rule);
	}
	return error;
}
