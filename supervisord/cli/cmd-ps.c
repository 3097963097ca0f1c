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
#include "base/escape.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "control/client.h"
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
	int r = sd_bus_message_read(reply, "t", &row->id);

	if (r >= 0)
		r = wire_read_bytes(reply, &row->app);
	if (r >= 0)
		r = wire_read_strings(reply, &row->command);
	if (r >= 0)
		r = sd_bus_message_read(reply, "sxxbxttttt", &row->engine,
					&row->monitor, &row->root, &row->nested,
					&row->started, &row->generation,
					&row->open, &row->asked, &row->granted,
					&row->denied);
	return r;
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
	_cleanup_free_ char *app = escape_string(row->app);

	printf("%-8" PRId64 " %-16s %-8s %5" PRIu64 " %5" PRIu64 " %6" PRIu64
	       " %6" PRIu64 " ",
	       row->monitor, app ? app : "", row->engine, row->generation,
	       row->open, row->granted, row->denied);
	for (char **word = row->command; *word; word++) {
		_cleanup_free_ char *safe = escape_string(*word);

		printf(" %s", safe ? safe : "");
	}
	putchar('\n');
}

static int print_reply(sd_bus_message *reply, bool json)
{
	json_t *array = json ? json_array() : NULL;
	int r = sd_bus_message_enter_container(reply, 'a', BUS_DOMAIN);

	if (!json)
		printf("%-8s %-16s %-8s %5s %5s %6s %6s  COMMAND\n", "PID",
		       "APP", "ENGINE", "GEN", "OPEN", "GRANTS", "DENIED");
	while (r >= 0 && (r = sd_bus_message_enter_container(
				  reply, 'r', "tayaaysxxbxttttt")) > 0) {
		struct row row = {};

		r = read_row(reply, &row);
		if (r >= 0 && json)
			json_array_append_new(array, row_json(&row));
		else if (r >= 0)
			print_row(&row);
		row_finish(&row);
		if (r >= 0)
			r = sd_bus_message_exit_container(reply);
	}
	if (json)
		view_json_print(array);
	return r;
}

static int run(int argc, char *argv[])
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL,
							*reply = NULL;
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	int r, status;

	if (!arguments_parse(&verb_ps, argc, argv, 0, 0, 0, &arguments,
			     &status))
		return status;
	r = client_open(&bus);
	if (r == -ENOENT || r == -ECONNREFUSED)
		return cli_fail(&verb_ps, r,
				"no daemon runs (landlordd); programs that run "
				"without one are not listed");
	if (r == 0)
		r = client_call_new(bus, "ListDomains", &call);
	if (r == 0)
		r = client_call(bus, call, &reply, &sentence);
	if (r == 0)
		r = print_reply(reply, arguments.json);
	return r < 0 ? cli_fail(&verb_ps, r,
				sentence ? sentence : client_why(r))
		     : 0;
}

const struct verb verb_ps = {
	.name = "ps",
	.arguments = "[--json]",
	.summary = "List the supervised programs of the daemon",
	.run = run,
};
