/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/app.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Room for a suffix and for the name of a temporary file beside it. */
#define FILE_NAME_MAX (NAME_MAX - 32)

static bool is_plain(unsigned char byte)
{
	return byte < 0x80 && (isalnum(byte) || strchr("+-._@", byte));
}

int app_file_name(const char *app, const char *suffix, char **ret)
{
	char *name = NULL;
	size_t size = 0;
	FILE *out;

	if (*app == '\0')
		return -EINVAL;
	if (strlen(app) > FILE_NAME_MAX)
		return -ENAMETOOLONG;
	out = open_memstream(&name, &size);
	if (!out)
		return -ENOMEM;
	for (const char *c = app; *c; c++) {
		if (is_plain(*c) && !(*c == '.' && c == app))
			fputc(*c, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*c);
	}
	fputs(suffix, out);
	if (!text_finish(out, &name))
		return -ENOMEM;
	if (strlen(name) > FILE_NAME_MAX) {
		free(name);
		return -ENAMETOOLONG;
	}
	*ret = name;
	return 0;
}

static int hex_digit(char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = byte ? strchr(digits, byte) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool app_of_file(const char *file, const char *suffix, char ret[NAME_MAX + 1])
{
	const size_t end = strlen(suffix);
	_cleanup_free_ char *name = NULL;
	size_t used = 0;

	if (strlen(file) > NAME_MAX)
		return false;
	for (const char *at = file; *at; at++) {
		if (at[0] == '%' && hex_digit(at[1]) >= 0 &&
		    hex_digit(at[2]) >= 0) {
			ret[used++] = (char)(hex_digit(at[1]) << 4 |
					     hex_digit(at[2]));
			at += 2;
		} else {
			ret[used++] = *at;
		}
	}
	ret[used] = '\0';
	if (used <= end || strcmp(ret + used - end, suffix) != 0)
		return false;
	ret[used - end] = '\0';
	/* Not what only looks like one. */
	return app_file_name(ret, suffix, &name) == 0 &&
	       strcmp(name, file) == 0;
}
