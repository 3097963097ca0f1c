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
#include <stdint.h>
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

/* The directory of the file, and its name there. */
static const char *split(const char *file, char directory[PATH_MAX])
{
	char *slash;

	snprintf(directory, PATH_MAX, "%s", file);
	slash = strrchr(directory, '/');
	*slash = '\0';
	return file + (slash - directory) + 1;
}

/* Where it has another path. Who is nobody's root is one of his own users. */
static int door_chroot(const char *file)
{
	char directory[PATH_MAX];
	const char *name = split(file, directory);
	int found;

	if (chroot("/proc/self/root") &&
	    (unshare(CLONE_NEWUSER) || chroot("/proc/self/root")))
		return 77;
	found = look("chroot", open(file, O_RDONLY | O_CLOEXEC));
	if (chroot(directory))
		return found | shut("chroot");
	return found | look_at("chroot below", "/%s", name) |
	       look_at("chroot and up", "/../../%s", name);
}

/* A mount of its own, which is nowhere, and one that is put somewhere. */
static int door_mounts(const char *file)
{
	char directory[PATH_MAX];
	const char *name = split(file, directory);
	int tree, found;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return 77;
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			    OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0)
		return shut("open_tree");
	found = look("open_tree", openat(tree, name, O_RDONLY));
	found |=
		look_at("open_tree in proc", "/proc/self/fd/%d/%s", tree, name);
	/* Rights that not every Landlock has take another way. */
	if (openat(tree, name, O_WRONLY | O_TRUNC | O_APPEND) >= 0 ||
	    openat(tree, "new", O_RDWR | O_CREAT | O_TRUNC, 0600) >= 0)
		found |= printf("open: open_tree to truncate\n") > 0;
	if (!fchdir(tree))
		found |= look("cwd in open_tree", open(name, O_RDONLY));
	if (!chroot("."))
		found |= look_at("chroot in open_tree", "/%s", name);
	if (!syscall(SYS_move_mount, tree, "", AT_FDCWD, "/usr/share",
		     MOVE_MOUNT_F_EMPTY_PATH))
		found |= look_at("move_mount", "/usr/share/%s", name);
	return found;
}

/*
 * A copy of a mount that is attached nowhere, where the file has the path of
 * something else: the last part of its own.
 */
static int door_false_path(const char *file)
{
	const char *name = strstr(file, "/usr/share/");
	char directory[PATH_MAX];
	int tree, found;

	if (!name ||
	    (unshare(CLONE_NEWUSER | CLONE_NEWNS) && unshare(CLONE_NEWNS)))
		return 77;
	snprintf(directory, sizeof(directory), "%.*s", (int)(name - file),
		 file);
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			    OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0)
		return shut("open_tree");
	found = look("false path", openat(tree, name + 1, O_RDONLY));
	if (openat(tree, name + 1, O_WRONLY | O_TRUNC | O_APPEND) >= 0)
		found |= printf("open: false path to truncate\n") > 0;
	return found;
}

/* Descriptor 9 is the directory, given from outside. */
static int door_given(const char *file)
{
	char directory[PATH_MAX];
	const char *name = split(file, directory);
	int found;

	if (fcntl(9, F_GETFD) < 0)
		return 77;
	found = look("given directory", openat(9, name, O_RDONLY));
	found |= look_at("given, in proc", "/proc/self/fd/9/%s", name);
	if (!linkat(9, name, 9, "other", 0))
		found |= look("given, linked", openat(9, "other", O_RDONLY));
	if (!renameat(9, name, 9, "other"))
		found |= look("given, moved", openat(9, "other", O_RDONLY));
	if (fchdir(9))
		return found | shut("fchdir");
	return found | look("given, gone to", open(name, O_RDONLY));
}

/* What only names the file, sent from one process of the tree to another. */
static int door_sent(const char *file)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 'x';
	struct iovec piece = {&byte, 1};
	struct msghdr message = {.msg_iov = &piece,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int pair[2], fd = -1;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return 77;
	pid = fork();
	if (pid == 0) {
		fd = open(file, O_PATH);
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		_exit(sendmsg(pair[0], &message, 0) < 0);
	}
	waitpid(pid, NULL, 0);
	if (recvmsg(pair[1], &message, MSG_DONTWAIT) < 0)
		return shut("sendmsg");
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return look("sent", fd) |
	       look_at("sent, in proc", "/proc/self/fd/%d", fd);
}

/* The name of what is opened is written from another process. */
static int door_remote_name(const char *file)
{
	static char name[PATH_MAX];
	static const char harmless[] = "/dev/null";
	struct iovec local = {NULL, sizeof(name)};
	struct iovec remote = {name, sizeof(name)};
	char names[2][PATH_MAX];
	char memory[64];
	int status = 0, writer;
	pid_t pid;

	snprintf(name, sizeof(name), "%s", harmless);
	memcpy(names[0], name, sizeof(name));
	snprintf(names[1], sizeof(names[1]), "%s", file);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 5000; i++) {
			const int fd = open(name, O_RDONLY | O_CLOEXEC);
			char byte;

			if (fd >= 0 && read(fd, &byte, 1) == 1)
				_exit(1);
			close(fd);
		}
		_exit(0);
	}
	snprintf(memory, sizeof(memory), "/proc/%d/mem", pid);
	writer = open(memory, O_RDWR | O_CLOEXEC);
	for (int i = 0; !waitpid(pid, &status, WNOHANG); i++) {
		local.iov_base = names[i % 2];
		if (process_vm_writev(pid, &local, 1, &remote, 1, 0) < 0 ||
		    (writer >= 0 && pwrite(writer, names[1], sizeof(names[1]),
					   (off_t)(uintptr_t)name) < 0))
			continue; /* it has ended */
	}
	printf("%s: written names\n", status ? "open" : "shut");
	return status ? 1 : 0;
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

static pid_t parent_of(pid_t pid)
{
	char path[64];
	int parent = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (stat && fscanf(stat, "%*d (%*[^)]) %*c %d", &parent) != 1)
		parent = 0;
	if (stat)
		fclose(stat);
	return parent;
}

static int try_supervisor(pid_t parent)
{
	char bytes[64];
	struct iovec local = {bytes, sizeof(bytes)};
	struct iovec remote = {(void *)0x400000, sizeof(bytes)};
	int found = 0, fd;

	if (ptrace(PTRACE_SEIZE, parent, 0, 0) == 0)
		found |= printf("open: ptrace\n") > 0;
	if (process_vm_readv(parent, &local, 1, &remote, 1, 0) > 0 ||
	    errno == EFAULT)
		found |= printf("open: process_vm_readv\n") > 0;
	if (process_vm_writev(parent, &local, 1, &remote, 1, 0) > 0 ||
	    errno == EFAULT)
		found |= printf("open: process_vm_writev\n") > 0;
	fd = (int)syscall(SYS_pidfd_open, parent, 0);
	if (fd >= 0 && syscall(SYS_pidfd_getfd, fd, 0, 0) >= 0)
		found |= printf("open: pidfd_getfd\n") > 0;
	if (kill(parent, 0) == 0)
		found |= printf("open: kill\n") > 0;
	snprintf(bytes, sizeof(bytes), "/proc/%d/mem", parent);
	if (open(bytes, O_RDWR) >= 0)
		found |= printf("open: /proc/PID/mem\n") > 0;
	return found;
}

/* The supervisor itself and what is above it: our parent, and its. */
static int door_supervisor(const char *file)
{
	pid_t pid = getppid();
	int found = 0;

	(void)file;
	for (int i = 0; i < 3 && pid > 1; i++, pid = parent_of(pid))
		found |= try_supervisor(pid);
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
	{"mounts", door_mounts},
	{"given", door_given},
	{"false_path", door_false_path},
	{"sent", door_sent},
	{"remote_name", door_remote_name},
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
