/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of rules that policy files include.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/app.h"
#include "policy/parser.h"

/* As a file of that name is called: nothing that leads elsewhere. */
static bool is_name(const char *text)
{
	_cleanup_free_ char *name = NULL;

	return app_file_name(text, "", &name) == 0 && strcmp(name, text) == 0;
}

int file_include(struct parser *parser, const char *key, const char *name)
{
	struct policy_file *const file = parser->file;
	int error;

	if (strcmp(key, "include") != 0) {
		parser_complain(parser, key, "no section above",
				"[allow], [deny], [ask] or [settings] first, "
				"or include = NAME");
		return 0;
	}
	if (!is_name(name)) {
		parser_complain(parser, name, "bad name of a set",
				"letters, digits and \"+-._@\", as of "
				"sets/NAME.ini");
		return 0;
	}
	error = file->include ? file->include(file->userdata, name) : -EPERM;
	if (error == -ENOENT)
		parser_complain(parser, name, "there is no set",
				"a file sets/NAME.ini of this layer or of one "
				"below it");
	else if (error == -ELOOP)
		parser_complain(parser, name,
				"too many files that include each other, at",
				"at most 8, and none that includes itself");
	else if (error == -EPERM)
		parser_complain(parser, name, "nothing can be included here:",
				"the rules themselves");
	return error == -ENOMEM ? error : 0;
}
