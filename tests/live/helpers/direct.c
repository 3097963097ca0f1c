/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * direct HOW DIRECTORY
 *
 * Says "ready", waits for a line, and makes calls in DIRECTORY that rules
 * allow; says "done" when all went well. Whoever stopped the supervisor
 * meanwhile knows that it was not needed. HOW:
 *
 * calls, threads, fork, vfork: there; or by something else that was started
 * (spawn) or loaded (library:FILE) before "ready".
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 8

static int failures;

static void expect(const char *what, long result)
{
	if (result >= 0)
		return;
	perror(what);
	failures++;
}

static void closed(const char *what, int fd)
{
	expect(what, fd);
	if (fd >= 0)
		close(fd);
}

static void open_all(void)
{
	const int directory = open(".", O_RDONLY | O_DIRECTORY);
	FILE *stream;
	DIR *entries;

	expect("open a directory", directory);
	closed("open", open("file", O_RDONLY));
	closed("open64", open64("file", O_RDWR | O_TRUNC));
	closed("openat", openat(directory, "file", O_RDONLY));
	closed("openat64", openat64(directory, "file", O_RDONLY));
	closed("open to make", open("new", O_RDWR | O_CREAT, 0600));
	closed("creat", creat("new", 0600));
	stream = fopen("file", "r");
	expect("fopen", stream ? 0 : -1);
	if (stream)
		fclose(stream);
	stream = fopen64("new", "a+");
	expect("fopen64", stream ? 0 : -1);
	if (stream)
		fclose(stream);
	entries = opendir(".");
	expect("opendir", entries ? 0 : -1);
	if (entries)
		closedir(entries);
	expect("truncate", truncate("new", 3));
	expect("unlink", unlink("new"));
	close(directory);
}

static void name_all(void)
{
	const int here = open(".", O_PATH | O_DIRECTORY);

	expect("mkdir", mkdir("directory", 0700));
	expect("rmdir", rmdir("directory"));
	expect("mkdirat", mkdirat(here, "directory", 0700));
	expect("unlinkat", unlinkat(here, "directory", AT_REMOVEDIR));
	expect("mkfifo", mkfifo("fifo", 0600));
	expect("unlink of a fifo", unlink("fifo"));
	expect("mkfifoat", mkfifoat(here, "fifo", 0600));
	expect("unlinkat of a fifo", unlinkat(here, "fifo", 0));
	expect("symlink", symlink("file", "link"));
	expect("unlink of a link", unlink("link"));
	expect("symlinkat", symlinkat("file", here, "link"));
	expect("unlinkat of a link", unlinkat(here, "link", 0));
	isatty(here);
	close(here);
}

static void *open_some(void *unused)
{
	for (int i = 0; i < 100; i++) {
		const int fd = open("file", O_RDONLY);

		if (fd < 0) {
			__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
			break;
		}
		close(fd);
	}
	return unused;
}

static void in_threads(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, open_some, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0 || status)
		failures++;
}

static void in_fork(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		open_all();
		_exit(failures);
	}
	wait_for(pid);
}

static void in_vfork(void)
{
	const pid_t pid = vfork();

	if (pid == 0) {
		/* Memory is shared: nothing but the calls. */
		const int fd = open("file", O_RDONLY);

		_exit(fd < 0);
	}
	wait_for(pid);
}

static int spawn(const char *program, char *directory)
{
	char *argv[] = {"direct", "calls", directory, NULL};
	int status;
	pid_t pid;

	return posix_spawn(&pid, program, NULL, NULL, argv, environ) ||
	       waitpid(pid, &status, 0) < 0 || status;
}

static int (*load(const char *file))(const char *)
{
	void *library = dlopen(file, RTLD_NOW);

	return library ? (int (*)(const char *))dlsym(library, "library_open")
		       : NULL;
}

static void in_library(int (*library_open)(const char *))
{
	if (!library_open) {
		fprintf(stderr, "direct: %s\n", dlerror());
		failures++;
		return;
	}
	closed("open in a library", library_open("file"));
}

static int run(const char *how)
{
	int (*library_open)(const char *) = NULL;

	if (strncmp(how, "library:", 8) == 0)
		library_open = load(how + 8);
	puts("ready");
	fflush(stdout);
	if (getchar() == EOF)
		return 2;
	if (strcmp(how, "threads") == 0)
		in_threads();
	else if (strcmp(how, "fork") == 0)
		in_fork();
	else if (strcmp(how, "vfork") == 0)
		in_vfork();
	else if (strncmp(how, "library:", 8) == 0)
		in_library(library_open);
	else if (strcmp(how, "calls") == 0) {
		open_all();
		name_all();
	} else {
		return 2;
	}
	puts(failures ? "failed" : "done");
	fflush(stdout);
	return failures > 0;
}

int main(int argc, char **argv)
{
	if (argc != 3 || chdir(argv[2]))
		return 2;
	return strcmp(argv[1], "spawn") == 0 ? spawn("/proc/self/exe", argv[2])
					     : run(argv[1]);
}
