// SPDX-License-Identifier: GPL-2.0-or-later
/* What an execve(2) would put into a process: see image.h. */
#include "operation/image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "path/handle.h"

#define HEAD_BYTES 256 /* BINPRM_BUF_SIZE of <linux/binfmts.h> */
#define PHDRS_MAX 64

static int add_file(struct image *image, const struct pin *pin,
		    const char *name)
{
	struct image_file *file = &image->files[image->count];

	*file = (struct image_file){
		.kind = IMAGE_PROGRAM,
		.readable = !handle_access(pin->target, R_OK),
		.device = pin->stat.st_dev,
		.inode = pin->stat.st_ino,
		.path = strdup(pin->path),
		.length = pin->length,
		.name = strdup(name),
		.fd = fcntl(pin->target, F_DUPFD_CLOEXEC, 3),
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

/* The PT_INTERP of an ELF file. Returns: false when there is none. */
static bool read_elf(int fd, const char *head, char name[PATH_MAX])
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	memcpy(&header, head, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) ||
	    header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_phentsize != sizeof(segment))
		return false;
	for (unsigned int i = 0; i < header.e_phnum && i < PHDRS_MAX; i++) {
		const off_t at = (off_t)(header.e_phoff + i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at) !=
		    (ssize_t)sizeof(segment))
			return false;
		if (segment.p_type != PT_INTERP)
			continue;
		if (segment.p_filesz < 2 || segment.p_filesz > PATH_MAX ||
		    pread(fd, name, segment.p_filesz,
			  (off_t)segment.p_offset) != (ssize_t)segment.p_filesz)
			return false;
		return name[segment.p_filesz - 1] == '\0';
	}
	return false;
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
	fd = handle_open(file->fd,
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
	return handle_access(pin->target, X_OK);
}

/* Adds what the image loads next. Returns: 1 to go on, 0, or -errno. */
static int add_successor(struct image *image, const struct view *view,
			 bool wait)
{
	char name[PATH_MAX];
	struct pin next = PIN_INIT;
	bool script;
	int error = read_successor(image, wait, name);

	if (error <= 0)
		return error;
	if (image->count == IMAGE_FILES_MAX)
		return -ELOOP;
	script = image->files[image->count - 1].kind == IMAGE_SCRIPT;
	error = pin_path(&next, view, name, PIN_FOLLOW, 0);
	if (!error)
		error = check_executable(&next);
	if (!error)
		error = add_file(image, &next, name);
	if (!error && !script)
		image->files[image->count - 1].kind = IMAGE_INTERPRETER;
	pin_release(&next);
	return error ? error : 1;
}

int image_read(struct image *ret, const struct pin *file,
	       const struct view *view, bool wait)
{
	int more = check_executable(file);

	if (!more)
		more = add_file(ret, file, file->path);
	if (more)
		return more;
	do
		more = add_successor(ret, view, wait);
	while (more > 0);
	return more;
}

const struct image_file *image_loaded(const struct image *image)
{
	size_t i = 0;

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
	image->count = 0;
}
