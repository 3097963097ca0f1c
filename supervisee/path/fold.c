/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding: see fold.h. */
#include "path/fold.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

#define ANY '\0' /* stands for any string, the empty one too */

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte;
}

/* Makes a pattern of a name. Returns: its length. */
static size_t make_pattern(const char *name, size_t length,
			   char pattern[NAME_MAX + 1])
{
	size_t count = 0;

	while (length > 1 &&
	       (name[length - 1] == '.' || name[length - 1] == ' '))
		length--;
	for (size_t i = 0; i < length && count < NAME_MAX; i++) {
		const bool foreign = (unsigned char)name[i] >= 0x80;
		const bool shortened = name[i] == '~' && i + 1 < length &&
				       is_digit(name[i + 1]);

		if (!foreign && !shortened)
			pattern[count++] = lower(name[i]);
		else if (!count || pattern[count - 1] != ANY)
			pattern[count++] = ANY;
		/* Nothing is left of what comes after. */
		if (shortened)
			break;
	}
	return count;
}

/*
 * Whether some string matches both patterns: reachable[j] is whether what has
 * been read of a, and the first j of b, can have been the same.
 */
static bool patterns_meet(const char *a, size_t a_length, const char *b,
			  size_t b_length)
{
	bool reachable[NAME_MAX + 2] = {true};

	for (size_t j = 0; j < b_length; j++)
		reachable[j + 1] = reachable[j] && b[j] == ANY;
	for (size_t i = 0; i < a_length; i++) {
		bool next[NAME_MAX + 2] = {false};

		next[0] = reachable[0] && a[i] == ANY;
		for (size_t j = 0; j < b_length; j++) {
			const bool same = a[i] == b[j];

			next[j + 1] =
				(same && reachable[j]) ||
				(a[i] == ANY &&
				 (next[j] || reachable[j + 1])) ||
				(b[j] == ANY && (next[j] || reachable[j + 1]));
		}
		memcpy(reachable, next, sizeof(next));
	}
	return reachable[b_length];
}

bool fold_same(const char *a, size_t a_length, const char *b, size_t b_length)
{
	char first[NAME_MAX + 1], second[NAME_MAX + 1];

	if (a_length > NAME_MAX || b_length > NAME_MAX)
		return false;
	if (a_length == b_length && strncasecmp(a, b, a_length) == 0)
		return true;
	a_length = make_pattern(a, a_length, first);
	b_length = make_pattern(b, b_length, second);
	return patterns_meet(first, a_length, second, b_length);
}

bool fold_path(const char *rule, const char *path, char ret[PATH_MAX])
{
	const char *at = rule, *rest = path;

	while (*at && *rest) {
		const size_t a = strcspn(++at, "/"), b = strcspn(++rest, "/");

		if (!fold_same(at, a, rest, b))
			return false;
		at += a;
		rest += b;
	}
	if ((size_t)(at - rule) + strlen(rest) >= PATH_MAX)
		return false;
	memcpy(ret, rule, (size_t)(at - rule));
	strcpy(ret + (at - rule), rest);
	return strcmp(ret, path) != 0;
}

bool fold_never(const char *type)
{
	static const char *const types[] = {
		"ext2",	  "ext3",     "ext4",	   "f2fs",     "xfs",
		"btrfs",  "tmpfs",    "ramfs",	   "overlay",  "squashfs",
		"erofs",  "nfs",      "nfs4",	   "proc",     "sysfs",
		"devpts", "devtmpfs", "cgroup",	   "cgroup2",  "mqueue",
		"rootfs", "debugfs",  "tracefs",   "configfs", "securityfs",
		"bpf",	  "pstore",   "hugetlbfs", "autofs",   "efivarfs",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}
