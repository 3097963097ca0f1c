/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every change, of an object that is named in every way. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "../i386.h"
#include "metadata.h"

#define MARKER 0x6c616e646c6f7264L /* see supervisee/seccomp/marker.h */
#define I386_CHMOD 15

/* Newer than the system's headers may be. */
enum {
	NR_FCHMODAT2 = 452,
	NR_SETXATTRAT = 463,
	NR_REMOVEXATTRAT = 466,
	NR_FILE_SETATTR = 469,
};

static const char attribute[] = "user.landlord";
static const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 2000}};

/* The object: by its name here, a link to it, and descriptors. */
static const char *name, *link_to;
static char by_number[64]; /* of handle, in proc(5) */
static int handle, reader, writer;

static void say(const char *what, const char *how, long result)
{
	printf("%s %s: %s\n", what, how,
	       result < 0 ? strerrorname_np(errno) : "ok");
	fflush(stdout);
}

static void try_modes(void)
{
	say("mode", "path", chmod(name, 0604));
	say("mode", "link", chmod(link_to, 0604));
	say("mode", "proc", chmod(by_number, 0604));
	say("mode", "dirfd", fchmodat(AT_FDCWD, name, 0604, 0));
	say("mode", "reader", fchmod(reader, 0604));
	say("mode", "handle", fchmod(handle, 0604));
	say("mode", "empty",
	    syscall(NR_FCHMODAT2, handle, "", 0604, AT_EMPTY_PATH));
	say("mode", "set-user-ID", chmod(name, 04755));
	if (writer >= 0)
		say("mode", "writer", fchmod(writer, 0604));
}

static void try_owners(void)
{
	const uid_t uid = getuid();
	const gid_t gid = getgid();

	say("owner", "path", chown(name, uid, gid));
	say("owner", "nofollow", lchown(name, uid, gid));
	say("owner", "link", chown(link_to, uid, gid));
	say("owner", "proc", chown(by_number, uid, gid));
	say("owner", "dirfd", fchownat(AT_FDCWD, name, uid, gid, 0));
	say("owner", "reader", fchown(reader, uid, gid));
	say("owner", "empty", fchownat(handle, "", uid, gid, AT_EMPTY_PATH));
	if (writer >= 0)
		say("owner", "writer", fchown(writer, uid, gid));
}

static void try_times(void)
{
	const struct utimbuf seconds = {.actime = 1000, .modtime = 2000};
	const struct timeval micro[2] = {{.tv_sec = 1000}, {.tv_sec = 2000}};

	say("times", "utime", syscall(SYS_utime, name, &seconds));
	say("times", "utimes", syscall(SYS_utimes, name, micro));
	say("times", "futimesat",
	    syscall(SYS_futimesat, AT_FDCWD, name, micro));
	say("times", "path", utimensat(AT_FDCWD, name, times, 0));
	say("times", "now", utimensat(AT_FDCWD, name, NULL, 0));
	say("times", "nofollow",
	    utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW));
	say("times", "link", utimensat(AT_FDCWD, link_to, times, 0));
	say("times", "proc", utimensat(AT_FDCWD, by_number, times, 0));
	say("times", "empty",
	    syscall(SYS_utimensat, handle, "", times, AT_EMPTY_PATH));
	if (writer >= 0)
		say("times", "writer", futimens(writer, times));
}

/* Each is there before it is removed, if it can be set. */
static void try_attributes(void)
{
	const struct {
		uint64_t value;
		uint32_t size, flags;
	} value = {.value = (uint64_t)(uintptr_t) "1", .size = 1};

	say("attribute", "path", setxattr(name, attribute, "1", 1, 0));
	say("attribute", "nofollow", lsetxattr(name, attribute, "1", 1, 0));
	say("attribute", "link", setxattr(link_to, attribute, "1", 1, 0));
	say("attribute", "proc", setxattr(by_number, attribute, "1", 1, 0));
	say("attribute", "reader", fsetxattr(reader, attribute, "1", 1, 0));
	say("attribute", "dirfd",
	    syscall(NR_SETXATTRAT, AT_FDCWD, name, 0, attribute, &value,
		    sizeof(value)));
	say("attribute", "empty",
	    syscall(NR_SETXATTRAT, reader, "", AT_EMPTY_PATH, attribute, &value,
		    sizeof(value)));
	say("attribute", "capability",
	    setxattr(name, "security.capability",
		     "\2\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20, 0));
	say("attribute", "remove", removexattr(name, attribute));
	setxattr(name, attribute, "1", 1, 0);
	say("attribute", "remove-nofollow", lremovexattr(name, attribute));
	setxattr(name, attribute, "1", 1, 0);
	say("attribute", "remove-reader", fremovexattr(reader, attribute));
	setxattr(name, attribute, "1", 1, 0);
	say("attribute", "remove-dirfd",
	    syscall(NR_REMOVEXATTRAT, AT_FDCWD, name, 0, attribute));
	if (writer >= 0)
		say("attribute", "writer",
		    fsetxattr(writer, attribute, "1", 1, 0));
}

static void try_flags(void)
{
	struct fsxattr extended = {0};
	char bytes[24] = {0};
	long flags = 0;

	/* Another one alone: some that a file has depend on what is written. */
	ioctl(reader, FS_IOC_GETFLAGS, &flags);
	flags ^= FS_NODUMP_FL;
	say("flags", "reader", ioctl(reader, FS_IOC_SETFLAGS, &flags));
	say("flags", "marked",
	    syscall(SYS_ioctl, reader, FS_IOC_SETFLAGS, &flags, 0, 0, MARKER));
	say("flags", "high",
	    syscall(SYS_ioctl, reader, FS_IOC_SETFLAGS | 1UL << 32, &flags));
	say("flags", "extended", ioctl(reader, FS_IOC_FSSETXATTR, &extended));
	say("flags", "version", ioctl(reader, _IOW('v', 2, long), &flags));
	say("flags", "file_setattr",
	    syscall(NR_FILE_SETATTR, AT_FDCWD, name, bytes, sizeof(bytes), 0));
	say("flags", "snapshot",
	    ioctl(reader, _IOW(0x94, 1, char[4096]), bytes));
}

static void try_others(void)
{
	const int queue = inotify_init1(IN_CLOEXEC);
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	int result = -ENOMEM;

	say("watch", "path", inotify_add_watch(queue, name, IN_ALL_EVENTS));
	say("watch", "proc", inotify_add_watch(queue, by_number, IN_OPEN));
	say("watch", "link", inotify_add_watch(queue, link_to, IN_OPEN));
	if (low != MAP_FAILED) {
		strcpy(low, name);
		if (!i386_call(I386_CHMOD, low, 0604, 0, &result))
			result = -ENOSYS;
	}
	errno = -result;
	say("i386", "path", result < 0 ? -1 : 0);
}

int try_each(const char *object, const char *link)
{
	name = object;
	link_to = link;
	handle = open(name, O_PATH | O_CLOEXEC);
	reader = open(name, O_RDONLY | O_CLOEXEC);
	writer = open(name, O_WRONLY | O_CLOEXEC);
	if (handle < 0 || reader < 0) {
		perror(name);
		return 1;
	}
	snprintf(by_number, sizeof(by_number), "/proc/self/fd/%d", handle);
	try_modes();
	try_owners();
	try_times();
	try_attributes();
	try_flags();
	try_others();
	chmod(name, 0600);
	return 0;
}

int try_watch(const char *object)
{
	say("watch", "path",
	    inotify_add_watch(inotify_init1(IN_CLOEXEC), object, IN_OPEN));
	return 0;
}
