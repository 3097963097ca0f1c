/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags in words: see flag_words.h. */
#include "operation/flag_words.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "operation/call.h"
#include "operation/operations.h"

struct flag_word {
	uint64_t bits;
	const char *name;
};

#define WORD(flag)          \
	{                   \
		flag, #flag \
	}

/* Those of several bits come before those that they are made of. */
static const struct flag_word of_open[] = {
	WORD(O_TMPFILE), WORD(O_SYNC),	    WORD(O_CREAT),    WORD(O_EXCL),
	WORD(O_NOCTTY),	 WORD(O_TRUNC),	    WORD(O_APPEND),   WORD(O_NONBLOCK),
	WORD(O_DSYNC),	 WORD(O_DIRECTORY), WORD(O_NOFOLLOW), WORD(O_CLOEXEC),
	WORD(O_DIRECT),	 WORD(O_NOATIME),   WORD(O_PATH),
};

static const struct flag_word of_at[] = {
	WORD(AT_SYMLINK_NOFOLLOW),
	WORD(AT_SYMLINK_FOLLOW),
	WORD(AT_EMPTY_PATH),
};

static const struct flag_word of_remove[] = {
	WORD(AT_REMOVEDIR),
};

static const struct flag_word of_rename[] = {
	WORD(RENAME_NOREPLACE),
	WORD(RENAME_EXCHANGE),
	WORD(RENAME_WHITEOUT),
};

static void put(FILE *out, const char *word)
{
	fprintf(out, "%s%s", ftell(out) > 0 ? "|" : "", word);
}

static void put_words(FILE *out, uint64_t flags, const struct flag_word *words,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((flags & words[i].bits) != words[i].bits)
			continue;
		put(out, words[i].name);
		flags &= ~words[i].bits;
	}
	if (flags) {
		char number[24];

		snprintf(number, sizeof(number), "0x%" PRIx64, flags);
		put(out, number);
	}
}

static void put_open(FILE *out, uint64_t flags)
{
	static const char *const modes[] = {"O_RDONLY", "O_WRONLY", "O_RDWR",
					    "3"};
	/* What the C library adds by itself on 64 bits; it changes nothing. */
	const uint64_t large = 0100000;

	put(out, modes[flags & O_ACCMODE]);
	put_words(out, flags & ~(O_ACCMODE | large), of_open,
		  ARRAY_SIZE(of_open));
}

int flag_words(const struct notif *notif, char **ret)
{
	const struct call *call = notif->call;
	const bool opens = call->operation == &operation_open;

	return flag_words_of(
		call,
		opens ? notif->flags
		      : notif_argument(notif, call->flags, call->implied_flags),
		ret);
}

int flag_words_of(const struct call *call, uint64_t flags, char **ret)
{
	const struct operation *operation = call->operation;
	size_t length;
	FILE *out;

	*ret = NULL;
	if (operation != &operation_open && !flags)
		return 0;
	out = open_memstream(ret, &length);
	if (!out)
		return -ENOMEM;
	if (operation == &operation_open)
		put_open(out, flags);
	else if (operation == &operation_remove)
		put_words(out, flags, of_remove, ARRAY_SIZE(of_remove));
	else if (operation == &operation_rename)
		put_words(out, flags, of_rename, ARRAY_SIZE(of_rename));
	else
		put_words(out, flags, of_at, ARRAY_SIZE(of_at));
	if (fclose(out) == EOF) {
		free(*ret);
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}
