/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scoped DIRECTORY: opens paths with every combination of the RESOLVE_* flags
 * of openat2(2), from several directories, and prints what each led to. The
 * directory and what is in it is made where it is not there yet; what is
 * created is removed again.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RENAMES_MAX 100000 /* that may come in between */

static const uint64_t scopes[] = {
	0,
	RESOLVE_BENEATH,
	RESOLVE_IN_ROOT,
};

static const uint64_t restrictions[] = {
	0,
	RESOLVE_NO_XDEV,
	RESOLVE_NO_MAGICLINKS,
	RESOLVE_NO_SYMLINKS,
	RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
};

/* Paths in the directory; %s is its own. */
static const char *const paths[] = {
	"f",
	"/f",
	"//f",
	"./f",
	"/s/../f",
	"s/../f",
	"../f",
	"/../f",
	"s/../../f",
	"/s/../../f",
	".",
	"/",
	"..",
	"/..",
	"s/l",
	"/s/l",
	"s/up",
	"/s/up",
	"s/far",
	"/s/far",
	"s/out",
	"/s/out",
	"all",
	"/all",
	"all/f",
	"/all/f",
	"s/dangle",
	"/s/dangle",
	"none",
	"/none",
	"none/f",
	"s/f/",
	"/s/f/",
	"loop",
	"/loop",
	"%s/f",
	"%s/s/up",
	"/proc/self/status",
	"/proc/self/root",
	"f/x",
};

static const char *const in_proc[] = {
	"self/comm",	     "/self/comm",
	"self/root/proc",    "self/exe",
	"/self/exe",	     "thread-self/comm",
	"self/../self/comm", "/mounts",
	"self/cwd/f",	     "../f",
};

static const uint64_t flags[] = {
	O_RDONLY,	    O_RDONLY | O_NOFOLLOW,	 O_RDONLY | O_DIRECTORY,
	O_WRONLY | O_CREAT, O_WRONLY | O_CREAT | O_EXCL,
};

static void write_file(const char *path)
{
	const int fd = open(path, O_WRONLY | O_CREAT, 0644);

	(void)!write(fd, path, strlen(path));
	close(fd);
}

static void make(const char *directory)
{
	static const struct {
		const char *name, *text;
	} links[] = {
		{"s/l", "/f"},	      {"s/up", "../f"},
		{"s/far", "../../f"}, {"s/out", "/etc/hostname"},
		{"all", "/"},	      {"s/dangle", "/made"},
		{"loop", "loop"},
	};

	mkdir(directory, 0755);
	if (chdir(directory) < 0)
		exit(2);
	mkdir("s", 0755);
	write_file("f");
	write_file("../f");
	write_file("s/f");
	for (size_t i = 0; i < COUNT(links); i++)
		(void)!symlink(links[i].text, links[i].name);
}

/* What was not there before is the owner's alone. */
static void unmake(int fd)
{
	char link[32], path[PATH_MAX];
	struct stat st;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0 || fstat(fd, &st) < 0 || (st.st_mode & 0077))
		return;
	path[length] = '\0';
	unlink(path);
}

static void print_found(int fd, const char *where)
{
	char text[32] = "";
	struct stat st;

	fstat(fd, &st);
	/* Inodes of proc(5) come and go: it is told by what it says. */
	if (where[1] == 'p' && S_ISREG(st.st_mode) && !st.st_size &&
	    read(fd, text, sizeof(text) - 1) > 0)
		printf("says %.6s\n", text);
	else if (!S_ISREG(st.st_mode) || st.st_size == 0)
		printf("%s\n", S_ISDIR(st.st_mode) ? "a directory" : "a file");
	else
		printf("%lu\n", (unsigned long)st.st_ino);
}

/* A rename or a mount anywhere on the system can keep ".." from being known. */
static long open_how(int dirfd, const char *path, const struct open_how *how)
{
	for (int i = 0;; i++) {
		const long fd =
			syscall(SYS_openat2, dirfd, path, how, sizeof(*how));

		if (fd >= 0 || errno != EAGAIN || i == RENAMES_MAX)
			return fd;
	}
}

static void try(const char *where, int dirfd, const char *path, uint64_t flag,
		uint64_t resolve)
{
	const struct open_how how = {
		.flags = flag,
		.mode = flag & O_CREAT ? 0600 : 0,
		.resolve = resolve,
	};
	long fd;

	/* Nothing is made where the path could lead anywhere. */
	if ((flag & O_CREAT) &&
	    !(resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)))
		return;
	fd = open_how(dirfd, path, &how);

	printf("%s %s %#llx %#llx: ", where, path, (unsigned long long)flag,
	       (unsigned long long)resolve);
	if (fd < 0) {
		printf("%s\n", strerrorname_np(errno));
		return;
	}
	print_found((int)fd, where);
	if (flag & O_CREAT)
		unmake((int)fd);
	close((int)fd);
}

static void try_all(const char *where, const char *directory,
		    const char *const *list, size_t count, size_t kinds)
{
	const int dirfd = open(where, O_PATH | O_DIRECTORY);
	char path[2 * 4096];

	for (size_t i = 0; i < count * kinds; i++)
		for (size_t j = 0; j < COUNT(scopes) * COUNT(restrictions);
		     j++) {
			if (strncmp(list[i / kinds], "%s", 2) == 0)
				snprintf(path, sizeof(path), "%s%s", directory,
					 list[i / kinds] + 2);
			else
				snprintf(path, sizeof(path), "%s",
					 list[i / kinds]);
			try(where, dirfd, path, flags[i % kinds],
			    scopes[j % COUNT(scopes)] |
				    restrictions[j / COUNT(scopes)]);
		}
	close(dirfd);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	make(argv[1]);
	try_all(".", argv[1], paths, COUNT(paths), COUNT(flags));
	try_all("./s", argv[1], paths, COUNT(paths), COUNT(flags));
	try_all("/proc", argv[1], in_proc, COUNT(in_proc), 2);
	/* A number that is no descriptor, and a file. */
	for (size_t i = 0; i < COUNT(scopes); i++) {
		try("none", 777, "/f", O_RDONLY, scopes[i]);
		try("none", 777, "f", O_RDONLY, scopes[i]);
		try("file", open("f", O_PATH), "/f", O_RDONLY, scopes[i]);
	}
	return 0;
}
