/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a question looks like at a terminal. */
#include <errno.h>
#include <stdlib.h>

#include "agent/page.h"
#include "agent/prompt.h"
#include "agent/prompt_parts.h"
#include "agent/words.h"
#include "base/cleanup.h"

/* Wide enough for the choices in full. */
#define COLUMNS_FULL 60

/* How much is said: the smaller the window, the less. */
static const struct detail {
	size_t name, path; /* characters of a name; 0: all */
	bool reason;	   /* why, and whose children */
	bool choices;	   /* every scope, and keys in full */
} details[] = {
	{80, 400, true, true},
	{80, 400, false, true},
	{60, 120, false, false},
	{24, 24, false, false},
};

#define DETAIL_TERSE 2 /* and what comes behind it */

static void say_object(struct page *page, const struct object *object,
		       const struct detail *detail)
{
	_cleanup_free_ char *text = NULL;

	if (object->type == OBJECT_PORT) {
		page_say(page, "port %u", object->port);
		if (object->address[0]) {
			page_say(page, " of ");
			page_name(page, object->address, detail->name);
		}
		return;
	}
	text = object_format(object);
	page_name(page, text ? text : "?", detail->path);
}

static void say_accesses(struct page *page, const struct request *request,
			 const struct detail *detail)
{
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *const access = &request->accesses[i];
		_cleanup_free_ char *words = rights_describe(access->missing);

		page_line(page);
		page_say(page, "  %s  ", words ? words : "use");
		say_object(page, &access->object, detail);
	}
}

static void say_program(struct page *page, const char *exe, pid_t pid,
			const struct detail *detail)
{
	page_name(page, exe && exe[0] ? exe : "unknown", detail->name);
	page_say(page, " (%d)", (int)pid);
}

static void say_subject(struct page *page, const struct subject *subject,
			const struct detail *detail)
{
	page_line(page);
	page_say(page, "by ");
	say_program(page, subject->exe, subject->pid, detail);
	for (size_t i = 0; detail->reason && i < subject->ancestors_count;
	     i++) {
		page_say(page, i == 0 ? ", started by " : " < ");
		say_program(page, subject->ancestors[i].exe,
			    subject->ancestors[i].pid, detail);
	}
}

static void say_reason(struct page *page, const struct prompt *prompt,
		       const struct detail *detail)
{
	_cleanup_free_ char *names = rights_format(prompt_missing(prompt));
	const char *const operation = prompt->request.operation;
	const char *const purpose = request_purpose(&prompt->request);

	page_line(page);
	page_say(page, "because ");
	page_name(page, operation ? operation : "?", detail->name);
	page_say(page, " needs %s", names ? names : "rights");
	if (purpose)
		page_say(page, " to %s", purpose);
	page_say(page, ", which no rule of ");
	page_name(page, prompt->app, detail->name);
	page_say(page, " allows");
}

static void say_waiting(struct page *page, const struct prompt *prompt,
			const struct prompt_window *window)
{
	const size_t more = window->more;

	if (more) {
		page_line(page);
		page_say(page, "%zu more question%s after this one", more,
			 more == 1 ? "" : "s");
	}
	if (prompt->deadline > window->now) {
		page_line(page);
		page_say(page, "denied once if not answered in %lld s",
			 (long long)((prompt->deadline - window->now + 999) /
				     1000));
	}
}

/* What somebody gives away with an access; each sentence once. */
static void say_meaning(struct page *page, const struct request *request)
{
	const char *last = NULL;

	for (size_t i = 0; i < request->accesses_count; i++) {
		const char *const meaning =
			words_meaning(&request->accesses[i]);

		if (meaning && meaning != last) {
			page_line(page);
			page_say(page, "! %s", meaning);
			last = meaning;
		}
	}
}

/* Who asks for what. */
static void say_question(struct page *page, const struct prompt *prompt,
			 const struct prompt_window *window,
			 const struct detail *detail)
{
	const struct subject *const subject = &prompt->request.subject;

	page_title(page);
	page_say(page, "Landlord --");
	page_line(page);
	if (detail->choices)
		page_name(page, subject->comm ? subject->comm : "?",
			  detail->name);
	else
		say_program(page, subject->exe, subject->pid, detail);
	page_say(page, " wants to");
	say_accesses(page, &prompt->request, detail);
	say_meaning(page, &prompt->request);
	if (detail->choices)
		say_subject(page, subject, detail);
	if (detail->reason)
		say_reason(page, prompt, detail);
	if (prompt->waiting > 1) {
		page_line(page);
		page_say(page, "%zu requests wait for this answer",
			 prompt->waiting);
	}
	if (detail->reason)
		say_waiting(page, prompt, window);
}

static void say_scope(struct page *page, const struct prompt *prompt,
		      size_t number, const struct detail *detail)
{
	const struct scope *const scope = &prompt->scopes.items[number];

	page_line(page);
	page_say(page, "%c [%zu] ", number == prompt->scope ? '*' : ' ',
		 number + 1);
	if (scope->beneath) {
		page_say(page, "everything beneath ");
		page_name(page, scope->beneath, detail->path);
	} else if (scope->port_alone) {
		page_say(page, "this port of every address");
	} else {
		page_say(page, "only this");
	}
	if (scope->note && detail->choices)
		page_say(page, " (%s)", scope->note);
}

/* A number of seconds in words: "30 days"; as good as it goes. */
static void say_duration(struct page *page, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}};
	const char *name = "second";
	int64_t count = seconds;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (seconds >= units[i].seconds &&
		    seconds % units[i].seconds == 0) {
			count = seconds / units[i].seconds;
			name = units[i].name;
			break;
		}
	page_say(page, "%lld %s%s", (long long)count, name,
		 count == 1 ? "" : "s");
}

/* What "always" comes to: for good, for a while, or nothing. */
static void say_always(struct page *page, const struct prompt *prompt,
		       const char *before)
{
	if (prompt->kept_most < 0)
		return;
	page_say(page, "%s", before);
	if (prompt->kept_most == 0) {
		page_say(page, "[a]lways");
		return;
	}
	page_say(page, "[a]s long as can be: ");
	say_duration(page, prompt->kept_most);
}

static void say_keys(struct page *page, const struct prompt *prompt,
		     const struct detail *detail)
{
	page_line(page);
	if (detail->choices && page->columns >= COLUMNS_FULL) {
		page_say(page, "allow [o]nce, this [p]rocess, this [s]ession");
		say_always(page, prompt, ", ");
		page_line(page);
		page_say(page, "[d]eny once, [n]ever allow; [?] explains");
	} else {
		page_say(page, "[o]nce [p]rocess [s]ession");
		say_always(page, prompt, " ");
		page_line(page);
		page_say(page, "[d]eny [n]ever [?] explains");
		if (!detail->choices && prompt->scopes.count > 1)
			page_say(page, " [1-%zu]", prompt->scopes.count);
	}
}

static void say_choices(struct page *page, const struct prompt *prompt,
			const struct detail *detail)
{
	const struct breadth *const more = prompt_wider(prompt);
	const size_t count = prompt->scopes.count;

	for (size_t i = 0; count > 1 && i < count; i++)
		if (detail->choices || i == prompt->scope)
			say_scope(page, prompt, i, detail);
	if (more && (detail->choices || prompt->wide)) {
		page_line(page);
		page_say(page, "%c [+] %s whatever is there",
			 prompt->wide ? '*' : ' ', more->words);
	}
	say_keys(page, prompt, detail);
}

/* An answer in words: "allow always, beneath /home/u". */
static void say_answer(struct page *page, const struct prompt *prompt,
		       const struct decision *decision, size_t most)
{
	page_say(page, "%s %s",
		 decision->outcome == OUTCOME_ALLOW ? "allow" : "deny",
		 words_lifetime(decision->lifetime));
	if (decision->lifetime == LIFETIME_UNTIL && prompt->kept_most > 0) {
		page_say(page, " ");
		say_duration(page, prompt->kept_most);
		page_say(page, " from now");
	}
	if (decision->beneath) {
		page_say(page, ", beneath ");
		page_name(page, decision->beneath, most);
	}
	if (decision->port_alone)
		page_say(page, ", of every address");
	if (decision->rights && prompt_wider(prompt))
		page_say(page, ", to %s", prompt_wider(prompt)->words);
}

/* What to press. */
static void say_state(struct page *page, const struct prompt *prompt,
		      enum prompt_state state, const struct detail *detail)
{
	struct decision decision = {0};

	page_line(page);
	switch (state) {
	case PROMPT_RESTING:
		page_say(page, detail->choices
				       ? "Keys count after a second without any"
				       : "(wait a second)");
		break;
	case PROMPT_READY:
		page_say(page, detail->choices
				       ? "To answer, press Ctrl-] and then one "
					 "of these keys"
				       : "Press Ctrl-], then a key");
		break;
	case PROMPT_CHOOSING:
		page_say(page, detail->choices ? "Which one? Any other key "
						 "goes back"
					       : "Which one?");
		break;
	case PROMPT_CONFIRMING:
		page_say(page, "Enter: ");
		if (prompt_confirm(prompt, &decision) == 0)
			say_answer(page, prompt, &decision, detail->path);
		decision_finish(&decision);
		page_say(page, "; any other key goes back");
		break;
	}
}

int prompt_page(const struct prompt *prompt, const struct prompt_window *window,
		enum prompt_state state, char **ret)
{
	for (size_t i = window->terse || prompt->terse ? DETAIL_TERSE : 0;
	     i < ARRAY_SIZE(details); i++) {
		const struct detail *const detail = &details[i];
		struct page page;
		size_t lines;
		char *text;

		if (window->columns < PAGE_COLUMNS_MIN)
			break;
		if (page_open(&page, window->columns))
			return -ENOMEM;
		say_question(&page, prompt, window, detail);
		say_choices(&page, prompt, detail);
		say_state(&page, prompt, state, detail);
		text = page_close(&page, &lines);
		if (!text)
			return -ENOMEM;
		if (lines < window->rows) {
			*ret = text;
			return 0;
		}
		free(text);
	}
	return -ENOSPC;
}

#define EXPLAINS_ALWAYS 3 /* which line */

char *prompt_explanation(const struct prompt *prompt, size_t columns)
{
	static const struct detail whole = {0};
	static const char *const lines[] = {
		"o  allow this request; the next one is asked again",
		NULL, /* names the process */
		"s  allow it to every process of this supervised program",
		"a  allow it from now on; `landlord rules' lists what is kept "
		"and `landlord revoke' ends it",
		"d  deny this request: the program sees \"Permission denied\" "
		"and goes on",
		"n  deny it from now on, without a question",
		"^C denies this request and interrupts the program, at any "
		"time",
		"1 and on choose what p, s, a and n are about; a directory "
		"stands for all beneath it, also later",
		"+  makes them about more than this one request needs",
	};
	struct page page;

	if (page_open(&page, columns))
		return NULL;
	page_title(&page);
	page_say(&page, "Landlord: the program waits; it wants to");
	say_accesses(&page, &prompt->request, &whole);
	say_subject(&page, &prompt->request.subject, &whole);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (i == EXPLAINS_ALWAYS && prompt->kept_most < 0)
			continue;
		page_line(&page);
		if (i == EXPLAINS_ALWAYS && prompt->kept_most > 0) {
			page_say(&page, "a  allow it for ");
			say_duration(&page, prompt->kept_most);
			page_say(&page, ", as long as the policy has answers "
					"kept");
		} else if (lines[i])
			page_say(&page, "%s", lines[i]);
		else
			page_say(&page,
				 "p  allow it to process %d until that ends",
				 (int)prompt->request.subject.pid);
	}
	return page_close(&page, NULL);
}

char *prompt_answer(const struct prompt *prompt,
		    const struct decision *decision, size_t columns)
{
	struct page page;

	if (page_open(&page, columns))
		return NULL;
	page_title(&page);
	page_say(&page, "answered: ");
	say_answer(&page, prompt, decision, details[0].path);
	page_say(&page, " --");
	return page_close(&page, NULL);
}
