/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders: one system call each, from who keeps the world to who acts in it, and
 * what came of it. Both ends are the same program.
 */
#pragma once

#include <limits.h>
#include <stdint.h>
#include <sys/un.h>

enum call {
	CALL_OPEN,
	CALL_OPENAT,
	CALL_OPENAT2,
	CALL_CREAT,
	CALL_MKDIR,
	CALL_MKDIRAT,
	CALL_MKNOD,
	CALL_MKNODAT,
	CALL_RMDIR,
	CALL_UNLINK,
	CALL_UNLINKAT,
	CALL_RENAME,
	CALL_RENAMEAT2,
	CALL_LINK,
	CALL_LINKAT,
	CALL_SYMLINK,
	CALL_SYMLINKAT,
	CALL_TRUNCATE,
	CALL_FTRUNCATE, /* of what open() with the mode as flags returns */
	CALL_CONNECT,
	CALL_BIND,
	/* Metadata; what else they take is said in metadata.c. */
	CALL_CHMOD,
	CALL_FCHMODAT,
	CALL_FCHMODAT2,
	CALL_CHOWN,
	CALL_LCHOWN,
	CALL_FCHOWNAT,
	CALL_UTIME,
	CALL_UTIMES,
	CALL_FUTIMESAT,
	CALL_UTIMENSAT,
	CALL_SETXATTR,
	CALL_LSETXATTR,
	CALL_SETXATTRAT,
	CALL_REMOVEXATTR,
	CALL_LREMOVEXATTR,
	CALL_REMOVEXATTRAT,
	CALL_FILE_SETATTR,
	CALL_INOTIFY,
	CALL_FCHMOD, /* of what open() with the flags returns, and so on */
	CALL_FCHOWN,
	CALL_FSETXATTR,
	CALL_FUTIMENS,
};

/* The times that are set. */
enum times {
	TIMES_PAST,
	TIMES_NOW,
	TIMES_OMIT,
	TIMES_ONE, /* the second */
	TIMES_WRONG,
	TIMES_NULL,
	TIMES_WILD, /* where nothing is mapped */
};

/* What an argument that is a path points to. */
enum pointer {
	POINTER_TEXT,
	POINTER_NULL,
	POINTER_WILD,  /* where nothing is mapped */
	POINTER_NO_END /* to a page without any NUL, the last that is mapped */
};

/* What a dirfd is. */
enum place {
	PLACE_CWD,
	PLACE_HERE,
	PLACE_DIR,
	PLACE_FILE,
	PLACE_FILE_PATH, /* O_PATH */
	PLACE_LINK,	 /* O_PATH, the symbolic link itself */
	PLACE_GONE,	 /* a directory that was removed */
	PLACE_NONE,	 /* -1 */
	PLACE_CLOSED,
};
#define PLACES (PLACE_CLOSED + 1)

/* The length of a UNIX address. */
enum address {
	ADDRESS_NUL,	/* with the NUL behind the path */
	ADDRESS_BARE,	/* without it */
	ADDRESS_WHOLE,	/* the whole structure */
	ADDRESS_FAMILY, /* the family alone */
	ADDRESS_SHORT,	/* not even that */
	ADDRESS_LONG,	/* more than the structure has */
	ADDRESS_UNSPEC, /* the path, of no family */
};

struct order {
	enum call call;
	enum place place[2];
	enum pointer pointer[2];
	uint64_t flags, mode, resolve;
	int64_t length;	   /* or the device, or a kind of address or times */
	unsigned int size; /* of openat2(2)'s structure, if not its own */
	unsigned int umask;
	int full; /* no descriptor is free */
	char path[2][PATH_MAX + 16];
};

struct outcome {
	int64_t value;
	int error;
	/* Of the descriptor that was returned. */
	int status_flags, fd_flags;
	unsigned int mode;
	uint64_t device, inode;
	/* Of a socket. */
	struct sockaddr_un name[2]; /* its own, the peer's */
	unsigned int name_length[2];
};
