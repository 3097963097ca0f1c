/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/strace_calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum transport { OTHER, TCP, UDP };

struct state {
	const struct strace_line *line;
	struct strace_process *process;
	struct request *request;
	const char *problem;
};

/* Where a call has its arguments; -1: it has none of them. */
struct strace_call {
	const char *name;
	int (*take)(struct state *state, const struct strace_call *call);
	int directory, path, directory2, path2, flags;
	rights_t rights;
};

static const char *argument(const struct state *state, int number)
{
	const struct strace_line *line = state->line;

	return number >= 0 && (size_t)number < line->count
		       ? line->arguments[number]
		       : "";
}

/* Whether a word is among the flags of an argument. */
static bool has_flag(const char *flags, const char *flag)
{
	const size_t length = strlen(flag);

	for (const char *at = flags; (at = strstr(at, flag)); at += length)
		if ((at == flags || at[-1] == '|') &&
		    (at[length] == '\0' || at[length] == '|'))
			return true;
	return false;
}

static int fail(struct state *state, const char *problem)
{
	state->problem = problem;
	return -EINVAL;
}

/* --- Objects ----------------------------------------------------- */

static int add(struct state *state, rights_t rights, struct object *object)
{
	struct request *request = state->request;
	struct access *access = &request->accesses[request->accesses_count];

	if (request->accesses_count == REQUEST_ACCESSES_MAX ||
	    rights & ~object_rights(object->type)) {
		object_finish(object);
		return fail(state, "no right that suits the object");
	}
	access->object = *object;
	access->missing = rights;
	request->accesses_count++;
	return 0;
}

/* Without "." and "..": what is known of links is that they are none. */
static int normalize(const char *path, char **ret)
{
	char *clean = malloc(strlen(path) + 2), *to = clean;

	if (!clean)
		return -ENOMEM;
	while (*path) {
		const size_t length = strcspn(path, "/");

		if (length == 2 && strncmp(path, "..", 2) == 0) {
			while (to > clean && *--to != '/')
				;
		} else if (length > 0 && (length != 1 || *path != '.')) {
			*to++ = '/';
			memcpy(to, path, length);
			to += length;
		}
		path += length + (path[length] == '/');
	}
	if (to == clean)
		*to++ = '/';
	*to = '\0';
	*ret = clean;
	return 0;
}

/* Where a relative path begins. @ret: a new string; NULL: not known */
static int find_directory(const struct state *state, const char *directory,
			  char **ret)
{
	const int error = strace_annotation(directory, ret);

	if (error || *ret)
		return error;
	if (*directory && strcmp(directory, "AT_FDCWD") != 0)
		return 0;
	return text_copy(ret, state->process->directory);
}

/* @path: as an argument has it. Returns: 0, -EINVAL, -ENOMEM. */
static int find_path(struct state *state, const char *directory,
		     const char *path, char **ret)
{
	_cleanup_free_ char *name = NULL, *begin = NULL, *whole = NULL;
	int error = strace_string(path, &name);

	if (error == -EINVAL)
		return fail(state, "a name that was cut off");
	if (!error && name[0] != '/')
		error = find_directory(state, directory, &begin);
	if (error)
		return error;
	if (name[0] != '/' && (!begin || begin[0] != '/'))
		return fail(state, "a relative name, without strace -y");
	if (asprintf(&whole, "%s/%s", begin ? begin : "", name) < 0) {
		whole = NULL;
		return -ENOMEM;
	}
	return normalize(whole, ret);
}

static int add_path(struct state *state, rights_t rights, const char *path)
{
	struct object object;
	const int error = object_init_path(&object, path);

	if (error == -EINVAL)
		return fail(state, "no path");
	return error ? error : add(state, rights, &object);
}

static int add_named(struct state *state, rights_t rights, int directory,
		     int path)
{
	_cleanup_free_ char *found = NULL;
	int error = find_path(state, argument(state, directory),
			      argument(state, path), &found);

	return error ? error : add_path(state, rights, found);
}

/* --- Files ------------------------------------------------------- */

static int take_named(struct state *state, const struct strace_call *call)
{
	return add_named(state, call->rights, call->directory, call->path);
}

static rights_t rights_of_flags(const char *flags)
{
	rights_t rights = RIGHT_FS_READ_FILE;

	if (has_flag(flags, "O_PATH"))
		return 0;
	if (has_flag(flags, "O_DIRECTORY") && !has_flag(flags, "O_TMPFILE"))
		return RIGHT_FS_READ_DIR;
	if (has_flag(flags, "O_WRONLY"))
		rights = RIGHT_FS_WRITE_FILE;
	else if (has_flag(flags, "O_RDWR"))
		rights |= RIGHT_FS_WRITE_FILE;
	/* Whether it was there does not show: it may have been made. */
	if (has_flag(flags, "O_CREAT") || has_flag(flags, "O_TMPFILE"))
		rights |= RIGHT_FS_MAKE_REG;
	if (has_flag(flags, "O_TRUNC"))
		rights |= RIGHT_FS_TRUNCATE;
	return rights;
}

/* The kernel's own name is better than the program's. */
static int take_open(struct state *state, const struct strace_call *call)
{
	const char *flags = call->flags < 0 ? "O_WRONLY|O_CREAT|O_TRUNC"
					    : argument(state, call->flags);
	_cleanup_free_ char *real = NULL, *words = NULL;
	rights_t rights;
	int error = 0;

	/* {flags=O_RDONLY|O_CLOEXEC, resolve=...} of openat2(2) */
	if (strncmp(flags, "{flags=", 7) == 0) {
		words = strndup(flags + 7, strcspn(flags + 7, ",}"));
		if (!words)
			return -ENOMEM;
		flags = words;
	}
	rights = rights_of_flags(flags);
	if (!rights)
		return 0;
	if (state->line->result_path)
		error = strace_annotation(state->line->result_path, &real);
	if (error)
		return error == -EINVAL ? fail(state, "no path") : error;
	/* A pipe, a socket: no path governs it. */
	if (real && real[0] != '/')
		return 0;
	if (real && !has_flag(flags, "O_TMPFILE"))
		return add_path(state, rights, real);
	return add_named(state, rights, call->directory, call->path);
}

static int take_remove(struct state *state, const struct strace_call *call)
{
	const bool directory =
		has_flag(argument(state, call->flags), "AT_REMOVEDIR");

	return add_named(state, directory ? RIGHT_FS_REMOVE_DIR : call->rights,
			 call->directory, call->path);
}

/* What kind of object it is does not show: of files there are most. */
static int take_rename(struct state *state, const struct strace_call *call)
{
	int error = add_named(state, RIGHT_FS_REMOVE_FILE | RIGHT_FS_REFER,
			      call->directory, call->path);

	return error ? error
		     : add_named(state, RIGHT_FS_MAKE_REG | RIGHT_FS_REFER,
				 call->directory2, call->path2);
}

static int take_link(struct state *state, const struct strace_call *call)
{
	return add_named(state, RIGHT_FS_MAKE_REG, call->directory2,
			 call->path2);
}

static int take_node(struct state *state, const struct strace_call *call)
{
	const char *mode = argument(state, call->flags);
	const rights_t rights = strstr(mode, "S_IFIFO")	   ? RIGHT_FS_MAKE_FIFO
				: strstr(mode, "S_IFSOCK") ? RIGHT_FS_MAKE_SOCK
				: strstr(mode, "S_IFCHR")  ? RIGHT_FS_MAKE_CHAR
				: strstr(mode, "S_IFBLK")  ? RIGHT_FS_MAKE_BLOCK
							   : RIGHT_FS_MAKE_REG;

	return add_named(state, rights, call->directory, call->path);
}

/* Moves the process; there is nothing that Landlock would be asked. */
static int take_directory(struct state *state, const struct strace_call *call)
{
	_cleanup_free_ char *found = NULL;
	const int error =
		find_path(state, "", argument(state, call->path), &found);

	if (error == -ENOMEM)
		return error;
	free(state->process->directory);
	state->process->directory = found;
	found = NULL;
	return 0;
}

/* --- Sockets ----------------------------------------------------- */

static enum transport transport_of(const char *domain, const char *type)
{
	if (strcmp(domain, "AF_INET") != 0 && strcmp(domain, "AF_INET6") != 0)
		return OTHER;
	return has_flag(type, "SOCK_STREAM")  ? TCP
	       : has_flag(type, "SOCK_DGRAM") ? UDP
					      : OTHER;
}

static int take_socket(struct state *state, const struct strace_call *call)
{
	const int64_t number = state->line->result;

	(void)call;
	if (number >= 0 && (size_t)number < sizeof(state->process->sockets))
		state->process->sockets[number] = (unsigned char)transport_of(
			argument(state, 0), argument(state, 1));
	return 0;
}

static enum transport find_transport(const struct state *state)
{
	const char *socket = argument(state, 0);
	const long number = strtol(socket, NULL, 10);

	if (strstr(socket, "<TCP"))
		return TCP;
	if (strstr(socket, "<UDP"))
		return UDP;
	return number >= 0 && (size_t)number < sizeof(state->process->sockets)
		       ? (enum transport)state->process->sockets[number]
		       : OTHER;
}

/* {sa_family=AF_UNIX, sun_path="/path"}, or @"name". */
static int add_unix(struct state *state, const char *name, bool binds)
{
	_cleanup_free_ char *quoted = NULL, *bytes = NULL, *path = NULL;
	const bool abstract = *name == '@';
	const char *begin = name + abstract, *end = strrchr(begin, '"');
	struct object object;
	int error;

	quoted = end ? strndup(begin, (size_t)(end - begin) + 1) : strdup("");
	if (!quoted)
		return -ENOMEM;
	if (!abstract && !binds) {
		error = find_path(state, "", quoted, &path);
		return error ? error
			     : add_path(state, RIGHT_FS_RESOLVE_UNIX, path);
	}
	if (!abstract) {
		error = find_path(state, "", quoted, &path);
		return error ? error
			     : add_path(state, RIGHT_FS_MAKE_SOCK, path);
	}
	/* Nobody is asked for a name of one's own. */
	if (binds)
		return 0;
	error = strace_string(quoted, &bytes);
	if (error == -EINVAL)
		return fail(state, "a name that was cut off");
	if (!error)
		error = object_init_abstract(&object, bytes, strlen(bytes));
	return error ? error
		     : add(state, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, &object);
}

static int take_address(struct state *state, const struct strace_call *call)
{
	const bool binds = call->rights == RIGHT_NET_BIND_TCP;
	const char *address = argument(state, call->path);
	const char *name = strstr(address, "sun_path=");
	const char *port = strstr(address, "port=htons(");
	const enum transport transport = find_transport(state);
	struct object object = {.type = OBJECT_PORT};
	char *end;
	long number;

	if (name)
		return add_unix(state, name + strlen("sun_path="), binds);
	if (!port)
		return 0;
	if (transport == OTHER)
		return fail(state, "a socket of which it is not known whether "
				   "it is TCP or UDP, without strace -yy");
	port += strlen("port=htons(");
	number = strtol(port, &end, 10);
	if (end == port || number < 0 || number > UINT16_MAX)
		return fail(state, "no port");
	object.port = (uint16_t)number;
	if (binds)
		return add(state,
			   transport == TCP ? RIGHT_NET_BIND_TCP
					    : RIGHT_NET_BIND_UDP,
			   &object);
	return add(state,
		   transport == TCP ? RIGHT_NET_CONNECT_TCP
				    : RIGHT_NET_CONNECT_SEND_UDP,
		   &object);
}

/* --- Calls ------------------------------------------------------- */

#define EXECUTE (RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE)

/* clang-format off */
static const struct strace_call calls[] = {
	/*              directory path, both of the second name, flags */
	{"open",	take_open,	-1, 0, -1, -1,  1, 0},
	{"openat",	take_open,	 0, 1, -1, -1,  2, 0},
	{"openat2",	take_open,	 0, 1, -1, -1,  2, 0},
	{"creat",	take_open,	-1, 0, -1, -1, -1, 0},
	{"execve",	take_named,	-1, 0, -1, -1, -1, EXECUTE},
	{"execveat",	take_named,	 0, 1, -1, -1, -1, EXECUTE},
	{"mkdir",	take_named,	-1, 0, -1, -1, -1, RIGHT_FS_MAKE_DIR},
	{"mkdirat",	take_named,	 0, 1, -1, -1, -1, RIGHT_FS_MAKE_DIR},
	{"rmdir",	take_named,	-1, 0, -1, -1, -1, RIGHT_FS_REMOVE_DIR},
	{"unlink",	take_named,	-1, 0, -1, -1, -1, RIGHT_FS_REMOVE_FILE},
	{"unlinkat",	take_remove,	 0, 1, -1, -1,  2, RIGHT_FS_REMOVE_FILE},
	{"rename",	take_rename,	-1, 0, -1,  1, -1, 0},
	{"renameat",	take_rename,	 0, 1,  2,  3, -1, 0},
	{"renameat2",	take_rename,	 0, 1,  2,  3, -1, 0},
	{"link",	take_link,	-1, 0, -1,  1, -1, 0},
	{"linkat",	take_link,	 0, 1,  2,  3, -1, 0},
	{"symlink",	take_named,	-1, 1, -1, -1, -1, RIGHT_FS_MAKE_SYM},
	{"symlinkat",	take_named,	 1, 2, -1, -1, -1, RIGHT_FS_MAKE_SYM},
	{"mknod",	take_node,	-1, 0, -1, -1,  1, 0},
	{"mknodat",	take_node,	 0, 1, -1, -1,  2, 0},
	{"truncate",	take_named,	-1, 0, -1, -1, -1, RIGHT_FS_TRUNCATE},
	{"chdir",	take_directory,	-1, 0, -1, -1, -1, 0},
	{"socket",	take_socket,	-1, -1, -1, -1, -1, 0},
	{"connect",	take_address,	-1, 1, -1, -1, -1, RIGHT_NET_CONNECT_TCP},
	{"bind",	take_address,	-1, 1, -1, -1, -1, RIGHT_NET_BIND_TCP},
	{"sendto",	take_address,	-1, 4, -1, -1, -1, RIGHT_NET_CONNECT_TCP},
};
/* clang-format on */

int strace_call_accesses(const struct strace_line *line,
			 struct strace_process *process, struct request *ret,
			 const char **ret_problem)
{
	struct state state = {
		.line = line,
		.process = process,
		.request = ret,
		.problem = "not understood",
	};
	int error = 0;

	if (line->failed && !line->in_progress)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (strcmp(calls[i].name, line->name) != 0)
			continue;
		error = calls[i].take(&state, &calls[i]);
		break;
	}
	*ret_problem = state.problem;
	return error;
}
