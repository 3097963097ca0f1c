/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a filter looks at first: see prologue.h. */
#include "seccomp/filter/prologue.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "operation/census.h"
#include "operation/flags.h"

#define LENGTH_MAX 200 /* a jump reaches over 255 */

/* Jumps with this offset go to the filter behind. */
#define LEAVE 0xff

struct prologue {
	struct sock_filter items[LENGTH_MAX];
	size_t count;
};

static void add(struct prologue *prologue, uint16_t code, uint32_t k,
		uint8_t jt, uint8_t jf)
{
	if (prologue->count < LENGTH_MAX)
		prologue->items[prologue->count] =
			(struct sock_filter){code, jt, jf, k};
	prologue->count++;
}

static void load(struct prologue *prologue, size_t offset)
{
	add(prologue, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void jump(struct prologue *prologue, uint16_t test, uint32_t k,
		 uint8_t jt, uint8_t jf)
{
	add(prologue, BPF_JMP | test | BPF_K, k, jt, jf);
}

static void finish(struct prologue *prologue, uint32_t action)
{
	add(prologue, BPF_RET | BPF_K, action, 0, 0);
}

/* With the number loaded. */
static void refuse_unknown(struct prologue *prologue)
{
	const uint32_t action = SECCOMP_RET_ERRNO | ENOSYS;

	for (int first = 0; first <= CENSUS_LAST; first++) {
		int end = first;

		while (end <= CENSUS_LAST && !census_find(end, NULL))
			end++;
		if (end == first)
			continue;
		jump(prologue, BPF_JGE, (uint32_t)first, 0, 2);
		jump(prologue, BPF_JGE, (uint32_t)end, 1, 0);
		finish(prologue, action);
		first = end;
	}
	jump(prologue, BPF_JGT, CENSUS_LAST, 0, 1);
	finish(prologue, action);
}

/* With the number loaded. */
static void notif_commands(struct prologue *prologue)
{
	jump(prologue, BPF_JEQ, SYS_ioctl, 0, LEAVE);
	load(prologue, offsetof(struct seccomp_data, args[1]));
	add(prologue, BPF_ALU | BPF_AND | BPF_K, 0xffff, 0, 0);
	for (size_t i = 0; i < flags_harmless_count; i++)
		jump(prologue, BPF_JEQ, flags_harmless[i], LEAVE, 0);
	add(prologue, BPF_ALU | BPF_RSH | BPF_K, 8, 0, 0);
	for (size_t i = 0; i < flags_letters_count; i++) {
		jump(prologue, BPF_JEQ, flags_letters[i], 0, 1);
		finish(prologue, SECCOMP_RET_USER_NOTIF);
	}
}

/* To the instruction behind the last one. */
static void settle_jumps(struct prologue *prologue)
{
	for (size_t i = 0; i < prologue->count; i++) {
		struct sock_filter *item = &prologue->items[i];
		const uint8_t rest = (uint8_t)(prologue->count - i - 1);

		if (BPF_CLASS(item->code) != BPF_JMP)
			continue;
		if (item->jt == LEAVE)
			item->jt = rest;
		if (item->jf == LEAVE)
			item->jf = rest;
	}
}

int prologue_add(struct sock_fprog *filter)
{
	struct prologue prologue = {.count = 0};
	struct sock_filter *joined;
	size_t count;

	load(&prologue, offsetof(struct seccomp_data, arch));
	jump(&prologue, BPF_JEQ, AUDIT_ARCH_X86_64, 0, LEAVE);
	load(&prologue, offsetof(struct seccomp_data, nr));
	/* A tracer's way to have no call made at all. */
	jump(&prologue, BPF_JEQ, UINT32_MAX, LEAVE, 0);
	refuse_unknown(&prologue);
	notif_commands(&prologue);
	count = prologue.count + filter->len;
	if (prologue.count > LENGTH_MAX || count > BPF_MAXINSNS)
		return -E2BIG;
	settle_jumps(&prologue);
	joined = malloc(count * sizeof(*joined));
	if (!joined)
		return -ENOMEM;
	memcpy(joined, prologue.items, prologue.count * sizeof(*joined));
	memcpy(joined + prologue.count, filter->filter,
	       filter->len * sizeof(*joined));
	free(filter->filter);
	filter->filter = joined;
	filter->len = (unsigned short)count;
	return 0;
}
