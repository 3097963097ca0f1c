/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building the filters: see build.h. */
#include "seccomp/filter/build.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <linux/ioprio.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "operation/calls.h"
#include "operation/census.h"
#include "operation/membership.h"
#include "operation/notif.h"
#include "seccomp/filter/commands.h"
#include "seccomp/filter/prologue.h"
#include "seccomp/marker.h"

struct refusals {
	scmp_filter_ctx ctx;
	int error;
};

static void refuse(const struct census_entry *entry, void *userdata)
{
	struct refusals *refusals = userdata;

	if (!refusals->error && entry->class == CENSUS_REFUSED)
		refusals->error = seccomp_rule_add(
			refusals->ctx, SCMP_ACT_ERRNO((uint32_t)entry->error),
			entry->number, 0);
}

static int add_refusals(scmp_filter_ctx ctx)
{
	struct refusals refusals = {.ctx = ctx};

	census_each(refuse, &refusals);
	return refusals.error;
}

/*
 * A clone into another namespace changes identity like unshare(2); a process
 * that shares descriptors can replace them under the other's calls.
 */
static int add_clone(scmp_filter_ctx ctx)
{
	static const struct {
		uint64_t mask, value;
	} flags[] = {
		{CLONE_NEWUSER, CLONE_NEWUSER},
		{CLONE_NEWNS, CLONE_NEWNS},
		{CLONE_NEWPID, CLONE_NEWPID},
		{CLONE_NEWNET, CLONE_NEWNET},
		{CLONE_NEWIPC, CLONE_NEWIPC},
		{CLONE_NEWUTS, CLONE_NEWUTS},
		{CLONE_NEWCGROUP, CLONE_NEWCGROUP},
		{CLONE_FILES | CLONE_THREAD, CLONE_FILES},
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		int error = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SYS_clone, 1,
					     SCMP_A0(SCMP_CMP_MASKED_EQ,
						     flags[i].mask,
						     flags[i].value));

		if (error)
			return error;
	}
	return 0;
}

/* What takes capabilities away from what a thread executes next. */
static int add_prctl(scmp_filter_ctx ctx)
{
	static const unsigned int options[] = {
		PR_CAPBSET_DROP,
		PR_SET_SECUREBITS,
		PR_CAP_AMBIENT,
	};
	int error = 0;

	/* The kernel sees 32 bit of it. */
	for (size_t i = 0; !error && i < ARRAY_SIZE(options); i++)
		error = seccomp_rule_add(
			ctx, SCMP_ACT_NOTIFY, SYS_prctl, 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffff, options[i]));
	return error;
}

/*
 * The limit that marks confinements is not the program's; as it means nothing,
 * setting it has succeeded. See confinement.h.
 */
static int add_mark(scmp_filter_ctx ctx)
{
	int error = seccomp_rule_add(
		ctx, SCMP_ACT_ERRNO(0), SYS_setrlimit, 1,
		SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffff, RLIMIT_LOCKS));

	if (error)
		return error;
	return seccomp_rule_add(
		ctx, SCMP_ACT_ERRNO(0), SYS_prlimit64, 3,
		SCMP_A0(SCMP_CMP_EQ, 0),
		SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, RLIMIT_LOCKS),
		SCMP_A2(SCMP_CMP_NE, 0));
}

/* Attaching is what reaches another process, as the traced one or as the
 * tracer; the rest follows from it. */
static int add_ptrace(scmp_filter_ctx ctx)
{
	static const int requests[] = {PTRACE_ATTACH, PTRACE_SEIZE,
				       PTRACE_TRACEME};
	int error = 0;

	for (size_t i = 0; !error && i < ARRAY_SIZE(requests); i++)
		error = seccomp_rule_add(
			ctx, SCMP_ACT_NOTIFY, SYS_ptrace, 1,
			SCMP_A0(SCMP_CMP_EQ, (uint64_t)requests[i]));
	return error;
}

/* What is not about the calling thread alone: "which" and "who". */
static int add_priority(scmp_filter_ctx ctx, int number, uint64_t process)
{
	const int error = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, number, 1,
					   SCMP_A0(SCMP_CMP_NE, process));

	return error ? error
		     : seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, number, 1,
					SCMP_A1(SCMP_CMP_NE, 0));
}

/* The kernel sees 32 bit of both. */
static int add_memberships(scmp_filter_ctx ctx)
{
	int error = 0;

	for (size_t i = 0; !error && i < memberships_count; i++)
		error = seccomp_rule_add(
			ctx, SCMP_ACT_NOTIFY, SYS_setsockopt, 2,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff,
				(uint64_t)memberships[i].level),
			SCMP_A2(SCMP_CMP_MASKED_EQ, 0xffffffff,
				(uint64_t)memberships[i].option));
	return error;
}

/*
 * What sends packets by way of somebody else than whom they are for, so that
 * the peer that was asked about is not the one who is reached. To take it back,
 * with nothing, is left.
 */
static int add_routes(scmp_filter_ctx ctx)
{
	static const struct {
		int level, option;
	} routes[] = {
		{IPPROTO_IP, IP_OPTIONS},
		{IPPROTO_IPV6, IPV6_RTHDR},
		{IPPROTO_IPV6, IPV6_2292PKTOPTIONS},
	};
	int error = 0;

	for (size_t i = 0; !error && i < ARRAY_SIZE(routes); i++)
		error = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
					 SYS_setsockopt, 3,
					 SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff,
						 (uint64_t)routes[i].level),
					 SCMP_A2(SCMP_CMP_MASKED_EQ, 0xffffffff,
						 (uint64_t)routes[i].option),
					 SCMP_A4(SCMP_CMP_NE, 0));
	return error;
}

/*
 * Counting events of all processes, or of a control group's: no question
 * whether each of them may be traced is asked then.
 */
static int add_perf(scmp_filter_ctx ctx)
{
	const uint32_t action = SCMP_ACT_ERRNO(EACCES);
	const int error = seccomp_rule_add(
		ctx, action, SYS_perf_event_open, 1,
		SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, 0xffffffff));

	if (error)
		return error;
	return seccomp_rule_add(ctx, action, SYS_perf_event_open, 1,
				SCMP_A4(SCMP_CMP_MASKED_EQ,
					PERF_FLAG_PID_CGROUP,
					PERF_FLAG_PID_CGROUP));
}

/* The flags of openat2(2) lie in memory, where no filter sees add_neither(). */
static bool is_direct(const struct call *call)
{
	return call->operation && call->operation->direct &&
	       call->number != SYS_openat2;
}

/*
 * To open a file neither for reading nor for writing: Landlock has nothing
 * against it, so that no marker lets it pass.
 */
static int add_neither(scmp_filter_ctx ctx, int number, unsigned int flags)
{
	return seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, number, 1,
				SCMP_CMP(flags, SCMP_CMP_MASKED_EQ,
					 O_ACCMODE | O_PATH, O_ACCMODE));
}

static int add_openings(scmp_filter_ctx ctx)
{
	const int error = add_neither(ctx, SYS_open, 1);

	return error ? error : add_neither(ctx, SYS_openat, 2);
}

static int add_call(scmp_filter_ctx ctx, const struct call *call, bool marker)
{
	struct scmp_arg_cmp conditions[3];
	unsigned int count = 0;

	switch (call->number) {
	case SYS_open:
		conditions[count++] = SCMP_A1(SCMP_CMP_MASKED_EQ, O_PATH, 0);
		break;
	case SYS_openat:
		conditions[count++] = SCMP_A2(SCMP_CMP_MASKED_EQ, O_PATH, 0);
		break;
	case SYS_open_tree:
	case SYS_open_tree_attr:
		conditions[count++] = SCMP_A2(SCMP_CMP_MASKED_EQ,
					      OPEN_TREE_CLONE, OPEN_TREE_CLONE);
		break;
	case SYS_utimensat: /* by name, not of an open descriptor */
	case SYS_futimesat:
		conditions[count++] = SCMP_A1(SCMP_CMP_NE, 0);
		break;
	case SYS_sendto:
		conditions[count++] = SCMP_A4(SCMP_CMP_NE, 0);
		break;
	case SYS_prlimit64: /* sets another process's */
		conditions[count++] = SCMP_A0(SCMP_CMP_NE, 0);
		conditions[count++] = SCMP_A2(SCMP_CMP_NE, 0);
		break;
	case SYS_clone:
		return add_clone(ctx);
	case SYS_prctl:
		return add_prctl(ctx);
	case SYS_ptrace:
		return add_ptrace(ctx);
	case SYS_sched_setaffinity: /* of other threads */
	case SYS_sched_setscheduler:
	case SYS_sched_setparam:
	case SYS_sched_setattr:
		conditions[count++] = SCMP_A0(SCMP_CMP_NE, 0);
		break;
	case SYS_setpriority:
		return add_priority(ctx, call->number, PRIO_PROCESS);
	case SYS_ioprio_set:
		return add_priority(ctx, call->number, IOPRIO_WHO_PROCESS);
	case SYS_setsockopt:
		return add_memberships(ctx);
	case SYS_fcntl:
	case SYS_ioctl:
		return 0; /* see commands.h */
	}
	if (marker && is_direct(call))
		conditions[count++] =
			SCMP_CMP(MARKER_ARGUMENT, SCMP_CMP_NE, MARKER);
	return seccomp_rule_add_array(ctx, SCMP_ACT_NOTIFY, call->number, count,
				      conditions);
}

/*
 * Whether the kernel asks about all that a call may need. The flags of
 * openat2(2), as above, no filter sees.
 */
static bool is_asked(const struct call *call)
{
	return call->operation && call->operation->kernel_asks == RIGHTS_ALL &&
	       call->number != SYS_openat2;
}

static int add_rules(scmp_filter_ctx ctx, enum filter_kind kind)
{
	const bool marker = kind == FILTER_MARKED;
	int error = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
				     SCMP_ACT_ERRNO(ENOSYS));

	/* A tree of comparisons: calls that are not notified stay cheap. */
	if (!error)
		error = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; !error && i < calls_count; i++)
		if (kind != FILTER_BESIDE || !is_asked(&calls[i]))
			error = add_call(ctx, &calls[i], marker);
	if (!error)
		error = commands_add(ctx, marker);
	if (!error && kind != FILTER_PLAIN)
		error = add_openings(ctx);
	if (!error)
		error = add_mark(ctx);
	if (!error)
		error = add_perf(ctx);
	if (!error)
		error = add_routes(ctx);
	if (!error)
		error = add_refusals(ctx);
	return error;
}

static int add_recall_rules(scmp_filter_ctx ctx)
{
	/* What other architectures may do, the filter beneath says. */
	int error =
		seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);

	for (size_t i = 0; !error && i < calls_count; i++)
		if (is_direct(&calls[i]))
			error = seccomp_rule_add(
				ctx, SCMP_ACT_ERRNO(EACCES), calls[i].number, 1,
				SCMP_CMP(MARKER_ARGUMENT, SCMP_CMP_EQ, MARKER));
	return error;
}

/* Loading is done by hand, for flags that libseccomp does not know. */
static int export_program(scmp_filter_ctx ctx, struct sock_fprog *ret)
{
	_cleanup_fd_ int fd = memfd_create("landlord-filter", MFD_CLOEXEC);
	struct stat st;
	int error;

	if (fd < 0)
		return -errno;
	error = seccomp_export_bpf(ctx, fd);
	if (error)
		return error;
	if (fstat(fd, &st) < 0)
		return -errno;
	ret->filter = malloc((size_t)st.st_size);
	if (!ret->filter)
		return -ENOMEM;
	ret->len = (unsigned short)((size_t)st.st_size / sizeof(*ret->filter));
	if (pread(fd, ret->filter, (size_t)st.st_size, 0) != st.st_size) {
		free(ret->filter);
		return -EIO;
	}
	return 0;
}

int build_tree_filter(struct sock_fprog *ret, enum filter_kind kind)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!ctx)
		return -ENOMEM;
	error = add_rules(ctx, kind);
	if (!error)
		error = export_program(ctx, ret);
	if (!error)
		error = prologue_add(ret);
	seccomp_release(ctx);
	return error;
}

int build_recall_filter(struct sock_fprog *ret)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!ctx)
		return -ENOMEM;
	error = add_recall_rules(ctx);
	if (!error)
		error = export_program(ctx, ret);
	seccomp_release(ctx);
	return error;
}
