/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the dialog says of a question.
 */
#include "desktop/dialog/dialog_text.h"

#include <glib.h>
#include <stdlib.h>

#include "agent/words.h"
#include "base/cleanup.h"
#include "base/quote.h"

/* U+2068 and U+2069: what is between them has a direction of its own. */
#define ISOLATE "\xe2\x81\xa8"
#define END_ISOLATE "\xe2\x81\xa9"

/* By itself, to be copied. */
static char *quoted(const char *name)
{
	_cleanup_free_ char *text = quote_text(name ? name : "");

	return g_strdup(text && text[0] ? text : "?");
}

char *dialog_text_isolate(const char *quoted_text)
{
	return g_strconcat(ISOLATE, quoted_text, END_ISOLATE, NULL);
}

char *dialog_text_name(const char *name)
{
	g_autofree char *text = quoted(name);

	return dialog_text_isolate(text);
}

/* The name of the program. */
static char *name_program(const struct prompt *prompt)
{
	const struct subject *subject = &prompt->request.subject;

	return dialog_text_name(subject->comm && subject->comm[0]
					? subject->comm
					: prompt->app);
}

/* One more item of an enumeration. */
static char *join(char *items, const char *item, bool last)
{
	g_autofree char *before = items;

	if (!before)
		return g_strdup(item);
	/* TRANSLATORS: items of an enumeration, two of them at a time */
	return g_strdup_printf(last ? _("%s and %s") : _("%s, %s"), before,
			       item);
}

char *dialog_text_rights(rights_t rights)
{
	const char *words[64];
	const size_t count = rights_words(rights, words);
	char *text = NULL;

	for (size_t i = 0; i < count; i++)
		text = join(text, gettext(words[i]), i + 1 == count);
	return text ? text : g_strdup(_("use"));
}

char *dialog_text_heading(const struct prompt *prompt, bool missed)
{
	g_autofree char *who = name_program(prompt);
	g_autofree char *what = dialog_text_rights(prompt_missing(prompt));

	if (missed)
		/* TRANSLATORS: the name of a program, and "read", ... */
		return g_strdup_printf(_("“%s” wanted to %s"), who, what);
	/* TRANSLATORS: the name of a program, and "read", "connect to", ... */
	return g_strdup_printf(_("“%s” wants to %s"), who, what);
}

static char *object_text(const struct object *object)
{
	_cleanup_free_ char *text = NULL;

	if (object->type == OBJECT_PORT && object->address[0]) {
		g_autofree char *address = dialog_text_name(object->address);

		return g_strdup_printf(_("port %u of %s"), object->port,
				       address);
	}
	if (object->type == OBJECT_PORT)
		return g_strdup_printf(_("port %u"), object->port);
	text = object_format(object);
	return quoted(text);
}

char *dialog_text_objects(const struct prompt *prompt)
{
	const struct request *request = &prompt->request;
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		g_autofree char *object = object_text(&access->object);
		g_autofree char *what = dialog_text_rights(access->missing);

		if (i)
			g_string_append_c(text, '\n');
		if (request->accesses_count > 1)
			g_string_append_printf(text, "%s: ", what);
		g_string_append(text, object);
	}
	return g_string_free(text, FALSE);
}

char *dialog_text_summary(const struct prompt *prompt)
{
	const struct request *request = &prompt->request;
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		g_autofree char *object = object_text(&access->object);
		g_autofree char *what = dialog_text_rights(access->missing);

		g_string_append_printf(text, "%s%s: " ISOLATE "%s" END_ISOLATE,
				       i ? "\n" : "", what, object);
	}
	return g_string_free(text, FALSE);
}

char *dialog_text_meaning(const struct prompt *prompt)
{
	const struct request *request = &prompt->request;
	GString *text = g_string_new(NULL);
	const char *last = NULL;

	for (size_t i = 0; i < request->accesses_count; i++) {
		const char *const meaning =
			words_meaning(&request->accesses[i]);

		if (meaning && meaning != last)
			g_string_append_printf(text, "%s%s.", last ? "\n" : "",
					       gettext(meaning));
		last = meaning ? meaning : last;
	}
	if (text->len)
		text->str[0] = g_ascii_toupper(text->str[0]);
	return g_string_free(text, FALSE);
}

/* An executable, or that nobody knows which. */
static char *executable(const char *exe)
{
	return exe && exe[0] ? dialog_text_name(exe) : g_strdup(_("unknown"));
}

char *dialog_text_program(const struct prompt *prompt)
{
	const struct subject *subject = &prompt->request.subject;
	g_autofree char *program = executable(subject->exe);
	GString *text = g_string_new(NULL);

	/* TRANSLATORS: an executable and the number of its process */
	g_string_append_printf(text, _("%s (%d)"), program, (int)subject->pid);
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		const struct ancestor *above = &subject->ancestors[i];
		g_autofree char *name = executable(above->exe);

		g_string_append_c(text, '\n');
		g_string_append_printf(text, _("started by %s (%d)"), name,
				       (int)above->pid);
	}
	return g_string_free(text, FALSE);
}

char *dialog_text_reason(const struct prompt *prompt)
{
	_cleanup_free_ char *names = rights_format(prompt_missing(prompt));
	g_autofree char *app = dialog_text_name(prompt->app);
	g_autofree char *call = dialog_text_name(prompt->request.operation);
	const char *const purpose = request_purpose(&prompt->request);

	if (purpose)
		return g_strdup_printf(
			_("%s needs %s to %s, which no rule of “%s” allows"),
			call, names ? names : "?", gettext(purpose), app);
	return g_strdup_printf(_("%s needs %s, which no rule of “%s” allows"),
			       call, names ? names : "?", app);
}

char *dialog_text_scope(const struct prompt *prompt, size_t number)
{
	const struct scope *scope = &prompt->scopes.items[number];
	g_autofree char *path = NULL;

	if (scope->port_alone)
		return g_strdup(_("This port of every address"));
	if (!scope->beneath)
		return g_strdup(_("Only this"));
	path = dialog_text_name(scope->beneath);
	if (scope->note)
		return g_strdup_printf(_("Everything beneath %s (%s)"), path,
				       gettext(scope->note));
	return g_strdup_printf(_("Everything beneath %s"), path);
}

char *dialog_text_wider(const struct prompt *prompt)
{
	const struct breadth *wider = prompt_wider(prompt);

	return wider ? g_strdup_printf(_("%s whatever is there"),
				       gettext(wider->words))
		     : NULL;
}

char *dialog_text_deadline(const struct prompt *prompt, int64_t now,
			   bool touched, bool missed)
{
	const int64_t left = (prompt->deadline - now + 999) / 1000;
	const long seconds = left > 0 ? (long)left : 0;

	if (missed)
		return g_strdup(_("Nobody answered in time: it was denied, "
				  "once."));
	if (!prompt->deadline)
		return g_strdup("");
	if (touched)
		return g_strdup(_("The program waits while you are at it."));
	return g_strdup_printf(ngettext("Denied once if not answered in %ld "
					"second",
					"Denied once if not answered in %ld "
					"seconds",
					(unsigned long)seconds),
			       seconds);
}

char *dialog_text_entangled(const struct prompt *prompt, const char *reached)
{
	g_autofree char *app = dialog_text_name(prompt->app);
	g_autofree char *what = reached && reached[0]
					? dialog_text_name(reached)
					: g_strdup(_("something else"));

	return g_strdup_printf(
		_("“%s” may reach %s, on which this window hangs, and could "
		  "press its buttons: it would decide for itself. It can only "
		  "be denied here. To allow it, run “landlord agent” on a "
		  "terminal that is not on this display, or start the program "
		  "on a display of its own."),
		app, what);
}

char *dialog_text_caution(const char *others)
{
	g_autofree char *names = dialog_text_name(others);

	return g_strdup_printf(
		_("Running supervised and able to press these buttons: %s"),
		names);
}
