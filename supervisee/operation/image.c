/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an execve(2) would put into a process: see image.h. */
#include "operation/image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "path/opath.h"

#define HEAD_BYTES 256	      /* BINPRM_BUF_SIZE of <linux/binfmts.h> */
#define PHDRS_BYTES_MAX 65536 /* load_elf_phdrs() of the kernel */

static int add_file(struct image *image, const struct pin *pin,
		    const char *name)
{
	struct image_file *file = &image->files[image->count];

	*file = (struct image_file){
		.kind = IMAGE_PROGRAM,
		.readable = !opath_access(pin->fd, R_OK),
		.device = pin->stat.st_dev,
		.inode = pin->stat.st_ino,
		.path = strdup(pin->path),
		.length = pin->length,
		.name = strdup(name),
		.fd = fcntl(pin->fd, F_DUPFD_CLOEXEC, 3),
	};
	image->count++;
	if (file->fd < 0)
		return -errno;
	return file->path && file->name ? 0 : -ENOMEM;
}

/*
 * The interpreter of a "#!" line and its one argument, as binfmt_script of the
 * kernel cuts them. Returns: false when there is none.
 */
static bool parse_script(char head[HEAD_BYTES + 1], char name[PATH_MAX],
			 char **ret_argument)
{
	char *start, *end;

	*ret_argument = NULL;
	if (strncmp(head, "#!", 2))
		return false;
	head[strcspn(head, "\n")] = '\0';
	for (end = head + strlen(head); end > head + 2; end--)
		if (end[-1] != ' ' && end[-1] != '\t')
			break;
	*end = '\0';
	start = head + 2 + strspn(head + 2, " \t");
	if (!*start)
		return false;
	end = start + strcspn(start, " \t");
	if (*end) {
		*end++ = '\0';
		end += strspn(end, " \t");
		*ret_argument = strdup(end);
	}
	strcpy(name, start);
	return true;
}

/* What counts in the header of an ELF file, and in one of its segments. */
struct elf {
	uint64_t at; /* of the segments */
	size_t size; /* of one of them */
	unsigned int count;
	bool wide; /* of 64 bit */
};

struct segment {
	uint32_t type;
	uint64_t offset, size;
};

/* Returns: false for what the kernel takes for no ELF file, or not for ours. */
static bool read_header(const char *head, struct elf *ret)
{
	Elf64_Ehdr wide;
	Elf32_Ehdr narrow;
	size_t size;

	if (memcmp(head, ELFMAG, SELFMAG))
		return false;
	switch (head[EI_CLASS]) {
	case ELFCLASS64:
		memcpy(&wide, head, sizeof(wide));
		*ret = (struct elf){wide.e_phoff, sizeof(Elf64_Phdr),
				    wide.e_phnum, true};
		size = wide.e_phentsize;
		break;
	case ELFCLASS32:
		memcpy(&narrow, head, sizeof(narrow));
		*ret = (struct elf){narrow.e_phoff, sizeof(Elf32_Phdr),
				    narrow.e_phnum, false};
		size = narrow.e_phentsize;
		break;
	default:
		return false;
	}
	return size == ret->size && ret->count * ret->size <= PHDRS_BYTES_MAX;
}

static struct segment segment_at(const struct elf *elf, const char *segments,
				 unsigned int number)
{
	Elf64_Phdr wide;
	Elf32_Phdr narrow;

	if (elf->wide) {
		memcpy(&wide, segments + number * sizeof(wide), sizeof(wide));
		return (struct segment){wide.p_type, wide.p_offset,
					wide.p_filesz};
	}
	memcpy(&narrow, segments + number * sizeof(narrow), sizeof(narrow));
	return (struct segment){narrow.p_type, narrow.p_offset,
				narrow.p_filesz};
}

/* Whether there is that much at a place of the file. */
static bool read_all(int fd, void *ret, size_t size, uint64_t at)
{
	return at <= INT64_MAX &&
	       pread(fd, ret, size, (off_t)at) == (ssize_t)size;
}

/*
 * The interpreter of an ELF file: its first PT_INTERP, wherever it is among the
 * segments. Returns: 1, 0: there is none that the kernel would load; -ENOMEM.
 */
static int read_elf(int fd, const char *head, char name[PATH_MAX])
{
	_cleanup_free_ char *segments = NULL;
	struct elf elf;
	size_t size;

	if (!read_header(head, &elf))
		return 0;
	size = elf.count * elf.size;
	segments = malloc(size + 1);
	if (!segments)
		return -ENOMEM;
	if (!read_all(fd, segments, size, elf.at))
		return 0;
	for (unsigned int i = 0; i < elf.count; i++) {
		const struct segment segment = segment_at(&elf, segments, i);

		if (segment.type != PT_INTERP)
			continue;
		return segment.size >= 2 && segment.size <= PATH_MAX &&
		       read_all(fd, name, segment.size, segment.offset) &&
		       name[segment.size - 1] == '\0';
	}
	return 0;
}

/*
 * Reads what the last file of an image loads next.
 * Returns: whether any, or a negative errno.
 */
static int read_successor(struct image *image, bool wait, char name[PATH_MAX])
{
	struct image_file *file = &image->files[image->count - 1];
	char head[HEAD_BYTES + 1] = {0};
	_cleanup_fd_ int fd = -1;

	if (file->kind == IMAGE_INTERPRETER)
		return 0;
	/* A file that may be run but not read says nothing, and cannot be
	 * copied either: only the kernel may run it. */
	fd = opath_open(file->fd,
			O_RDONLY | O_CLOEXEC | (wait ? 0 : O_NONBLOCK), 0);
	if (fd == -EWOULDBLOCK || fd == -EINTR)
		return fd;
	if (fd < 0 || pread(fd, head, HEAD_BYTES, 0) < 4)
		return 0;
	if (parse_script(head, name, &file->argument)) {
		file->kind = IMAGE_SCRIPT;
		return 1;
	}
	return read_elf(fd, head, name);
}

static int check_executable(const struct pin *pin)
{
	if (!S_ISREG(pin->stat.st_mode))
		return -EACCES;
	return opath_access(pin->fd, X_OK);
}

/* Adds what the image loads next. Returns: 1 to go on, 0, or -errno. */
static int add_successor(struct image *image, const struct lookup_base *base,
			 bool wait)
{
	char name[PATH_MAX];
	struct pin next = PIN_INIT;
	bool script;
	const int more = read_successor(image, wait, name);
	int error;

	if (more <= 0)
		return more;
	if (image->count == IMAGE_FILES_MAX)
		return -ELOOP;
	script = image->files[image->count - 1].kind == IMAGE_SCRIPT;
	error = pin_path(&next, base, name, PIN_FOLLOW, 0);
	if (!error)
		error = check_executable(&next);
	if (!error)
		error = add_file(image, &next, name);
	if (!error && !script)
		image->files[image->count - 1].kind = IMAGE_INTERPRETER;
	pin_release(&next);
	return error ? error : more;
}

int image_read(struct image *ret, const struct pin *file,
	       const struct lookup_base *base, bool wait)
{
	int more = check_executable(file);

	if (!more)
		more = add_file(ret, file, file->path);
	if (more)
		return more;
	do
		more = add_successor(ret, base, wait);
	while (more > 0);
	return more;
}

const struct image_file *image_loader(const struct image *image)
{
	const struct image_file *last =
		image->count ? &image->files[image->count - 1] : NULL;

	return last && last->kind == IMAGE_INTERPRETER ? last : NULL;
}

const struct image_file *image_loaded(const struct image *image)
{
	size_t i = 0;

	if (image->by_loader)
		return image_loader(image);
	while (i < image->count && image->files[i].kind == IMAGE_SCRIPT)
		i++;
	return i < image->count ? &image->files[i] : NULL;
}

void image_finish(struct image *image)
{
	for (size_t i = 0; i < image->count; i++) {
		fd_close(image->files[i].fd);
		free(image->files[i].path);
		free(image->files[i].name);
		free(image->files[i].argument);
	}
	*image = (struct image){0};
}
