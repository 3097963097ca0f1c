/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flags of calls about files, in the words of their manual pages.
 */
#pragma once

#include "operation/notif.h"

struct call;

/*
 * What a call was given, as "O_WRONLY|O_CREAT"; bits that have no name
 * are one number at the end.
 * @ret: a new string (free(3)); NULL where the call has no flags, or none is set
 * Returns: 0 or -ENOMEM.
 */
int flag_words(const struct notif *notif, char **ret);

/* The same, of a call and its flags, those that an older form implies included. */
int flag_words_of(const struct call *call, uint64_t flags, char **ret);
