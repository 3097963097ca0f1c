/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What files of a directory would load, were they executed. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "operation/image.h"
#include "unit.h"

static char *root;

static void put_bytes(const char *name, const void *bytes, size_t length,
		      mode_t mode)
{
	directory_write_bytes(root, name, bytes, length);
	ck_assert_int_eq(chmod(directory_path(root, name), mode), 0);
}

static void put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text), 0755);
}

/* A script whose interpreter is another file of the directory. */
static void put_script(const char *name, const char *interpreter,
		       const char *argument)
{
	char text[512];

	snprintf(text, sizeof(text), "#!%s%s\n",
		 directory_path(root, interpreter), argument);
	put(name, text);
}

/* An ELF file; @interpreter: its PT_INTERP, or NULL for a static one. */
static void put_elf(const char *name, const char *interpreter)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Phdr segment;
		char interpreter[256];
	} file = {
		.header =
			{
				.e_ident = ELFMAG,
				.e_phoff = sizeof(Elf64_Ehdr),
				.e_phentsize = sizeof(Elf64_Phdr),
				.e_phnum = 1,
			},
		.segment.p_type = interpreter ? PT_INTERP : PT_LOAD,
		.segment.p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
	};

	file.header.e_ident[EI_CLASS] = ELFCLASS64;
	if (interpreter)
		file.segment.p_filesz =
			(Elf64_Xword)snprintf(file.interpreter,
					      sizeof(file.interpreter), "%s",
					      interpreter) +
			1;
	put_bytes(name, &file, sizeof(file), 0755);
}

static int read_image(const char *name, struct image *ret)
{
	const char *path = directory_path(root, name);
	struct pin pin = PIN_INIT;
	struct lookup_base view;
	int error;

	*ret = (struct image){.count = 0};
	ck_assert_int_eq(lookup_base_open(&view, NULL, getpid(), getppid(),
					  AT_FDCWD, path, false),
			 0);
	ck_assert_int_eq(pin_path(&pin, &view, path, PIN_FOLLOW, 0), 0);
	error = image_read(ret, &pin, &view, false);
	pin_release(&pin);
	lookup_base_close(&view);
	return error;
}

static void check_error(const char *name, int error)
{
	struct image image;

	ck_assert_msg(read_image(name, &image) == error, "%s", name);
	image_finish(&image);
}

static void check_file(const struct image_file *file, enum image_kind kind,
		       const char *name, const char *argument)
{
	const char *path = directory_path(root, name);
	struct stat st;

	ck_assert_int_eq(file->kind, kind);
	ck_assert_str_eq(file->path, path);
	ck_assert_uint_eq(file->length, strlen(path));
	ck_assert_int_eq(fstat(file->fd, &st), 0);
	ck_assert(st.st_ino == file->inode && st.st_dev == file->device);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(st.st_ino == file->inode);
	ck_assert_pstr_eq(file->argument, argument);
}

START_TEST(programs)
{
	struct image image;

	root = directory_make();
	put_elf("loader", NULL);
	put_elf("static", NULL);
	put_elf("dynamic", directory_path(root, "loader"));
	ck_assert_int_eq(read_image("static", &image), 0);
	ck_assert_uint_eq(image.count, 1);
	check_file(&image.files[0], IMAGE_PROGRAM, "static", NULL);
	ck_assert_ptr_eq(image_loaded(&image), &image.files[0]);
	image_finish(&image);
	ck_assert_int_eq(read_image("dynamic", &image), 0);
	ck_assert_uint_eq(image.count, 2);
	check_file(&image.files[0], IMAGE_PROGRAM, "dynamic", NULL);
	check_file(&image.files[1], IMAGE_INTERPRETER, "loader", NULL);
	ck_assert_ptr_eq(image_loaded(&image), &image.files[0]);
	image_finish(&image);
	directory_remove(root);
}
END_TEST

START_TEST(scripts)
{
	struct image image;

	root = directory_make();
	put_elf("loader", NULL);
	put_elf("shell", directory_path(root, "loader"));
	put_script("inner", "shell", "");
	put_script("outer", "inner", " \t-e  two words\t ");
	ck_assert_int_eq(read_image("outer", &image), 0);
	ck_assert_uint_eq(image.count, 4);
	check_file(&image.files[0], IMAGE_SCRIPT, "outer", "-e  two words");
	check_file(&image.files[1], IMAGE_SCRIPT, "inner", NULL);
	check_file(&image.files[2], IMAGE_PROGRAM, "shell", NULL);
	check_file(&image.files[3], IMAGE_INTERPRETER, "loader", NULL);
	ck_assert_ptr_eq(image_loaded(&image), &image.files[2]);
	image_finish(&image);
	/* One more is one too many. */
	put_script("outermost", "outer", "");
	check_error("outermost", -ELOOP);
	put_script("circle", "circle", "");
	check_error("circle", -ELOOP);
	directory_remove(root);
}
END_TEST

/* What the kernel will refuse itself is a file without a successor. */
START_TEST(what_is_neither)
{
	static const char *const texts[] = {"",	       "#",	  "#!\n",
					    "#! \t\n", "\177ELF", "text"};
	struct image image;

	root = directory_make();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		put("file", texts[i]);
		ck_assert_int_eq(read_image("file", &image), 0);
		ck_assert_uint_eq(image.count, 1);
		check_file(&image.files[0], IMAGE_PROGRAM, "file", NULL);
		image_finish(&image);
	}
	directory_remove(root);
}
END_TEST

START_TEST(what_may_not_be_executed)
{
	root = directory_make();
	put_bytes("plain", "#!/bin/sh\n", 10, 0644);
	check_error("plain", -EACCES);
	check_error(".", -EACCES);
	put_script("of-plain", "plain", "");
	check_error("of-plain", -EACCES);
	put_script("of-nothing", "missing", "");
	check_error("of-nothing", -ENOENT);
	put_elf("of-no-loader", directory_path(root, "missing"));
	check_error("of-no-loader", -ENOENT);
	put_elf("of-plain-loader", directory_path(root, "plain"));
	check_error("of-plain-loader", -EACCES);
	directory_remove(root);
}
END_TEST

/* A file that may be run but not read says nothing of what it loads. */
START_TEST(what_may_not_be_read)
{
	struct image image;

	root = directory_make();
	put_elf("secret", NULL);
	ck_assert_int_eq(chmod(directory_path(root, "secret"), 0711), 0);
	if (geteuid() != 0) {
		ck_assert_int_eq(chmod(directory_path(root, "secret"), 0111),
				 0);
	} else {
		/* Root may read anything; somebody else looks. */
		ck_assert_int_eq(seteuid(65534), 0);
	}
	ck_assert_int_eq(read_image("secret", &image), 0);
	ck_assert(!image.files[0].readable);
	image_finish(&image);
	ck_assert_int_eq(seteuid(getuid()), 0);
	ck_assert_int_eq(chmod(directory_path(root, "secret"), 0755), 0);
	ck_assert_int_eq(read_image("secret", &image), 0);
	ck_assert(image.files[0].readable);
	image_finish(&image);
	directory_remove(root);
}
END_TEST

/* An ELF file whose last of many segments is the PT_INTERP. */
static void put_segments(const char *name, unsigned int count)
{
	const char *loader = directory_path(root, "loader");
	const size_t size = strlen(loader) + 1;
	Elf64_Ehdr header = {
		.e_ident = ELFMAG,
		.e_phoff = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (Elf64_Half)count,
	};
	Elf64_Phdr last = {
		.p_type = PT_INTERP,
		.p_offset = sizeof(header) + count * sizeof(last),
		.p_filesz = size,
	};
	char *file = calloc(1, last.p_offset + size);

	ck_assert_ptr_nonnull(file);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	memcpy(file, &header, sizeof(header));
	memcpy(file + last.p_offset - sizeof(last), &last, sizeof(last));
	memcpy(file + last.p_offset, loader, size);
	put_bytes(name, file, last.p_offset + size, 0755);
	free(file);
}

/* All that the kernel reads are read, and no more: 64 KiB of them. */
START_TEST(many_segments)
{
	static const unsigned int counts[] = {1, 64, 65, 300, 1170};
	struct image image;

	root = directory_make();
	put_elf("loader", NULL);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		put_segments("program", counts[i]);
		ck_assert_int_eq(read_image("program", &image), 0);
		ck_assert_uint_eq(image.count, 2);
		check_file(&image.files[1], IMAGE_INTERPRETER, "loader", NULL);
		image_finish(&image);
	}
	put_segments("program", 1171);
	ck_assert_int_eq(read_image("program", &image), 0);
	ck_assert_uint_eq(image.count, 1);
	image_finish(&image);
	directory_remove(root);
}
END_TEST

/* The kernel runs those, too. */
START_TEST(of_32_bit)
{
	struct {
		Elf32_Ehdr header;
		Elf32_Phdr segment;
		char interpreter[256];
	} file = {
		.header = {.e_ident = ELFMAG,
			   .e_phoff = sizeof(Elf32_Ehdr),
			   .e_phentsize = sizeof(Elf32_Phdr),
			   .e_phnum = 1},
		.segment = {.p_type = PT_INTERP,
			    .p_offset =
				    sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr)},
	};
	struct image image;

	root = directory_make();
	put_elf("loader", NULL);
	file.header.e_ident[EI_CLASS] = ELFCLASS32;
	file.segment.p_filesz =
		(Elf32_Word)snprintf(file.interpreter, sizeof(file.interpreter),
				     "%s", directory_path(root, "loader")) +
		1;
	put_bytes("program", &file, sizeof(file), 0755);
	ck_assert_int_eq(read_image("program", &image), 0);
	ck_assert_uint_eq(image.count, 2);
	check_file(&image.files[1], IMAGE_INTERPRETER, "loader", NULL);
	image_finish(&image);
	directory_remove(root);
}
END_TEST

UNIT_MAIN("image", programs, scripts, what_is_neither, what_may_not_be_executed,
	  what_may_not_be_read, many_segments, of_32_bit);
