/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import_tracepoint.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "trace/audit_fields.h"
#include "trace/import_object.h"

#define SYSTEM "landlock:" /* before an event, from perf-script(1) */
#define EVENT "landlock_deny_"

/* --- Fields ------------------------------------------------------ */

static int octal(const char *text)
{
	int value = 0;

	for (int i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '7')
			return -1;
		value = value * 8 + text[i] - '0';
	}
	return value <= 255 ? value : -1;
}

/* What a backslash stands before. Returns: the byte, or -1. */
static int escaped(const char *at, size_t *ret_length)
{
	static const char letters[] = "nrtvfae\\\"",
			  bytes[] = "\n\r\t\v\f\a\033\\\"";
	const char *letter = *at ? strchr(letters, *at) : NULL;

	*ret_length = letter ? 1 : 3;
	return letter ? (unsigned char)bytes[letter - letters] : octal(at);
}

/*
 * The kernel's escapes undone; a name that was cut off ends with a mark, which
 * is no ASCII, as all else is.
 * Returns: 0 or -EINVAL, -ENOMEM.
 */
static int read_bytes(const char *record, const char *name, char **ret,
		      size_t *ret_length)
{
	size_t length, used;
	const char *value = audit_field(record, name, &length);
	const char *end = value ? value + length : NULL;
	char *bytes, *to;
	int byte;

	if (!value)
		return -EINVAL;
	bytes = to = malloc(length + 1);
	if (!bytes)
		return -ENOMEM;
	while (value < end && isascii(*value)) {
		byte = (unsigned char)*value++;
		if (byte == '\\') {
			byte = escaped(value, &used);
			if (byte < 0 || value + used > end)
				break;
			value += used;
		}
		*to++ = (char)byte;
	}
	*to = '\0';
	*ret_length = (size_t)(to - bytes);
	if (value == end) {
		*ret = bytes;
		return 0;
	}
	free(bytes);
	return -EINVAL;
}

/*
 * trace-cmd(1) and perf-script(1) do not know how the kernel prints what others
 * have named. They say so, and print the fields of such an event as they are in
 * memory: numbers, and last the name, in which nothing is escaped.
 */
static bool is_raw(const char *record)
{
	static const char mark[] = "[FAILED TO PARSE] ";

	return strncmp(record + strspn(record, " "), mark, strlen(mark)) == 0;
}

/* What comes last, up to the end of the line. */
static int read_rest(const char *record, const char *name, char **ret,
		     size_t *ret_length)
{
	size_t length;
	const char *value = audit_field(record, name, &length);

	if (!value || !*value)
		return -EINVAL;
	*ret = strdup(value);
	*ret_length = strlen(value);
	return *ret ? 0 : -ENOMEM;
}

/* The bits and types of the kernel's own headers (security/landlock/log.h). */
#define RAW_FS_ACCESS 3
#define RAW_PATHNAME_UNIX_SOCKET 7
#define RAW_SCOPE_PATHNAME_UNIX_SOCKET 4

static rights_t read_raw_fs(const char *record)
{
	static const char *const names[] = {
		"execute",	"write_file",  "read_file", "read_dir",
		"remove_dir",	"remove_file", "make_char", "make_dir",
		"make_reg",	"make_sock",   "make_fifo", "make_block",
		"make_sym",	"refer",       "truncate",  "ioctl_dev",
		"resolve_unix",
	};
	static const char socket[] = "pathname_unix_socket";
	uint64_t type, access, scope;
	rights_t rights = 0;

	if (!audit_number(record, "blockers_type", 10, &type) ||
	    !audit_number(record, "blockers_access", 10, &access) ||
	    !audit_number(record, "blockers_scope", 10, &scope) ||
	    access >> ARRAY_SIZE(names))
		return 0;
	if (type == RAW_PATHNAME_UNIX_SOCKET)
		return import_right("fs.", socket, strlen(socket));
	if (type != RAW_FS_ACCESS)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (access >> i & 1)
			rights |=
				import_right("fs.", names[i], strlen(names[i]));
	if (scope & RAW_SCOPE_PATHNAME_UNIX_SOCKET)
		rights |= import_right("fs.", socket, strlen(socket));
	return rights;
}

static rights_t read_blockers(const char *record, const char *prefix)
{
	size_t length;
	const char *value = audit_field(record, "blockers", &length);
	const char *end = value ? value + length : NULL;
	rights_t rights = 0;

	while (value && value < end) {
		const size_t size = strcspn(value, "| ");
		const rights_t right = import_right(prefix, value, size);

		if (!right || value + size > end)
			return 0;
		rights |= right;
		value += size + 1;
	}
	return rights;
}

/* --- Objects ----------------------------------------------------- */

/* "MAJOR:MINOR", or both in one number. Returns: 0 when it is not known. */
static dev_t read_device(const char *record, bool raw)
{
	unsigned int first, second;
	uint64_t number;
	size_t length;
	const char *value = audit_field(record, "dev", &length);

	if (raw && audit_number(record, "dev", 10, &number))
		return makedev(number >> 20 & 0xfff, number & 0xfffff);
	if (!raw && value && sscanf(value, "%u:%u", &first, &second) == 2)
		return makedev(first, second);
	return 0;
}

static int read_path(const char *record, struct access *ret)
{
	_cleanup_free_ char *path = NULL;
	size_t length;
	const bool raw = is_raw(record);
	int error = raw ? read_rest(record, "pathname", &path, &length)
			: read_bytes(record, "path", &path, &length);

	if (error)
		return error;
	ret->missing = raw ? read_raw_fs(record) : read_blockers(record, "fs.");
	ret->device = read_device(record, raw);
	audit_number(record, "ino", 10, &ret->inode);
	if (!ret->missing || strlen(path) != length)
		return -EINVAL;
	return object_init_path(&ret->object, path);
}

static int read_port(const char *record, struct access *ret)
{
	uint64_t port;

	ret->missing = read_blockers(record, "net.");
	if (!ret->missing || !audit_number(record, "port", 10, &port) ||
	    port > UINT16_MAX)
		return -EINVAL;
	ret->object =
		(struct object){.type = OBJECT_PORT, .port = (uint16_t)port};
	return 0;
}

static int read_process(const char *record, const char *name, rights_t right,
			struct access *ret)
{
	uint64_t pid;

	if (!audit_number(record, name, 10, &pid) || pid == 0 ||
	    pid > INT32_MAX)
		return -EINVAL;
	ret->missing = right;
	ret->object =
		(struct object){.type = OBJECT_PROCESS, .pid = (pid_t)pid};
	return 0;
}

static int read_traced(const char *record, struct access *ret)
{
	return read_process(record, "tracee_pid", RIGHT_PTRACE, ret);
}

static int read_signalled(const char *record, struct access *ret)
{
	return read_process(record, "target_pid", RIGHT_SCOPE_SIGNAL, ret);
}

static int read_abstract(const char *record, struct access *ret)
{
	_cleanup_free_ char *name = NULL;
	size_t length;
	int error = is_raw(record)
			    ? read_rest(record, "sun_path", &name, &length)
			    : read_bytes(record, "sun_path", &name, &length);

	ret->missing = RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	return error ? error : object_init_abstract(&ret->object, name, length);
}

static int read_namespace(const char *record, struct access *ret)
{
	ret->missing = RIGHT_PERM_NAMESPACE_ENTER;
	return import_namespace(record, &ret->object);
}

static int read_capability(const char *record, struct access *ret)
{
	ret->missing = RIGHT_PERM_CAPABILITY_USE;
	return import_capability(record, &ret->object);
}

static int read_socket(const char *record, struct access *ret)
{
	ret->missing = RIGHT_PERM_SOCKET_CREATE;
	return import_socket(record, "type", &ret->object);
}

static const struct {
	const char *name; /* after EVENT */
	int (*read)(const char *record, struct access *ret);
} events[] = {
	{"access_fs", read_path},
	{"access_net", read_port},
	{"ptrace", read_traced},
	{"scope_signal", read_signalled},
	{"scope_abstract_unix_socket", read_abstract},
	{"namespace_use", read_namespace},
	{"capability_use", read_capability},
	{"socket_create", read_socket},
};

/* --- Lines ------------------------------------------------------- */

/* "SECONDS.FRACTION: " before the event, in microseconds; 0: there is none. */
static int64_t read_time(const char *line, const char *event)
{
	const size_t system = strlen(SYSTEM);
	const char *at = event;
	char *end;
	double seconds;

	if ((size_t)(at - line) > system &&
	    memcmp(at - system, SYSTEM, system) == 0)
		at -= system;
	while (at > line && isspace((unsigned char)at[-1]))
		at--;
	if (at == line || at[-1] != ':')
		return 0;
	while (at > line && !isspace((unsigned char)at[-1]))
		at--;
	seconds = strtod(at, &end);
	return end > at && seconds > 0 && seconds < 1e11
		       ? (int64_t)(seconds * 1e6)
		       : 0;
}

/*
 * "NAME-PID [CPU]" or "NAME PID [CPU]", the name with whatever it has.
 * Returns: 0, or -ENOMEM; nothing may be found.
 */
static int read_task(const char *line, const char *event,
		     struct subject *subject)
{
	const char *end = event;
	const char *begin = line + strspn(line, " ");
	const char *at;

	/* The last bracket before the event is that of the processor. */
	while (end > begin && *end != '[')
		end--;
	while (end > begin && isspace((unsigned char)end[-1]))
		end--;
	/* "(TGID)" is of the process, and may be there. */
	if (end > begin && end[-1] == ')')
		while (end > begin && *end != '(')
			end--;
	while (end > begin && isspace((unsigned char)end[-1]))
		end--;
	at = end;
	while (at > begin && isdigit((unsigned char)at[-1]))
		at--;
	if (at == end || at == begin)
		return 0;
	subject->tid = subject->pid = (pid_t)(atol(at) & INT32_MAX);
	while (at > begin && (at[-1] == '-' || at[-1] == ' '))
		at--;
	subject->comm = strndup(begin, (size_t)(at - begin));
	return subject->comm ? 0 : -ENOMEM;
}

/* @record: what comes after the name of an event */
static int take(struct import_output *output, const char *line,
		const char *event, size_t number, const char *record)
{
	struct trace_entry entry = {.event = TRACE_REQUEST};
	struct request *request = &entry.request.request;
	struct trace_header header = {.engine =
					      (char *)(uintptr_t) "tracepoint"};
	const int64_t time = read_time(line, event);
	uint64_t domain;
	int error = read_task(line, event, &request->subject);

	header.app = (char *)(uintptr_t)import_app(request->subject.comm);
	if (!error && !audit_number(record, "domain", 16, &domain) &&
	    !audit_number(record, "domain_id", 10, &domain))
		error = -EINVAL;
	if (!error)
		error = events[number].read(record, &request->accesses[0]);
	request->accesses_count = error ? 0 : 1;
	if (!error && request->accesses[0].missing &
			      ~object_rights(request->accesses[0].object.type))
		error = -EINVAL;
	if (!error) {
		import_begin(output, domain, time, &header);
		import_put_denied(output, domain, time, &entry);
	}
	trace_entry_finish(&entry);
	return error;
}

/* Where an event is named, as others would have it in a name of theirs. */
static const char *find_event(const char *line)
{
	const char *at = line;

	while ((at = strstr(at, EVENT))) {
		if (at > line && (at[-1] == ' ' || at[-1] == ':'))
			return at;
		at++;
	}
	return NULL;
}

int import_tracepoint_line(struct import_output *output, const char *line)
{
	const char *event = find_event(line);
	const char *name = event ? event + strlen(EVENT) : NULL;
	int error = -EINVAL;

	if (!event)
		return 0;
	if (import_beyond_rules(event)) {
		output->counts.others++;
		return 1;
	}
	output->counts.records++;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		const size_t length = strlen(events[i].name);

		if (strncmp(name, events[i].name, length) != 0 ||
		    name[length] != ':')
			continue;
		error = take(output, line, event, i, name + length + 1);
		break;
	}
	if (error == -EINVAL)
		import_unknown(output, "no trace event of a denial that is "
				       "known");
	return error == -ENOMEM ? error : 1;
}
