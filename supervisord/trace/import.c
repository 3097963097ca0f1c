/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "trace/audit_fields.h"

#define RECORD_SYSCALL 1300
#define RECORD_ACCESS 1423
#define RECORD_DOMAIN 1424
#define RUNS_MAX 4096 /* domains whose header has been written */
#define BLOCKERS_MAX 512

/* A record, wherever it was found. */
struct record {
	int type; /* 0: none of those above */
	int64_t time;
	uint64_t serial;
	const char *text; /* its fields */
};

/* An entry of the journal, field by field. */
struct journal {
	bool inside; /* a field of it has been read */
	int64_t time;
	uint64_t type, serial;
	char *message; /* owned */
};

struct import {
	const struct import_options *options;
	struct import_counts counts;
	struct journal journal;
	/* The event whose records are being read. */
	uint64_t serial, domain;
	struct trace_entry event; /* a request */
	uint64_t runs[RUNS_MAX];  /* domains; a ring */
	size_t runs_count;
	uint64_t last_id;
};

int import_new(struct import **ret, const struct import_options *options)
{
	struct import *import = calloc(1, sizeof(*import));

	if (!import)
		return -ENOMEM;
	import->options = options;
	import->event.event = TRACE_REQUEST;
	*ret = import;
	return 0;
}

struct import *import_free(struct import *import)
{
	if (!import)
		return NULL;
	trace_entry_finish(&import->event);
	free(import->journal.message);
	free(import);
	return NULL;
}

struct import_counts import_counts(const struct import *import)
{
	return import->counts;
}

static void unknown(struct import *import, const char *problem)
{
	import->counts.unknown++;
	if (import->options->unknown)
		import->options->unknown(import->options->userdata,
					 import->counts.lines, problem);
}

/* --- Events ------------------------------------------------------ */

static void emit(struct import *import, struct trace_entry *entry)
{
	char run[TRACE_RUN_MAX + 1];

	snprintf(run, sizeof(run), "%" PRIx64, import->domain);
	entry->run = run;
	entry->time = import->event.time;
	import->options->entry(import->options->userdata, entry);
	import->counts.entries++;
	entry->run = NULL;
}

/* The first that is heard of a domain. */
static void begin_run(struct import *import, const char *exe)
{
	const char *slash = exe ? strrchr(exe, '/') : NULL;
	struct trace_entry header = {.event = TRACE_HEADER};

	for (size_t i = 0; i < import->runs_count && i < RUNS_MAX; i++)
		if (import->runs[i] == import->domain)
			return;
	import->runs[import->runs_count++ % RUNS_MAX] = import->domain;
	header.header.engine = (char *)(uintptr_t) "audit";
	header.header.app =
		(char *)(uintptr_t)(slash && slash[1] ? slash + 1 : "unknown");
	header.header.uid = import->event.request.request.subject.uid;
	emit(import, &header);
}

/* Nobody was there to be asked. */
static void emit_denial(struct import *import)
{
	struct trace_entry decision = {
		.event = TRACE_DECISION,
		.decision = {.id = import->last_id,
			     .by = TRACE_BY_NOBODY,
			     .decision = {.outcome = OUTCOME_DENY,
					  .unanswered = true}},
	};
	struct trace_entry answer = {
		.event = TRACE_ANSWER,
		.answer = {import->last_id, ANSWER_DENY},
	};

	emit(import, &decision);
	emit(import, &answer);
}

/* The event is over: nothing more can be said of it. */
static void end_event(struct import *import)
{
	struct request *request = &import->event.request.request;
	struct trace_entry entry;

	if (request->accesses_count > 0) {
		begin_run(import, request->subject.exe);
		request->id = ++import->last_id;
		entry = import->event;
		emit(import, &entry);
		emit_denial(import);
	}
	trace_entry_finish(&import->event);
	import->event.event = TRACE_REQUEST;
}

static void begin_event(struct import *import, const struct record *record)
{
	if (import->serial == record->serial &&
	    import->event.time == record->time)
		return;
	end_event(import);
	import->serial = record->serial;
	import->event.time = record->time;
}

/* --- Records ----------------------------------------------------- */

static int parse_blockers(const char *text, rights_t *ret)
{
	size_t length;
	const char *value = audit_field(text, "blockers", &length);
	char names[BLOCKERS_MAX], *rest = names, *name;
	rights_t right;

	if (!value || length == 0 || length >= sizeof(names))
		return -EINVAL;
	memcpy(names, value, length);
	names[length] = '\0';
	*ret = 0;
	while ((name = strsep(&rest, ","))) {
		if (right_parse(name, &right) < 0 || right & (right - 1))
			return -EINVAL;
		*ret |= right;
	}
	return 0;
}

static int parse_named(const char *text, struct object *ret)
{
	_cleanup_free_ char *path = NULL;
	size_t length = 0;
	int error = audit_text(text, "path", &path, &length);

	if (error || !path)
		return error ? error : -EINVAL;
	if (length > 0 && path[0] == '\0')
		return object_init_abstract(ret, path + 1, length - 1);
	if (strlen(path) != length)
		return -EINVAL;
	return object_init_path(ret, path);
}

static int parse_port(const char *text, struct object *ret)
{
	size_t length = 0;
	const char *address = audit_field(text, "daddr", &length);
	uint64_t port;

	if (!audit_number(text, "dest", 10, &port) &&
	    !audit_number(text, "src", 10, &port))
		return -EINVAL;
	if (port > UINT16_MAX)
		return -EINVAL;
	*ret = (struct object){.type = OBJECT_PORT, .port = (uint16_t)port};
	if (address && length < sizeof(ret->address))
		memcpy(ret->address, address, length);
	return 0;
}

static int parse_process(const char *text, struct object *ret)
{
	uint64_t pid;

	if (!audit_number(text, "opid", 10, &pid) || pid == 0 ||
	    pid > INT32_MAX)
		return -EINVAL;
	*ret = (struct object){.type = OBJECT_PROCESS, .pid = (pid_t)pid};
	return 0;
}

static int parse_object(const char *text, rights_t rights, struct object *ret)
{
	int error;

	if (rights & RIGHTS_NET)
		error = parse_port(text, ret);
	else if (rights & (RIGHT_SCOPE_SIGNAL | RIGHT_PTRACE))
		error = parse_process(text, ret);
	else
		error = parse_named(text, ret);
	if (!error && rights & ~object_rights(ret->type)) {
		object_finish(ret);
		return -EINVAL;
	}
	return error;
}

static int take_access(struct import *import, const char *text)
{
	struct request *request = &import->event.request.request;
	struct access *access = &request->accesses[request->accesses_count];
	int error;

	import->counts.records++;
	if (request->accesses_count == REQUEST_ACCESSES_MAX) {
		unknown(import, "more accesses than an event can have");
		return 0;
	}
	if (!audit_number(text, "domain", 16, &import->domain)) {
		unknown(import, "no domain");
		return 0;
	}
	error = parse_blockers(text, &access->missing);
	if (error) {
		unknown(import, "no blockers, or some that are not known");
		return 0;
	}
	error = parse_object(text, access->missing, &access->object);
	if (error == -EINVAL)
		unknown(import, "no object that suits the blockers");
	if (error)
		return error == -EINVAL ? 0 : error;
	audit_number(text, "ino", 10, &access->inode);
	request->accesses_count++;
	return 0;
}

/* Replaces a text by that of a field, if there is one. */
static int take_text(char **to, const char *text, const char *name)
{
	char *value;
	const int error = audit_text(text, name, &value, NULL);

	if (error == -EINVAL)
		return 0;
	if (error || !value)
		return error;
	free(*to);
	*to = value;
	return 0;
}

/* Who it was: of a SYSCALL record, and of the first one of a domain. */
static int take_subject(struct import *import, const char *text)
{
	struct subject *subject = &import->event.request.request.subject;
	uint64_t number;
	int error = take_text(&subject->exe, text, "exe");

	if (!error)
		error = take_text(&subject->comm, text, "comm");
	if (audit_number(text, "pid", 10, &number) && number <= INT32_MAX)
		subject->pid = subject->tid = (pid_t)number;
	if (audit_number(text, "uid", 10, &number) && number <= UINT32_MAX)
		subject->uid = (uid_t)number;
	return error;
}

static int take_record(struct import *import, const struct record *record)
{
	switch (record->type) {
	case RECORD_ACCESS:
		begin_event(import, record);
		return take_access(import, record->text);
	case RECORD_DOMAIN:
		import->counts.records++;
		if (!strstr(record->text, "status=allocated"))
			return 0;
		begin_event(import, record);
		return take_subject(import, record->text);
	case RECORD_SYSCALL:
		begin_event(import, record);
		return take_subject(import, record->text);
	default:
		import->counts.others++;
		return 0;
	}
}

/* --- Lines ------------------------------------------------------- */

static int type_of(const char *name, size_t length)
{
	static const struct {
		const char *name;
		int type;
	} types[] = {
		{"LANDLOCK_ACCESS", RECORD_ACCESS},
		{"LANDLOCK_DOMAIN", RECORD_DOMAIN},
		{"SYSCALL", RECORD_SYSCALL},
		{"UNKNOWN[1423]", RECORD_ACCESS},
		{"UNKNOWN[1424]", RECORD_DOMAIN},
		{"1423", RECORD_ACCESS},
		{"1424", RECORD_DOMAIN},
		{"1300", RECORD_SYSCALL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strlen(types[i].name) == length &&
		    memcmp(types[i].name, name, length) == 0)
			return types[i].type;
	return 0;
}

/* "type=NAME [msg=]audit(SECONDS.MS:SERIAL): FIELDS" somewhere in a line. */
static bool parse_line(const char *line, struct record *ret)
{
	size_t length;
	const char *type = audit_field(line, "type", &length);
	const char *stamp = type ? strstr(type, "audit(") : NULL;
	uint64_t seconds, millis, serial;
	int used = 0;

	if (!stamp ||
	    sscanf(stamp, "audit(%" SCNu64 ".%" SCNu64 ":%" SCNu64 "):%n",
		   &seconds, &millis, &serial, &used) < 3 ||
	    used == 0 || seconds > UINT32_MAX * UINT64_C(16) || millis > 999)
		return false;
	*ret = (struct record){
		.type = type_of(type, length),
		.time = (int64_t)(seconds * 1000000 + millis * 1000),
		.serial = serial,
		.text = stamp + used,
	};
	return true;
}

/* The journal's name of a record comes before its fields. */
static int end_journal_entry(struct import *import)
{
	struct journal *journal = &import->journal;
	struct record record = {
		.type = (int)journal->type,
		.time = journal->time,
		.serial = journal->serial,
		.text = journal->message,
	};
	int error = 0;

	if (journal->message && journal->type > 0)
		error = take_record(import, &record);
	free(journal->message);
	*journal = (struct journal){0};
	return error;
}

/* Returns: whether the line is a field of an entry that is wanted. */
static bool take_journal_field(struct journal *journal, const char *line)
{
	uint64_t micros;

	if (strncmp(line, "MESSAGE=", 8) == 0) {
		free(journal->message);
		journal->message = strdup(line + 8);
		return true;
	}
	if (audit_number(line, "_AUDIT_TYPE", 10, &journal->type) ||
	    audit_number(line, "_AUDIT_ID", 10, &journal->serial))
		return true;
	if (!audit_number(line, "_SOURCE_REALTIME_TIMESTAMP", 10, &micros) &&
	    (journal->time ||
	     !audit_number(line, "__REALTIME_TIMESTAMP", 10, &micros)))
		return false;
	journal->time = (int64_t)(micros % UINT64_C(100000000000000000));
	return true;
}

static int take_line(struct import *import, const char *line)
{
	struct record record;

	if (!*line)
		return end_journal_entry(import);
	if (parse_line(line, &record))
		return take_record(import, &record);
	if (!take_journal_field(&import->journal, line))
		import->counts.others++;
	return 0;
}

int import_line(struct import *import, const char *line, size_t length)
{
	_cleanup_free_ char *text = NULL;

	import->counts.lines++;
	/* No record has a zero in it; what is behind one is another's. */
	text = strndup(line, length);
	return text ? take_line(import, text) : -ENOMEM;
}

int import_end(struct import *import)
{
	const int error = end_journal_entry(import);

	end_event(import);
	return error;
}
