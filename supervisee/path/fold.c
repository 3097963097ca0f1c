/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding: see fold.h. */
#include "path/fold.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "core/pattern.h"

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

/*
 * As make_pattern() of a part of a rule's pattern, and one name that it matches.
 * Returns: how much of ret_pattern there is.
 */
static size_t make_glob(const struct pattern_part *part,
			char ret_pattern[NAME_MAX + 1],
			char ret_name[NAME_MAX + 1], size_t *ret_length)
{
	size_t count = 0;

	*ret_length = 0;
	for (size_t i = 0; i < part->length && count < NAME_MAX; i++) {
		const char byte = part->text[i];

		if (byte == '*' || byte == '?') {
			ret_pattern[count++] = ANY;
			if (byte == '?')
				ret_name[(*ret_length)++] = '_';
			continue;
		}
		i += byte == '\\' && i + 1 < part->length;
		ret_name[(*ret_length)++] = part->text[i];
		ret_pattern[count++] = (unsigned char)part->text[i] >= 0x80
					       ? ANY
					       : lower(part->text[i]);
	}
	return count;
}

/* Whether a name could be one that a part matches; then such a one. */
static bool fold_part(const struct pattern_part *part, const char *name,
		      size_t length, char ret[NAME_MAX + 1], size_t *ret_length)
{
	char glob[NAME_MAX + 1], folded[NAME_MAX + 1];
	size_t count;

	if (length > NAME_MAX)
		return false;
	if (part->kind == PATTERN_NAME) {
		*ret_length = pattern_unescape(part->text, part->length, ret);
		return fold_same(ret, *ret_length, name, length);
	}
	count = make_glob(part, glob, ret, ret_length);
	if (!*ret_length) {
		memcpy(ret, name, length);
		*ret_length = length;
	}
	return patterns_meet(glob, count, folded,
			     make_pattern(name, length, folded));
}

/* What has been matched so far, and where to go on. */
struct folding {
	const char *pattern, *path;
	size_t done; /* of what is returned */
};

/* One name further. Returns: whether it may be. */
static bool fold_step(struct folding *folding, const struct pattern_part *part,
		      char ret[PATH_MAX])
{
	const char *const name = folding->path + 1;
	const size_t length = strcspn(name, "/");
	char same[NAME_MAX + 1];
	size_t count = length;

	if (part && !fold_part(part, name, length, same, &count))
		return false;
	if (folding->done + 1 + count >= PATH_MAX)
		return false;
	ret[folding->done++] = '/';
	memcpy(ret + folding->done, part ? same : name, count);
	folding->done += count;
	folding->path = name + length;
	return true;
}

/* Only the last "**" is ever tried again, as in glob.c. */
bool fold_pattern(const char *pattern, const char *path, char ret[PATH_MAX])
{
	struct folding now = {pattern, path, 0}, retry = {0};
	struct pattern_part part;

	for (;;) {
		const char *at = now.pattern;

		if (!pattern_next(&at, &part))
			break;
		if (part.kind == PATTERN_DEEP) {
			now.pattern = at;
			retry = now;
			continue;
		}
		if (*now.path && now.path[1] && fold_step(&now, &part, ret)) {
			now.pattern = at;
			continue;
		}
		if (!retry.pattern || !*retry.path || !retry.path[1] ||
		    !fold_step(&retry, NULL, ret))
			return false;
		now = retry;
	}
	if (now.done + strlen(now.path) >= PATH_MAX)
		return false;
	strcpy(ret + now.done, now.path);
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
