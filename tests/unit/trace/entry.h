/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries that a test makes and drops.
 */
#pragma once

#include <string.h>

#include "trace/codec.h"
#include "unit.h"

#define TIME INT64_C(1795980831123457)

static inline struct trace_entry *entry_of(enum trace_event event)
{
	struct trace_entry *entry = calloc(1, sizeof(*entry));

	ck_assert_ptr_nonnull(entry);
	entry->event = event;
	entry->time = TIME;
	entry->run = strdup("0123456789abcdef");
	return entry;
}

static inline void drop(struct trace_entry *entry)
{
	trace_entry_finish(entry);
	free(entry);
}
