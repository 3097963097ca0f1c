/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs that ask: how they begin, ask, and end.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "siege.h"

/* A question is open for 20 s. */
#define TIMEOUT "20"
/* How long a program is there that comes and goes. */
#define LIFE_MS 60000

static pid_t spawn_program(const struct siege *siege,
			   const struct program *program, int in, int out)
{
	char opens[4096];
	const char *const arguments[] = {
		siege->landlord,
		"run",
		"--app",
		program->app,
		"--policy",
		"policy.ini",
		"--timeout",
		TIMEOUT,
		"--agent",
		program->helped ? "none" : "script:answers.jsonl",
		"--",
		opens,
		NULL};
	const int err = open(program->messages,
			     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	pid_t pid;

	snprintf(opens, sizeof(opens), "%s/siege-opens", siege->helpers);
	pid = spawn(arguments, in, out, err);
	close(err);
	return pid;
}

void start_program(struct siege *siege, struct program *program)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		abort();
	program->pid = spawn_program(siege, program, in[0], out[1]);
	if (program->pid < 0)
		failed(siege, "%s cannot be started", program->app);
	close(in[0]);
	close(out[1]);
	program->in = in[1];
	program->out = out[0];
	program->results = fdopen(out[0], "r");
	program->asking = program->served = program->leaving = false;
	program->next_at = now_ms();
	program->asked_at = now_ms();
	program->ends_at =
		program->stays ? 0 : now_ms() + 5000 + chance(siege, LIFE_MS);
	/* What it was given for its session has ended. */
	for (int i = 0; i < NUMBERS; i++) {
		struct claim *const claim = &program->claims[KIND_ALWAYS][i];

		program->claims[KIND_SESSION][i] = (struct claim){0};
		claim->held = claim->kept;
	}
	siege->runs++;
}

static void ask(struct siege *siege, struct program *program)
{
	char line[4200];
	int length;

	program->kind = chance(siege, KINDS);
	/* Who waits for nobody waits long. */
	if (program->kind == KIND_SILENT && chance(siege, 4))
		program->kind = KIND_ALWAYS;
	/* What has a time may be over now. */
	if (now_ms() < siege->set_at + 5000 && chance(siege, 2))
		program->kind = KIND_TIMED;
	program->number = chance(siege, NUMBERS);
	program->asked_at = now_ms();
	program->asked_wall = now_wall(siege);
	program->asked_jumps = siege->jumps;
	program->answers =
		program->claims[program->kind][program->number].answers;
	length = snprintf(line, sizeof(line), "%s/work/%s/%s-%u\n", siege->top,
			  program->app, kind_names[program->kind],
			  program->number);
	/* Who takes none is about to end, which on_end() judges. */
	program->asking = write(program->in, line, (size_t)length) == length;
}

void leave(struct program *program)
{
	close(program->in);
	program->in = -1;
	program->leaving = true;
	program->asked_at = now_ms();
}

/* What it prints ends with it. */
void on_result(struct siege *siege, struct program *program)
{
	int error;

	if (fscanf(program->results, "%d", &error) != 1 || !program->asking) {
		program->asking = false;
		fclose(program->results);
		program->results = NULL;
		program->out = -1;
		return;
	}
	program->asking = false;
	program->served = true;
	program->next_at = now_ms() + chance(siege, siege->ask_ms);
	take_result(siege, program, error);
}

void on_end(struct siege *siege, struct program *program, int status)
{
	program->pid = 0;
	if (program->in >= 0)
		close(program->in);
	if (program->results)
		fclose(program->results);
	program->results = NULL;
	program->out = program->in = -1;
	check_store(siege, program);
	/* It may not have found a daemon that answers in time. */
	if (status == 125 << 8 && !program->served)
		siege->refused++;
	else if (!program->leaving || status != 0)
		failed(siege, "%s has ended with %d", program->app, status);
	program->next_at = now_ms() + chance(siege, 3000);
}

void run_program(struct siege *siege, struct program *program)
{
	const int64_t now = now_ms();

	if (!program->pid) {
		if (now >= program->next_at)
			start_program(siege, program);
		return;
	}
	if ((program->asking || program->leaving) &&
	    now > program->asked_at + PATIENCE_MS) {
		failed(siege, "%s hangs (%s)", program->app,
		       program->leaving ? "at its end"
					: kind_names[program->kind]);
		program->asked_at = now;
	}
	if (program->asking || program->leaving || now < program->next_at)
		return;
	if (program->ends_at && now >= program->ends_at) {
		leave(program);
		return;
	}
	if (chance(siege, 8) == 0)
		take_back(siege, program);
	ask(siege, program);
}

static void make_files(const struct program *program)
{
	char path[128];

	snprintf(path, sizeof(path), "work/%s", program->app);
	mkdir(path, 0700);
	for (int i = 0; i < KINDS * NUMBERS; i++) {
		snprintf(path, sizeof(path), "work/%s/%s-%d", program->app,
			 kind_names[i / NUMBERS], i % NUMBERS);
		close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	}
}

/* Of ten, four are answered by the helper, four by a script, two come and go.
 */
void make_programs(struct siege *siege)
{
	siege->programs =
		calloc(siege->programs_count, sizeof(*siege->programs));
	if (!siege->programs)
		abort();
	for (unsigned int i = 0; i < siege->programs_count; i++) {
		struct program *const program = &siege->programs[i];

		program->index = i;
		program->in = program->out = -1;
		program->stays = i % 10 < 8;
		program->helped = i % 2 == 0 && program->stays;
		snprintf(program->app, sizeof(program->app), "%c%u",
			 program->helped ? 'h' : 's', i);
		if (asprintf(&program->messages, "said.%s", program->app) < 0)
			abort();
		make_files(program);
	}
}
