/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the manager says: see manager_text.h.
 */
#include "desktop/manager/manager_text.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "core/right.h"
#include "desktop/dialog/dialog_text.h"

static const char *text_of(const json_t *thing, const char *key)
{
	const char *text = json_string_value(json_object_get(thing, key));

	return text ? text : "";
}

static double number_of(const json_t *thing, const char *key)
{
	return json_number_value(json_object_get(thing, key));
}

/* What escape_string() made, to be read within a sentence. */
static char *quoted(const char *escaped)
{
	_cleanup_free_ char *text = quote_escaped_text(escaped);

	return dialog_text_isolate(text && text[0] ? text : "?");
}

char *manager_text_time(double time)
{
	g_autoptr(GDateTime) then =
		g_date_time_new_from_unix_local((gint64)time);

	return then ? g_date_time_format(then, "%x %H:%M") : g_strdup("?");
}

static char *rights_text(const char *names)
{
	g_auto(GStrv) parts = g_strsplit(names, ",", -1);
	rights_t rights = 0, one;

	for (size_t i = 0; parts[i]; i++)
		if (right_parse(parts[i], &one) == 0)
			rights |= one;
	return dialog_text_rights(rights);
}

static char *effect_text(const char *effect, const char *rights)
{
	g_autofree char *words = rights_text(rights);

	if (strcmp(effect, "allow") == 0)
		return g_strdup_printf(_("Allowed: %s"), words);
	if (strcmp(effect, "deny") == 0)
		return g_strdup_printf(_("Denied: %s"), words);
	return g_strdup_printf(_("Asked for: %s"), words);
}

char *manager_text_effect(const json_t *rule)
{
	return effect_text(text_of(rule, "effect"), text_of(rule, "rights"));
}

char *manager_text_object(const json_t *rule)
{
	g_autofree char *object = quoted(text_of(rule, "object"));

	if (!json_is_true(json_object_get(rule, "beneath")))
		return g_steal_pointer(&object);
	return g_strdup_printf(_("%s and what is beneath it"), object);
}

char *manager_text_origin(const json_t *rule)
{
	g_autofree char *origin = quoted(text_of(rule, "origin"));
	const double expires = number_of(rule, "expires");
	g_autofree char *until =
		expires > 0 ? manager_text_time(expires) : NULL;

	if (until)
		return g_strdup_printf(_("Until %s, from %s"), until, origin);
	if (json_is_true(json_object_get(rule, "session")))
		return g_strdup_printf(_("Until it ends, from %s"), origin);
	if (text_of(rule, "id")[0])
		return g_strdup_printf(_("Always, from %s"), origin);
	return g_strdup_printf(_("From %s"), origin);
}

char *manager_text_starts(const json_t *rule)
{
	const unsigned long starts = (unsigned long)number_of(rule, "starts");
	g_autofree char *last =
		starts ? manager_text_time(number_of(rule, "last-start"))
		       : NULL;

	if (!starts)
		return g_strdup(_("Not started since this is counted"));
	return g_strdup_printf(ngettext("Started %lu time, the last time on %s",
					"Started %lu times, the last time on "
					"%s",
					starts),
			       starts, last);
}

char *manager_text_running(const json_t *program)
{
	GString *command = g_string_new(NULL);
	g_autofree char *since =
		manager_text_time(number_of(program, "started"));
	g_autofree char *words = NULL;
	const unsigned long asked = (unsigned long)number_of(program, "asked");
	const json_t *argument;
	size_t i;

	json_array_foreach (json_object_get(program, "command"), i, argument) {
		_cleanup_free_ char *word =
			quote_escaped_word(json_string_value(argument));

		g_string_append_printf(command, "%s%s", i ? " " : "",
				       word ? word : "?");
	}
	words = dialog_text_isolate(command->str);
	g_string_free(command, TRUE);
	return g_strdup_printf(ngettext("Runs since %s, has asked %lu time: %s",
					"Runs since %s, has asked %lu times: "
					"%s",
					asked),
			       since, asked, words);
}

/* Of several accesses each is a line. */
static char *accesses_text(const json_t *thing)
{
	GString *text = g_string_new(NULL);
	const json_t *access;
	size_t i;

	json_array_foreach (json_object_get(thing, "accesses"), i, access) {
		g_autofree char *rights =
			rights_text(text_of(access, "rights"));
		g_autofree char *object = quoted(text_of(access, "object"));

		g_string_append_printf(text, "%s%s: %s", i ? "\n" : "", rights,
				       object);
	}
	return g_string_free(text, FALSE);
}

char *manager_text_pending(const json_t *question)
{
	g_autofree char *rights = NULL, *object = NULL;

	if (json_object_get(question, "accesses"))
		return accesses_text(question);
	rights = rights_text(text_of(question, "rights"));
	object = quoted(text_of(question, "object"));
	return g_strdup_printf("%s: %s", rights, object);
}

char *manager_text_pending_why(const json_t *question)
{
	g_autofree char *app = dialog_text_name(text_of(question, "app"));
	const bool open = strcmp(text_of(question, "state"), "open") == 0;
	g_autofree char *when =
		manager_text_time(number_of(question, open ? "since" : "time"));
	g_autofree char *why = quoted(text_of(question, "reason"));

	if (open)
		return g_strdup_printf(_("“%s” waits for an answer since %s"),
				       app, when);
	return g_strdup_printf(_("“%s” was denied this on %s: %s"), app, when,
			       why);
}

/* Names of events, as they are in the log. */
static const struct {
	const char *event, *words;
} events[] = {
	{"start", N_("Started")},
	{"end", N_("Ended")},
	{"question", N_("Asked")},
	{"decision", N_("Answered")},
	{"unanswered", N_("Not answered")},
	{"refused", N_("Refused by a rule")},
	{"flood", N_("Asked too much")},
	{"commit", N_("Rules put into force")},
	{"commit-failed", N_("Rules not put into force")},
	{"settled", N_("Settled by a rule")},
	{"withdrawn", N_("Not asked any more")},
	{"stopped", N_("Stopped")},
	{"lost", N_("Lost")},
};

char *manager_text_event(const json_t *event)
{
	const char *const name = text_of(event, "event");
	const char *words = name;
	g_autofree char *when = manager_text_time(number_of(event, "time"));
	g_autofree char *app = quoted(text_of(event, "app"));
	const char *const outcome = text_of(event, "outcome");

	for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
		if (strcmp(events[i].event, name) == 0)
			words = gettext(events[i].words);
	if (strcmp(outcome, "allow") == 0)
		words = _("Answered: allowed");
	else if (strcmp(outcome, "deny") == 0)
		words = _("Answered: denied");
	/* TRANSLATORS: a time, the name of an app, and what happened */
	return g_strdup_printf(_("%s  %s  %s"), when, app, words);
}

char *manager_text_event_about(const json_t *event)
{
	g_autofree char *accesses = accesses_text(event);
	g_autofree char *agent = quoted(text_of(event, "agent"));
	g_autofree char *reason = quoted(text_of(event, "reason"));

	if (text_of(event, "agent")[0])
		return g_strdup_printf(_("%s\nby %s"), accesses, agent);
	if (text_of(event, "reason")[0])
		return g_strdup_printf("%s\n%s", accesses, reason);
	return g_steal_pointer(&accesses);
}
