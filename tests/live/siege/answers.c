/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: siege-answers, as a helper of landlordd(8)
 *
 * Answers by the name of what is asked for, DIRECTORY/KIND-NUMBER, and before
 * it does, if it allows, writes down on standard error
 *
 *	answered APP KIND NUMBER TIME DAEMON
 *
 * It knows
 * nothing of programs whose name does not begin with "h".
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *kind, *answer;
} answers[] = {
	{"once", "allow"},
	{"denied", "deny"},
	{"session", "allow:session"},
	{"always", "allow:always"},
	{"never", "deny:always"},
	{"timed", "allow:60s"},
};

static const char *find_answer(const char *kind)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strcmp(answers[i].kind, kind) == 0)
			return answers[i].answer;
	return "pass";
}

/* Written at once, so that it is there before the answer is. */
static void write_down(const char *app, const char *kind, unsigned int number)
{
	char line[128];
	const int length =
		snprintf(line, sizeof(line), "answered %s %s %u %lld %d\n", app,
			 kind, number, (long long)time(NULL), (int)getppid());

	if (write(STDERR_FILENO, line, (size_t)length) != length)
		_exit(1);
}

static void answer(json_t *question)
{
	const char *app, *object, *name, *chosen = "pass";
	unsigned int number;
	char kind[16];
	json_int_t id;

	if (json_unpack(question, "{s:I, s:s, s:[{s:s}]}", "ask", &id, "app",
			&app, "accesses", "object", &object) < 0)
		return;
	name = strrchr(object, '/');
	if (app[0] == 'h' && name &&
	    sscanf(name, "/%15[a-z]-%u", kind, &number) == 2) {
		chosen = find_answer(kind);
		if (strncmp(chosen, "allow", 5) == 0)
			write_down(app, kind, number);
	}
	printf("{\"id\":%lld,\"answer\":\"%s\"}\n", (long long)id, chosen);
	fflush(stdout);
}

int main(void)
{
	char line[65536];

	while (fgets(line, sizeof(line), stdin)) {
		json_t *const question = json_loads(line, 0, NULL);

		answer(question);
		json_decref(question);
	}
	return 0;
}
