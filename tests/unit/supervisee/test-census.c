/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the census says of each system call, and what the filters do with it.
 */
#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "operation/calls.h"
#include "operation/census.h"
#include "operation/flags.h"
#include "operation/notif.h"
#include "seccomp/filter/filter.h"
#include "seccomp/marker.h"
#include "unit.h"

#define HEADER "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
#define NUMBERS 512 /* that are tried */

/* What a program of classic BPF comes to; the kernel's own rules. */
static uint32_t run(const struct sock_fprog *filter,
		    const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t at = 0; at < filter->len; at++) {
		const struct sock_filter *item = &filter->filter[at];
		bool holds = false;

		switch (item->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + item->k, sizeof(a));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= item->k;
			continue;
		case BPF_ALU | BPF_RSH | BPF_K:
			a >>= item->k;
			continue;
		case BPF_JMP | BPF_JA:
			at += item->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			holds = a == item->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			holds = a > item->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			holds = a >= item->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			holds = a & item->k;
			break;
		case BPF_RET | BPF_K:
			return item->k;
		default:
			ck_abort_msg("instruction %#x", item->code);
		}
		at += holds ? item->jt : item->jf;
	}
	ck_abort_msg("no end");
}

/* Calls back with arguments by which a filter could tell one from another. */
static void each_arguments(int number,
			   void (*look)(const struct seccomp_data *data,
					void *userdata),
			   void *userdata)
{
	static const uint64_t others[] = {0, 41, UINT64_MAX};
	static const uint64_t values[] = {
		UINT64_MAX,    CLONE_NEWUSER, CLONE_NEWNS, CLONE_FILES,
		PTRACE_ATTACH, PTRACE_SEIZE,  FIOSETOWN,   SIOCSPGRP,
		TIOCSTI,       0x40086602,    MARKER,	   O_PATH,
		O_RDWR,	       0xffffffffULL, 1ULL << 32,  0x80000000ULL,
	};
	struct seccomp_data data = {.nr = number, .arch = AUDIT_ARCH_X86_64};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		for (size_t at = 0; at < 3; at++)
			for (size_t j = 0; j < ARRAY_SIZE(values) + 64; j++) {
				for (size_t k = 0; k < 6; k++)
					data.args[k] = others[i];
				data.args[at] = j < 64 ? j : values[j - 64];
				look(&data, userdata);
			}
}

struct seen {
	const struct sock_fprog *filter;
	struct census_entry entry;
	bool known, trapped;
};

static void look(const struct seccomp_data *data, void *userdata)
{
	struct seen *seen = userdata;
	const struct census_entry *entry = &seen->entry;
	const uint32_t action = run(seen->filter, data);

	seen->trapped = seen->trapped || action == SECCOMP_RET_USER_NOTIF;
	if (!seen->known)
		ck_assert_msg(action == (SECCOMP_RET_ERRNO | ENOSYS),
			      "%d is unknown, and gets %#x", data->nr, action);
	else if (entry->class == CENSUS_REFUSED)
		ck_assert_msg(
			action == (SECCOMP_RET_ERRNO | (uint32_t)entry->error),
			"%s is refused, and gets %#x", entry->name, action);
	else if (entry->class == CENSUS_STATED)
		ck_assert_msg(action == SECCOMP_RET_ALLOW ||
				      (data->nr == SYS_perf_event_open &&
				       action == (SECCOMP_RET_ERRNO | EACCES)),
			      "%s gets %#x", entry->name, action);
	else /* ERRNO with 0: the mark that confinements have */
		ck_assert_msg(action == SECCOMP_RET_ALLOW ||
				      action == SECCOMP_RET_ERRNO ||
				      action == SECCOMP_RET_USER_NOTIF ||
				      ((data->nr == SYS_ioctl ||
					data->nr == SYS_setsockopt) &&
				       action == (SECCOMP_RET_ERRNO | EPERM)) ||
				      (data->nr == SYS_fcntl &&
				       action == (SECCOMP_RET_ERRNO | EINVAL)),
			      "%s gets %#x", entry->name, action);
}

#define KINDS 3 /* of filters of a tree */

static bool kernel_asks_all(int number)
{
	const struct call *call = call_find(number);

	return call && call->operation && number != SYS_openat2 &&
	       call->operation->kernel_asks == RIGHTS_ALL;
}

START_TEST(filters_do_what_is_said)
{
	for (int i = 0; i < KINDS * NUMBERS; i++) {
		const enum filter_kind kind = (enum filter_kind)(i % KINDS);
		struct seen seen = {.filter = filter_of_tree(kind)};

		seen.known = census_find(i / KINDS, &seen.entry);
		each_arguments(i / KINDS, look, &seen);
		ck_assert_msg(!seen.known ||
				      seen.entry.class != CENSUS_JUDGED ||
				      seen.trapped ||
				      (kind == FILTER_BESIDE &&
				       kernel_asks_all(i / KINDS)),
			      "%s never traps", seen.entry.name);
	}
}
END_TEST

/* But for what Landlock has nothing against: to open for nothing. */
static void asked(const struct seccomp_data *data, void *userdata)
{
	const bool open = data->nr == SYS_open || data->nr == SYS_openat;
	const uint64_t flags = data->args[data->nr == SYS_open ? 1 : 2];

	(void)userdata;
	ck_assert_uint_eq(run(filter_of_tree(FILTER_BESIDE), data),
			  open && (flags & (O_ACCMODE | O_PATH)) == O_ACCMODE
				  ? SECCOMP_RET_USER_NOTIF
				  : SECCOMP_RET_ALLOW);
}

START_TEST(what_the_kernel_asks_about_does_not_trap)
{
	unsigned int count = 0;

	for (int i = 0; i < NUMBERS; i++)
		if (kernel_asks_all(i)) {
			each_arguments(i, asked, NULL);
			count++;
		}
	ck_assert_uint_ge(count, 20);
	ck_assert(kernel_asks_all(SYS_execve));
	ck_assert(!kernel_asks_all(SYS_chmod));
	ck_assert(!kernel_asks_all(SYS_connect));
}
END_TEST

static void refused(const struct seccomp_data *data, void *userdata)
{
	ck_assert_uint_eq(run(userdata, data), SECCOMP_RET_ERRNO | ENOSYS);
}

START_TEST(other_abis_are_refused)
{
	for (int i = 0; i < KINDS * NUMBERS; i++) {
		const struct sock_fprog *filter =
			filter_of_tree((enum filter_kind)(i % KINDS));
		const int number = i / KINDS;
		struct seccomp_data data = {.nr = number,
					    .arch = AUDIT_ARCH_I386};

		refused(&data, (void *)(uintptr_t)filter);
		data.arch = AUDIT_ARCH_X86_64;
		data.nr |= 0x40000000; /* x32 */
		refused(&data, (void *)(uintptr_t)filter);
	}
}
END_TEST

static void expect_commands(const struct sock_fprog *filter, uint64_t high,
			    bool marked)
{
	struct seccomp_data data = {.nr = SYS_ioctl, .arch = AUDIT_ARCH_X86_64};

	data.args[MARKER_ARGUMENT] = marked ? MARKER : 0;
	for (unsigned int low = 0; low <= 0xffff; low++) {
		const unsigned int command = (unsigned int)high | low;
		uint32_t action;

		data.args[1] = high | low;
		action = run(filter, &data);
		if (flags_concern(command))
			ck_assert_uint_eq(action, SECCOMP_RET_USER_NOTIF);
		/* Nothing else but who gets signals. */
		else if (marked && command != FIOSETOWN && command != SIOCSPGRP)
			ck_assert_uint_ne(action, SECCOMP_RET_USER_NOTIF);
	}
}

START_TEST(commands_of_file_systems_trap)
{
	static const uint64_t high[] = {0, 0xdeadbeef40080000};

	for (size_t i = 0; i < ARRAY_SIZE(high); i++) {
		expect_commands(filter_of_tree(FILTER_PLAIN), high[i], false);
		expect_commands(filter_of_tree(FILTER_MARKED), high[i], false);
		expect_commands(filter_of_tree(FILTER_MARKED), high[i], true);
		expect_commands(filter_of_tree(FILTER_BESIDE), high[i], true);
	}
	ck_assert(flags_concern(0x40086602));  /* chattr */
	ck_assert(!flags_concern(0x80086601)); /* lsattr */
	ck_assert(!flags_concern(0x40049409)); /* cp --reflink */
	ck_assert(!flags_concern(TCGETS));
}
END_TEST

/* What no other process is asked about. */
START_TEST(events_of_all_processes_are_refused)
{
	struct seccomp_data data = {.nr = SYS_perf_event_open,
				    .arch = AUDIT_ARCH_X86_64};

	for (int i = 0; i < KINDS; i++) {
		const struct sock_fprog *filter =
			filter_of_tree((enum filter_kind)i);

		data.args[1] = 0;
		data.args[4] = 0;
		ck_assert_uint_eq(run(filter, &data), SECCOMP_RET_ALLOW);
		data.args[1] = 0xdead00000000 | UINT32_MAX;
		ck_assert_uint_eq(run(filter, &data),
				  SECCOMP_RET_ERRNO | EACCES);
		data.args[1] = 5;
		data.args[4] = 4 | 8; /* a control group */
		ck_assert_uint_eq(run(filter, &data),
				  SECCOMP_RET_ERRNO | EACCES);
	}
}
END_TEST

struct tally {
	unsigned int times[NUMBERS];
};

static void count(const struct census_entry *entry, void *userdata)
{
	struct tally *tally = userdata;

	ck_assert_int_ge(entry->number, 0);
	ck_assert_int_le(entry->number, CENSUS_LAST);
	ck_assert_msg(entry->reason, "%s has no reason", entry->name);
	ck_assert_msg(!tally->times[entry->number]++, "%s is there twice",
		      entry->name);
}

START_TEST(every_call_is_there_once)
{
	struct tally tally = {0};

	census_each(count, &tally);
	for (int number = 0; number <= CENSUS_LAST; number++)
		ck_assert_msg(tally.times[number] ||
				      (number > 336 && number < 424),
			      "%d is missing", number);
}
END_TEST

/* The system's own names of as many as it knows. */
START_TEST(names_are_the_systems)
{
	FILE *header = fopen(HEADER, "re");
	struct census_entry entry;
	char line[256], name[128];
	int number;

	while (header && fgets(line, sizeof(line), header)) {
		if (sscanf(line, "#define __NR_%127s %d", name, &number) != 2)
			continue;
		ck_assert_msg(census_find(number, &entry), "%s is missing",
			      name);
		ck_assert_str_eq(entry.name, name);
	}
	if (header)
		fclose(header);
}
END_TEST

UNIT_MAIN("census", filters_do_what_is_said,
	  what_the_kernel_asks_about_does_not_trap, other_abis_are_refused,
	  commands_of_file_systems_trap, events_of_all_processes_are_refused,
	  every_call_is_there_once, names_are_the_systems);
