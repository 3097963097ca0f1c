/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yanks HUNG SECONDS
 *
 * Makes calls with a path that lies in a page which is there at one moment and
 * at the next is one of the file HUNG, that never comes: for that time, or
 * until somebody ends it.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define ASKERS 200

static char *page;
static int hung;

static void *yank(void *unused)
{
	for (;;) {
		mmap(page, PAGE_BYTES, PROT_READ, MAP_PRIVATE | MAP_FIXED, hung,
		     0);
		mmap(page, PAGE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
		/* Mostly there: who is seen waiting for it waits for good. */
		for (volatile int i = 0; i < 2000; i++)
			;
	}
	return unused;
}

static void *ask(void *unused)
{
	for (;;)
		syscall(SYS_openat, AT_FDCWD, page, O_RDONLY, 0);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc < 3)
		return 2;
	hung = open(argv[1], O_RDONLY);
	page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (hung < 0 || page == MAP_FAILED)
		return 2;
	pthread_create(&thread, NULL, yank, NULL);
	for (int i = 0; i < ASKERS; i++)
		pthread_create(&thread, NULL, ask, NULL);
	poll(NULL, 0, atoi(argv[2]) * 1000);
	_exit(0);
}
