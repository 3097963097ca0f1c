/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A supervisor that is only played: see played_supervisor.h. */
#include "played_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/right.h"
#include "unit.h"

struct played_supervisor kernel;

int landlock_supervisor_probe(void)
{
	return 0;
}

int landlock_supervisor_new(const struct landlock_ruleset_attr *attr)
{
	ck_assert_uint_eq(attr->handled_access_fs, RIGHTS_FS);
	ck_assert_uint_eq(attr->handled_access_net, 15);
	ck_assert_uint_eq(attr->scoped, 3);
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int landlock_supervisee_new(int supervisor, uint64_t cookie)
{
	(void)supervisor;
	(void)cookie;
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void stage(const struct rule_told *rule)
{
	ck_assert_uint_lt(kernel.staged_count, RULES);
	kernel.staged[kernel.staged_count++] = *rule;
}

int landlock_stage_beneath(int supervisor, int parent, uint64_t fs)
{
	struct rule_told rule = {.rights = fs};
	char link[64];

	(void)supervisor;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", parent);
	ck_assert_int_gt(readlink(link, rule.path, sizeof(rule.path) - 1), 0);
	stage(&rule);
	return 0;
}

int landlock_stage_port(int supervisor, uint64_t port, uint64_t net)
{
	(void)supervisor;
	stage(&(const struct rule_told){.port = port, .rights = net});
	return 0;
}

int landlock_rules_commit(int supervisor)
{
	(void)supervisor;
	memcpy(kernel.committed, kernel.staged, sizeof(kernel.staged));
	kernel.committed_count = kernel.staged_count;
	kernel.commits++;
	return 0;
}

int landlock_rules_clear(int supervisor)
{
	(void)supervisor;
	kernel.staged_count = 0;
	return 0;
}

int landlock_events_open(int supervisor)
{
	(void)supervisor;
	ck_assert_int_eq(pipe2(kernel.pipe, O_CLOEXEC | O_NONBLOCK), 0);
	return kernel.pipe[0];
}

int landlock_event_receive(int events, void *buffer, uint32_t size)
{
	const struct landlock_event *event = (const void *)kernel.event;
	char byte;
	const ssize_t count = read(events, &byte, 1);

	if (count <= 0)
		return count < 0 ? -errno : -EPIPE;
	ck_assert_uint_ge(size, sizeof(kernel.event));
	memcpy(buffer, event, sizeof(kernel.event));
	return 0;
}

int landlock_event_answer(int events, uint64_t cookie,
			  enum landlock_answer answer)
{
	(void)events;
	ck_assert_uint_eq(cookie, COOKIE);
	kernel.answer = answer;
	kernel.times++;
	return 0;
}
