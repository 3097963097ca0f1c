/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sidedoors DOOR FORBIDDEN: tries to read a file that is denied, by a way that
 * a supervisor may have forgotten. Exit status 0: the door is shut; 1: what the
 * file begins with was read, and is printed; 77: there is no such door here.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int shut(const char *what)
{
	printf("shut: %s: %s\n", what, strerror(errno));
	return 0;
}

/* Whether an open file is the forbidden one. */
static int look(const char *what, int fd)
{
	char bytes[16] = "";

	if (fd < 0 || read(fd, bytes, sizeof(bytes) - 1) < 0)
		return shut(what);
	if (strncmp(bytes, "FORBIDDEN", 9) != 0) {
		printf("shut: %s gives another file\n", what);
		return 0;
	}
	printf("open: %s\n", what);
	return 1;
}

static int look_at(const char *what, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

static int look_at(const char *what, const char *format, ...)
{
	char path[PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	return look(what, open(path, O_RDONLY | O_CLOEXEC));
}

static int door_open(const char *file)
{
	return look("open", open(file, O_RDONLY | O_CLOEXEC));
}

/* A descriptor that only names the file, opened again through /proc. */
static int door_reopen(const char *file)
{
	const int fd = open(file, O_PATH | O_CLOEXEC);
	int found = look_at("/proc/self/fd", "/proc/self/fd/%d", fd);

	found |= look_at("/dev/fd", "/dev/fd/%d", fd);
	found |= look_at("/proc/thread-self/fd", "/proc/thread-self/fd/%d", fd);
	return found | look("empty path", openat(fd, "", O_RDONLY));
}

static int door_proc(const char *file)
{
	int found = look_at("/proc/self/root", "/proc/self/root%s", file);

	found |= look_at("/proc/PID/root", "/proc/%d/root%s", getpid(), file);
	found |= look_at("parent's root", "/proc/%d/root%s", getppid(), file);
	return found | look_at("cwd", "/proc/self/cwd/../..%s", file);
}

static int door_chroot(const char *file)
{
	if (chroot("/proc/self/root"))
		return errno == EPERM ? 77 : shut("chroot");
	return look("chroot", open(file, O_RDONLY | O_CLOEXEC));
}

static int door_namespaces(const char *file)
{
	char copy[PATH_MAX];
	char *slash;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) &&
	    (errno != EPERM || unshare(CLONE_NEWNS)))
		return shut("unshare");
	snprintf(copy, sizeof(copy), "%s", file);
	slash = strrchr(copy, '/');
	*slash = '\0';
	/* Where reading is allowed. */
	if (mount(copy, "/usr/share", NULL, MS_BIND, NULL))
		return shut("mount");
	return look_at("bind mount", "/usr/share/%s", slash + 1);
}

static int door_io_uring(const char *file)
{
	struct io_uring_params params = {0};
	const long fd = syscall(SYS_io_uring_setup, 4, &params);

	(void)file;
	if (fd < 0)
		return shut("io_uring_setup");
	printf("open: io_uring_setup\n");
	return 1;
}

/* The calling convention of 32 bits: other numbers for the same calls. */
static int door_i386(const char *file)
{
#ifdef __x86_64__
	char *const low = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	int fd;

	if (low == MAP_FAILED)
		return 77;
	snprintf(low, 8192, "%s", file);
	__asm__ volatile("int $0x80"
			 : "=a"(fd)
			 : "a"(5), "b"(low), "c"(0), "d"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	errno = fd < 0 ? -fd : 0;
	return look("int 0x80", fd);
#else
	(void)file;
	return 77;
#endif
}

static int door_x32(const char *file)
{
#ifdef __x86_64__
	return look("x32", (int)syscall(0x40000000 + SYS_openat, AT_FDCWD, file,
					O_RDONLY, 0));
#else
	(void)file;
	return 77;
#endif
}

static int door_handle(const char *file)
{
	struct {
		struct file_handle handle;
		char bytes[MAX_HANDLE_SZ];
	} handle = {.handle.handle_bytes = MAX_HANDLE_SZ};
	int mount_id;

	if (name_to_handle_at(AT_FDCWD, file, &handle.handle, &mount_id, 0))
		return shut("name_to_handle_at");
	return look("open_by_handle_at",
		    open_by_handle_at(AT_FDCWD, &handle.handle, O_RDONLY));
}

/* Not to be looked into: the supervisor must not wave it through. */
static int door_undumpable(const char *file)
{
	prctl(PR_SET_DUMPABLE, 0);
	return door_open(file);
}

static int door_vfork(const char *file)
{
	int status;
	const pid_t pid = vfork();

	if (pid == 0) {
		const int fd = open(file, O_RDONLY);
		char byte;

		_exit(fd >= 0 && read(fd, &byte, 1) == 1 && byte == 'F');
	}
	waitpid(pid, &status, 0);
	printf("%s: vfork\n", status ? "open" : "shut");
	return status ? 1 : 0;
}

/* The supervisor itself: our parent, or its. */
static int door_supervisor(const char *file)
{
	char bytes[64];
	struct iovec local = {bytes, sizeof(bytes)};
	struct iovec remote = {(void *)0x400000, sizeof(bytes)};
	const pid_t parent = getppid();
	int found = 0, fd;

	(void)file;
	if (ptrace(PTRACE_SEIZE, parent, 0, 0) == 0)
		found |= printf("open: ptrace\n") > 0;
	if (process_vm_readv(parent, &local, 1, &remote, 1, 0) > 0 ||
	    errno == EFAULT)
		found |= printf("open: process_vm_readv\n") > 0;
	fd = (int)syscall(SYS_pidfd_open, parent, 0);
	if (fd >= 0 && syscall(SYS_pidfd_getfd, fd, 0, 0) >= 0)
		found |= printf("open: pidfd_getfd\n") > 0;
	if (kill(parent, 0) == 0)
		found |= printf("open: kill\n") > 0;
	snprintf(bytes, sizeof(bytes), "/proc/%d/mem", parent);
	if (open(bytes, O_RDWR) >= 0)
		found |= printf("open: /proc/PID/mem\n") > 0;
	return found ? 1 : shut("supervisor");
}

/* A second listener would take the questions away from the first. */
static int door_listener(const char *file)
{
	(void)file;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, 1, 8, NULL) < 0 && errno == EFAULT)
		return shut("a second listener needs a filter");
	return shut("seccomp");
}

/* Execution of what nobody judged: a file that has no name. */
static int door_memfd(const char *file)
{
	char self[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", self, PATH_MAX - 1);
	const int memory = memfd_create("door", 0);
	const int exe = open("/proc/self/exe", O_RDONLY);
	char *const argv[] = {(char *)"door", (char *)"open", (char *)file,
			      NULL};
	char *const envp[] = {NULL};
	char bytes[4096];
	ssize_t n;

	if (length < 0 || memory < 0)
		return 77;
	while ((n = read(exe, bytes, sizeof(bytes))) > 0)
		if (write(memory, bytes, (size_t)n) != n)
			return 77;
	/* Whether it may run or not, it must not read more than others. */
	execveat(memory, "", argv, envp, AT_EMPTY_PATH);
	return shut("execveat of a memfd");
}

/* A signal handler that interrupts the open asks the same, not less. */
static void on_alarm(int number)
{
	(void)number;
}

static int door_signals(const char *file)
{
	struct sigaction action = {.sa_handler = on_alarm};
	int i;

	sigaction(SIGALRM, &action, NULL);
	for (i = 0; i < 200; i++) {
		int fd;

		ualarm(200, 200);
		fd = open(file, O_RDONLY | O_CLOEXEC);
		ualarm(0, 0);
		if (fd >= 0)
			return look("signals", fd);
	}
	return shut("signals");
}

static const struct {
	const char *name;
	int (*try)(const char *file);
} doors[] = {
	{"open", door_open},
	{"reopen", door_reopen},
	{"proc", door_proc},
	{"chroot", door_chroot},
	{"namespaces", door_namespaces},
	{"io_uring", door_io_uring},
	{"i386", door_i386},
	{"x32", door_x32},
	{"handle", door_handle},
	{"undumpable", door_undumpable},
	{"vfork", door_vfork},
	{"supervisor", door_supervisor},
	{"listener", door_listener},
	{"memfd", door_memfd},
	{"signals", door_signals},
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 3 && i < sizeof(doors) / sizeof(doors[0]); i++) {
		if (strcmp(argv[1], doors[i].name) == 0)
			return doors[i].try(argv[2]);
	}
	fprintf(stderr, "sidedoors: expected DOOR FORBIDDEN\n");
	return 2;
}
