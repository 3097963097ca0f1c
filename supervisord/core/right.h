/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access rights: one bit for each thing that Landlock governs, in one space.
 *
 * Names are those of Landlock's audit records ("fs.read_file"); the first 17
 * bits are LANDLOCK_ACCESS_FS_* of <linux/landlock.h> unchanged, so that a set
 * of file-system rights converts without a table.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint64_t rights_t;

#define RIGHT_FS_EXECUTE (UINT64_C(1) << 0)
#define RIGHT_FS_WRITE_FILE (UINT64_C(1) << 1)
#define RIGHT_FS_READ_FILE (UINT64_C(1) << 2)
#define RIGHT_FS_READ_DIR (UINT64_C(1) << 3)
#define RIGHT_FS_REMOVE_DIR (UINT64_C(1) << 4)
#define RIGHT_FS_REMOVE_FILE (UINT64_C(1) << 5)
#define RIGHT_FS_MAKE_CHAR (UINT64_C(1) << 6)
#define RIGHT_FS_MAKE_DIR (UINT64_C(1) << 7)
#define RIGHT_FS_MAKE_REG (UINT64_C(1) << 8)
#define RIGHT_FS_MAKE_SOCK (UINT64_C(1) << 9)
#define RIGHT_FS_MAKE_FIFO (UINT64_C(1) << 10)
#define RIGHT_FS_MAKE_BLOCK (UINT64_C(1) << 11)
#define RIGHT_FS_MAKE_SYM (UINT64_C(1) << 12)
#define RIGHT_FS_REFER (UINT64_C(1) << 13)
#define RIGHT_FS_TRUNCATE (UINT64_C(1) << 14)
#define RIGHT_FS_IOCTL_DEV (UINT64_C(1) << 15)
#define RIGHT_FS_RESOLVE_UNIX (UINT64_C(1) << 16)

#define RIGHT_NET_BIND_TCP (UINT64_C(1) << 24)
#define RIGHT_NET_CONNECT_TCP (UINT64_C(1) << 25)
#define RIGHT_NET_BIND_UDP (UINT64_C(1) << 26)
#define RIGHT_NET_CONNECT_SEND_UDP (UINT64_C(1) << 27)

#define RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET (UINT64_C(1) << 32)
#define RIGHT_SCOPE_SIGNAL (UINT64_C(1) << 33)
#define RIGHT_SCOPE_PATHNAME_UNIX_SOCKET (UINT64_C(1) << 34)
#define RIGHT_PTRACE (UINT64_C(1) << 35)

#define RIGHT_PERM_CAPABILITY_USE (UINT64_C(1) << 40)
#define RIGHT_PERM_NAMESPACE_ENTER (UINT64_C(1) << 41)
#define RIGHT_PERM_SOCKET_CREATE (UINT64_C(1) << 42)

#define RIGHTS_FS ((UINT64_C(1) << 17) - 1)
#define RIGHTS_NET (UINT64_C(0xf) << 24)

/* Friendly groups of the policy files and prompts. */
#define RIGHTS_READ (RIGHT_FS_READ_FILE | RIGHT_FS_READ_DIR)
#define RIGHTS_WRITE (RIGHT_FS_WRITE_FILE | RIGHT_FS_TRUNCATE)
#define RIGHTS_CREATE                                                 \
	(RIGHT_FS_MAKE_DIR | RIGHT_FS_MAKE_REG | RIGHT_FS_MAKE_SOCK | \
	 RIGHT_FS_MAKE_FIFO | RIGHT_FS_MAKE_SYM | RIGHT_FS_REFER)
#define RIGHTS_REMOVE (RIGHT_FS_REMOVE_DIR | RIGHT_FS_REMOVE_FILE)

/*
 * Calls for each right in a set, lowest bit first:
 *	rights_t right;
 *	RIGHTS_FOREACH(right, set) puts(right_name(right));
 */
#define RIGHTS_FOREACH(right, set)                                    \
	for (rights_t rest_ = (set); (right) = rest_ & -rest_, rest_; \
	     rest_ &= rest_ - 1)

/*
 * What has to be granted of the rights that are missing: a socket whose path
 * may be resolved is reached across the scope, too.
 */
static inline rights_t rights_to_grant(rights_t missing)
{
	return missing & RIGHT_FS_RESOLVE_UNIX
		       ? missing & ~RIGHT_SCOPE_PATHNAME_UNIX_SOCKET
		       : missing;
}

/* Name of exactly one right ("fs.read_file"), or NULL when it has none. */
const char *right_name(rights_t right);

/*
 * Parses one name: a right ("fs.read_file", or "read_file" for short) or a
 * friendly group (read, write, create, remove, execute, connect, bind).
 * connect is connect_tcp, connect_send_udp and resolve_unix; bind is bind_tcp,
 * bind_udp and make_sock.
 *
 * Returns: 0, or -EINVAL when the name is unknown (@ret untouched).
 */
int right_parse(const char *name, rights_t *ret);

/*
 * Joins the names of a set with commas ("fs.read_file,fs.write_file").
 * Returns: a new string (free(3)), "" for the empty set, NULL without memory.
 */
char *rights_format(rights_t rights);

/*
 * The same, with the name of a group for what is all that the group can mean
 * ("read,execute,fs.ioctl_dev"); right_parse() knows the names.
 * @possible: the rights that suit the object, see object_rights()
 * Returns: a new string (free(3)), "" for the empty set, NULL without memory.
 */
char *rights_format_groups(rights_t rights, rights_t possible);

/*
 * The distinct words of a set, in the order of the bits: "read", "create a
 * directory". They are marked for translators. Returns: how many.
 */
size_t rights_words(rights_t rights, const char *words[static 64]);

/*
 * Says a set in plain words for a person: "read", "write and truncate",
 * "create a directory", "connect to". Falls back to right_name().
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *rights_describe(rights_t rights);
