/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deltas: see delta.h.
 */
#include "control/delta.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/wire.h"
#include "control/wire_parts.h"
#include "supervision/strings.h"

/* A message of that many rules or bytes is long enough. */
#define PIECE_RULES 256
#define PIECE_BYTES (256 * 1024)

/* What goes into the next message. */
struct piece {
	sd_bus *bus;
	int (*method)(sd_bus *bus, sd_bus_message **ret); /* of a hand-over */
	unsigned int part;
	bool clear; /* the book is empty before */
	const struct rule *added[PIECE_RULES];
	const char *removed[PIECE_RULES];
	size_t added_count, removed_count, bytes;
};

static int append_added(sd_bus_message *m, const struct piece *piece)
{
	TRY(sd_bus_message_open_container(m, 'a', BUS_RULE));
	for (size_t i = 0; i < piece->added_count; i++)
		TRY(wire_append_rule(m, piece->added[i]));
	return sd_bus_message_close_container(m);
}

static int append_stage(sd_bus_message *m, const struct piece *piece)
{
	TRY(sd_bus_message_append(m, "yb", (uint8_t)piece->part,
				  (int)piece->clear));
	TRY(append_added(m, piece));
	TRY(sd_bus_message_open_container(m, 'a', "ay"));
	for (size_t i = 0; i < piece->removed_count; i++)
		TRY(wire_append_bytes(m, piece->removed[i]));
	return sd_bus_message_close_container(m);
}

static int send_piece(struct piece *piece)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (piece->method)
		TRY(piece->method(piece->bus, &m));
	else
		TRY(sd_bus_message_new_method_call(piece->bus, &m, NULL,
						   BUS_MONITOR_PATH,
						   BUS_MONITOR, "Stage"));
	TRY(sd_bus_message_set_expect_reply(m, 0));
	TRY(piece->method ? append_added(m, piece) : append_stage(m, piece));
	TRY(sd_bus_send(piece->bus, m, NULL));
	piece->clear = false;
	piece->added_count = piece->removed_count = piece->bytes = 0;
	return 0;
}

static int make_room(struct piece *piece, const struct rule *rule)
{
	piece->bytes += 256 + rule->object.length +
			(rule->origin ? strlen(rule->origin) : 0);
	if (piece->added_count < PIECE_RULES &&
	    piece->removed_count < PIECE_RULES && piece->bytes <= PIECE_BYTES)
		return 0;
	return send_piece(piece);
}

static int add(void *userdata, const struct rule *rule)
{
	struct piece *piece = userdata;

	TRY(make_room(piece, rule));
	piece->added[piece->added_count++] = rule;
	return 0;
}

static int remove_rule(void *userdata, const struct rule *rule)
{
	struct piece *piece = userdata;

	/* What has no id is only removed with its book, or has expired, which
	 * the monitor knows by itself. */
	if (!rule->id)
		return rule->expires ? 0 : -ENOENT;
	TRY(make_room(piece, rule));
	piece->removed[piece->removed_count++] = rule->id;
	return 0;
}

/* What has come and gone in one book. */
static int send_difference(struct piece *piece, const struct rulebook *book,
			   uint64_t from, uint64_t to)
{
	TRY(rulebook_removed(book, from, to, remove_rule, piece));
	/* One that is joined with others keeps its id: first it goes. */
	if (piece->removed_count > 0)
		TRY(send_piece(piece));
	TRY(rulebook_added(book, from, to, add, piece));
	return piece->added_count > 0 ? send_piece(piece) : 0;
}

static int send_book(struct piece *piece, const struct rulebook *book,
		     uint64_t version)
{
	piece->clear = true;
	TRY(rulebook_each(book, version, add, piece));
	return piece->added_count > 0 || piece->clear ? send_piece(piece) : 0;
}

int delta_send(sd_bus *bus, const struct ruleset *told,
	       const struct ruleset *ruleset)
{
	struct piece piece = {.bus = bus};

	for (unsigned int i = 0; i < DOMAIN_BOOKS; i++) {
		uint64_t from = 0, to;
		const struct rulebook *old =
			told ? ruleset_book(told, i, &from) : NULL;
		const struct rulebook *book = ruleset_book(ruleset, i, &to);

		piece.part = i;
		TRY(book == old ? send_difference(&piece, book, from, to)
				: send_book(&piece, book, to));
	}
	return 0;
}

int delta_hand_over(sd_bus *bus, const struct rulebook *book, uint64_t version,
		    int (*method)(sd_bus *bus, sd_bus_message **ret))
{
	struct piece piece = {.bus = bus, .method = method};

	TRY(rulebook_each(book, version, add, &piece));
	return piece.added_count > 0 ? send_piece(&piece) : 0;
}

/* --- The monitor's side ---------------------------------------------- */

int followed_init(struct followed *followed)
{
	int error = 0;

	*followed = (struct followed){0};
	for (unsigned int i = 0; !error && i < DOMAIN_BOOKS; i++)
		error = rulebook_new(&followed->books[i]);
	return error;
}

void followed_finish(struct followed *followed)
{
	for (unsigned int i = 0; i < DOMAIN_BOOKS; i++)
		followed->books[i] = rulebook_unref(followed->books[i]);
}

static int clear_book(struct rulebook **book)
{
	struct rulebook *empty;

	TRY(rulebook_new(&empty));
	rulebook_unref(*book);
	*book = empty;
	return 0;
}

static int apply(struct followed *followed, sd_bus_message *m,
		 struct rules *added, char ***removed)
{
	struct rulebook **book;
	uint8_t part;
	int clear;

	TRY(wire_some(sd_bus_message_read(m, "yb", &part, &clear)));
	if (part >= DOMAIN_BOOKS)
		return -EINVAL;
	book = &followed->books[part];
	TRY(wire_read_rules(m, added));
	TRY(wire_read_strings(m, removed));
	if (clear)
		TRY(clear_book(book));
	for (char **id = *removed; *id; id++)
		rulebook_remove(*book, *id);
	for (size_t i = 0; i < added->count; i++)
		TRY(rulebook_take(*book, &added->items[i]));
	return 0;
}

void followed_read(struct followed *followed, sd_bus_message *m)
{
	struct rules added = {0};
	char **removed = NULL;
	const int error = apply(followed, m, &added, &removed);

	if (error && followed->error == 0)
		followed->error = error;
	rules_finish(&added);
	strings_free(removed);
}
