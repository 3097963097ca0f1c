/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * denials make|make-linked DIRECTORY: makes a tree with objects that are to be
 * denied, one with another name where none is.
 * denials act DIRECTORY SEED STEPS: the program that is supervised. It moves,
 * links, exchanges, removes and opens what it can by names and descriptors of
 * all kinds, and fails when it has got a descriptor of what is denied.
 * denials disturb DIRECTORY SEED MOUNTS: somebody else, who moves what he likes
 * until his input ends, and where MOUNTS is 1 mounts directories on others.
 * denials check DIRECTORY: what is denied to be written is as it was made.
 *
 * What is denied is told by inode: of the files that "make" has listed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#endif

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KEPT 16

static const char secret[] = "secret", guarded[] = "guarded";

static const struct {
	const char *path, *text;
} files[] = {
	{"a/private/key", secret},
	{"a/private/deep/key", secret},
	{"a/private/deep/x", secret},
	{"b/c/key", secret},
	{"b/hooks/x", guarded},
	{"b/hooks/deep/key", guarded},
	{"a/c/x", "open"},
	{"b/x", "open"},
	{"o/a/x", "open"},
	{"p/x", "open"},
	{"c/a/b/key", "open"},
};

/* What lies in these is denied for as long as nobody takes it out. */
static const char *const directories[] = {
	"a/private",
	"a/private/deep",
	"b/hooks",
	"b/hooks/deep",
};

static ino_t denied[COUNT(files)], closed[COUNT(directories)];
static uint64_t state;
static int kept[KEPT];
static unsigned long step, opened, moved;

static unsigned int below(unsigned int limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)((state >> 11) % limit);
}

static void seed(const char *text)
{
	state = strtoull(text, NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 8; i++)
		below(1);
}

static void make_above(const char *path)
{
	char directory[PATH_MAX];

	for (const char *at = path; (at = strchr(at, '/')); at++) {
		snprintf(directory, sizeof(directory), "%.*s", (int)(at - path),
			 path);
		mkdir(directory, 0755);
	}
}

/* Lists inodes beside the directory. @linked: one of them has another name */
static int make(bool linked)
{
	FILE *list = fopen("../denied", "w");
	struct stat st;

	for (size_t i = 0; i < COUNT(files); i++) {
		FILE *file;

		make_above(files[i].path);
		file = fopen(files[i].path, "w");
		if (!list || !file || fputs(files[i].text, file) < 0 ||
		    fclose(file) || stat(files[i].path, &st) < 0)
			return 2;
		fprintf(list, "%lu\n", (unsigned long)st.st_ino);
	}
	for (size_t i = 0; i < COUNT(directories); i++) {
		if (stat(directories[i], &st) < 0)
			return 2;
		fprintf(list, "%lu\n", (unsigned long)st.st_ino);
	}
	return fclose(list) || (linked && link("b/c/key", "p/key")) ? 2 : 0;
}

static void read_list(void)
{
	FILE *list = fopen("../denied", "r");

	for (size_t i = 0; list && i < COUNT(files) + COUNT(closed); i++) {
		unsigned long inode;

		if (fscanf(list, "%lu", &inode) != 1)
			exit(2);
		if (i < COUNT(files))
			denied[i] = inode;
		else
			closed[i - COUNT(files)] = inode;
	}
	if (!list)
		exit(2);
	fclose(list);
}

/* A path of a few names, so that many are met again. */
static const char *any_path(char path[PATH_MAX])
{
	static const char *const names[] = {
		"a",	"b",   "c",	"o", "p", "private",
		"deep", "key", "hooks", "x", "y", "..",
	};
	static const char *const known[] = {
		"a/private/key", "b/c/key", "b/hooks/x", "a/private", "b/hooks",
		"b/c",		 "a",	    "b",	 "p/key",
	};
	const unsigned int depth = 1 + below(3);
	unsigned int level = 0;

	if (!below(4))
		return strcpy(path, known[below(COUNT(known))]);
	*path = '\0';
	for (unsigned int i = 0; i < depth; i++) {
		/* It stays beneath where it starts: ".." is the last one. */
		const char *name = names[below(COUNT(names) - !level)];

		level += strcmp(name, "..") ? 1 : -1;
		if (i)
			strcat(path, "/");
		strcat(path, name);
	}
	return path;
}

static int any_place(void)
{
	return below(3) ? AT_FDCWD : kept[below(KEPT)];
}

/* Fails when a descriptor gives what nobody may have. */
static void look_at(int fd, bool reads, bool writes, const char *how,
		    const char *path)
{
	struct stat st;

	opened++;
	if (fstat(fd, &st) < 0)
		exit(2);
	for (size_t i = 0; i < COUNT(files); i++) {
		if (st.st_ino != denied[i] ||
		    !((reads && files[i].text == secret) ||
		      (writes && files[i].text == guarded)))
			continue;
		printf("leaked: step %lu: %s %s is %s\n", step, how, path,
		       files[i].path);
		exit(1);
	}
	close(fd);
}

static void open_path(int place, const char *path, const char *how)
{
	static const int flags[] = {O_RDONLY,		O_RDONLY,
				    O_WRONLY,		O_RDWR,
				    O_WRONLY | O_TRUNC, O_RDWR | O_CREAT};
	const int flag = flags[below(COUNT(flags))] | O_NONBLOCK;
	const int access = flag & O_ACCMODE;
	const int fd = openat(place, path, flag, 0644);

	if (fd >= 0)
		look_at(fd, access != O_WRONLY, access != O_RDONLY, how, path);
}

static void open_scoped(int place, const char *path)
{
	static const uint64_t resolves[] = {RESOLVE_BENEATH, RESOLVE_IN_ROOT,
					    RESOLVE_NO_SYMLINKS};
	const struct open_how how = {
		.flags = below(2) ? O_RDONLY : O_RDWR,
		.resolve = resolves[below(COUNT(resolves))],
	};
	const long fd = syscall(SYS_openat2, place, path, &how, sizeof(how));

	if (fd >= 0)
		look_at((int)fd, true, how.flags == O_RDWR, "openat2", path);
}

static void keep(int place, const char *path)
{
	const int fd = openat(place, path, O_PATH | O_NOFOLLOW);
	int *slot = &kept[below(KEPT)];

	if (fd < 0)
		return;
	close(*slot);
	*slot = fd;
}

static void act_on_kept(void)
{
	char link[64], path[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", kept[below(KEPT)]);
	switch (below(3)) {
	case 0:
		open_path(AT_FDCWD, link, "kept");
		break;
	case 1:
		linkat(AT_FDCWD, link, AT_FDCWD, any_path(path),
		       AT_SYMLINK_FOLLOW);
		break;
	default:
		linkat(kept[below(KEPT)], "", any_place(), any_path(path),
		       AT_EMPTY_PATH);
	}
}

static void move_any(int from_place, const char *from, int to_place,
		     const char *to)
{
	static const unsigned int flags[] = {0, 0, RENAME_EXCHANGE,
					     RENAME_NOREPLACE};

	moved += !syscall(SYS_renameat2, from_place, from, to_place, to,
			  flags[below(COUNT(flags))]);
}

static void act_once(void)
{
	char first[PATH_MAX], second[PATH_MAX];
	const int place = any_place();

	any_path(first);
	any_path(second);
	switch (below(18)) {
	case 0 ... 3:
		open_path(place, first, "open");
		break;
	case 4 ... 7:
		move_any(place, first, any_place(), second);
		break;
	case 8:
		linkat(place, first, any_place(), second, 0);
		break;
	case 9:
		if (below(2))
			unlinkat(place, first, 0);
		else
			unlinkat(place, first, AT_REMOVEDIR);
		break;
	case 10 ... 12:
		mkdirat(place, first, 0755);
		break;
	case 13:
		(void)!symlinkat(first, place, second);
		break;
	case 14:
		keep(place, first);
		break;
	case 15:
		open_scoped(place, first);
		break;
	case 16:
		(void)!truncate(first, below(9));
		break;
	default:
		act_on_kept();
	}
}

static int act(const char *seed_text, const char *steps)
{
	const unsigned long last = strtoul(steps, NULL, 10);

	seed(seed_text);
	read_list();
	mkdir("started", 0700);
	for (int i = 0; i < KEPT; i++)
		kept[i] = open(".", O_PATH);
	for (step = 0; step < last; step++)
		act_once();
	printf("%lu steps, %lu opened, %lu moved\n", step, opened, moved);
	/* Or it has shown nothing. */
	return opened > last / 200 && moved > last / 2000 ? 0 : 3;
}

/*
 * Opens the directory of a name: what is found of it must be true of where the
 * name is then moved, whatever the program moves meanwhile.
 */
static int open_above(const char *path, const char **ret_name)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(path, '/');

	*ret_name = slash ? slash + 1 : path;
	snprintf(directory, sizeof(directory), "%.*s",
		 slash ? (int)(slash - path) : 1, slash ? path : ".");
	return open(directory, O_PATH | O_DIRECTORY);
}

/* Whether it is there, and none that nothing is taken out of. */
static bool is_free(int directory)
{
	struct stat st;

	if (directory < 0 || fstat(directory, &st) < 0)
		return false;
	for (size_t i = 0; i < COUNT(closed); i++)
		if (st.st_ino == closed[i])
			return false;
	return true;
}

/* Nothing is replaced: what is gone then is so by the program. */
static void move_free(const char *first, const char *second)
{
	const unsigned int flag = below(2) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
	const char *from, *to;
	const int above_first = open_above(first, &from),
		  above_second = open_above(second, &to);

	if (is_free(above_first) && is_free(above_second))
		moved += !syscall(SYS_renameat2, above_first, from,
				  above_second, to, flag);
	close(above_first);
	close(above_second);
}

static void disturb_once(bool mounts)
{
	static const char *const points[] = {"../m", "o/a", "p"};
	char first[PATH_MAX], second[PATH_MAX];
	const char *point = points[below(COUNT(points))];

	any_path(first);
	any_path(second);
	if (mounts && !below(8)) {
		if (below(2))
			mount(first, point, NULL, MS_BIND, NULL);
		else
			umount2(point, MNT_DETACH);
	} else if (below(4)) {
		move_free(first, second);
	} else {
		mkdir(first, 0755);
	}
}

static int disturb(const char *seed_text, const char *mounts)
{
	struct pollfd input = {.fd = 0, .events = POLLIN};

	seed(seed_text);
	read_list();
	/* The rules are in force once the program runs. */
	while (access("started", F_OK) && poll(&input, 1, 1) == 0)
		;
	while (poll(&input, 1, 1) == 0)
		disturb_once(*mounts == '1');
	printf("%lu moved by somebody else\n", moved);
	return 0;
}

/* Goes through everything that is left for what must be as it was. */
static int check(void)
{
	char line[64];
	int status = 0;

	read_list();
	for (size_t i = 0; i < COUNT(files); i++) {
		char command[128];
		FILE *found;

		if (files[i].text != guarded && files[i].text != secret)
			continue;
		snprintf(command, sizeof(command),
			 "find .. -xdev -inum %lu -exec cat {} \\; -quit",
			 (unsigned long)denied[i]);
		found = popen(command, "r");
		if (!found || !fgets(line, sizeof(line), found) ||
		    strcmp(line, files[i].text) != 0) {
			printf("%s is not what it was\n", files[i].path);
			status = 1;
		}
		if (found)
			pclose(found);
	}
	return status;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 3 || chdir(argv[2]) < 0)
		return 2;
	if (strcmp(argv[1], "make") == 0 || strcmp(argv[1], "make-linked") == 0)
		return make(argv[1][4]);
	if (strcmp(argv[1], "check") == 0)
		return check();
	if (argc == 5 && strcmp(argv[1], "act") == 0)
		return act(argv[3], argv[4]);
	if (argc == 5 && strcmp(argv[1], "disturb") == 0)
		return disturb(argv[3], argv[4]);
	return 2;
}
