/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * marked all DIRECTORY
 * marked watch FILE
 * marked race ALLOWED FORBIDDEN
 *
 * Makes system calls with the marker that lets them pass the supervisor.
 *
 * all: each call that traps, in a directory that nothing is allowed in; one
 * that is not refused is told as "open NAME".
 * watch: reads a file again and again, in threads and another process, says
 * "yes" when all could and "no" when none can any more.
 * race: opens a path that is changed meanwhile; tells if FORBIDDEN was opened.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seccomp/marker.h"

#define READERS 8
#define RACES 20000

/* As syscall(2), but the sixth argument is the marker. */
#define MARKED(...) MARKED_(__VA_ARGS__, 0, 0, 0, 0, 0)
#define MARKED_(number, a, b, c, d, e, ...) \
	syscall(number, a, b, c, d, e, MARKER)

static int doors;

static void tried(const char *name, long result)
{
	const int error = errno;

	if (result < 0 && (error == EACCES || error == EPERM || error == EXDEV))
		return;
	printf("open %s (%s)\n", name, result < 0 ? strerror(error) : "done");
	doors++;
}

static void try_names(void)
{
	const struct open_how how = {.flags = O_RDONLY};

	tried("open", MARKED(SYS_open, "file", O_RDONLY));
	tried("open to write", MARKED(SYS_open, "file", O_WRONLY));
	tried("openat", MARKED(SYS_openat, AT_FDCWD, "file", O_RDONLY));
	tried("openat2",
	      MARKED(SYS_openat2, AT_FDCWD, "file", &how, sizeof(how)));
	tried("creat", MARKED(SYS_creat, "new", 0600));
	tried("mkdir", MARKED(SYS_mkdir, "new", 0700));
	tried("mkdirat", MARKED(SYS_mkdirat, AT_FDCWD, "new", 0700));
	tried("mknod", MARKED(SYS_mknod, "new", S_IFIFO | 0600));
	tried("mknodat", MARKED(SYS_mknodat, AT_FDCWD, "new", S_IFIFO | 0600));
	tried("symlink", MARKED(SYS_symlink, "file", "new"));
	tried("symlinkat", MARKED(SYS_symlinkat, "file", AT_FDCWD, "new"));
	tried("link", MARKED(SYS_link, "file", "new"));
	tried("linkat",
	      MARKED(SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "new", 0));
	tried("rename", MARKED(SYS_rename, "file", "new"));
	tried("renameat",
	      MARKED(SYS_renameat, AT_FDCWD, "file", AT_FDCWD, "new"));
	tried("renameat2",
	      MARKED(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "new", 0));
	tried("truncate", MARKED(SYS_truncate, "file", 0));
	tried("unlink", MARKED(SYS_unlink, "file"));
	tried("unlinkat", MARKED(SYS_unlinkat, AT_FDCWD, "file", 0));
	tried("rmdir", MARKED(SYS_rmdir, "directory"));
}

static void try_sockets(void)
{
	const struct sockaddr_un path = {.sun_family = AF_UNIX,
					 .sun_path = "socket"};
	const struct sockaddr_in port = {.sin_family = AF_INET,
					 .sin_port = htons(9),
					 .sin_addr.s_addr =
						 htonl(INADDR_LOOPBACK)};
	const int stream = socket(AF_UNIX, SOCK_STREAM, 0);
	const int inet = socket(AF_INET, SOCK_STREAM, 0);

	tried("bind", MARKED(SYS_bind, stream, &path, sizeof(path)));
	tried("connect", MARKED(SYS_connect, inet, &port, sizeof(port)));
	close(stream);
	close(inet);
}

/* What is not about names: of a process out of the tree, a device, a kind. */
static void try_others(void)
{
	const pid_t outside = getppid();
	const int pidfd = (int)syscall(SYS_pidfd_open, outside, 0);
	const int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	const struct sockaddr_in port = {.sin_family = AF_INET,
					 .sin_port = htons(9),
					 .sin_addr.s_addr =
						 htonl(INADDR_LOOPBACK)};
	const int datagram = socket(AF_INET, SOCK_DGRAM, 0);
	struct iovec piece = {"x", 1};
	struct msghdr message = {.msg_name = (void *)&port,
				 .msg_namelen = sizeof(port),
				 .msg_iov = &piece,
				 .msg_iovlen = 1};
	struct mmsghdr messages = {.msg_hdr = message};
	char size[64];

	tried("kill", MARKED(SYS_kill, outside, 0));
	tried("tkill", MARKED(SYS_tkill, outside, 0));
	tried("tgkill", MARKED(SYS_tgkill, outside, outside, 0));
	tried("pidfd_send_signal", MARKED(SYS_pidfd_send_signal, pidfd, 0));
	tried("pidfd_getfd", MARKED(SYS_pidfd_getfd, pidfd, 0, 0));
	tried("process_vm_readv",
	      MARKED(SYS_process_vm_readv, outside, &piece, 1, &piece, 1));
	tried("process_vm_writev",
	      MARKED(SYS_process_vm_writev, outside, &piece, 1, &piece, 1));
	tried("ptrace", MARKED(SYS_ptrace, 0x4206, outside, 0, 0));
	tried("kcmp", MARKED(SYS_kcmp, getpid(), outside, 0, 0, 0));
	tried("sendto",
	      syscall(SYS_sendto, datagram, "x", 1, 0, &port, sizeof(port)));
	tried("sendmsg", MARKED(SYS_sendmsg, datagram, &message, 0));
	tried("sendmmsg", MARKED(SYS_sendmmsg, datagram, &messages, 1, 0));
	tried("socket", MARKED(SYS_socket, AF_BLUETOOTH, SOCK_RAW, 0));
	tried("unshare", MARKED(SYS_unshare, CLONE_NEWUSER));
	tried("clone", MARKED(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
	tried("chroot", MARKED(SYS_chroot, "directory"));
	if (terminal >= 0)
		tried("ioctl", MARKED(SYS_ioctl, terminal, TIOCGWINSZ, size));
	close(terminal);
	close(datagram);
}

/* The call must come back. */
static void try_exec(const char *name, long number, int fd, const char *path)
{
	char *argv[] = {"true", NULL};
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (number == SYS_execveat)
			MARKED(number, fd, path, argv, NULL, AT_EMPTY_PATH);
		else
			MARKED(number, path, argv, NULL);
		_exit(errno == EACCES || errno == EPERM ? 42 : 43);
	}
	waitpid(pid, &status, 0);
	errno = EACCES;
	tried(name, WIFEXITED(status) && WEXITSTATUS(status) != 42 ? 0 : -1);
}

static void try_programs(const char *program)
{
	const int memory = memfd_create("program", 0);
	const int from = open(program, O_RDONLY);
	char link[64];

	while (sendfile(memory, from, NULL, 1 << 20) > 0)
		;
	close(from);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", memory);
	try_exec("execve", SYS_execve, -1, "program");
	try_exec("execveat", SYS_execveat, AT_FDCWD, "program");
	try_exec("execveat of memory", SYS_execveat, memory, "");
	try_exec("execve of memory", SYS_execve, -1, link);
}

static const char *watched;
static atomic_int able;

static void *read_on(void *unused)
{
	bool first = true;
	long fd;

	while ((fd = MARKED(SYS_openat, AT_FDCWD, watched, O_RDONLY)) >= 0) {
		close((int)fd);
		if (first && atomic_fetch_add(&able, 1) + 1 == READERS) {
			puts("yes");
			fflush(stdout);
		}
		first = false;
	}
	return unused;
}

static int watch(const char *path)
{
	pthread_t threads[READERS];
	pid_t pid;
	int status;

	watched = path;
	pid = fork();
	if (pid == 0) {
		atomic_store(&able, READERS + 1);
		read_on(NULL);
		_exit(7);
	}
	for (int i = 0; i < READERS; i++)
		pthread_create(&threads[i], NULL, read_on, NULL);
	for (int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	if (waitpid(pid, &status, 0) < 0 || status != W_EXITCODE(7, 0))
		return 1;
	puts("no");
	return 0;
}

static char raced[4096];
static const char *both[2];
static atomic_bool over;

static void *change(void *unused)
{
	for (int i = 0; !atomic_load(&over); i++)
		strcpy(raced, both[i % 2]);
	return unused;
}

static int race(const char *allowed, const char *forbidden)
{
	struct stat secret, st;
	pthread_t changer;
	int opened = 0;

	both[0] = allowed;
	both[1] = forbidden;
	strcpy(raced, allowed);
	if (stat(forbidden, &secret))
		return 1;
	pthread_create(&changer, NULL, change, NULL);
	for (int i = 0; i < RACES; i++) {
		const int fd =
			(int)MARKED(SYS_openat, AT_FDCWD, raced, O_RDONLY);

		if (fd < 0)
			continue;
		opened++;
		if (!fstat(fd, &st) && st.st_ino == secret.st_ino &&
		    st.st_dev == secret.st_dev) {
			puts("open race");
			doors++;
		}
		close(fd);
	}
	atomic_store(&over, true);
	pthread_join(changer, NULL);
	return opened == 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc == 4 && strcmp(argv[1], "race") == 0)
		status = race(argv[2], argv[3]);
	else if (argc == 3 && strcmp(argv[1], "watch") == 0)
		return watch(argv[2]);
	else if (argc != 3 || chdir(argv[2]))
		return 2;
	else {
		try_names();
		try_sockets();
		try_others();
		try_programs("/bin/true");
	}
	return doors ? 1 : status;
}
