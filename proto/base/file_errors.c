/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file_errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

static struct file_error *reserve(struct file_errors *errors)
{
	if (errors->count == errors->allocated) {
		const size_t allocated = errors->allocated * 2 + 4;
		struct file_error *const items =
			reallocarray(errors->items, allocated, sizeof(*items));

		if (!items)
			return NULL;
		errors->items = items;
		errors->allocated = allocated;
	}
	return &errors->items[errors->count];
}

struct file_error *file_errors_add(struct file_errors *errors, const char *file,
				   unsigned int line, const char *format, ...)
{
	const size_t max =
		errors && errors->max ? errors->max : FILE_ERRORS_MAX;
	struct file_error *error;
	va_list arguments;
	int length;

	if (!errors || errors->count > max)
		return NULL;
	error = reserve(errors);
	if (!error)
		return NULL;
	*error = (struct file_error){.file = strdup(file), .line = line};
	if (errors->count == max) {
		error->sentence = strdup("and more errors after this one");
	} else {
		va_start(arguments, format);
		length = vasprintf(&error->sentence, format, arguments);
		va_end(arguments);
		if (length < 0)
			error->sentence = NULL;
	}
	if (error->file && error->sentence) {
		errors->count++;
		return error;
	}
	free(error->file);
	free(error->sentence);
	return NULL;
}

void file_errors_finish(struct file_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		free(errors->items[i].file);
		free(errors->items[i].sentence);
	}
	free(errors->items);
	*errors = (struct file_errors){0};
}

char *file_error_format(const struct file_error *error)
{
	_cleanup_free_ char *file = escape_string(error->file);
	char *text = NULL;
	int length;

	if (!file)
		return NULL;
	if (error->line > 0)
		length = asprintf(&text, "%s:%u: %s", file, error->line,
				  error->sentence);
	else
		length = asprintf(&text, "%s: %s", file, error->sentence);
	return length < 0 ? NULL : text;
}
