/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "trace/import_audit.h"
#include "trace/import_strace.h"
#include "trace/import_tracepoint.h"

struct import {
	struct import_output output;
	struct import_audit audit;
	struct import_strace *strace; /* NULL: it is another form */
};

int import_new(struct import **ret, const struct import_options *options)
{
	struct import *import = calloc(1, sizeof(*import));
	int error = 0;

	if (!import)
		return -ENOMEM;
	import->output.options = options;
	import->audit.output = &import->output;
	if (options->form == IMPORT_STRACE)
		error = import_strace_new(&import->strace, &import->output);
	if (error) {
		import_free(import);
		return error;
	}
	*ret = import;
	return 0;
}

struct import *import_free(struct import *import)
{
	if (!import)
		return NULL;
	import_audit_finish(&import->audit);
	import_strace_free(import->strace);
	free(import);
	return NULL;
}

struct import_counts import_counts(const struct import *import)
{
	return import->output.counts;
}

int import_line(struct import *import, const char *line, size_t length)
{
	_cleanup_free_ char *text = NULL;
	int result;

	import->output.counts.lines++;
	/* No record has a zero in it; what is behind one is another's. */
	text = strndup(line, length);
	if (!text)
		return -ENOMEM;
	if (import->strace)
		return import_strace_line(import->strace, text);
	result = import_tracepoint_line(&import->output, text);
	return result ? (result < 0 ? result : 0)
		      : import_audit_line(&import->audit, text);
}

int import_end(struct import *import)
{
	return import->strace ? 0 : import_audit_end(&import->audit);
}
