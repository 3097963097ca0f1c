/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operations DIRECTORY: tries every kind of path operation beneath a directory
 * that the test filled, and prints one line for each:
 * its name and the errno. What follows an operation that succeeds undoes it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *name, long result)
{
	printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "ok");
	fflush(stdout);
}

static void say_open(const char *name, const char *path, int flags)
{
	const int fd = open(path, flags | O_CLOEXEC, 0600);

	say(name, fd);
	if (fd >= 0)
		close(fd);
}

static void opens(void)
{
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC};

	say_open("open-read", "file", O_RDONLY);
	say_open("open-write", "file", O_WRONLY);
	say_open("open-both", "file", O_RDWR);
	say_open("open-append", "file", O_WRONLY | O_APPEND);
	say_open("open-truncate", "file", O_WRONLY | O_TRUNC);
	say_open("open-path", "file", O_PATH);
	say_open("open-directory", "dir", O_RDONLY | O_DIRECTORY);
	say_open("open-missing", "missing", O_RDONLY);
	say_open("open-beneath-file", "file/x", O_RDONLY);
	say_open("open-notdir", "file", O_RDONLY | O_DIRECTORY);
	say_open("open-link", "link", O_RDONLY);
	say_open("open-nofollow", "link", O_RDONLY | O_NOFOLLOW);
	say_open("open-loop", "loop", O_RDONLY);
	say_open("open-create", "created", O_WRONLY | O_CREAT);
	unlink("created");
	say_open("open-excl", "file", O_WRONLY | O_CREAT | O_EXCL);
	say_open("open-create-existing", "file", O_WRONLY | O_CREAT);
	say_open("open-create-dir", "dir", O_WRONLY | O_CREAT);
	say_open("open-tmpfile", "dir", O_RDWR | O_TMPFILE);
	say("openat2",
	    syscall(SYS_openat2, AT_FDCWD, "file", &how, sizeof(how)));
	how.resolve = RESOLVE_BENEATH;
	say("openat2-beneath",
	    syscall(SYS_openat2, AT_FDCWD, "../x", &how, sizeof(how)));
	say("truncate", truncate("file", 3));
	say("truncate-missing", truncate("missing", 3));
	say("truncate-dir", truncate("dir", 3));
}

static void directories(void)
{
	say("mkdir", mkdir("made", 0700));
	say("mkdir-existing", mkdir("dir", 0700));
	say("mkdir-nowhere", mkdir("missing/x", 0700));
	say("rmdir", rmdir("made"));
	say("rmdir-full", rmdir("full"));
	say("rmdir-file", rmdir("file"));
	say("rmdir-missing", rmdir("missing"));
	say("unlink", unlink("victim"));
	say("unlink-dir", unlink("dir"));
	say("unlink-missing", unlink("missing"));
	say("symlink", symlink("file", "symlink"));
	say("symlink-existing", symlink("file", "link"));
	say("mkfifo", mkfifo("fifo", 0600));
	say("mknod-file", mknod("node", S_IFREG | 0600, 0));
	say("mknod-existing", mknod("file", S_IFREG | 0600, 0));
}

static void renames(void)
{
	say("rename", rename("file", "renamed"));
	rename("renamed", "file");
	say("rename-missing", rename("missing", "renamed"));
	say("rename-across", rename("file", "dir/renamed"));
	rename("dir/renamed", "file");
	say("rename-dir-across", rename("full", "dir/full"));
	rename("dir/full", "full");
	say("rename-over", rename("file", "target"));
	rename("target", "file");
	say("rename-noreplace",
	    renameat2(AT_FDCWD, "file", AT_FDCWD, "other", RENAME_NOREPLACE));
	say("rename-exchange",
	    renameat2(AT_FDCWD, "file", AT_FDCWD, "other", RENAME_EXCHANGE));
	say("link", link("file", "linked"));
	say("link-across", link("file", "dir/linked"));
	say("link-existing", link("file", "other"));
	say("link-missing", link("missing", "linked2"));
}

static void say_exec(const char *name, const char *path)
{
	char *const argv[] = {(char *)path, NULL};
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		execv(path, argv);
		_exit(errno);
	}
	waitpid(pid, &status, 0);
	errno = WEXITSTATUS(status);
	say(name, errno ? -1 : 0);
}

static void programs(void)
{
	say_exec("exec", "./script");
	say_exec("exec-missing", "./missing");
	say_exec("exec-dir", "./dir");
	say_exec("exec-no-x", "./file");
}

static void sockets(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "socket"};
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(1),
	};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	say("bind-unix", bind(fd, (struct sockaddr *)&un, sizeof(un)));
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	say("connect-tcp", connect(fd, (struct sockaddr *)&in, sizeof(in)));
	/* Somebody else may try the same at this moment. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	in.sin_port = htons(18080);
	say("bind-tcp", bind(fd, (struct sockaddr *)&in, sizeof(in)));
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1])) {
		perror("operations");
		return 2;
	}
	opens();
	directories();
	renames();
	programs();
	sockets();
	return 0;
}
