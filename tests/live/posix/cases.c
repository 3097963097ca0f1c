/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cases: see cases.h. */
#include "cases.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How a call is made. */
struct row {
	const char *label;
	enum call call;
	uint64_t flags, mode, resolve;
	int64_t length;
	unsigned int size;
	unsigned int umask;
	int full;
	const char *text; /* the second path, where it is no name */
};

#define OPEN(f)                                                       \
	{                                                             \
		.label = "open " #f, .flags = (f), .call = CALL_OPEN, \
		.mode = 0666                                          \
	}
#define CREATE(f, m, u)                                                \
	{                                                              \
		.label = "open " #f " " #m " umask " #u, .flags = (f), \
		.call = CALL_OPEN, .mode = (m), .umask = (u)           \
	}
#define OPENAT2(f, m, r)                                            \
	{                                                           \
		.label = "openat2 " #f " " #m " " #r, .flags = (f), \
		.call = CALL_OPENAT2, .mode = (m), .resolve = (r)   \
	}
#define FULL(f)                                                \
	{                                                      \
		.label = "open " #f " (EMFILE)", .flags = (f), \
		.call = CALL_OPEN, .mode = 0666, .full = 1     \
	}
#define MAKE(c, m, u)                                              \
	{                                                          \
		.label = #c " " #m " umask " #u, .call = CALL_##c, \
		.mode = (m), .umask = (u)                          \
	}
#define NODE(m, d)                                                            \
	{                                                                     \
		.label = "MKNOD " #m " " #d, .call = CALL_MKNOD, .mode = (m), \
		.length = (d), .umask = 022                                   \
	}
#define LENGTH(l)                                                             \
	{                                                                     \
		.label = "TRUNCATE " #l, .call = CALL_TRUNCATE, .length = (l) \
	}
#define FLENGTH(f, l)                                                    \
	{                                                                \
		.label = "FTRUNCATE " #f " " #l, .call = CALL_FTRUNCATE, \
		.mode = (f), .length = (l)                               \
	}
#define PLAIN(c)                                            \
	{                                                   \
		.label = #c, .call = CALL_##c, .mode = 0755 \
	}
#define FLAGS(c, f)                                                 \
	{                                                           \
		.label = #c " " #f, .call = CALL_##c, .mode = 0755, \
		.flags = (f)                                        \
	}
#define TEXT(t)                                                         \
	{                                                               \
		.label = "SYMLINK " #t, .call = CALL_SYMLINK, .text = t \
	}
#define SOCKET(c, t, a)                                                    \
	{                                                                  \
		.label = #c " " #t " " #a, .call = CALL_##c, .flags = (t), \
		.length = (ADDRESS_##a)                                    \
	}

static const struct row making[] = {
	MAKE(MKDIR, 0777, 022),
	MAKE(MKDIR, 07777, 0),
	MAKE(MKDIR, 0777, 077),
	MAKE(MKDIR, 0, 0),
	MAKE(MKNOD, S_IFIFO | 0666, 0),
	MAKE(MKNOD, S_IFIFO | 0666, 077),
	NODE(0666, 0),
	NODE(S_IFREG | 07777, 0),
	NODE(S_IFSOCK | 0666, 0),
	NODE(S_IFCHR | 0600, 0x103),
	NODE(S_IFBLK | 0600, 0x700),
	NODE(S_IFCHR | 0600, 0),
	NODE(S_IFDIR | 0700, 0),
	NODE(S_IFLNK | 0700, 0),
	NODE(0xf000 | 0700, 0),
	TEXT("target"),
	TEXT("/"),
	TEXT(""),
	TEXT("{255}/{255}"),
	TEXT("{4095}"),
	TEXT("{4096}"),
};

static const struct row removing[] = {
	PLAIN(RMDIR),
	PLAIN(UNLINK),
	FLAGS(UNLINKAT, 0),
	FLAGS(UNLINKAT, AT_REMOVEDIR),
	FLAGS(UNLINKAT, AT_SYMLINK_FOLLOW),
	FLAGS(UNLINKAT, 0x80000000),
	LENGTH(0),
	LENGTH(3),
	LENGTH(100),
	LENGTH(-1),
	LENGTH(0x7fffffffffffffff),
	FLENGTH(O_WRONLY, 0),
	FLENGTH(O_RDWR, 100),
	FLENGTH(O_RDWR | O_NONBLOCK, 3),
	FLENGTH(O_RDWR, -1),
	FLENGTH(O_RDONLY | O_NONBLOCK, 0),
	FLENGTH(O_PATH, 0),
	FLENGTH(O_WRONLY | O_APPEND, 2),
};

static const struct row opening[] = {
	OPEN(O_RDONLY | O_NONBLOCK),
	OPEN(O_WRONLY | O_NONBLOCK),
	OPEN(O_RDWR),
	OPEN(O_ACCMODE | O_NONBLOCK),
	OPEN(O_RDONLY | O_CLOEXEC),
	OPEN(O_WRONLY | O_APPEND),
	OPEN(O_RDONLY | O_TRUNC | O_NONBLOCK),
	OPEN(O_WRONLY | O_TRUNC),
	OPEN(O_RDWR | O_TRUNC | O_APPEND),
	OPEN(O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
	OPEN(O_WRONLY | O_NOFOLLOW),
	OPEN(O_RDONLY | O_DIRECTORY),
	OPEN(O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
	OPEN(O_WRONLY | O_DIRECTORY),
	OPEN(O_RDWR | O_DIRECTORY | O_TRUNC),
	OPEN(O_RDONLY | O_NOATIME | O_NONBLOCK),
	OPEN(O_RDWR | O_SYNC | O_NOCTTY),
	OPEN(O_RDWR | O_DIRECT),
	OPEN(O_RDWR | O_ASYNC),
	OPEN(O_RDONLY | O_EXCL | O_NONBLOCK),
	OPEN(O_PATH),
	OPEN(O_PATH | O_NOFOLLOW),
	OPEN(O_PATH | O_DIRECTORY),
	OPEN(O_PATH | O_CREAT | O_TRUNC | O_RDWR),
	OPEN(O_RDONLY | 0x40000000 | O_NONBLOCK),
};

static const struct row creating[] = {
	CREATE(O_RDONLY | O_CREAT | O_NONBLOCK, 0666, 022),
	CREATE(O_WRONLY | O_CREAT, 0666, 0),
	CREATE(O_RDWR | O_CREAT, 07777, 077),
	CREATE(O_WRONLY | O_CREAT | O_TRUNC, 0666, 027),
	CREATE(O_RDONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0, 0),
	CREATE(O_RDWR | O_CREAT | O_EXCL, 0600, 0),
	CREATE(O_WRONLY | O_CREAT | O_EXCL | O_TRUNC, 0444, 0),
	CREATE(O_RDWR | O_CREAT | O_NOFOLLOW, 0640, 0),
	CREATE(O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0640, 0),
	CREATE(O_RDONLY | O_CREAT | O_DIRECTORY | O_NONBLOCK, 0666, 0),
	CREATE(O_RDWR | O_CREAT | O_EXCL | O_DIRECTORY, 0666, 0),
	CREATE(O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666, 0),
	CREATE(O_ACCMODE | O_CREAT | O_NONBLOCK, 0666, 0),
	CREATE(O_RDWR | O_CREAT | O_NONBLOCK, 0200, 0),
	CREATE(O_RDWR | O_TMPFILE, 0666, 022),
	CREATE(O_WRONLY | O_TMPFILE | O_EXCL, 0666, 022),
	CREATE(O_RDONLY | O_TMPFILE, 0666, 022),
	CREATE(O_RDWR | O_TMPFILE | O_CREAT, 0666, 022),
	CREATE(O_RDWR | O_TMPFILE | O_NOFOLLOW, 0666, 022),
	MAKE(CREAT, 0666, 022),
	MAKE(CREAT, 0666, 077),
	FULL(O_RDONLY | O_NONBLOCK),
	FULL(O_RDWR | O_CREAT | O_NONBLOCK),
	FULL(O_WRONLY | O_CREAT | O_EXCL),
	FULL(O_WRONLY | O_TRUNC),
	FULL(O_RDWR | O_TMPFILE),
};

static const struct row resolving[] = {
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, 0),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_BENEATH),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_IN_ROOT),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_NO_SYMLINKS),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_NO_MAGICLINKS),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_NO_XDEV),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_CACHED),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, 1 << 20),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0666, 0),
	OPENAT2(O_RDWR | O_CREAT | O_NONBLOCK, 0666, 0),
	OPENAT2(O_RDWR | O_CREAT | O_NONBLOCK, 0666, RESOLVE_BENEATH),
	OPENAT2(O_RDWR | O_CREAT | O_NONBLOCK, 0666, RESOLVE_IN_ROOT),
	OPENAT2(O_RDWR | O_CREAT | O_NONBLOCK, 0666, RESOLVE_NO_SYMLINKS),
	OPENAT2(O_RDWR | O_CREAT | O_NONBLOCK, 010666, 0),
	OPENAT2(O_RDWR | O_CREAT | O_CREAT | O_TRUNC, 0666, RESOLVE_NO_XDEV),
	OPENAT2(O_RDWR | O_TRUNC, 0, 0),
	OPENAT2(O_RDWR | O_TRUNC | O_CREAT, 0666, RESOLVE_CACHED),
	OPENAT2(O_RDWR | O_TMPFILE, 0600, RESOLVE_BENEATH),
	OPENAT2(O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, RESOLVE_NO_SYMLINKS),
	OPENAT2(O_PATH | O_RDWR, 0, 0),
	OPENAT2(1ULL << 40, 0, 0),
	{.label = "openat2 size 0", .call = CALL_OPENAT2, .size = 8},
	{.label = "openat2 size 64 of zeros",
	 .call = CALL_OPENAT2,
	 .flags = O_NONBLOCK,
	 .size = 64},
	{.label = "openat2 size 64",
	 .call = CALL_OPENAT2,
	 .flags = O_NONBLOCK,
	 .size = 64,
	 .length = 1},
	{.label = "openat2 size 5000",
	 .call = CALL_OPENAT2,
	 .flags = O_NONBLOCK,
	 .size = 5000},
};

static const struct row renaming[] = {
	PLAIN(RENAME),
	FLAGS(RENAMEAT2, RENAME_NOREPLACE),
	FLAGS(RENAMEAT2, RENAME_EXCHANGE),
};

static const struct row renaming_rarely[] = {
	FLAGS(RENAMEAT2, 0),
	FLAGS(RENAMEAT2, RENAME_WHITEOUT),
	FLAGS(RENAMEAT2, RENAME_NOREPLACE | RENAME_EXCHANGE),
	FLAGS(RENAMEAT2, RENAME_EXCHANGE | RENAME_WHITEOUT),
	FLAGS(RENAMEAT2, 0x80),
};

static const struct row linking[] = {
	PLAIN(LINK),
	FLAGS(LINKAT, AT_SYMLINK_FOLLOW),
};

static const struct row linking_rarely[] = {
	FLAGS(LINKAT, AT_EMPTY_PATH),
	FLAGS(LINKAT, AT_SYMLINK_NOFOLLOW),
	FLAGS(LINKAT, 0x80000000),
};

static const struct row with_dirfd[] = {
	FLAGS(OPENAT, O_RDONLY | O_NONBLOCK),
	FLAGS(OPENAT, O_RDWR | O_CREAT),
	FLAGS(OPENAT, O_RDWR | O_CREAT | O_EXCL),
	FLAGS(OPENAT, O_RDWR | O_TMPFILE),
	FLAGS(OPENAT, O_RDONLY | O_NOFOLLOW),
	FLAGS(OPENAT2, O_RDWR | O_CREAT),
	PLAIN(MKDIRAT),
	PLAIN(MKNODAT),
	{.label = "SYMLINKAT", .call = CALL_SYMLINKAT, .text = "target"},
	FLAGS(UNLINKAT, 0),
	FLAGS(UNLINKAT, AT_REMOVEDIR),
};

static const struct row with_dirfds[] = {
	FLAGS(LINKAT, 0),
	FLAGS(LINKAT, AT_EMPTY_PATH),
	FLAGS(LINKAT, AT_SYMLINK_FOLLOW),
	FLAGS(RENAMEAT2, 0),
	FLAGS(RENAMEAT2, RENAME_EXCHANGE),
};

static const struct row sockets[] = {
	SOCKET(CONNECT, SOCK_STREAM, NUL),
	SOCKET(CONNECT, SOCK_STREAM | SOCK_NONBLOCK, BARE),
	SOCKET(CONNECT, SOCK_STREAM, WHOLE),
	SOCKET(CONNECT, SOCK_DGRAM, NUL),
	SOCKET(CONNECT, SOCK_SEQPACKET, NUL),
	SOCKET(CONNECT, SOCK_STREAM, FAMILY),
	SOCKET(CONNECT, SOCK_STREAM, SHORT),
	SOCKET(CONNECT, SOCK_STREAM, LONG),
	SOCKET(CONNECT, SOCK_DGRAM, UNSPEC),
	SOCKET(BIND, SOCK_STREAM, NUL),
	SOCKET(BIND, SOCK_DGRAM, BARE),
	SOCKET(BIND, SOCK_SEQPACKET, WHOLE),
	SOCKET(BIND, SOCK_STREAM, SHORT),
	SOCKET(BIND, SOCK_STREAM, LONG),
	SOCKET(BIND, SOCK_STREAM, UNSPEC),
};

/* What is tried where the kernel has other things to say. */
static const struct row elsewhere[] = {
	MAKE(MKDIR, 0777, 022),
	MAKE(MKNOD, S_IFIFO | 0666, 0),
	NODE(S_IFREG | 0666, 0),
	NODE(S_IFCHR | 0600, 0x103),
	TEXT("target"),
	PLAIN(RMDIR),
	PLAIN(UNLINK),
	LENGTH(0),
	LENGTH(100000),
	FLENGTH(O_RDWR, 100000),
	OPEN(O_RDONLY | O_NONBLOCK),
	OPEN(O_RDWR | O_NONBLOCK),
	OPEN(O_RDONLY | O_TRUNC),
	OPEN(O_WRONLY | O_TRUNC | O_NONBLOCK),
	CREATE(O_RDONLY | O_CREAT | O_NONBLOCK, 0666, 022),
	CREATE(O_RDWR | O_CREAT | O_NONBLOCK, 0666, 022),
	CREATE(O_RDWR | O_CREAT | O_EXCL, 0666, 022),
	CREATE(O_RDWR | O_TMPFILE, 0666, 022),
	OPENAT2(O_RDONLY | O_NONBLOCK, 0, RESOLVE_NO_XDEV),
	OPENAT2(O_RDWR | O_CREAT, 0666, RESOLVE_NO_XDEV),
	SOCKET(BIND, SOCK_STREAM, NUL),
	SOCKET(CONNECT, SOCK_STREAM, NUL),
};

#define MODE(c, m)                                                \
	{                                                         \
		.label = #c " " #m, .call = CALL_##c, .mode = (m) \
	}
#define OWNER(c, u, g)                                        \
	{                                                     \
		.label = #c " " #u ":" #g, .call = CALL_##c,  \
		.mode = (uint64_t)(u), .length = (int64_t)(g) \
	}
#define TIMES(c, t, f)                                       \
	{                                                    \
		.label = #c " " #t " " #f, .call = CALL_##c, \
		.length = (TIMES_##t), .flags = (f)          \
	}
#define ATTRIBUTE(c, n, s, f)                                                 \
	{                                                                     \
		.label = #c " " n " " #s " " #f, .call = CALL_##c, .text = n, \
		.length = (s), .mode = (f)                                    \
	}
#define WATCH(m)                                                           \
	{                                                                  \
		.label = "INOTIFY " #m, .call = CALL_INOTIFY, .flags = (m) \
	}
#define DESCRIPTOR(c, f)                                                  \
	{                                                                 \
		.label = #c " " #f, .call = CALL_##c,                     \
		.flags = (f) | O_NONBLOCK, .mode = 0640, .text = "user.x" \
	}

static const struct row changing[] = {
	MODE(CHMOD, 0640),
	MODE(CHMOD, 07777),
	MODE(CHMOD, 0),
	MODE(CHMOD, 0x12345),
	OWNER(CHOWN, -1, -1),
	OWNER(CHOWN, 65534, 65534),
	OWNER(CHOWN, -1, 4),
	OWNER(LCHOWN, -1, -1),
	OWNER(LCHOWN, 65534, -1),
	TIMES(UTIME, PAST, 0),
	TIMES(UTIME, NULL, 0),
	TIMES(UTIMES, PAST, 0),
	TIMES(UTIMES, WRONG, 0),
	TIMES(UTIMES, WILD, 0),
	TIMES(UTIMENSAT, PAST, AT_SYMLINK_NOFOLLOW),
	TIMES(UTIMENSAT, ONE, 0),
	TIMES(UTIMENSAT, NOW, 0),
	TIMES(UTIMENSAT, OMIT, 0),
	ATTRIBUTE(SETXATTR, "user.x", 5, 0),
	ATTRIBUTE(SETXATTR, "user.x", 5, XATTR_REPLACE),
	ATTRIBUTE(SETXATTR, "user.x", 0, XATTR_CREATE),
	ATTRIBUTE(SETXATTR, "user.x", 5, 7),
	ATTRIBUTE(SETXATTR, "user.x", 70000, 0),
	ATTRIBUTE(SETXATTR, "trusted.x", 5, 0),
	ATTRIBUTE(SETXATTR, "system.posix_acl_access", 28, 0),
	ATTRIBUTE(SETXATTR, "system.posix_acl_default", 28, 0),
	ATTRIBUTE(SETXATTR, "none", 5, 0),
	ATTRIBUTE(SETXATTR, "", 5, 0),
	ATTRIBUTE(SETXATTR, "user.{250}", 5, 0),
	ATTRIBUTE(SETXATTR, "user.{251}", 5, 0),
	ATTRIBUTE(LSETXATTR, "user.x", 5, 0),
	ATTRIBUTE(REMOVEXATTR, "user.x", 0, 0),
	ATTRIBUTE(REMOVEXATTR, "system.posix_acl_access", 0, 0),
	ATTRIBUTE(LREMOVEXATTR, "user.x", 0, 0),
	WATCH(IN_CREATE),
	WATCH(IN_ALL_EVENTS | IN_DONT_FOLLOW),
	WATCH(IN_OPEN | IN_ONLYDIR),
	WATCH(IN_OPEN | IN_MASK_CREATE | IN_MASK_ADD),
	WATCH(0),
	WATCH(0x00100000),
	{.label = "INOTIFY of no queue",
	 .call = CALL_INOTIFY,
	 .flags = 1,
	 .size = 1},
	DESCRIPTOR(FCHMOD, O_RDONLY),
	DESCRIPTOR(FCHMOD, O_RDWR),
	DESCRIPTOR(FCHMOD, O_PATH),
	DESCRIPTOR(FCHOWN, O_RDONLY),
	DESCRIPTOR(FCHOWN, O_WRONLY),
	DESCRIPTOR(FSETXATTR, O_RDONLY),
	DESCRIPTOR(FSETXATTR, O_WRONLY),
	DESCRIPTOR(FUTIMENS, O_RDONLY),
};

static const struct row changing_at[] = {
	FLAGS(FCHMODAT, 0),
	FLAGS(FCHMODAT2, 0),
	FLAGS(FCHMODAT2, AT_SYMLINK_NOFOLLOW),
	FLAGS(FCHMODAT2, AT_EMPTY_PATH),
	FLAGS(FCHMODAT2, AT_SYMLINK_FOLLOW),
	OWNER(FCHOWNAT, -1, -1),
	{.label = "FCHOWNAT AT_EMPTY_PATH",
	 .call = CALL_FCHOWNAT,
	 .flags = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW,
	 .mode = 65534,
	 .length = 65534},
	TIMES(FUTIMESAT, PAST, 0),
	TIMES(UTIMENSAT, PAST, AT_EMPTY_PATH),
	TIMES(UTIMENSAT, PAST, 0x80000000),
	TIMES(UTIMENSAT, WILD, 0),
	ATTRIBUTE(SETXATTRAT, "user.x", 5, 0),
	{.label = "SETXATTRAT AT_EMPTY_PATH",
	 .call = CALL_SETXATTRAT,
	 .flags = AT_EMPTY_PATH,
	 .text = "user.x",
	 .length = 5},
	{.label = "SETXATTRAT size 8",
	 .call = CALL_SETXATTRAT,
	 .size = 8,
	 .text = "user.x",
	 .length = 5},
	ATTRIBUTE(REMOVEXATTRAT, "user.x", 0, 0),
	{.label = "FILE_SETATTR", .call = CALL_FILE_SETATTR, .length = 24},
	{.label = "FILE_SETATTR AT_EMPTY_PATH",
	 .call = CALL_FILE_SETATTR,
	 .flags = AT_EMPTY_PATH,
	 .length = 24},
	{.label = "FILE_SETATTR AT_SYMLINK_NOFOLLOW 40",
	 .call = CALL_FILE_SETATTR,
	 .flags = AT_SYMLINK_NOFOLLOW,
	 .length = 40},
	{.label = "FILE_SETATTR 8", .call = CALL_FILE_SETATTR, .length = 8},
};

/* A table of calls, with the names of the first and the second argument. */
struct set {
	const char *group;
	const struct row *rows;
	size_t rows_count;
	const struct names *first, *second;
	bool places; /* with every kind of dirfd */
};

#define SET(g, r, f, ...)                                      \
	{                                                      \
		.group = g, .rows = r, .rows_count = COUNT(r), \
		.first = &names_##f, __VA_ARGS__               \
	}
#define SECOND(s) .second = &names_##s

static const struct set sets[] = {
	SET("make", making, all, .places = false),
	SET("remove", removing, all, .places = false),
	SET("open", opening, all, .places = false),
	SET("open", opening, magic, .places = false),
	SET("create", creating, all, .places = false),
	SET("create", creating, magic, .places = false),
	SET("resolve", resolving, all, .places = false),
	SET("rename", renaming, pairs, SECOND(pairs)),
	SET("rename", renaming_rarely, relative, SECOND(relative)),
	SET("link", linking, pairs, SECOND(pairs)),
	SET("link", linking_rarely, relative, SECOND(relative)),
	SET("dirfd", with_dirfd, relative, .places = true),
	SET("dirfd", with_dirfds, relative, SECOND(relative), .places = true),
	SET("socket", sockets, all, .places = false),
	SET("metadata", changing, all, .places = false),
	SET("metadata", changing, magic, .places = false),
	SET("metadata", changing_at, relative, .places = true),
	SET("mount", elsewhere, mounted, .places = false),
	SET("mount", changing, mounted, .places = false),
	SET("mount", renaming, mounted_pairs, SECOND(mounted_pairs)),
	SET("mount", linking, mounted_pairs, SECOND(mounted_pairs)),
};

static const char *const place_labels[PLACES] = {
	[PLACE_CWD] = "AT_FDCWD",      [PLACE_HERE] = "fd(.)",
	[PLACE_DIR] = "fd(dir)",       [PLACE_FILE] = "fd(file)",
	[PLACE_FILE_PATH] = "p(file)", [PLACE_LINK] = "p(link)",
	[PLACE_GONE] = "fd(gone)",     [PLACE_NONE] = "-1",
	[PLACE_CLOSED] = "closed",
};

static const char *const pointer_labels[] = {
	[POINTER_NULL] = "NULL",
	[POINTER_WILD] = "wild",
	[POINTER_NO_END] = "endless",
};

/* Writes a name's text with what is meant by "@" and by "{N}" and "{N/}". */
static void expand(char out[PATH_MAX + 16], const char *text, const char *here)
{
	char *const end = out + PATH_MAX + 15;

	for (; *text && out < end; text++) {
		if (*text == '@') {
			out += snprintf(out, (size_t)(end - out), "%s", here);
		} else if (*text == '{') {
			char last = '\0';
			int count = 0, length = 0;

			sscanf(text, "{%d%n%c", &count, &length, &last);
			for (int i = 0; i < count && out < end; i++)
				*out++ = last != '/'	      ? 'n'
					 : i % 2 == count % 2 ? '.'
							      : '/';
			text += length + (last == '/');
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

static const char *name_label(const struct name *name)
{
	return name->text ? name->text : pointer_labels[name->pointer];
}

struct tour {
	const struct set *set;
	const char *here;
	case_fn each;
	void *userdata;
};

static bool visit(const struct tour *tour, const struct row *row,
		  const struct name *first, const struct name *second,
		  enum place place, enum place other)
{
	struct order order = {
		.call = row->call,
		.place = {place, other},
		.pointer = {first->pointer,
			    second ? second->pointer : POINTER_TEXT},
		.flags = row->flags,
		.mode = row->mode,
		.resolve = row->resolve,
		.length = row->length,
		.size = row->size,
		.umask = row->umask,
		.full = row->full,
	};
	const char *const text = second ? second->text : row->text;
	char label[512];
	int length = snprintf(label, sizeof(label), "%s", row->label);

	if (tour->set->places)
		length += snprintf(label + length, sizeof(label) - length,
				   " %s", place_labels[place]);
	length += snprintf(label + length, sizeof(label) - length, " \"%s\"",
			   name_label(first));
	if (tour->set->places && second)
		length += snprintf(label + length, sizeof(label) - length,
				   " %s", place_labels[other]);
	if (second)
		snprintf(label + length, sizeof(label) - length, " \"%s\"",
			 name_label(second));
	if (first->text)
		expand(order.path[0], first->text, tour->here);
	if (text)
		expand(order.path[1], text, tour->here);
	return tour->each(&order, label, tour->userdata);
}

/* One call with one first name: every second one, from every place. */
static bool visit_seconds(const struct tour *tour, const struct row *row,
			  const struct name *first, enum place place)
{
	const struct set *set = tour->set;
	bool going = true;

	if (!set->second)
		return visit(tour, row, first, NULL, place, PLACE_CWD);
	for (size_t i = 0; going && i < set->second->count; i++) {
		/* The second one's place goes along with the names: all pairs
		 * of places would be too many. */
		const enum place other =
			set->places ? (enum place)((i + place) % PLACES)
				    : PLACE_CWD;

		going = visit(tour, row, first, &set->second->items[i], place,
			      other);
	}
	return going;
}

static bool visit_set(const struct tour *tour)
{
	const struct set *set = tour->set;
	const size_t places = set->places ? PLACES : 1;
	bool going = true;

	for (size_t r = 0; going && r < set->rows_count; r++)
		for (size_t f = 0; going && f < set->first->count; f++)
			for (size_t p = 0; going && p < places; p++)
				going = visit_seconds(tour, &set->rows[r],
						      &set->first->items[f],
						      (enum place)p);
	return going;
}

bool cases_each(const char *group, const char *here, case_fn each,
		void *userdata)
{
	bool found = false;

	for (size_t i = 0; i < COUNT(sets); i++) {
		const struct tour tour = {&sets[i], here, each, userdata};

		if (strcmp(sets[i].group, group))
			continue;
		found = true;
		if (!visit_set(&tour))
			return false;
	}
	return found;
}
