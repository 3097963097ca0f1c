/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attacks NAME [ARGUMENT...]: tries to do what nobody has allowed. Exit status
 * 0: it was refused; 1: it was not, and a line says so; 77: it cannot be tried
 * here.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/securebits.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static int refused(const char *what)
{
	printf("refused: %s: %s\n", what, strerror(errno));
	return 0;
}

static int hole(const char *what)
{
	printf("hole: %s\n", what);
	return 1;
}

/* TCP Fast Open connects while it sends. Nothing listens at port 1. */
static int fast_open(char **arguments)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(1),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct iovec piece = {"x", 1};
	const struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = sizeof(address),
		.msg_iov = &piece,
		.msg_iovlen = 1,
	};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)arguments;
	if (sendmsg(fd, &message, MSG_FASTOPEN | MSG_NOSIGNAL) < 0 &&
	    errno == EACCES)
		return refused("sendmsg that connects");
	return hole("sendmsg that connects");
}

/* An IPv4 socket takes an address of no family for one of its own. */
static int no_family(char **arguments)
{
	struct sockaddr_in address = {
		.sin_family = AF_UNSPEC,
		.sin_port = htons(29999),
	};
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

	(void)arguments;
	for (size_t i = 0; i < 2; i++) {
		const int fd = socket(AF_INET, types[i] | SOCK_CLOEXEC, 0);

		if (!bind(fd, (struct sockaddr *)&address, sizeof(address)))
			return hole("bind to an address of no family");
		if (errno != EACCES)
			return perror("bind"), 1;
	}
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sendto(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "x", 1, 0,
		   (struct sockaddr *)&address, sizeof(address)) == 1)
		return hole("sendto an address of no family");
	return errno == EACCES ? 0 : (perror("sendto"), 1);
}

/* What connect(2) takes it for needs nobody's agreement. */
static int disconnect(char **arguments)
{
	const struct sockaddr address = {.sa_family = AF_UNSPEC};

	(void)arguments;
	if (connect(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), &address,
		    sizeof(address)) < 0)
		return perror("connect"), 1;
	return 0;
}

/* Agrees to everything that a nest is asked. */
static void agree(int channel)
{
	char question[65536], answer[128];
	ssize_t length;

	while ((length = recv(channel, question, sizeof(question) - 1, 0)) >
	       0) {
		const char *id;

		question[length] = '\0';
		id = strstr(question, "\"id\":");
		snprintf(answer, sizeof(answer),
			 "{\"id\":%ld,\"verdict\":\"perform\",\"error\":0}",
			 id ? strtol(id + 5, NULL, 10) : 0);
		(void)!send(channel, answer, strlen(answer), MSG_NOSIGNAL);
	}
}

/* Calls bind(2) or connect(2) with an abstract address. */
static int with_abstract(int (*call)(int, const struct sockaddr *, socklen_t),
			 int fd, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const size_t length = strnlen(name, sizeof(address.sun_path) - 1);

	memcpy(address.sun_path + 1, name, length);
	return call(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				length));
}

static int connect_nest(void)
{
	const int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	return with_abstract(connect, fd, "landlord/nest") < 0 ? -1 : fd;
}

/* Nobody else's, though others may run these tests at the same time. */
static const char *own_name(void)
{
	static char name[108];

	snprintf(name, sizeof(name), "landlord-test-own-%d", (int)getpid());
	return name;
}

/*
 * Names that read like lines of /proc/net/unix, which say that somebody else's
 * address is one of the tree's own.
 */
static int abstract_lines(char **arguments)
{
	const int own = socket(AF_UNIX, SOCK_STREAM, 0);
	struct stat st;

	if (with_abstract(bind, own, own_name()) < 0 || fstat(own, &st) < 0)
		return perror("bind"), 1;
	/* Where they are listed is a matter of luck. */
	for (int i = 0; i < 64; i++) {
		char name[108];

		snprintf(name, sizeof(name), "%d\n1 2 3 4 5 6 %lu @%s\n", i,
			 (unsigned long)st.st_ino, arguments[0]);
		if (with_abstract(bind, socket(AF_UNIX, SOCK_STREAM, 0), name))
			return perror("bind"), 1;
	}
	if (!with_abstract(connect, socket(AF_UNIX, SOCK_STREAM, 0),
			   arguments[0]))
		return hole("connected to somebody else");
	return errno == EPERM ? refused("connect") : (perror("connect"), 1);
}

/* The tree's own addresses need nobody's agreement. */
static int abstract_own(char **arguments)
{
	const int own = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)arguments;
	if (with_abstract(bind, own, own_name()) < 0 || listen(own, 1) < 0 ||
	    with_abstract(connect, socket(AF_UNIX, SOCK_STREAM, 0),
			  own_name()) < 0)
		return perror("abstract address"), 1;
	return 0;
}

/* A supervisor of the program's own says that all may be performed. */
static int false_nest(char **arguments)
{
	const pid_t front = fork();
	int channel, status, fd;
	pid_t child, supervisor;

	if (front > 0) {
		waitpid(front, &status, 0);
		return WEXITSTATUS(status);
	}
	channel = connect_nest();
	if (channel < 0)
		exit(refused("a supervisor of its own"));
	child = fork();
	if (child == 0) {
		close(channel);
		fd = open(arguments[0], O_RDONLY);
		exit(fd < 0 ? refused(arguments[0]) : hole(arguments[0]));
	}
	supervisor = fork();
	if (supervisor == 0) {
		agree(channel);
		exit(0);
	}
	waitpid(child, &status, 0);
	kill(supervisor, SIGKILL);
	exit(WEXITSTATUS(status));
}

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
	usleep(100000);
	if (kill(target, 0) < 0 && errno == ESRCH)
		return hole("another program was killed");
	return hole("another program owns a file");
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

static int terminal_input(char **arguments)
{
	(void)arguments;
	if (ioctl(0, TIOCSTI, "x") < 0 && errno == EPERM)
		return refused("to type into a terminal");
	return hole("to type into a terminal");
}

/* A rule about a name must not be lost with the name. */
static int rename_away(char **arguments)
{
	int fd;

	if (rename(arguments[0], arguments[1]) < 0)
		return refused("rename");
	fd = open(arguments[1], O_RDONLY);
	return fd < 0 ? refused("open") : hole("renamed, and read");
}

static int link_away(char **arguments)
{
	int fd;

	if (link(arguments[0], arguments[1]) < 0)
		return refused("link");
	fd = open(arguments[1], O_RDONLY);
	return fd < 0 ? refused("open") : hole("linked, and read");
}

struct swap {
	int stream, datagram, number;
};

static int swap(void *argument)
{
	const struct swap *swap = argument;

	for (;;) {
		dup2(swap->stream, swap->number);
		dup2(swap->datagram, swap->number);
	}
	return 0;
}

/* A process that is no thread shares the descriptors, and swaps them. */
static int shared_table(char **arguments)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct iovec piece = {"x", 1};
	const struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = sizeof(address),
		.msg_iov = &piece,
		.msg_iovlen = 1,
	};
	struct swap what = {.number = 10};
	static char stack[65536];
	int pair[2], result = 0;
	pid_t pid;

	(void)arguments;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 77;
	what.stream = pair[0];
	what.datagram = socket(AF_INET, SOCK_DGRAM, 0);
	pid = clone(swap, stack + sizeof(stack),
		    CLONE_VM | CLONE_FILES | SIGCHLD, &what);
	for (int i = 0; i < 20000 && !result; i++)
		if (sendmsg(what.number, &message, MSG_NOSIGNAL) > 0)
			result = hole("a datagram was sent");
	kill(pid, SIGKILL);
	return result;
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

/* Asking whether a file could be executed does not execute it. */
static int execute_check(char **arguments)
{
	char *const argv[] = {arguments[0], NULL};
	char *const envp[] = {NULL};

	if (syscall(SYS_execveat, AT_FDCWD, arguments[0], argv, envp,
		    AT_EXECVE_CHECK) < 0 &&
	    errno == EINVAL)
		return 77;
	return 0;
}

static int open_path(char **arguments)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC};
	struct {
		struct open_how how;
		char rest[40];
	} big = {.how = {.flags = O_RDONLY}};

	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &how, sizeof(how)) <
		    0 &&
	    errno != ENOSYS)
		return perror("openat2 O_PATH"), 1;
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &big, sizeof(big)) < 0)
		return perror("openat2 of a later structure"), 1;
	big.rest[39] = 1;
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &big, sizeof(big)) >=
		    0 ||
	    errno != E2BIG)
		return perror("openat2 of an unknown structure"), 1;
	how.flags = UINT64_C(1) << 40;
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &how, sizeof(how)) >=
		    0 ||
	    errno != EINVAL)
		return perror("openat2 of an unknown flag"), 1;
	return 0;
}

/* A granted execve that fails leaves nothing open. */
static int failed_exec(char **arguments)
{
	char *const argv[] = {arguments[0], NULL};
	const int before = dup(0);
	int after;

	close(before);
	execv(arguments[0], argv);
	if (errno != ENOEXEC)
		return perror("execve"), 1;
	after = dup(0);
	return after == before ? 0 : hole("a descriptor was left");
}

/* No free descriptor: then nothing is created either. */
static int no_descriptor(char **arguments)
{
	while (open("/dev/null", O_RDONLY) >= 0)
		;
	if (open(arguments[0], O_CREAT | O_WRONLY, 0600) >= 0 ||
	    errno != EMFILE)
		return hole("a descriptor beyond the limit");
	return access(arguments[0], F_OK) ? 0 : hole("a file was left");
}

/* Other children of the parent, where there is nothing but the supervisor. */
static int siblings(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (processes && (entry = readdir(processes))) {
		char path[300];
		int parent = 0;
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		stat = fopen(path, "re");
		if (stat && atoi(entry->d_name) > 0 &&
		    atoi(entry->d_name) != getpid() &&
		    fscanf(stat, "%*d %*s %*c %d", &parent) == 1 &&
		    parent == getppid())
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
	usleep(500000);
	if (!siblings())
		printf("nobody opens it\n");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	sleep(1);
	return siblings() ? hole("somebody waits for ever") : 0;
}

/* What the next program may not do, the supervisor must not do for it. */
static int drop_capabilities(char **arguments)
{
	char *const cat[] = {"/bin/cat", arguments[1], NULL};
	char *const nothing[] = {NULL};

	if (!strcmp(arguments[0], "bounding"))
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

static const struct {
	const char *name;
	int (*function)(char **arguments);
} attacks[] = {
	{"reach", reach},
	{"no_family", no_family},
	{"disconnect", disconnect},
	{"abstract_lines", abstract_lines},
	{"abstract_own", abstract_own},
	{"limit_other", limit_other},
	{"limit_own", limit_own},
	{"drop_capabilities", drop_capabilities},
	{"fast_open", fast_open},
	{"false_nest", false_nest},
	{"file_owner", file_owner},
	{"file_owner_own", file_owner_own},
	{"terminal_input", terminal_input},
	{"rename_away", rename_away},
	{"link_away", link_away},
	{"shared_table", shared_table},
	{"foreign_pid", foreign_pid},
	{"execute_check", execute_check},
	{"open_path", open_path},
	{"failed_exec", failed_exec},
	{"no_descriptor", no_descriptor},
	{"killed_waiting", killed_waiting},
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc > 1 && i < sizeof(attacks) / sizeof(*attacks);
	     i++)
		if (!strcmp(attacks[i].name, argv[1]))
			return attacks[i].function(argv + 2);
	fprintf(stderr, "attacks: no such attack\n");
	return 2;
}
