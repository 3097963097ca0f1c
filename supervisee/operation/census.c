/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The census of system calls: see census.h. */
#include "operation/census.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "operation/calls.h"
#include "operation/operations.h"

#define GROUP_MAX 44

struct number {
	int number;
	const char *name; /* NULL: behind the last one */
};

/* Calls that are not notified. */
struct census_group {
	enum census_class class;
	int error;
	const char *reason;
	struct number calls[GROUP_MAX];
};

#define GROUP(c, e, r, ...)                                                   \
	{                                                                     \
		.class = c, .error = e, .reason = r, .calls = { __VA_ARGS__ } \
	}
#define HARMLESS(r, ...) GROUP(CENSUS_HARMLESS, 0, r, __VA_ARGS__)
#define STATED(r, ...) GROUP(CENSUS_STATED, 0, r, __VA_ARGS__)
#define REFUSED(e, r, ...) GROUP(CENSUS_REFUSED, e, r, __VA_ARGS__)

/* clang-format off */
static const struct census_group groups[] = {
	HARMLESS("its own memory",
		{9, "mmap"}, {10, "mprotect"}, {11, "munmap"}, {12, "brk"},
		{25, "mremap"}, {67, "shmdt"}, {26, "msync"}, {27, "mincore"}, {28, "madvise"},
		{149, "mlock"}, {150, "munlock"}, {151, "mlockall"},
		{152, "munlockall"}, {216, "remap_file_pages"}, {237, "mbind"},
		{238, "set_mempolicy"}, {239, "get_mempolicy"},
		{319, "memfd_create"},
		{324, "membarrier"}, {325, "mlock2"}, {329, "pkey_mprotect"},
		{330, "pkey_alloc"}, {331, "pkey_free"}, {447, "memfd_secret"},
		{450, "set_mempolicy_home_node"}, {453, "map_shadow_stack"},
		{462, "mseal"}),

	HARMLESS("what is open",
		{0, "read"}, {1, "write"}, {3, "close"}, {5, "fstat"},
		{8, "lseek"}, {17, "pread64"}, {18, "pwrite64"}, {19, "readv"},
		{20, "writev"}, {22, "pipe"}, {32, "dup"}, {33, "dup2"},
		{40, "sendfile"}, {73, "flock"}, {74, "fsync"},
		{75, "fdatasync"}, {78, "getdents"}, {187, "readahead"},
		{206, "io_setup"}, {207, "io_destroy"}, {208, "io_getevents"},
		{209, "io_submit"}, {210, "io_cancel"}, {217, "getdents64"},
		{221, "fadvise64"}, {275, "splice"}, {276, "tee"},
		{277, "sync_file_range"}, {278, "vmsplice"}, {285, "fallocate"},
		{292, "dup3"}, {293, "pipe2"}, {295, "preadv"},
		{296, "pwritev"}, {326, "copy_file_range"}, {327, "preadv2"},
		{328, "pwritev2"}, {333, "io_pgetevents"}, {436, "close_range"},
		{242, "mq_timedsend"}, {243, "mq_timedreceive"},
		{244, "mq_notify"}, {245, "mq_getsetattr"},
		{451, "cachestat"}),

	HARMLESS("sockets that are there",
		{43, "accept"}, {45, "recvfrom"}, {47, "recvmsg"},
		{48, "shutdown"}, {51, "getsockname"}, {52, "getpeername"},
		{55, "getsockopt"}, {288, "accept4"},
		{299, "recvmmsg"}),

	HARMLESS("waiting",
		{7, "poll"}, {23, "select"}, {34, "pause"}, {35, "nanosleep"},
		{213, "epoll_create"}, {230, "clock_nanosleep"},
		{232, "epoll_wait"}, {233, "epoll_ctl"}, {253, "inotify_init"},
		{255, "inotify_rm_watch"}, {270, "pselect6"}, {271, "ppoll"},
		{281, "epoll_pwait"}, {282, "signalfd"},
		{283, "timerfd_create"}, {284, "eventfd"},
		{286, "timerfd_settime"}, {287, "timerfd_gettime"},
		{289, "signalfd4"}, {290, "eventfd2"}, {291, "epoll_create1"},
		{294, "inotify_init1"}, {441, "epoll_pwait2"}),

	HARMLESS("its own signals",
		{13, "rt_sigaction"}, {14, "rt_sigprocmask"},
		{15, "rt_sigreturn"}, {127, "rt_sigpending"},
		{128, "rt_sigtimedwait"}, {130, "rt_sigsuspend"},
		{131, "sigaltstack"}, {219, "restart_syscall"}),

	HARMLESS("time",
		{36, "getitimer"}, {37, "alarm"}, {38, "setitimer"},
		{96, "gettimeofday"}, {100, "times"}, {201, "time"},
		{222, "timer_create"}, {223, "timer_settime"},
		{224, "timer_gettime"}, {225, "timer_getoverrun"},
		{226, "timer_delete"}, {228, "clock_gettime"},
		{229, "clock_getres"}),

	HARMLESS("its own processes and threads",
		{24, "sched_yield"}, {39, "getpid"}, {57, "fork"},
		{58, "vfork"}, {60, "exit"}, {61, "wait4"}, {109, "setpgid"},
		{110, "getppid"}, {111, "getpgrp"}, {112, "setsid"},
		{121, "getpgid"}, {124, "getsid"}, {135, "personality"},
		{154, "modify_ldt"}, {158, "arch_prctl"}, {186, "gettid"},
		{202, "futex"}, {218, "set_tid_address"}, {231, "exit_group"},
		{247, "waitid"}, {273, "set_robust_list"},
		{274, "get_robust_list"}, {309, "getcpu"}, {317, "seccomp"},
		{334, "rseq"}, {335, "uretprobe"}, {336, "uprobe"},
		{434, "pidfd_open"}, {444, "landlock_create_ruleset"},
		{448, "process_mrelease"}, {449, "futex_waitv"},
		{454, "futex_wake"}, {455, "futex_wait"},
		{456, "futex_requeue"}, {459, "lsm_get_self_attr"},
		{460, "lsm_set_self_attr"}),

	HARMLESS("who it is, and its limits",
		{95, "umask"}, {97, "getrlimit"}, {98, "getrusage"},
		{102, "getuid"}, {104, "getgid"}, {107, "geteuid"},
		{108, "getegid"}, {115, "getgroups"}, {118, "getresuid"},
		{120, "getresgid"}, {125, "capget"}, {160, "setrlimit"}),

	HARMLESS("what the system is",
		{63, "uname"}, {99, "sysinfo"}, {136, "ustat"}, {139, "sysfs"},
		{146, "sched_get_priority_max"},
		{147, "sched_get_priority_min"}, {318, "getrandom"},
		{461, "lsm_list_modules"}),

	HARMLESS("writing out what is in memory",
		{162, "sync"}, {306, "syncfs"}),

	STATED("Landlock keeps nobody from reading metadata",
		{4, "stat"}, {6, "lstat"}, {21, "access"}, {89, "readlink"},
		{137, "statfs"}, {138, "fstatfs"}, {191, "getxattr"},
		{192, "lgetxattr"}, {193, "fgetxattr"}, {194, "listxattr"},
		{195, "llistxattr"}, {196, "flistxattr"}, {262, "newfstatat"},
		{267, "readlinkat"}, {269, "faccessat"},
		{303, "name_to_handle_at"}, {332, "statx"}, {439, "faccessat2"},
		{457, "statmount"}, {458, "listmount"}, {464, "getxattrat"},
		{465, "listxattrat"}, {468, "file_getattr"}),

	STATED("a directory that is entered is not read",
		{79, "getcwd"}, {80, "chdir"}, {81, "fchdir"}),

	STATED("the kernel asks its Landlock whether the process may be traced",
		{256, "migrate_pages"}, {279, "move_pages"},
		{440, "process_madvise"}),

	STATED("likewise; of all processes at once it is refused (EACCES)",
		{298, "perf_event_open"}),

	STATED("without a capability, which is taken at the start, only about quotas of its own",
		{179, "quotactl"}, {443, "quotactl_fd"}),

	STATED("needs a capability, which is taken at the start",
		{321, "bpf"}),

	STATED("useless without calls that are judged",
		{431, "fsconfig"}),

	STATED("how other processes are scheduled can be read",
		{140, "getpriority"}, {143, "sched_getparam"},
		{145, "sched_getscheduler"}, {148, "sched_rr_get_interval"},
		{204, "sched_getaffinity"}, {252, "ioprio_get"},
		{315, "sched_getattr"}),

	REFUSED(ENOSYS, "keyrings hold what the whole session has put there",
		{248, "add_key"}, {249, "request_key"}, {250, "keyctl"}),

	REFUSED(ENOSYS, "its operations pass no filter",
		{425, "io_uring_setup"}, {426, "io_uring_enter"},
		{427, "io_uring_register"}),

	REFUSED(ENOSYS, "its flags lie in memory; the C library then takes clone",
		{435, "clone3"}),

	REFUSED(ENOSYS, "it reports on files that no rule names; inotify is judged",
		{300, "fanotify_init"}, {301, "fanotify_mark"}),

	REFUSED(EPERM, "a handle leads to files past every directory",
		{304, "open_by_handle_at"}),

	REFUSED(ENOSYS, "not in this kernel, or in no kernel any more",
		{134, "uselib"}, {156, "_sysctl"}, {174, "create_module"},
		{177, "get_kernel_syms"}, {178, "query_module"},
		{180, "nfsservctl"}, {181, "getpmsg"}, {182, "putpmsg"},
		{183, "afs_syscall"}, {184, "tuxcall"}, {185, "security"},
		{205, "set_thread_area"}, {211, "get_thread_area"},
		{212, "lookup_dcookie"}, {214, "epoll_ctl_old"},
		{215, "epoll_wait_old"}, {236, "vserver"}),
};
/* clang-format on */

static const char noted[] = "noted, as what a process gives up for good, or "
			    "becomes, or whose pages it waits for";

const char *census_class_name(enum census_class class)
{
	static const char *const names[] = {
		[CENSUS_HARMLESS] = "harmless",
		[CENSUS_JUDGED] = "judged",
		[CENSUS_REFUSED] = "refused",
		[CENSUS_STATED] = "stated",
	};

	return names[class];
}

static struct census_entry entry_of(const struct call *call)
{
	const bool judges = call->operation;

	return (struct census_entry){
		.number = call->number,
		.name = call->name,
		.class = judges ? CENSUS_JUDGED : CENSUS_HARMLESS,
		.reason = judges ? call->operation->rights : noted,
	};
}

static struct census_entry entry_in(const struct census_group *group, size_t i)
{
	return (struct census_entry){
		.number = group->calls[i].number,
		.name = group->calls[i].name,
		.class = group->class,
		.error = group->error,
		.reason = group->reason,
	};
}

typedef void (*callback_fn)(const struct census_entry *entry, void *userdata);

static void each_of_reason(const char *reason, callback_fn callback,
			   void *userdata)
{
	for (size_t i = 0; i < calls_count; i++) {
		const struct census_entry entry = entry_of(&calls[i]);

		if (entry.reason && strcmp(entry.reason, reason) == 0)
			callback(&entry, userdata);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* In the order of the table, but those of one reason together. */
static void each_judged(callback_fn callback, void *userdata)
{
	for (size_t i = 0; i < calls_count; i++) {
		const struct census_entry entry = entry_of(&calls[i]);
		bool told = entry.class != CENSUS_JUDGED;

		for (size_t j = 0; !told && j < i; j++)
			told = same_text(entry_of(&calls[j]).reason,
					 entry.reason);
		if (!told && entry.reason)
			each_of_reason(entry.reason, callback, userdata);
		else if (!told) /* for whoever looks for these */
			callback(&entry, userdata);
	}
}

static void each_in_groups(enum census_class class, callback_fn callback,
			   void *userdata)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		for (size_t j = 0; groups[i].class == class && j < GROUP_MAX &&
				   groups[i].calls[j].name;
		     j++) {
			const struct census_entry entry =
				entry_in(&groups[i], j);

			callback(&entry, userdata);
		}
}

void census_each(callback_fn callback, void *userdata)
{
	each_judged(callback, userdata);
	each_in_groups(CENSUS_REFUSED, callback, userdata);
	each_in_groups(CENSUS_STATED, callback, userdata);
	each_in_groups(CENSUS_HARMLESS, callback, userdata);
	each_of_reason(noted, callback, userdata);
}

struct census_search {
	int number;
	struct census_entry *ret;
	bool found;
};

static void look_at(const struct census_entry *entry, void *userdata)
{
	struct census_search *search = userdata;

	if (search->found || entry->number != search->number)
		return;
	search->found = true;
	if (search->ret)
		*search->ret = *entry;
}

bool census_find(int number, struct census_entry *ret)
{
	struct census_search search = {.number = number, .ret = ret};

	census_each(look_at, &search);
	return search.found;
}
