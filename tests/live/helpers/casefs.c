/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * casefs DIRECTORY: mounts a file system (fuse(4)) that does not tell case
 * apart, with the files "secret" and "public". Each spelling has a number of
 * its own, as with most that are served so. Prints "ready"; ends with a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPELLINGS_MAX 64
#define ROOT FUSE_ROOT_ID

static const char *const files[] = {"secret", "public"};

/* Node number ROOT + 1 + i. */
static char spellings[SPELLINGS_MAX][32];
static size_t count;

static void reply(int fuse, uint64_t unique, const void *data, size_t size)
{
	struct {
		struct fuse_out_header header;
		unsigned char data[256];
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

static const char *file_of(const char *name)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (strcasecmp(files[i], name) == 0)
			return files[i];
	return NULL;
}

/* The number of a spelling; 0: there is no such file. */
static uint64_t find(const char *name)
{
	size_t i = 0;

	if (!file_of(name))
		return 0;
	while (i < count && strcmp(spellings[i], name) != 0)
		i++;
	if (i == SPELLINGS_MAX)
		return 0;
	if (i == count)
		strncpy(spellings[count++], name, sizeof(spellings[0]) - 1);
	return ROOT + 1 + i;
}

static struct fuse_attr attributes(uint64_t node)
{
	struct fuse_attr attr = {
		.ino = node, .mode = S_IFDIR | 0755, .nlink = 2};

	if (node != ROOT) {
		attr.mode = S_IFREG | 0644;
		attr.nlink = 1;
		attr.size = strlen(files[0]);
	}
	return attr;
}

static void look_up(int fuse, const struct fuse_in_header *request)
{
	const uint64_t node = find((const char *)(request + 1));
	const struct fuse_entry_out entry = {
		.nodeid = node,
		.attr = attributes(node),
	};

	if (node)
		reply(fuse, request->unique, &entry, sizeof(entry));
	else
		reply_error(fuse, request->unique, ENOENT);
}

static void serve(int fuse, const struct fuse_in_header *request)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};
	const struct fuse_attr_out attr = {.attr = attributes(request->nodeid)};
	const struct fuse_open_out opened = {.open_flags = FOPEN_DIRECT_IO};
	const struct fuse_read_in *in = (const void *)(request + 1);

	switch (request->opcode) {
	case FUSE_INIT:
		reply(fuse, request->unique, &init, sizeof(init));
		break;
	case FUSE_GETATTR:
		reply(fuse, request->unique, &attr, sizeof(attr));
		break;
	case FUSE_LOOKUP:
		look_up(fuse, request);
		break;
	case FUSE_OPEN:
		reply(fuse, request->unique, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		reply(fuse, request->unique,
		      file_of(spellings[request->nodeid - ROOT - 1]),
		      in->offset ? 0 : strlen(files[0]));
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
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
	if (argc != 2 || fuse < 0)
		return 77;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=%d,group_id=%d,allow_other",
		 fuse, (int)getuid(), (int)getgid());
	if (mount("casefs", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return 77;
	puts("ready");
	while (read(fuse, &request, sizeof(request)) > 0)
		serve(fuse, &request.header);
	return 1;
}
