/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/right.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/translate.h"

static const struct {
	rights_t right;
	const char *name;
	const char *words; /* after "wants to", before the object */
} rights_table[] = {
	{RIGHT_FS_EXECUTE, "fs.execute", N_("execute")},
	{RIGHT_FS_WRITE_FILE, "fs.write_file", N_("write")},
	{RIGHT_FS_READ_FILE, "fs.read_file", N_("read")},
	{RIGHT_FS_READ_DIR, "fs.read_dir", N_("list")},
	{RIGHT_FS_REMOVE_DIR, "fs.remove_dir", N_("remove a directory")},
	{RIGHT_FS_REMOVE_FILE, "fs.remove_file", N_("remove a file")},
	{RIGHT_FS_MAKE_CHAR, "fs.make_char", N_("create a character device")},
	{RIGHT_FS_MAKE_DIR, "fs.make_dir", N_("create a directory")},
	{RIGHT_FS_MAKE_REG, "fs.make_reg", N_("create a file")},
	{RIGHT_FS_MAKE_SOCK, "fs.make_sock", N_("create a socket")},
	{RIGHT_FS_MAKE_FIFO, "fs.make_fifo", N_("create a named pipe")},
	{RIGHT_FS_MAKE_BLOCK, "fs.make_block", N_("create a block device")},
	{RIGHT_FS_MAKE_SYM, "fs.make_sym", N_("create a symbolic link")},
	{RIGHT_FS_REFER, "fs.refer", N_("link or move across directories")},
	{RIGHT_FS_TRUNCATE, "fs.truncate", N_("truncate")},
	{RIGHT_FS_IOCTL_DEV, "fs.ioctl_dev", N_("control the device")},
	{RIGHT_FS_RESOLVE_UNIX, "fs.resolve_unix", N_("connect to")},
	{RIGHT_NET_BIND_TCP, "net.bind_tcp", N_("listen on TCP")},
	{RIGHT_NET_CONNECT_TCP, "net.connect_tcp", N_("connect to TCP")},
	{RIGHT_NET_BIND_UDP, "net.bind_udp", N_("bind UDP")},
	{RIGHT_NET_CONNECT_SEND_UDP, "net.connect_send_udp", N_("send to UDP")},
	{RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, "scope.abstract_unix_socket",
	 N_("connect to")},
	{RIGHT_SCOPE_SIGNAL, "scope.signal", N_("signal")},
	{RIGHT_SCOPE_PATHNAME_UNIX_SOCKET, "scope.pathname_unix_socket",
	 N_("connect to")},
	{RIGHT_PTRACE, "ptrace", N_("trace")},
	{RIGHT_PERM_CAPABILITY_USE, "perm.capability_use",
	 N_("use the capability")},
	{RIGHT_PERM_NAMESPACE_ENTER, "perm.namespace_enter",
	 N_("enter a namespace")},
	{RIGHT_PERM_SOCKET_CREATE, "perm.socket_create", N_("create a socket")},
};

static const struct {
	const char *name;
	rights_t rights;
} groups_table[] = {
	{"read", RIGHTS_READ},
	{"write", RIGHTS_WRITE},
	{"create", RIGHTS_CREATE},
	{"remove", RIGHTS_REMOVE},
	{"execute", RIGHT_FS_EXECUTE},
	{"connect", RIGHT_NET_CONNECT_TCP | RIGHT_NET_CONNECT_SEND_UDP |
			    RIGHT_FS_RESOLVE_UNIX},
	{"bind", RIGHT_NET_BIND_TCP | RIGHT_NET_BIND_UDP | RIGHT_FS_MAKE_SOCK},
};

const char *right_name(rights_t right)
{
	for (size_t i = 0; i < ARRAY_SIZE(rights_table); i++)
		if (rights_table[i].right == right)
			return rights_table[i].name;
	return NULL;
}

static const char *right_words(rights_t right)
{
	for (size_t i = 0; i < ARRAY_SIZE(rights_table); i++)
		if (rights_table[i].right == right)
			return rights_table[i].words;
	return NULL;
}

/* "read_file" is short for "fs.read_file". */
static bool name_matches(const char *full, const char *name)
{
	const char *const dot = strchr(full, '.');

	return strcmp(full, name) == 0 || (dot && strcmp(dot + 1, name) == 0);
}

int right_parse(const char *name, rights_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups_table); i++) {
		if (strcmp(groups_table[i].name, name) == 0) {
			*ret = groups_table[i].rights;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(rights_table); i++) {
		if (name_matches(rights_table[i].name, name)) {
			*ret = rights_table[i].right;
			return 0;
		}
	}
	return -EINVAL;
}

static void print_names(FILE *out, const char *separator, rights_t rights)
{
	rights_t right;

	RIGHTS_FOREACH (right, rights) {
		const char *const name = right_name(right);

		if (!name)
			continue;
		fprintf(out, "%s%s", separator, name);
		separator = ",";
	}
}

char *rights_format(rights_t rights)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_names(out, "", rights);
	return text_finish(out, &text);
}

char *rights_format_groups(rights_t rights, rights_t possible)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);
	const char *separator = "";
	rights_t rest = rights;

	if (!out)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(groups_table); i++) {
		const rights_t group = groups_table[i].rights & possible;

		/* Two groups may share a right. */
		if ((group & ~rights) || !(group & rest))
			continue;
		fprintf(out, "%s%s", separator, groups_table[i].name);
		separator = ",";
		rest &= ~group;
	}
	print_names(out, separator, rest);
	return text_finish(out, &text);
}

size_t rights_words(rights_t rights, const char *words[static 64])
{
	size_t count = 0;
	rights_t right;

	RIGHTS_FOREACH (right, rights) {
		const char *const word = right_words(right);
		size_t i = 0;

		while (word && i < count && strcmp(words[i], word) != 0)
			i++;
		if (word && i == count)
			words[count++] = word;
	}
	return count;
}

char *rights_describe(rights_t rights)
{
	const char *words[64];
	const size_t count = rights_words(rights, words);
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fputs(i + 1 == count ? " and " : ", ", out);
		fputs(words[i], out);
	}
	return text_finish(out, &text);
}
