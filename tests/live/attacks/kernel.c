/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks by system calls that hardly any program makes. */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <linux/quota.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/acct.h>
#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#define SYS_uselib_x86_64 134
#define X32 0x40000000

/* What fails with ENOSYS whatever its arguments are. */
static int none(const char *what, long result)
{
	if (result < 0 && errno == ENOSYS)
		return 0;
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
	return 1;
}

/* no_call FILE: calls that there are none of. */
static int no_call(char **arguments)
{
	uint64_t zeros[16] = {[4] = SIGCHLD};
	int found = 0;

	found |= none("io_uring_setup", syscall(SYS_io_uring_setup, 4, zeros));
	found |= none("io_uring_enter",
		      syscall(SYS_io_uring_enter, 0, 1, 0, 0, NULL, 0));
	found |= none("io_uring_register",
		      syscall(SYS_io_uring_register, -1, 0, NULL, 0));
	found |= none("clone3", syscall(SYS_clone3, zeros, 64UL));
	found |= none("fanotify_init", syscall(SYS_fanotify_init, 0, 0));
#ifdef __x86_64__
	found |= none("uselib", syscall(SYS_uselib_x86_64, arguments[0]));
	found |= none("x32 open", syscall(X32 + SYS_open, arguments[0], 0));
	found |= none("x32 openat", syscall(X32 + SYS_openat, AT_FDCWD,
					    arguments[0], O_RDONLY));
	found |= none("x32 execve", syscall(X32 + 520, arguments[0], 0, 0));
	found |= none("x32 getpid", syscall(X32 + SYS_getpid));
#else
	(void)arguments;
#endif
	return found;
}

static int not_done(const char *what, long result)
{
	return result < 0 ? refused(what) : hole(what);
}

/* administer FILE: what changes or watches the whole machine. */
static int administer(char **arguments)
{
	struct perf_event_attr counter = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(counter),
		.config = PERF_COUNT_SW_CPU_CLOCK,
	};
	union {
		uint32_t words[4]; /* BPF_MAP_CREATE of an array */
		char bytes[128];
	} map = {{2, 4, 4, 1}};
	struct dqblk quota;
	int found = 0;

	found |= not_done("swapon", swapon(arguments[0], 0));
	found |= not_done("acct", acct(arguments[0]));
	found |= not_done("acct, off", acct(NULL));
	found |= not_done("quotactl", quotactl(QCMD(Q_QUOTAON, USRQUOTA), "/",
					       QFMT_VFS_V1, arguments[0]));
	found |= not_done(
		"quotactl, to set",
		quotactl(QCMD(Q_SETQUOTA, USRQUOTA), "/", 0, (char *)&quota));
	found |= not_done("bpf", syscall(SYS_bpf, 0, map.words, sizeof(map)));
	/* Of all that runs on a processor, and of another process. */
	found |= not_done("perf_event_open",
			  syscall(SYS_perf_event_open, &counter, -1, 0, -1, 0));
	found |= not_done(
		"perf_event_open of a process",
		syscall(SYS_perf_event_open, &counter, getppid(), -1, -1, 0));
	return found;
}

static int reads(const char *what, int directory, const char *path)
{
	char byte;
	const int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &byte, 1) == 1 ? hole(what) : refused(what);
}

/* What a namespace of its own lets a program do with mounts. */
static int mounts_in_own(const char *file)
{
	char directory[4096], *slash;
	int tree, found = 0;

	snprintf(directory, sizeof(directory), "%s", file);
	slash = strrchr(directory, '/');
	*slash = '\0';
	found |= not_done("mount of tmpfs",
			  mount("none", "/usr/share", "tmpfs", 0, NULL));
	found |= not_done("mount to bind",
			  mount(directory, "/usr/share", NULL, MS_BIND, NULL));
	found |= not_done("mount of proc",
			  mount("none", "/proc", "proc", 0, NULL));
	found |= not_done("mount to make it private",
			  mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	found |= not_done("open_tree", tree);
	found |= reads("open_tree", tree, slash + 1);
	found |= not_done("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
	found |= not_done("fspick", syscall(SYS_fspick, AT_FDCWD, "/", 0));
	found |= not_done("umount", umount2("/proc", MNT_DETACH));
	return found | not_done("pivot_root",
				syscall(SYS_pivot_root, directory, directory));
}

/* own_namespace FORBIDDEN: where all capabilities are the program's. */
static int own_namespace(char **arguments)
{
	int found = 0;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS))
		return 77;
	found |= reads("open", AT_FDCWD, arguments[0]);
	found |= mounts_in_own(arguments[0]);
	found |= not_done("sethostname", sethostname("other", 5));
	found |= not_done("setdomainname", setdomainname("other", 5));
	found |= not_done("raw socket", socket(AF_INET, SOCK_RAW, 1));
	found |= not_done("raw socket 6", socket(AF_INET6, SOCK_RAW, 58));
	found |= not_done("packet socket", socket(AF_PACKET, SOCK_RAW, 0));
	return found | not_done("chroot", chroot("/usr"));
}

/* Arguments that nobody expects; each is as likely in each place. */
static long odd(uint32_t *seed)
{
	static const long values[] = {
		0,
		1,
		-1,
		-2,
		8,
		4095,
		4096,
		AT_FDCWD,
		INT32_MIN,
		INT32_MAX,
		INT64_MIN,
		INT64_MAX,
		0xffffffff,
		0x100000000,
		0x7ffffffff000,
		(long)0xffffffff80000000,
		(long)0x8000000000000000,
		3,
		1000,
	};
	static char bytes[4][4096];

	*seed = *seed * 1103515245 + 12345;
	if (*seed >> 30 == 3) {
		char *page = bytes[*seed >> 28 & 3];

		/* Lengths and pointers within what is pointed to, too. */
		for (size_t i = 0; i < 64; i++) {
			const long word = (*seed >> (i % 24) & 1)
						  ? (long)page
						  : values[(*seed >> 8) % 19];

			memcpy(page + 8 * i, &word, sizeof(word));
		}
		return (long)(page + (*seed >> 27 & 1 ? 4088 : 0));
	}
	return values[(*seed >> 16) % (sizeof(values) / sizeof(*values))];
}

/* Nothing that ends the program, waits, or makes many others. */
static const long judged[] = {
	SYS_open,
	SYS_openat,
	SYS_openat2,
	SYS_creat,
	SYS_execve,
	SYS_execveat,
	SYS_mkdirat,
	SYS_mknodat,
	SYS_symlinkat,
	SYS_linkat,
	SYS_unlinkat,
	SYS_renameat2,
	SYS_rename,
	SYS_truncate,
	SYS_ftruncate,
	SYS_fchmodat,
	SYS_chmod,
	SYS_fchownat,
	SYS_utimensat,
	SYS_setxattr,
	SYS_fsetxattr,
	SYS_removexattr,
	SYS_inotify_add_watch,
	SYS_ioctl,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_sendto,
	SYS_sendmsg,
	SYS_sendmmsg,
	SYS_socket,
	SYS_socketpair,
	SYS_setsockopt,
	SYS_fcntl,
	SYS_prlimit64,
	SYS_shmget,
	SYS_shmctl,
	SYS_semget,
	SYS_semctl,
	SYS_semtimedop,
	SYS_msgget,
	SYS_msgctl,
	SYS_mq_open,
	SYS_mq_unlink,
	SYS_setns,
	SYS_kcmp,
	SYS_process_vm_readv,
	SYS_pidfd_getfd,
	SYS_pidfd_send_signal,
	SYS_sched_setattr,
	SYS_sched_setaffinity,
	SYS_setpriority,
	SYS_ioprio_set,
	SYS_landlock_add_rule,
	SYS_landlock_restrict_self,
	SYS_landlock_create_ruleset,
	SYS_seccomp,
	SYS_chroot,
	SYS_mount,
	SYS_move_mount,
	SYS_open_tree,
	SYS_mount_setattr,
	SYS_fsopen,
	SYS_name_to_handle_at,
	SYS_open_by_handle_at,
	SYS_fanotify_mark,
};

/* odd_arguments SEED: of every call that is judged. */
static int odd_arguments(char **arguments)
{
	uint32_t seed = (uint32_t)strtoul(arguments[0], NULL, 10);
	const size_t count = sizeof(judged) / sizeof(*judged);
	int status, reached = 0;

	for (size_t round = 0; round < 40; round++) {
		/* One that ends by what it did is no matter. */
		const pid_t pid = fork();

		if (pid == 0) {
			alarm(20);
			for (size_t i = 0; i < count; i++) {
				seed += (uint32_t)(round << 8) + 1;
				syscall(judged[i], odd(&seed), odd(&seed),
					odd(&seed), odd(&seed), odd(&seed),
					odd(&seed));
			}
			_exit(0);
		}
		if (waitpid(pid, &status, 0) == pid && WIFEXITED(status))
			reached++;
	}
	printf("%d of 40 reached their end\n", reached);
	return reached ? 0 : 1;
}

/* More than any machine has: that is no shortage of the supervisor's. */
static int huge_segment(char **arguments)
{
	(void)arguments;
	if (shmget(IPC_PRIVATE, (size_t)1 << 46, IPC_CREAT | 0600) >= 0)
		return hole("a segment of 64 TiB");
	return errno == ENOMEM ? refused("shmget") : (perror("shmget"), 1);
}

const struct attack attacks_by_calls[] = {
	{"huge_segment", huge_segment},	  {"no_call", no_call},
	{"administer", administer},	  {"own_namespace", own_namespace},
	{"odd_arguments", odd_arguments}, {NULL, NULL},
};
