/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import_audit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "trace/audit_fields.h"
#include "trace/import_object.h"

#define RECORD_SYSCALL 1300
#define RECORD_ACCESS 1423
#define RECORD_DOMAIN 1424

/* A record, wherever it was found. */
struct audit_record {
	int type; /* 0: none of those above */
	int64_t time;
	uint64_t serial;
	const char *text; /* its fields */
};

/* --- Events ------------------------------------------------------ */

static struct audit_event *event_at(struct import_audit *audit, size_t number)
{
	return &audit->events[number % AUDIT_EVENTS_MAX];
}

/* The oldest one is over: nothing more can be said of it. */
static void end_event(struct import_audit *audit)
{
	struct audit_event *event = event_at(audit, audit->ended++);
	struct request *request = &event->entry.request.request;
	const int64_t time = event->entry.time;
	const struct trace_header header = {
		.engine = (char *)(uintptr_t) "audit",
		.app = (char *)(uintptr_t)import_app(request->subject.exe),
		.uid = request->subject.uid,
	};

	if (request->accesses_count > 0) {
		import_begin(audit->output, event->domain, time, &header);
		import_put_denied(audit->output, event->domain, time,
				  &event->entry);
	}
	trace_entry_finish(&event->entry);
}

/* The event that a record is about, which may begin with it. */
static struct audit_event *get_event(struct import_audit *audit,
				     const struct audit_record *record)
{
	struct audit_event *event;

	for (size_t i = audit->begun; i > audit->ended; i--) {
		event = event_at(audit, i - 1);
		if (event->serial == record->serial &&
		    event->entry.time == record->time)
			return event;
	}
	if (audit->begun - audit->ended == AUDIT_EVENTS_MAX)
		end_event(audit);
	event = event_at(audit, audit->begun++);
	*event = (struct audit_event){
		.serial = record->serial,
		.entry = {.event = TRACE_REQUEST, .time = record->time},
	};
	return event;
}

/* --- Records ----------------------------------------------------- */

static int parse_blockers(const char *text, rights_t *ret)
{
	size_t length;
	const char *value = audit_field(text, "blockers", &length);
	const char *end = value ? value + length : NULL;

	*ret = 0;
	while (value && value <= end) {
		const size_t size = strcspn(value, ", ");
		const rights_t right = import_right("", value, size);

		if (!right || value + size > end)
			return -EINVAL;
		*ret |= right;
		value += size + 1;
	}
	return *ret ? 0 : -EINVAL;
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
	else if (rights & RIGHT_PERM_NAMESPACE_ENTER)
		error = import_namespace(text, ret);
	else if (rights & RIGHT_PERM_CAPABILITY_USE)
		error = import_capability(text, ret);
	else if (rights & RIGHT_PERM_SOCKET_CREATE)
		error = import_socket(text, "sock_type", ret);
	else
		error = parse_named(text, ret);
	if (!error && rights & ~object_rights(ret->type)) {
		object_finish(ret);
		return -EINVAL;
	}
	return error;
}

static int take_access(struct import_audit *audit, struct audit_event *event,
		       const char *text)
{
	struct request *request = &event->entry.request.request;
	struct access *access = &request->accesses[request->accesses_count];
	int error;

	if (import_beyond_rules(text)) {
		audit->output->counts.others++;
		return 0;
	}
	audit->output->counts.records++;
	if (request->accesses_count == REQUEST_ACCESSES_MAX) {
		import_unknown(audit->output,
			       "more accesses than an event can have");
		return 0;
	}
	if (!audit_number(text, "domain", 16, &event->domain)) {
		import_unknown(audit->output, "no domain");
		return 0;
	}
	error = parse_blockers(text, &access->missing);
	if (error) {
		import_unknown(audit->output,
			       "no blockers, or some that are not known");
		return 0;
	}
	error = parse_object(text, access->missing, &access->object);
	if (error == -EINVAL)
		import_unknown(audit->output,
			       "no object that suits the blockers");
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
static int take_subject(struct audit_event *event, const char *text)
{
	struct subject *subject = &event->entry.request.request.subject;
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

static int take_record(struct import_audit *audit,
		       const struct audit_record *record)
{
	switch (record->type) {
	case RECORD_ACCESS:
		return take_access(audit, get_event(audit, record),
				   record->text);
	case RECORD_DOMAIN:
		audit->output->counts.records++;
		if (!strstr(record->text, "status=allocated"))
			return 0;
		return take_subject(get_event(audit, record), record->text);
	case RECORD_SYSCALL:
		return take_subject(get_event(audit, record), record->text);
	default:
		audit->output->counts.others++;
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
static bool parse_line(const char *line, struct audit_record *ret)
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
	*ret = (struct audit_record){
		.type = type_of(type, length),
		.time = (int64_t)(seconds * 1000000 + millis * 1000),
		.serial = serial,
		.text = stamp + used,
	};
	return true;
}

/*
 * Whether it is an access as `ausearch -i` has it: with a date of somebody's
 * language, and names in which nothing is quoted any more.
 */
static bool is_interpreted(const char *line)
{
	size_t length;
	const char *type = audit_field(line, "type", &length);
	const char *stamp = type ? strstr(type, "msg=audit(") : NULL;

	return stamp && type_of(type, length) == RECORD_ACCESS &&
	       strstr(stamp, ") : ");
}

/* The journal's name of a record comes before its fields. */
static int end_journal_entry(struct import_audit *audit)
{
	struct audit_journal *journal = &audit->journal;
	struct audit_record record = {
		.type = (int)journal->type,
		.time = journal->time,
		.serial = journal->serial,
		.text = journal->message,
	};
	int error = 0;

	if (journal->message && journal->type > 0)
		error = take_record(audit, &record);
	free(journal->message);
	*journal = (struct audit_journal){0};
	return error;
}

/* Returns: whether the line is a field of an entry that is wanted. */
static bool take_journal_field(struct audit_journal *journal, const char *line)
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

int import_audit_line(struct import_audit *audit, const char *line)
{
	struct audit_record record;

	if (!*line)
		return end_journal_entry(audit);
	if (parse_line(line, &record))
		return take_record(audit, &record);
	if (is_interpreted(line)) {
		audit->output->counts.records++;
		import_unknown(audit->output,
			       "interpreted; expected it without -i");
		return 0;
	}
	if (!take_journal_field(&audit->journal, line))
		audit->output->counts.others++;
	return 0;
}

int import_audit_end(struct import_audit *audit)
{
	const int error = end_journal_entry(audit);

	while (audit->ended < audit->begun)
		end_event(audit);
	return error;
}

void import_audit_finish(struct import_audit *audit)
{
	while (audit->ended < audit->begun)
		trace_entry_finish(&event_at(audit, audit->ended++)->entry);
	free(audit->journal.message);
}
