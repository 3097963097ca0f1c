/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs were given, held against what was answered and what is kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "siege.h"
#include "store/grants.h"

/* Seconds by which what is timed may be judged later than it was asked. */
#define TIMED_SLACK 2
/* A program without a daemon follows the store by itself, so soon. */
#define FOLLOW_MS 10000
/* What is said on a program's terminal may come after the answer. */
#define TELL_MS 20000

const char *const kind_names[KINDS] = {
	[KIND_ONCE] = "once",	    [KIND_DENIED] = "denied",
	[KIND_SESSION] = "session", [KIND_ALWAYS] = "always",
	[KIND_NEVER] = "never",	    [KIND_TIMED] = "timed",
	[KIND_SILENT] = "silent",
};

/* --- What was answered ------------------------------------------------ */

static struct program *find_program(struct siege *siege, const char *app)
{
	for (unsigned int i = 0; i < siege->programs_count; i++)
		if (strcmp(siege->programs[i].app, app) == 0)
			return &siege->programs[i];
	return NULL;
}

static void take_line(struct siege *siege, const char *line)
{
	struct program *program;
	char app[16], kind[16];
	unsigned int number;
	long long when;
	int daemon;

	if (sscanf(line, "answered %15s %15s %u %lld %d", app, kind, &number,
		   &when, &daemon) != 5)
		return;
	program = find_program(siege, app);
	if (program)
		program->answered_by = daemon;
	for (int i = 0; program && number < NUMBERS && i < KINDS; i++)
		if (strcmp(kind_names[i], kind) == 0) {
			struct claim *claim = &program->claims[i][number];

			claim->answers++;
			if (claim->held && i != KIND_TIMED)
				failed(siege,
				       "%s: %s-%u was allowed for longer and "
				       "is asked again",
				       app, kind, number);
			if (when + TIMED_SECONDS > claim->until)
				claim->until = when + TIMED_SECONDS;
		}
}

void read_answers(struct siege *siege)
{
	char bytes[4096];
	ssize_t length;

	while ((length = read(siege->messages, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < length; i++) {
			if (bytes[i] != '\n' &&
			    siege->line_length < sizeof(siege->line) - 1) {
				siege->line[siege->line_length++] = bytes[i];
				continue;
			}
			siege->line[siege->line_length] = '\0';
			siege->line_length = 0;
			take_line(siege, siege->line);
		}
}

/* --- What is kept ------------------------------------------------------- */

static void path_of(const struct siege *siege, const struct program *program,
		    enum kind kind, unsigned int number, char path[4096])
{
	snprintf(path, 4096, "%s/work/%s/%s-%u", siege->top, program->app,
		 kind_names[kind], number);
}

/* Returns: whether the store allows it; @ret_id: of the rule, or "". */
static bool is_stored(struct siege *siege, const char *app, const char *path,
		      char ret_id[64])
{
	struct file_errors errors = {0};
	struct rules rules = {0};
	struct grants *grants;
	char *directory;
	bool found = false;
	int error = grants_directory(&directory);

	ret_id[0] = '\0';
	if (error == 0) {
		error = grants_open(&grants, directory, app);
		free(directory);
	}
	if (error < 0) {
		/* No room for it: then nothing is there. */
		if (!siege->full)
			failed(siege, "grants of %s: %s", app,
			       strerror(-error));
		return false;
	}
	error = grants_load(grants, now_wall(siege), &rules, &errors);
	if (error < 0 || errors.count)
		failed(siege, "grants of %s: %s", app,
		       error < 0 ? strerror(-error) : errors.items[0].sentence);
	for (size_t i = 0; i < rules.count; i++)
		if (rules.items[i].effect == EFFECT_ALLOW &&
		    rules.items[i].object.bytes &&
		    strcmp(rules.items[i].object.bytes, path) == 0) {
			found = true;
			snprintf(ret_id, 64, "%s", rules.items[i].id);
		}
	rules_finish(&rules);
	file_errors_finish(&errors);
	grants_close(grants);
	return found;
}

/* How many grants a program was told to be unkept. */
static unsigned int count_unkept(const struct program *program)
{
	FILE *const in = fopen(program->messages, "r");
	unsigned int count = 0;
	char line[4096];

	while (in && fgets(line, sizeof(line), in))
		if (strstr(line, "cannot persist a grant"))
			count++;
	if (in)
		fclose(in);
	return count;
}

/* It has been told: it is kept, or it was said that it is not. */
static void check_kept(struct siege *siege, struct program *program,
		       unsigned int number)
{
	struct claim *const claim = &program->claims[KIND_ALWAYS][number];
	const int64_t patience = now_ms() + TELL_MS;
	char path[4096], id[64];

	path_of(siege, program, KIND_ALWAYS, number, path);
	do {
		claim->kept = is_stored(siege, program->app, path, id);
		if (claim->kept) {
			siege->kept++;
			return;
		}
		if (count_unkept(program) > program->unkept) {
			program->unkept++;
			siege->unkept++;
			return;
		}
		poll(NULL, 0, 20);
	} while (now_ms() < patience);
	failed(siege, "%s: %s was allowed for good and is not kept",
	       program->app, path);
}

void check_store(struct siege *siege, struct program *program)
{
	for (unsigned int i = 0; i < NUMBERS; i++) {
		struct claim *const claim = &program->claims[KIND_ALWAYS][i];
		char path[4096], id[64];

		path_of(siege, program, KIND_ALWAYS, i, path);
		if (claim->kept && !is_stored(siege, program->app, path, id))
			failed(siege, "%s: %s was kept and is lost",
			       program->app, path);
	}
}

static bool run_revoke(struct siege *siege, const char *app, const char *id)
{
	const char *const arguments[] = {
		"timeout", "60", siege->landlord, "revoke", app, id, NULL};
	const int out = open("revoked", O_WRONLY | O_CREAT | O_APPEND, 0600);
	const pid_t pid = spawn(arguments, -1, out, out);
	int status = -1;

	close(out);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 124)
		failed(siege, "landlord revoke hangs");
	return status == 0;
}

void take_back(struct siege *siege, struct program *program)
{
	const unsigned int number = chance(siege, NUMBERS);
	struct claim *const claim = &program->claims[KIND_ALWAYS][number];
	char path[4096], id[64];
	bool revoked;

	path_of(siege, program, KIND_ALWAYS, number, path);
	/* Who waits for a stopped daemon holds up everybody here. */
	if (siege->stopped && chance(siege, 8))
		return;
	if (!claim->kept || program->asking ||
	    !is_stored(siege, program->app, path, id))
		return;
	revoked = run_revoke(siege, program->app, id);
	if (siege->journal)
		fprintf(siege->journal, "%.3f %s %s-%u: taken back: %d\n",
			(double)(now_ms() - siege->started) / 1000,
			program->app, kind_names[KIND_ALWAYS], number, revoked);
	read_answers(siege);
	claim->held = false;
	claim->gone_at = 0;
	claim->before = claim->answers;
	claim->kept = is_stored(siege, program->app, path, id);
	/* Whoever did not say so may do it yet. */
	if (!revoked) {
		claim->kept = false;
		claim->vague = true;
		claim->revoker = siege->daemon;
		return;
	}
	siege->revoked++;
	/*
	 * A program that waits for a daemon to come back sees it in the store;
	 * one that the script answers may be answered anew.
	 */
	claim->vague = siege->daemon <= 0 ||
		       program->answered_by != siege->daemon || siege->stopped;
	claim->gone_at = siege->stopped ? 0 : now_ms() + FOLLOW_MS;
	if (claim->kept)
		failed(siege, "%s: %s was taken back and is still kept",
		       program->app, path);
}

/* --- What was given ------------------------------------------------------ */

static void was_given(struct siege *siege, struct program *program,
		      struct claim *claim)
{
	const char *const kind = kind_names[program->kind];

	claim->opened++;
	if (claim->gone_at && program->helped &&
	    program->asked_at > claim->gone_at)
		claim->vague = false;
	if (program->kind == KIND_DENIED || program->kind == KIND_NEVER ||
	    program->kind == KIND_SILENT)
		failed(siege, "%s was given %s-%u", program->app, kind,
		       program->number);
	if (!program->helped || claim->held || claim->vague)
		return;
	if (claim->answers <= claim->before)
		failed(siege, "%s was given %s-%u, which nobody answered",
		       program->app, kind, program->number);
	if (program->kind == KIND_ONCE && claim->opened > claim->answers)
		failed(siege, "%s was given %s-%u %lu times for %lu answers",
		       program->app, kind, program->number, claim->opened,
		       claim->answers);
	if (program->kind == KIND_TIMED &&
	    program->asked_jumps == siege->jumps &&
	    claim->until + TIMED_SLACK < program->asked_wall)
		failed(siege, "%s was given %s-%u %lld s after its time",
		       program->app, kind, program->number,
		       (long long)(program->asked_wall - claim->until));
}

/*
 * Whether what it was given was answered just now, for sure. It may also be in
 * force since it was answered and nobody lived to say so: then it was not
 * reported, and is asked for again.
 */
static bool was_reported(struct siege *siege, const struct program *program,
			 const struct claim *claim)
{
	char path[4096], id[64];

	if (claim->revoker && claim->revoker == siege->daemon)
		return false;
	if (program->helped)
		return claim->answers > program->answers;
	if (!claim->vague || program->kind != KIND_ALWAYS)
		return true;
	path_of(siege, program, program->kind, program->number, path);
	return is_stored(siege, program->app, path, id);
}

void take_result(struct siege *siege, struct program *program, int error)
{
	struct claim *const claim =
		&program->claims[program->kind][program->number];

	if (siege->journal)
		fprintf(siege->journal,
			"%.3f %s %s-%u: %d, asked at %.3f%s%s%s; daemon %d\n",
			(double)(now_ms() - siege->started) / 1000,
			program->app, kind_names[program->kind],
			program->number, error,
			(double)(program->asked_at - siege->started) / 1000,
			claim->held ? " held" : "",
			claim->vague ? " vague" : "",
			claim->kept ? " kept" : "", siege->daemon);
	siege->results[program->kind][error != 0]++;
	if (error && error != EACCES)
		failed(siege, "%s: open(2) says: %s", program->app,
		       strerror(error));
	if (error && claim->held)
		failed(siege, "%s: %s-%u was allowed and is lost", program->app,
		       kind_names[program->kind], program->number);
	if (error) {
		claim->vague = !program->helped;
		return;
	}
	read_answers(siege);
	if (was_reported(siege, program, claim))
		claim->vague = false;
	was_given(siege, program, claim);
	if (claim->held || claim->vague || !was_reported(siege, program, claim))
		return;
	if (program->kind == KIND_ALWAYS)
		check_kept(siege, program, program->number);
	claim->held =
		program->kind == KIND_ALWAYS || program->kind == KIND_SESSION;
}
