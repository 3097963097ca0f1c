/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects: what an access right is about.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/network.h"
#include "core/right.h"

enum object_type {
	OBJECT_PATH,	   /* canonical absolute path; UNIX socket paths too */
	OBJECT_PORT,	   /* TCP or UDP port */
	OBJECT_ABSTRACT,   /* abstract UNIX socket name */
	OBJECT_CAPABILITY, /* CAP_* number */
	OBJECT_NAMESPACE,  /* one or more CLONE_NEW* bits */
	OBJECT_SOCKET,	   /* (family, type, protocol), -1 is a wildcard */
	OBJECT_PROCESS,	   /* target of a signal or ptrace */
	OBJECT_PATTERN,	   /* in rules only: all paths of a pattern.h */
	OBJECT_TYPES_,
};

struct object {
	enum object_type type;
	/*
	 * In rules only. PORT, CAPABILITY, NAMESPACE, PROCESS: every one, and
	 * the number means nothing. ABSTRACT: every name that starts with the
	 * bytes (all names when there are none).
	 */
	bool any;
	union {
		/*
		 * PATH: absolute, no ".", ".." or doubled slash, no trailing
		 * slash but for "/"; any byte but NUL. ABSTRACT: the name
		 * without its leading NUL. PATTERN: what pattern_check() takes.
		 * All are owned by the object.
		 */
		struct {
			char *bytes;
			size_t length;
		};
		struct {
			uint16_t port;	  /* host order */
			char address[64]; /* peer for a person, may be "" */
			/*
			 * The peer; of a rule, those that it is about. No
			 * family: not known, or every one.
			 */
			struct network network;
		};
		int capability;
		uint64_t namespaces;
		struct {
			int family, socket_type, protocol;
		};
		pid_t pid;
	};
};

/* The rights that suit objects of a type. */
rights_t object_rights(enum object_type type);

/*
 * Makes a path object.
 * @path: must be canonical as said above; copied.
 * Returns: 0, -EINVAL when it is not canonical, -ENOMEM.
 */
int object_init_path(struct object *ret, const char *path);

/*
 * Makes a pattern object.
 * Returns: 0, -EINVAL when pattern_check() does not take it, -ENOMEM.
 */
int object_init_pattern(struct object *ret, const char *pattern);

/*
 * Makes a path one of patterns, where its text is that.
 * Returns: whether it is.
 */
bool object_be_pattern(struct object *object);

/* Makes an abstract UNIX address object. @name: without the leading NUL. */
int object_init_abstract(struct object *ret, const char *name, size_t length);

/* Deep copy. Returns: 0 or -ENOMEM. */
int object_copy(struct object *ret, const struct object *object);

/* Releases what the object owns; the object may be zeroed or finished. */
void object_finish(struct object *object);

/*
 * Whether two objects are the same thing. For ports the text of the address,
 * which only a person reads, does not count.
 */
bool object_equal(const struct object *a, const struct object *b);

/* A hash that is equal for objects that are equal. */
uint64_t object_hash(const struct object *object);

/* Whether @path is @ancestor or lies beneath it; both canonical. */
bool path_is_beneath(const char *path, const char *ancestor);

/*
 * Text form, as in policy files and JSON: a path (unescaped), a pattern (which
 * looks like a path, and is told from one beside its text), a port number,
 * "@NAME" for an abstract address, "@PREFIX*" for all that start so,
 * "CAP_NET_RAW", "user+mnt", "inet:stream:*", "pid:123", "*" for any. In an
 * abstract name NUL, what is not valid UTF-8, the backslash and a final
 * asterisk are written \xNN.
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *object_format(const struct object *object);

/*
 * Parses the text form that suits one of the rights: fs.* take a path, net.* a
 * port, and so on; the caller then masks the rights with object_rights().
 * Wildcards where the type has them; but what looks like a pattern is a path.
 * @ret_beneath: set true for a directory hierarchy. A path is a hierarchy
 *               unless it ends in "$" preceded by "/" (the directory itself,
 *               "/etc/$"); for what is not a path it is false.
 * Returns: 0, -EINVAL (with a sentence in *ret_expected, static storage, that
 *          says what was expected), -ENOMEM.
 */
int object_parse(const char *text, rights_t rights, struct object *ret,
		 bool *ret_beneath, const char **ret_expected);
