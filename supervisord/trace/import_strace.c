/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import_strace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "trace/strace_calls.h"

#define PROCESSES_MAX 4096 /* at once; the one that began first goes first */
#define RUN 1

struct import_strace {
	struct import_output *output;
	struct strace_process *processes;
	size_t count, allocated;
	int64_t time; /* of the last line that had one */
	char *app;    /* owned; NULL: nothing was executed yet */
};

int import_strace_new(struct import_strace **ret, struct import_output *output)
{
	*ret = calloc(1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	(*ret)->output = output;
	return 0;
}

static void process_finish(struct strace_process *process)
{
	free(process->exe);
	free(process->directory);
	free(process->call);
}

struct import_strace *import_strace_free(struct import_strace *strace)
{
	if (!strace)
		return NULL;
	for (size_t i = 0; i < strace->count; i++)
		process_finish(&strace->processes[i]);
	free(strace->processes);
	free(strace->app);
	free(strace);
	return NULL;
}

/* --- Processes --------------------------------------------------- */

static struct strace_process *find(const struct import_strace *strace,
				   pid_t pid)
{
	for (size_t i = strace->count; i-- > 0;)
		if (strace->processes[i].pid == pid)
			return &strace->processes[i];
	return NULL;
}

static void drop(struct import_strace *strace, struct strace_process *process)
{
	const size_t at = (size_t)(process - strace->processes);

	process_finish(process);
	strace->count--;
	memmove(process, process + 1, (strace->count - at) * sizeof(*process));
}

static int make_room(struct import_strace *strace)
{
	const size_t allocated = strace->allocated * 2 + 16;
	struct strace_process *processes;

	if (strace->count == PROCESSES_MAX)
		drop(strace, strace->processes);
	if (strace->count < strace->allocated)
		return 0;
	processes =
		reallocarray(strace->processes, allocated, sizeof(*processes));
	if (!processes)
		return -ENOMEM;
	strace->processes = processes;
	strace->allocated = allocated;
	return 0;
}

/* Returns: NULL without memory. */
static struct strace_process *get(struct import_strace *strace, pid_t pid)
{
	struct strace_process *process = find(strace, pid);

	if (process)
		return process;
	if (make_room(strace) < 0)
		return NULL;
	process = &strace->processes[strace->count];
	*process = (struct strace_process){.pid = pid, .exe = strdup("")};
	if (!process->exe)
		return NULL;
	strace->count++;
	return process;
}

/* A child is what its parent was. */
static int inherit(struct import_strace *strace, pid_t from, pid_t to)
{
	struct strace_process *child = get(strace, to);
	const struct strace_process *parent = find(strace, from);
	char *exe = NULL;

	/* It may have been heard of before its parent's call has ended; and who
	 * writes such a file may say that a process is its own. */
	if (!child || !parent || child == parent)
		return child ? 0 : -ENOMEM;
	memcpy(child->sockets, parent->sockets, sizeof(child->sockets));
	if (!child->directory &&
	    text_copy(&child->directory, parent->directory) < 0)
		return -ENOMEM;
	if (*child->exe)
		return 0;
	if (text_copy(&exe, parent->exe) < 0)
		return -ENOMEM;
	free(child->exe);
	child->exe = exe;
	return 0;
}

/* --- Entries ----------------------------------------------------- */

static void put(struct import_strace *strace, struct trace_entry *entry)
{
	const struct import_options *options = strace->output->options;
	const struct trace_header header = {
		.engine = (char *)(uintptr_t) "strace",
		.app = (char *)(uintptr_t)import_app(strace->app),
		.home = (char *)(uintptr_t)options->home,
		.uid = options->uid,
		.all = true,
	};

	import_begin(strace->output, RUN, strace->time, &header);
	import_put(strace->output, RUN, strace->time, entry);
}

static int took_execution(struct import_strace *strace,
			  struct strace_process *process,
			  const struct request *request)
{
	struct trace_entry entry = {
		.event = TRACE_EXEC,
		.process = {.pid = process->pid,
			    .exe = request->accesses[0].object.bytes},
	};

	free(process->exe);
	if (text_copy(&process->exe, entry.process.exe) < 0) {
		process->exe = strdup("");
		return -ENOMEM;
	}
	put(strace, &entry);
	return 0;
}

static int took_child(struct import_strace *strace,
		      const struct strace_line *line, pid_t pid)
{
	struct trace_entry entry = {
		.event = TRACE_SPAWN,
		.process = {.pid = (pid_t)line->result, .parent = pid},
	};
	const struct strace_process *parent;
	int error;

	if (line->result <= 0 || line->result > INT32_MAX)
		return 0;
	error = inherit(strace, pid, entry.process.pid);
	if (error)
		return error;
	parent = find(strace, pid);
	entry.process.exe = parent ? parent->exe : NULL;
	put(strace, &entry);
	return 0;
}

/* @entry: a request that has its accesses, if any; gets its subject */
static int put_allowed(struct import_strace *strace,
		       const struct strace_process *process,
		       const struct strace_line *line,
		       struct trace_entry *entry)
{
	struct request *request = &entry->request.request;
	struct subject *subject = &request->subject;

	subject->pid = subject->tid = process->pid;
	subject->uid = strace->output->options->uid;
	if (text_copy(&subject->exe, process->exe) < 0 ||
	    text_copy(&request->operation, line->name) < 0)
		return -ENOMEM;
	put(strace, entry);
	return 0;
}

static bool makes_child(const char *name)
{
	return strcmp(name, "clone") == 0 || strcmp(name, "clone3") == 0 ||
	       strcmp(name, "fork") == 0 || strcmp(name, "vfork") == 0;
}

static bool makes_thread(const struct strace_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		if (strstr(line->arguments[i], "CLONE_THREAD"))
			return true;
	return false;
}

static int take_call(struct import_strace *strace,
		     struct strace_process *process,
		     const struct strace_line *line)
{
	struct trace_entry entry = {.event = TRACE_ALLOWED};
	struct request *request = &entry.request.request;
	const bool executes = strncmp(line->name, "execve", 6) == 0;
	const char *problem;
	int error;

	if (makes_child(line->name)) {
		strace->output->counts.others++;
		return line->failed ? 0
		       : makes_thread(line)
			       ? inherit(strace, process->pid,
					 (pid_t)(line->result & INT32_MAX))
			       : took_child(strace, line, process->pid);
	}
	error = strace_call_accesses(line, process, request, &problem);
	if (error == -EINVAL) {
		strace->output->counts.records++;
		import_unknown(strace->output, problem);
	}
	if (!error && request->accesses_count > 0) {
		strace->output->counts.records++;
		if (executes && !strace->app)
			error = text_copy(&strace->app,
					  request->accesses[0].object.bytes);
		if (!error)
			error = put_allowed(strace, process, line, &entry);
		if (!error && executes)
			error = took_execution(strace, process, request);
	} else if (!error) {
		strace->output->counts.others++;
	}
	trace_entry_finish(&entry);
	return error == -EINVAL ? 0 : error;
}

static void take_exit(struct import_strace *strace,
		      const struct strace_line *line, pid_t pid)
{
	struct strace_process *process = find(strace, pid);
	struct trace_entry entry = {
		.event = TRACE_EXIT,
		.process = {.pid = pid, .status = line->status},
	};

	strace->output->counts.others++;
	if (process)
		drop(strace, process);
	put(strace, &entry);
}

/* --- Lines ------------------------------------------------------- */

/* Puts both halves of a call together. */
static int take_resumed(struct import_strace *strace,
			struct strace_process *process,
			const struct strace_line *half)
{
	_cleanup_free_ char *begun = process->call, *whole = NULL;
	struct strace_line line;

	process->call = NULL;
	if (!begun) {
		strace->output->counts.others++;
		return 0;
	}
	if (asprintf(&whole, "%s%s", begun, half->rest) < 0) {
		whole = NULL;
		return -ENOMEM;
	}
	strace_line_parse(whole, &line);
	if (line.kind != STRACE_CALL) {
		strace->output->counts.records++;
		import_unknown(strace->output, "no whole call");
		return 0;
	}
	return take_call(strace, process, &line);
}

static int take_unfinished(struct import_strace *strace,
			   struct strace_process *process,
			   const struct strace_line *line)
{
	strace->output->counts.others++;
	free(process->call);
	return text_copy(&process->call, line->rest);
}

int import_strace_line(struct import_strace *strace, char *text)
{
	struct strace_process *process;
	struct strace_line line;
	pid_t pid;

	strace_line_parse(text, &line);
	pid = line.pid ? line.pid : 1;
	if (line.time)
		strace->time = line.time;
	if (line.kind == STRACE_EXIT) {
		take_exit(strace, &line, pid);
		return 0;
	}
	process = get(strace, pid);
	if (!process)
		return -ENOMEM;
	switch (line.kind) {
	case STRACE_CALL:
		return take_call(strace, process, &line);
	case STRACE_UNFINISHED:
		return take_unfinished(strace, process, &line);
	case STRACE_RESUMED:
		return take_resumed(strace, process, &line);
	case STRACE_BAD:
		strace->output->counts.records++;
		import_unknown(strace->output, "a call without its end");
		return 0;
	default:
		strace->output->counts.others++;
		return 0;
	}
}
