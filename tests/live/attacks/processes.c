/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks on other processes, and by what a process has become. */
#include <dirent.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "attack.h"

/* A file that becomes readable kills whoever it has been given to. */
static int file_owner(char **arguments)
{
	const pid_t target = atoi(arguments[0]);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 77;
	if (fcntl(pair[0], F_SETOWN, target) < 0)
		return refused("to own a file for others");
	if (fcntl(pair[0], F_SETSIG, SIGKILL) < 0 ||
	    fcntl(pair[0], F_SETFL, O_ASYNC) < 0)
		return refused("to have a signal sent");
	(void)!write(pair[1], "x", 1);
	return hole("another program owns a file, and is killed");
}

static int file_owner_own(char **arguments)
{
	int pair[2];

	(void)arguments;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 77;
	if (fcntl(pair[0], F_SETOWN, getpid()) < 0 ||
	    fcntl(pair[0], F_GETOWN) != getpid()) {
		perror("F_SETOWN for itself");
		return 1;
	}
	return 0;
}

/* No time to run is as good as a signal. */
static int limit_other(char **arguments)
{
	const struct rlimit none = {0, 0};

	if (prlimit(atoi(arguments[0]), RLIMIT_CPU, &none, NULL) < 0 &&
	    errno == EPERM)
		return refused("to limit another program");
	return hole("to limit another program");
}

/* Its own processes may be limited, and their limits are told. */
static int limit_own(char **arguments)
{
	const struct rlimit limit = {100, 200};
	struct rlimit former, now;
	const pid_t pid = fork();
	int result;

	(void)arguments;
	if (pid == 0) {
		pause();
		_exit(0);
	}
	result = prlimit(pid, RLIMIT_NOFILE, &limit, &former) < 0 ||
		 prlimit(pid, RLIMIT_NOFILE, NULL, &now) < 0 ||
		 now.rlim_cur != 100 || now.rlim_max != 200 ||
		 former.rlim_max < 200;
	if (result)
		perror("prlimit");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return result;
}

static int terminal_input(char **arguments)
{
	(void)arguments;
	if (ioctl(0, TIOCSTI, "x") < 0 && errno == EPERM)
		return refused("to type into a terminal");
	return hole("to type into a terminal");
}

/* Numbers of processes mean others in another pid namespace. */
static int foreign_pid(char **arguments)
{
	const pid_t target = atoi(arguments[0]);
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWPID) < 0)
		return 77;
	pid = fork();
	if (pid == 0)
		exit(!kill(target, SIGTERM) ? hole("kill of a number")
					    : refused("kill of a number"));
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/*
 * Other children of the parent, where there is nothing but the supervisor, that
 * wait for something.
 */
static int siblings(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (processes && (entry = readdir(processes))) {
		char path[300];
		int parent = 0;
		char state = 0;
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		stat = fopen(path, "re");
		if (stat && atoi(entry->d_name) > 0 &&
		    atoi(entry->d_name) != getpid() &&
		    fscanf(stat, "%*d %*s %c %d", &state, &parent) == 2 &&
		    parent == getppid() && state == 'S')
			count++;
		if (stat)
			fclose(stat);
	}
	if (processes)
		closedir(processes);
	return count;
}

/* Killed while somebody else opens a pipe for it, as who it has become. */
static int killed_waiting(char **arguments)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (setuid(65534) < 0)
			exit(77);
		open(arguments[0], O_RDONLY);
		exit(1);
	}
	/* It has ended, or somebody opens the pipe. */
	while (!waitpid(pid, &status, WNOHANG) && !siblings())
		;
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	while (siblings())
		; /* Who waits for ever makes us do so, too. */
	return 0;
}

/*
 * sibling FORBIDDEN: a child of who decides, not of the program. It is held as
 * the program is, and how it ends is nobody's status.
 */
static int sibling(char **arguments)
{
	int channel[2];
	char result = 2;
	long pid;

	if (pipe(channel) < 0)
		return perror("pipe"), 1;
	pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		result = open(arguments[0], O_RDONLY) >= 0;
		(void)!write(channel[1], &result, 1);
		_exit(3);
	}
	close(channel[1]);
	if (pid < 0 || read(channel[0], &result, 1) != 1)
		return perror("clone"), 1;
	return result ? hole("opened by a child of the supervisor")
		      : refused("to open it");
}

/* What the next program may not do, the supervisor must not do for it. */
static int drop_capabilities(char **arguments)
{
	char *const cat[] = {"/bin/cat", arguments[1], NULL};
	char *const nothing[] = {NULL};

	if (strcmp(arguments[0], "bounding") == 0)
		for (int i = 0; prctl(PR_CAPBSET_READ, i) >= 0; i++)
			prctl(PR_CAPBSET_DROP, i);
	else if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT) < 0)
		return 77;
	execve(cat[0], cat, nothing);
	return 77;
}

/* Into a process that is not of the tree, by all ways but files. */
static int reach(char **arguments)
{
	const pid_t target = atoi(arguments[0]);
	const int pidfd = (int)syscall(SYS_pidfd_open, target, 0);
	char bytes[16];
	struct iovec local = {bytes, sizeof(bytes)};
	struct iovec remote = {(void *)0x400000, sizeof(bytes)};
	int found = 0;

	if (!ptrace(PTRACE_ATTACH, target, 0, 0) ||
	    !ptrace(PTRACE_SEIZE, target, 0, 0))
		found |= hole("ptrace");
	if (process_vm_readv(target, &local, 1, &remote, 1, 0) >= 0 ||
	    errno != EPERM)
		found |= hole("process_vm_readv");
	if (process_vm_writev(target, &local, 1, &remote, 1, 0) >= 0 ||
	    errno != EPERM)
		found |= hole("process_vm_writev");
	if (pidfd < 0 || syscall(SYS_pidfd_getfd, pidfd, 0, 0) >= 0 ||
	    errno != EPERM)
		found |= hole("pidfd_getfd");
	if (syscall(SYS_kcmp, getpid(), target, 0, 0, 0) >= 0 || errno != EPERM)
		found |= hole("kcmp");
	if (syscall(SYS_kcmp, target, getpid(), 0, 0, 0) >= 0 || errno != EPERM)
		found |= hole("kcmp");
	return found;
}

/* Prints what becomes of a signal, number 0, in each way to send one. */
static int every_signal(char **arguments)
{
	const pid_t target = atoi(arguments[0]);
	const int pidfd = (int)syscall(SYS_pidfd_open, target, 0);
	siginfo_t info = {.si_code = SI_QUEUE};
	const struct {
		const char *name;
		long error;
	} ways[] = {
		{"kill", kill(target, 0) ? errno : 0},
		{"tkill", syscall(SYS_tkill, target, 0) ? errno : 0},
		{"tgkill", syscall(SYS_tgkill, target, target, 0) ? errno : 0},
		{"rt_sigqueueinfo",
		 syscall(SYS_rt_sigqueueinfo, target, 0, &info) ? errno : 0},
		{"pidfd_send_signal",
		 syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) ? errno : 0},
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		printf("%s %s\n", ways[i].name,
		       ways[i].error ? strerrorname_np((int)ways[i].error)
				     : "ok");
	return 0;
}

const struct attack attacks_by_processes[] = {
	{"every_signal", every_signal},
	{"reach", reach},
	{"sibling", sibling},
	{"limit_other", limit_other},
	{"limit_own", limit_own},
	{"drop_capabilities", drop_capabilities},
	{"file_owner", file_owner},
	{"file_owner_own", file_owner_own},
	{"terminal_input", terminal_input},
	{"foreign_pid", foreign_pid},
	{"killed_waiting", killed_waiting},
	{NULL, NULL},
};
