/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audited: as root, in an empty directory
 *
 * Lets the kernel's Landlock deny each thing that it can deny, once, and says
 * what: "DENIED name", one a line. What its audit log says of that is to be
 * understood, all of it (on-kernel-audit).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define FS ((UINT64_C(1) << 17) - 1)
#define NET ((UINT64_C(1) << 4) - 1)

/* --- What is tried ------------------------------------------------ */

static int keep(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int try_read(void)
{
	return keep(open("file", O_RDONLY));
}

static int try_list(void)
{
	return keep(open("directory", O_RDONLY | O_DIRECTORY));
}

static int try_write(void)
{
	return keep(open("file", O_WRONLY));
}

static int try_truncate(void)
{
	return truncate("file", 0);
}

static int try_execute(void)
{
	char name[] = "/bin/true", *const argv[] = {name, NULL};

	return execv(name, argv);
}

static int try_create(void)
{
	return mknod("new", S_IFREG | 0600, 0);
}

static int try_fifo(void)
{
	return mkfifo("new", 0600);
}

static int try_character(void)
{
	return mknod("new", S_IFCHR | 0600, 0x103);
}

static int try_block(void)
{
	return mknod("new", S_IFBLK | 0600, 0x700);
}

static int try_directory(void)
{
	return mkdir("new", 0700);
}

static int try_link(void)
{
	return symlink("file", "new");
}

static int try_remove(void)
{
	return unlink("file");
}

static int try_remove_directory(void)
{
	return rmdir("directory");
}

static int try_move(void)
{
	return rename("file", "directory/file");
}

/* The device may be read, and no more. */
static int try_control(void)
{
	const int fd = open("/dev/zero", O_RDONLY);
	struct winsize size;
	int result = 0;

	if (fd >= 0)
		result = ioctl(fd, TIOCGWINSZ, &size);
	keep(fd);
	return fd < 0 ? 0 : result;
}

static struct sockaddr_un unix_address(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	strcpy(address.sun_path, name);
	return address;
}

static int connect_to(const char *name)
{
	const struct sockaddr_un address = unix_address(name);
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return connect(fd, (const struct sockaddr *)&address, sizeof(address));
}

static int try_socket_file(void)
{
	const struct sockaddr_un address = unix_address("new");
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

static int try_named(void)
{
	return connect_to("socket");
}

#define ABSTRACT "\0landlord audited"

static struct sockaddr_un abstract_address(socklen_t *ret_size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	memcpy(address.sun_path, ABSTRACT, sizeof(ABSTRACT) - 1);
	*ret_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				sizeof(ABSTRACT) - 1);
	return address;
}

static int try_abstract(void)
{
	socklen_t size;
	const struct sockaddr_un address = abstract_address(&size);
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return connect(fd, (const struct sockaddr *)&address, size);
}

static int with_port(int type,
		     int (*call)(int, const struct sockaddr *, socklen_t))
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(4711),
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};

	return call(socket(AF_INET, type, 0), (const struct sockaddr *)&address,
		    sizeof(address));
}

static int try_listen_tcp(void)
{
	return with_port(SOCK_STREAM, bind);
}

static int try_connect_tcp(void)
{
	return with_port(SOCK_STREAM, connect);
}

static int try_bind_udp(void)
{
	return with_port(SOCK_DGRAM, bind);
}

static int try_connect_udp(void)
{
	return with_port(SOCK_DGRAM, connect);
}

static int try_signal(void)
{
	return kill(getppid(), SIGURG);
}

static int try_trace(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static int try_namespace(void)
{
	return unshare(CLONE_NEWUTS);
}

static int try_capability(void)
{
	return chroot(".");
}

static int try_socket(void)
{
	return keep(socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP));
}

/* --- In which domains ---------------------------------------------- */

struct attempt {
	const char *name;
	int (*make)(void);
};

/* Domains that allow nothing, but to read /dev/zero, of what they handle. */
static const struct group {
	struct landlock_ruleset_attr handled;
	struct attempt attempts[16];
} groups[] = {
	{{.handled_access_fs = FS},
	 {{"fs.read_file", try_read},
	  {"fs.read_dir", try_list},
	  {"fs.write_file", try_write},
	  {"fs.truncate", try_truncate},
	  {"fs.execute", try_execute},
	  {"fs.make_reg", try_create},
	  {"fs.make_fifo", try_fifo},
	  {"fs.make_char", try_character},
	  {"fs.make_block", try_block},
	  {"fs.make_dir", try_directory},
	  {"fs.make_sym", try_link},
	  {"fs.remove_file", try_remove},
	  {"fs.remove_dir", try_remove_directory},
	  {"fs.refer", try_move},
	  {"fs.ioctl_dev", try_control}}},
	{{.handled_access_fs = FS},
	 {{"fs.make_sock", try_socket_file}, {"fs.resolve_unix", try_named}}},
	{{.handled_access_net = NET},
	 {{"net.bind_tcp", try_listen_tcp},
	  {"net.connect_tcp", try_connect_tcp},
	  {"net.bind_udp", try_bind_udp},
	  {"net.connect_send_udp", try_connect_udp}}},
	{{.scoped =
		  LANDLOCK_SCOPE_SIGNAL | LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET},
	 {{"scope.signal", try_signal},
	  {"scope.abstract_unix_socket", try_abstract},
	  {"ptrace", try_trace}}},
	{{.scoped = LANDLOCK_SCOPE_PATHNAME_UNIX_SOCKET},
	 {{"fs.resolve_unix", try_named}}},
	{{.handled_permissions = LANDLOCK_PERMISSION_NAMESPACE_USE},
	 {{"perm.namespace_enter", try_namespace}}},
	{{.handled_permissions = LANDLOCK_PERMISSION_CAPABILITY_USE},
	 {{"perm.capability_use", try_capability}}},
	{{.handled_permissions = LANDLOCK_PERMISSION_SOCKET_CREATE},
	 {{"perm.socket_create", try_socket}}},
};

static void enter(const struct landlock_ruleset_attr *handled)
{
	const struct landlock_path_beneath_attr zero = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open("/dev/zero", O_PATH | O_CLOEXEC),
	};
	const int ruleset = (int)syscall(SYS_landlock_create_ruleset, handled,
					 sizeof(*handled), 0);

	if (handled->handled_access_fs &&
	    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &zero, 0))
		perror("/dev/zero");
	if (ruleset < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0)) {
		perror("audited: the domain");
		_exit(1);
	}
}

static int try_all(const struct group *group)
{
	int status = 0;

	enter(&group->handled);
	for (const struct attempt *attempt = group->attempts; attempt->name;
	     attempt++) {
		errno = 0;
		if (attempt->make() < 0 &&
		    (errno == EACCES || errno == EPERM || errno == EXDEV)) {
			printf("DENIED %s\n", attempt->name);
			continue;
		}
		printf("# %s was not denied: %s\n", attempt->name,
		       strerror(errno));
		status = 1;
	}
	fflush(stdout);
	return status;
}

static int listen_at(const struct sockaddr_un *address, socklen_t size)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return bind(fd, (const struct sockaddr *)address, size) ||
	       listen(fd, 9);
}

int main(void)
{
	const struct sockaddr_un named = unix_address("socket");
	socklen_t size;
	const struct sockaddr_un abstract = abstract_address(&size);
	int status, failed = 0;

	if (keep(creat("file", 0600)) || mkdir("directory", 0700) ||
	    listen_at(&named, sizeof(named)) || listen_at(&abstract, size)) {
		perror("audited");
		return 1;
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		fflush(stdout);
		if (fork() == 0)
			_exit(try_all(&groups[i]));
		if (wait(&status) < 0 || status)
			failed = 1;
	}
	return failed;
}
