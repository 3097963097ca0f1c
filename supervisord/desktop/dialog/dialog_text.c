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

static char *quoted(const char *name)
{
	_cleanup_free_ char *text = quote_text(name ? name : "");

	return g_strdup(text && text[0] ? text : "?");
}

/* The name of the program. */
static char *name_program(const struct prompt *prompt)
{
	const struct subject *subject = &prompt->request.subject;

	return quoted(subject->comm && subject->comm[0] ? subject->comm
							: prompt->app);
}

static char *wanted(rights_t rights)
{
	_cleanup_free_ char *words = rights_describe(rights);

	return g_strdup(words && words[0] ? gettext(words) : _("use"));
}

char *dialog_text_heading(const struct prompt *prompt)
{
	g_autofree char *who = name_program(prompt);
	g_autofree char *what = wanted(prompt_missing(prompt));

	/* TRANSLATORS: the name of a program, and "read", "connect to", ... */
	return g_strdup_printf(_("“%s” wants to %s"), who, what);
}

static char *object_text(const struct object *object)
{
	_cleanup_free_ char *text = NULL;

	if (object->type == OBJECT_PORT && object->address[0]) {
		g_autofree char *address = quoted(object->address);

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
		g_autofree char *what = wanted(access->missing);

		if (i)
			g_string_append_c(text, '\n');
		if (request->accesses_count > 1)
			g_string_append_printf(text, "%s: ", what);
		g_string_append(text, object);
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

char *dialog_text_program(const struct prompt *prompt)
{
	const struct subject *subject = &prompt->request.subject;
	g_autofree char *program = quoted(
		subject->exe && subject->exe[0] ? subject->exe : _("unknown"));
	GString *text = g_string_new(NULL);

	/* TRANSLATORS: an executable and the number of its process */
	g_string_append_printf(text, _("%s (%d)"), program, (int)subject->pid);
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		const struct ancestor *above = &subject->ancestors[i];
		g_autofree char *name =
			quoted(above->exe[0] ? above->exe : _("unknown"));

		g_string_append_c(text, '\n');
		g_string_append_printf(text, _("started by %s (%d)"), name,
				       (int)above->pid);
	}
	return g_string_free(text, FALSE);
}

char *dialog_text_reason(const struct prompt *prompt)
{
	_cleanup_free_ char *names = rights_format(prompt_missing(prompt));
	g_autofree char *app = quoted(prompt->app);
	g_autofree char *call = quoted(prompt->request.operation);
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

	if (!scope->beneath)
		return g_strdup(_("only this"));
	path = quoted(scope->beneath);
	if (scope->note)
		return g_strdup_printf(_("everything beneath %s (%s)"), path,
				       gettext(scope->note));
	return g_strdup_printf(_("everything beneath %s"), path);
}

char *dialog_text_wider(const struct prompt *prompt)
{
	const struct breadth *wider = prompt_wider(prompt);

	return wider ? g_strdup_printf(_("%s whatever is there"),
				       gettext(wider->words))
		     : NULL;
}

char *dialog_text_waiting(const struct prompt *prompt, size_t more, int64_t now)
{
	GString *text = g_string_new(NULL);

	if (more)
		g_string_append_printf(text,
				       ngettext("%zu more question after this "
						"one",
						"%zu more questions after this "
						"one",
						more),
				       more);
	if (prompt->deadline > now) {
		const long left = (long)((prompt->deadline - now + 999) / 1000);

		if (text->len)
			g_string_append_c(text, '\n');
		g_string_append_printf(text,
				       ngettext("Denied once if not answered "
						"in %ld second",
						"Denied once if not answered "
						"in %ld seconds",
						(unsigned long)left),
				       left);
	}
	return g_string_free(text, FALSE);
}

char *text_entangled(const struct prompt *prompt, const char *reached)
{
	g_autofree char *app = quoted(prompt->app);

	return g_strdup_printf(
		_("“%s” may reach %s, on which this window hangs, and could "
		  "press its buttons: it would decide for itself. It can only "
		  "be denied here. To allow it, run “landlord agent” on a "
		  "terminal that is not on this display, or start the program "
		  "on a display of its own."),
		app, reached && reached[0] ? reached : _("something else"));
}

char *text_caution(const char *others)
{
	g_autofree char *names = quoted(others);

	return g_strdup_printf(
		_("Running supervised and able to press these buttons: %s"),
		names);
}
