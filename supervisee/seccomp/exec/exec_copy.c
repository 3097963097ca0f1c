/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of programs: see exec_copy.h. */
#include "seccomp/exec/exec_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "path/opath.h"

#define COPY_BYTES (16 * 1024 * 1024) /* between looks whether it is wanted */

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

/* vm.memfd_noexec may want to be told that this is for execution. */
static int make_memory(const char *name)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	const int fd = memfd_create(name, flags | MFD_EXEC);

	return fd < 0 && errno == EINVAL ? memfd_create(name, flags) : fd;
}

/* Copies what is between two holes. Returns: 0 or a negative errno. */
static int copy_data(int to, int from, off_t at, off_t end,
		     bool (*wanted)(void *userdata), void *userdata)
{
	if (lseek(to, at, SEEK_SET) < 0)
		return -errno;
	while (at < end) {
		const off_t left = end - at;
		const ssize_t copied = sendfile(
			to, from, &at,
			(size_t)(left < COPY_BYTES ? left : COPY_BYTES));

		if (copied < 0 && errno != EINTR)
			return -errno;
		if (copied == 0)
			return 0; /* it has become shorter */
		if (!wanted(userdata))
			return -ECANCELED;
	}
	return 0;
}

/* Copies a file; holes stay holes, and cost nothing. */
static int copy_file(int to, int from, bool (*wanted)(void *userdata),
		     void *userdata)
{
	off_t data, hole = 0;
	struct stat st;
	int error = 0;

	if (fstat(from, &st) < 0 || ftruncate(to, st.st_size) < 0)
		return -errno;
	while (!error && (data = lseek(from, hole, SEEK_DATA)) >= 0 &&
	       data < st.st_size) {
		hole = lseek(from, data, SEEK_HOLE);
		if (hole < 0 || hole > st.st_size)
			hole = st.st_size;
		error = copy_data(to, from, data, hole, wanted, userdata);
	}
	if (!error && data < 0 && errno != ENXIO)
		error = -errno;
	return error;
}

int exec_copy(const struct image *image, bool (*wanted)(void *userdata),
	      void *userdata, int *ret_fd)
{
	const struct image_file *file = image_loaded(image);
	const char *slash = file ? strrchr(file->path, '/') : NULL;
	_cleanup_fd_ int from = -1, to = -1;
	int error;

	if (!file)
		return -ENOEXEC;
	if (!file->readable)
		return -EACCES; /* it may be run, but not read */
	from = opath_open(file->fd, O_RDONLY | O_CLOEXEC, 0);
	if (from < 0)
		return fd_take(&from);
	to = make_memory(slash ? slash + 1 : "program");
	if (to < 0)
		return -errno;
	error = copy_file(to, from, wanted, userdata);
	if (error)
		return error;
	if (fchmod(to, 0555) < 0 ||
	    fcntl(to, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	*ret_fd = fd_take(&to);
	return 0;
}
