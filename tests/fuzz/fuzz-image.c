/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that begins with anything is executed: what it would load is found, or
 * it is refused; every file of an image has a name and is open.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "operation/image.h"

/* An executable file without a name; -1: the input could not be written. */
static int write_program(const uint8_t *data, size_t size)
{
	const int fd = memfd_create("program", MFD_CLOEXEC);

	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(write(fd, data, size) == (ssize_t)size);
	FUZZ_CHECK(fchmod(fd, 0500) == 0);
	return fd;
}

static void check_file(const struct image_file *file)
{
	FUZZ_CHECK(file->fd >= 0);
	FUZZ_CHECK(file->path && strlen(file->path) == file->length);
	FUZZ_CHECK(file->name);
	FUZZ_CHECK(file->kind == IMAGE_SCRIPT || !file->argument);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lookup_base view = {
		.tid = getpid(),
		.monitor = getppid(),
		.root = -1,
		.origin = -1,
	};
	struct pin pin = PIN_INIT;
	struct image image = {.count = 0};

	FUZZ_CHECK(pin_fd(&pin, write_program(data, size)) == 0);
	if (!image_read(&image, &pin, &view, false)) {
		FUZZ_CHECK(image.count > 0 && image.count <= IMAGE_FILES_MAX);
		for (size_t i = 0; i < image.count; i++)
			check_file(&image.files[i]);
		/* A script that is understood has somebody to run it. */
		FUZZ_CHECK(image_loaded(&image));
	}
	image_finish(&image);
	pin_release(&pin);
	return 0;
}
