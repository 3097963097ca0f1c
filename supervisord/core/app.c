/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/app.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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
