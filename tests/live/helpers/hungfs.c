/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hungfs DIRECTORY [FILE]: mounts a file system (fuse(4)) that never says
 * whether there is a name in it, as one on a network that is gone; or, if FILE
 * is given, has that and never says what is in it. Prints "ready"; "asked" when
 * somebody waits; ends with a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *present; /* the file; NULL: none */

static void reply(int fuse, uint64_t unique, const void *data, size_t size)
{
	struct {
		struct fuse_out_header header;
		unsigned char data[sizeof(struct fuse_init_out) +
				   sizeof(struct fuse_entry_out)];
	} answer = {
		.header = {.len = (uint32_t)(sizeof(answer.header) + size),
			   .unique = unique},
	};

	memcpy(answer.data, data, size);
	(void)!write(fuse, &answer, answer.header.len);
}

static void reply_error(int fuse, uint64_t unique, int error)
{
	const struct fuse_out_header header = {
		.len = sizeof(header),
		.unique = unique,
		.error = -error,
	};

	(void)!write(fuse, &header, sizeof(header));
}

static void serve(int fuse, const struct fuse_in_header *request)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};
	const struct fuse_attr_out root = {
		.attr = {.ino = 1, .mode = S_IFDIR | 0755, .nlink = 2},
	};

	const struct fuse_attr_out file = {
		.attr = {.ino = 2,
			 .mode = S_IFREG | 0644,
			 .nlink = 1,
			 .size = 4096},
	};
	const struct fuse_entry_out entry = {.nodeid = 2, .attr = file.attr};
	const struct fuse_open_out opened = {.fh = 1};
	const char *name = (const char *)(request + 1);

	switch (request->opcode) {
	case FUSE_INIT:
		reply(fuse, request->unique, &init, sizeof(init));
		break;
	case FUSE_GETATTR:
		reply(fuse, request->unique,
		      request->nodeid == 1 ? &root : &file, sizeof(root));
		break;
	case FUSE_LOOKUP:
		if (!present)
			puts("asked");
		else if (strcmp(name, present) == 0)
			reply(fuse, request->unique, &entry, sizeof(entry));
		else
			reply_error(fuse, request->unique, ENOENT);
		break;
	case FUSE_OPEN:
		reply(fuse, request->unique, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		puts("asked");
		break;
	default:
		reply_error(fuse, request->unique, ENOSYS);
	}
}

int main(int argc, char **argv)
{
	union {
		struct fuse_in_header header;
		unsigned char bytes[65536];
	} request;
	char options[128];
	int fuse;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (argc < 2 || fuse < 0)
		return 77;
	present = argv[2];
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=%d,group_id=%d,allow_other",
		 fuse, (int)getuid(), (int)getgid());
	if (mount("hungfs", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return 77;
	puts("ready");
	while (read(fuse, &request, sizeof(request)) > 0)
		serve(fuse, &request.header);
	return 1;
}
