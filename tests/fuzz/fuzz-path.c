/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path of any bytes in a tree of links: what is pinned is what the kernel
 * would open, or the error is the kernel's; its canonical name leads there; and
 * what a fast lookup sees is that, too.
 *
 * The first byte chooses how, the rest is the path.
 */
#include <errno.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include "path/fast_lookup.h"
#include "path/pin.h"
#include "scratch.h"

static void make_tree(void)
{
	static const char *const links[][2] = {
		{"file", "near"},     {"d/e/file", "far"},
		{"d", "way"},	      {"..", "d/up"},
		{"loop", "loop"},     {"none", "dangling"},
		{"/proc/self", "me"}, {"way/e/../../near", "d/e/round"},
		{"/", "root"},	      {"./d//e/./", "dots"},
	};

	scratch_enter();
	FUZZ_CHECK(mkdir("d", 0700) == 0 && mkdir("d/e", 0700) == 0);
	scratch_write("file", "x", 1);
	scratch_write("d/e/file", "y", 1);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		FUZZ_CHECK(symlink(links[i][0], links[i][1]) == 0);
}

static int kernel_open(const char *path, bool follow, uint64_t resolve)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW),
		.resolve = resolve,
	};
	const int fd =
		(int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* What belongs to a process may come and go, or is ours. */
static bool is_steady(const struct stat *st)
{
	struct stat here;

	return stat(".", &here) == 0 && here.st_dev == st->st_dev;
}

/*
 * Whether a path may name what is there at one moment and not at the next:
 * processes, and descriptors, of which the pin itself opens some.
 */
static bool comes_and_goes(const char *path)
{
	while (*(path += strspn(path, "/"))) {
		const size_t length = strcspn(path, "/");

		if ((*path >= '0' && *path <= '9') ||
		    (length >= 2 && strncmp(path, "fd", 2) == 0))
			return true;
		path += length;
	}
	return false;
}

static void check_pinned(const struct pin *pin, int fd)
{
	struct stat st, named;

	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(fstat(fd, &st) == 0);
	if (!is_steady(&st))
		return;
	FUZZ_CHECK(is_same(&st, &pin->stat));
	FUZZ_CHECK(strlen(pin->path) == pin->length);
	FUZZ_CHECK(lstat(pin->path, &named) == 0 && is_same(&st, &named));
}

/* What is pinned, or why nothing is, is what the kernel says. */
static void check_pin(const struct lookup_base *view, const char *path,
		      bool follow, uint64_t resolve, int fd)
{
	struct pin pin = PIN_INIT;
	const int error = pin_path(&pin, view, path,
				   follow ? PIN_FOLLOW : PIN_NOFOLLOW, resolve);

	if (resolve == 0 && !comes_and_goes(path)) {
		if (error == 0)
			check_pinned(&pin, fd);
		/* It may refuse more, never less. */
		FUZZ_CHECK(error == 0 || fd < 0 || error == -EACCES ||
			   error == -EPERM || error == -EAGAIN);
	}
	pin_release(&pin);
}

static void check_fast_lookup(const char *path, bool follow)
{
	struct pin pin = PIN_INIT;
	struct stat st, named;
	int error;

	error = fast_lookup(&pin, NULL, getpid(), AT_FDCWD, path, follow);
	FUZZ_CHECK(error == 0 || error == -ENOENT || error == -EAGAIN);
	if (error != 0 ||
	    fstatat(AT_FDCWD, path, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) <
		    0 ||
	    !is_steady(&st))
		return;
	FUZZ_CHECK(is_same(&st, &pin.stat));
	FUZZ_CHECK(lstat(pin.path, &named) == 0 && is_same(&st, &named));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t resolves[] = {0,
					    RESOLVE_NO_SYMLINKS,
					    RESOLVE_NO_MAGICLINKS,
					    RESOLVE_BENEATH,
					    RESOLVE_IN_ROOT,
					    RESOLVE_NO_XDEV};
	struct lookup_base view;
	uint64_t resolve;
	char *path;
	bool follow;
	int fd;

	if (size == 0 || size > PATH_MAX)
		return 0;
	if (!scratch_owner)
		make_tree();
	follow = data[0] & 1;
	resolve = resolves[(data[0] >> 1) % 6];
	path = fuzz_string(data + 1, size - 1);
	fd = kernel_open(path, follow, resolve);
	if (!lookup_base_open(&view, NULL, getpid(), getppid(), AT_FDCWD, path,
			      false)) {
		check_pin(&view, path, follow, resolve, fd);
		lookup_base_close(&view);
	}
	if (fd >= 0)
		close(fd);
	if (path[0] && resolve == 0)
		check_fast_lookup(path, follow);
	free(path);
	return 0;
}
