/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord ps: what runs under the daemon.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/listing.h"
#include "cli/policy_view.h"
#include "control/client.h"
#include "control/try.h"
#include "control/wire.h"
#include "plugin/request_json.h"
#include "supervision/strings.h"

/* One line of the reply, as it was on the wire. */
struct row {
	uint64_t id, generation, open, asked, granted, denied;
	int64_t monitor, root, started;
	const char *engine;
	char *app, **command;
	int nested;
};

static void row_finish(struct row *row)
{
	free(row->app);
	strings_free(row->command);
}

static int read_row(sd_bus_message *reply, struct row *row)
{
	TRY(sd_bus_message_read(reply, "t", &row->id));
	TRY(wire_read_bytes(reply, &row->app));
	TRY(wire_read_strings(reply, &row->command));
	return sd_bus_message_read(reply, "sxxbxttttt", &row->engine,
				   &row->monitor, &row->root, &row->nested,
				   &row->started, &row->generation, &row->open,
				   &row->asked, &row->granted, &row->denied);
}

static json_t *row_json(const struct row *row)
{
	json_t *command = json_array();

	for (char **word = row->command; *word; word++)
		json_array_append_new(command, json_bytes(*word));
	return json_pack("{s:o, s:I, s:I, s:s, s:b, s:I, s:I, s:I, s:I, s:I, "
			 "s:I, s:o}",
			 "app", json_bytes(row->app), "monitor",
			 (json_int_t)row->monitor, "root",
			 (json_int_t)row->root, "engine", row->engine, "nested",
			 row->nested, "started", (json_int_t)row->started,
			 "generation", (json_int_t)row->generation, "open",
			 (json_int_t)row->open, "asked", (json_int_t)row->asked,
			 "granted", (json_int_t)row->granted, "denied",
			 (json_int_t)row->denied, "command", command);
}

static void print_row(const struct row *row)
{
	_cleanup_free_ char *app = quote_word(row->app);

	printf("%-8" PRId64 " %-16s %-8s %5" PRIu64 " %5" PRIu64 " %6" PRIu64
	       " %6" PRIu64 " ",
	       row->monitor, app ? app : "", row->engine, row->generation,
	       row->open, row->granted, row->denied);
	for (char **word = row->command; *word; word++) {
		_cleanup_free_ char *safe = quote_word(*word);

		printf(" %s", safe ? safe : "");
	}
	putchar('\n');
}

static void print_header(void)
{
	printf("%-8s %-16s %-8s %5s %5s %6s %6s  COMMAND\n", "PID", "APP",
	       "ENGINE", "GEN", "OPEN", "GRANTS", "DENIED");
}

struct table {
	json_t *array; /* NULL: it is printed */
	bool begun;
};

static int take_row(void *userdata, sd_bus_message *reply)
{
	struct table *table = userdata;
	struct row row = {0};
	int result = read_row(reply, &row);

	if (result >= 0 && table->array) {
		json_array_append_new(table->array, row_json(&row));
	} else if (result >= 0) {
		if (!table->begun)
			print_header();
		print_row(&row);
	}
	table->begun = true;
	row_finish(&row);
	return result;
}

static int run(int argc, char *argv[])
{
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	struct table table = {0};
	int result, status;

	if (!arguments_parse(&verb_ps, argc, argv, 0, 0, 0, &arguments,
			     &status))
		return status;
	if (arguments.json)
		table.array = json_array();
	result = listing_read("ListDomains", BUS_DOMAIN, take_row, &table,
			      &sentence);
	if (result >= 0 && arguments.json)
		view_json_print(table.array);
	else
		json_decref(table.array);
	if (result == 0 && !arguments.json)
		cli_note("No program runs under the daemon; \"landlord run "
			 "-- COMMAND\" starts one.");
	if (result == -ENOENT || result == -ECONNREFUSED)
		return cli_fail(&verb_ps, result,
				"no daemon runs (landlordd); programs that run "
				"without one are not listed");
	return result < 0 ? cli_fail(&verb_ps, result,
				     sentence ? sentence : client_why(result))
			  : 0;
}

const struct verb verb_ps = {
	.name = "ps",
	.arguments = "[--json]",
	.summary = "List the supervised programs of the daemon",
	.run = run,
};
