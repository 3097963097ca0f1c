/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a question looks like at a terminal, and what each key means. */
#include "agent/prompt.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/scopes.h"
#include "base/cleanup.h"
#include "base/escape.h"

#define NAME_COLUMNS 80
#define PATH_COLUMNS 400

struct prompt {
	uint64_t id;
	char *app;
	struct request request;
	size_t waiting;
	int64_t deadline;
	struct scopes scopes;
	size_t scope; /* the chosen one */
	bool wide;    /* more than the rights that are missing */
};

/*
 * Programs that write somewhere soon want to create, rename and remove there
 * too: who trusts them with a directory can say so once.
 */
static const struct breadth {
	rights_t rights;
	const char *words;
} breadths[] = {
	{RIGHTS_READ, "read and list"},
	{RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE,
	 "read, write, create and remove"},
};

/* Prints bytes that an attacker chose. */
static void print_escaped(FILE *stream, const char *bytes, size_t columns)
{
	_cleanup_free_ char *escaped =
		bytes ? escape_bytes(bytes, strlen(bytes), columns) : NULL;

	fputs(escaped ? escaped : "?", stream);
}

static void print_object(FILE *stream, const struct object *object,
			 size_t columns)
{
	_cleanup_free_ char *text = NULL;

	if (object->type == OBJECT_PORT) {
		fprintf(stream, "port %u", object->port);
		if (object->address[0]) {
			fputs(" of ", stream);
			print_escaped(stream, object->address, NAME_COLUMNS);
		}
		return;
	}
	text = object_format(object);
	print_escaped(stream, text, columns);
}

static void print_accesses(FILE *stream, const struct request *request,
			   size_t columns)
{
	size_t i;

	for (i = 0; i < request->accesses_count; i++) {
		const struct access *const access = &request->accesses[i];
		_cleanup_free_ char *words = rights_describe(access->missing);

		fprintf(stream, "    %s  ", words ? words : "use");
		print_object(stream, &access->object, columns);
		fputc('\n', stream);
	}
}

static void print_program(FILE *stream, const char *exe, pid_t pid)
{
	print_escaped(stream, exe && exe[0] ? exe : "unknown", NAME_COLUMNS);
	fprintf(stream, " (%d)", (int)pid);
}

static void print_subject(FILE *stream, const struct subject *subject)
{
	size_t i;

	fputs("  by ", stream);
	print_program(stream, subject->exe, subject->pid);
	for (i = 0; i < subject->ancestors_count; i++) {
		fputs(i == 0 ? ", started by " : " < ", stream);
		print_program(stream, subject->ancestors[i].exe,
			      subject->ancestors[i].pid);
	}
	fputc('\n', stream);
}

static rights_t missing_rights(const struct request *request)
{
	rights_t missing = 0;

	for (size_t i = 0; i < request->accesses_count; i++)
		missing |= request->accesses[i].missing;
	return missing;
}

/* What can be said at once of the chosen directory; NULL: nothing more. */
static const struct breadth *wider(const struct prompt *prompt)
{
	const rights_t missing = missing_rights(&prompt->request);

	if (!prompt->scopes.items[prompt->scope].beneath)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(breadths); i++)
		if (!(missing & ~breadths[i].rights))
			return missing == breadths[i].rights ? NULL
							     : &breadths[i];
	return NULL;
}

static void print_reason(FILE *stream, const struct prompt *prompt)
{
	const struct request *const request = &prompt->request;
	_cleanup_free_ char *names = rights_format(missing_rights(request));

	fputs("  because ", stream);
	print_escaped(stream, request->operation, NAME_COLUMNS);
	fprintf(stream, " needs %s, which no rule of \"",
		names ? names : "rights");
	print_escaped(stream, prompt->app, NAME_COLUMNS);
	fputs("\" allows\n", stream);
}

static void print_waiting(FILE *stream, const struct prompt *prompt,
			  size_t more, int64_t now)
{
	if (prompt->waiting > 1)
		fprintf(stream, "  %zu requests wait for this answer\n",
			prompt->waiting);
	if (more)
		fprintf(stream, "  %zu more question%s after this one\n", more,
			more == 1 ? "" : "s");
	if (prompt->deadline > now)
		fprintf(stream, "  denied once if not answered in %lld s\n",
			(long long)((prompt->deadline - now + 999) / 1000));
}

/* Ends a text that was written to memory. */
static char *stream_finish(FILE *stream, char **text)
{
	const int failed = ferror(stream);

	if (fclose(stream) || failed) {
		free(*text);
		return NULL;
	}
	return *text;
}

char *prompt_text(const struct prompt *prompt, size_t more, int64_t now)
{
	char *text = NULL;
	size_t size;
	FILE *const stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fputs("-- Landlord --\n  ", stream);
	print_escaped(stream, prompt->request.subject.comm, NAME_COLUMNS);
	fputs(" wants to\n", stream);
	print_accesses(stream, &prompt->request, PATH_COLUMNS);
	print_subject(stream, &prompt->request.subject);
	print_reason(stream, prompt);
	print_waiting(stream, prompt, more, now);
	return stream_finish(stream, &text);
}

char *prompt_choices(const struct prompt *prompt)
{
	const struct breadth *more = wider(prompt);
	char *text = NULL;
	size_t size, i;
	FILE *const stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (i = 0; prompt->scopes.count > 1 && i < prompt->scopes.count; i++) {
		const struct scope *const scope = &prompt->scopes.items[i];

		fprintf(stream, "  %c [%zu] ", i == prompt->scope ? '*' : ' ',
			i + 1);
		if (scope->beneath) {
			fputs("everything beneath ", stream);
			print_escaped(stream, scope->beneath, PATH_COLUMNS);
		} else {
			fputs("only this", stream);
		}
		if (scope->note)
			fprintf(stream, " (%s)", scope->note);
		fputc('\n', stream);
	}
	if (more)
		fprintf(stream, "  %c [+] %s whatever is there\n",
			prompt->wide ? '*' : ' ', more->words);
	fputs("  allow [o]nce, this [p]rocess, this [s]ession, [a]lways\n"
	      "  [d]eny once, [n]ever allow; [?] explains\n",
	      stream);
	return stream_finish(stream, &text);
}

char *prompt_explanation(const struct prompt *prompt)
{
	char *text = NULL;
	size_t size;
	FILE *const stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fputs("  The program waits; it wants to\n", stream);
	print_accesses(stream, &prompt->request, 0);
	fprintf(stream,
		"  o  allow this request; the next one is asked again\n"
		"  p  allow it to process %d until that ends\n"
		"  s  allow it to every process of this supervised program\n"
		"  a  allow it from now on; `landlord rules' lists what is\n"
		"     kept and `landlord revoke' ends it\n"
		"  d  deny this request (so do Enter, Esc and ^D): the "
		"program\n"
		"     sees \"Permission denied\" and goes on\n"
		"  n  deny it from now on, without a question\n"
		"  ^C denies this request and interrupts the program\n",
		(int)prompt->request.subject.pid);
	if (prompt->scopes.count > 1)
		fputs("  1 and on choose what p, s, a and n are about; a\n"
		      "     directory stands for all beneath it, also later\n"
		      "  +  makes them about more than this one request "
		      "needs\n",
		      stream);
	return stream_finish(stream, &text);
}

static const char *lifetime_words(enum lifetime lifetime)
{
	switch (lifetime) {
	case LIFETIME_ONCE:
		return "once";
	case LIFETIME_PROCESS:
		return "for this process";
	case LIFETIME_SESSION:
		return "for this session";
	default:
		return "always";
	}
}

char *prompt_answer(const struct prompt *prompt,
		    const struct decision *decision)
{
	char *text = NULL;
	size_t size;
	FILE *const stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fprintf(stream, "-- answered: %s %s",
		decision->outcome == OUTCOME_ALLOW ? "allow" : "deny",
		lifetime_words(decision->lifetime));
	if (decision->beneath) {
		fputs(", beneath ", stream);
		print_escaped(stream, decision->beneath, PATH_COLUMNS);
	}
	if (decision->rights && wider(prompt))
		fprintf(stream, ", to %s", wider(prompt)->words);
	fputs(" --\n", stream);
	return stream_finish(stream, &text);
}

static int prompt_init(struct prompt *prompt, const struct question *question,
		       const struct prompt_places *places)
{
	int error;

	prompt->id = question->id;
	prompt->waiting = question->waiting;
	prompt->deadline = question->deadline;
	prompt->app = strdup(question->app ? question->app : "");
	if (!prompt->app)
		return -ENOMEM;
	error = request_copy(&prompt->request, question->request);
	if (error)
		return error;
	return scopes_init(&prompt->scopes, &prompt->request, places);
}

int prompt_new(struct prompt **ret, const struct question *question,
	       const struct prompt_places *places)
{
	struct prompt *const prompt = calloc(1, sizeof(*prompt));
	int error;

	if (!prompt)
		return -ENOMEM;
	error = prompt_init(prompt, question, places);
	if (error) {
		prompt_free(prompt);
		return error;
	}
	*ret = prompt;
	return 0;
}

struct prompt *prompt_free(struct prompt *prompt)
{
	if (!prompt)
		return NULL;
	scopes_finish(&prompt->scopes);
	request_finish(&prompt->request);
	free(prompt->app);
	free(prompt);
	return NULL;
}

uint64_t prompt_question_id(const struct prompt *prompt)
{
	return prompt->id;
}

/* What a key answers; keys that are not in the table answer nothing. */
static const struct key {
	char key;
	enum outcome outcome;
	enum lifetime lifetime;
} keys[] = {
	{'o', OUTCOME_ALLOW, LIFETIME_ONCE},
	{'p', OUTCOME_ALLOW, LIFETIME_PROCESS},
	{'s', OUTCOME_ALLOW, LIFETIME_SESSION},
	{'a', OUTCOME_ALLOW, LIFETIME_ALWAYS},
	{'n', OUTCOME_DENY, LIFETIME_ALWAYS},
	{'d', OUTCOME_DENY, LIFETIME_ONCE},
	{'\r', OUTCOME_DENY, LIFETIME_ONCE},
	{'\n', OUTCOME_DENY, LIFETIME_ONCE},
	{'\033', OUTCOME_DENY, LIFETIME_ONCE},
	{'\003', OUTCOME_DENY, LIFETIME_ONCE}, /* ^C */
	{'\004', OUTCOME_DENY, LIFETIME_ONCE}, /* ^D */
	{'\034', OUTCOME_DENY, LIFETIME_ONCE}, /* ^\ */
};

static enum prompt_reaction decide(const struct prompt *prompt,
				   const struct key *key, struct decision *ret)
{
	const char *const beneath = prompt->scopes.items[prompt->scope].beneath;
	struct decision decision = {
		.outcome = key->outcome,
		.lifetime = key->lifetime,
	};

	if (beneath && key->lifetime != LIFETIME_ONCE) {
		decision.beneath = strdup(beneath);
		if (!decision.beneath)
			return PROMPT_IGNORED;
		if (prompt->wide && wider(prompt))
			decision.rights = wider(prompt)->rights;
	}
	decision.agent = strdup("terminal");
	*ret = decision;
	return PROMPT_DECIDED;
}

enum prompt_reaction prompt_key(struct prompt *prompt, char key,
				struct decision *ret)
{
	size_t i;

	if (key == '?')
		return PROMPT_EXPLAIN;
	if (key >= '1' && key < '1' + (int)prompt->scopes.count) {
		prompt->scope = (size_t)(key - '1');
		return PROMPT_SCOPE;
	}
	if (key == '+' && wider(prompt)) {
		prompt->wide = !prompt->wide;
		return PROMPT_SCOPE;
	}
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i].key == key)
			return decide(prompt, &keys[i], ret);
	}
	return PROMPT_IGNORED;
}
