/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads ASKED ALLOWED: one thread opens ASKED, seven read ALLOWED a thousand
 * times meanwhile. When the seven are done, "seven done" is written to
 * descriptor 3; when the eighth is, "eighth: ..." to standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READERS 7
#define READS 1000

static const char *asked, *allowed;

static void *reader(void *unused)
{
	char bytes[64];
	int i;

	(void)unused;
	for (i = 0; i < READS; i++) {
		const int fd = open(allowed, O_RDONLY | O_CLOEXEC);

		if (fd < 0 || read(fd, bytes, sizeof(bytes)) < 0)
			return (void *)1;
		close(fd);
	}
	return NULL;
}

static void *asker(void *unused)
{
	const int fd = open(asked, O_RDONLY | O_CLOEXEC);

	(void)unused;
	printf("eighth: %s\n", fd < 0 ? strerror(errno) : "opened");
	fflush(stdout);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t eighth, readers[READERS];
	int i, failed = 0;

	if (argc != 3)
		return 2;
	asked = argv[1];
	allowed = argv[2];
	if (pthread_create(&eighth, NULL, asker, NULL))
		return 2;
	for (i = 0; i < READERS; i++) {
		if (pthread_create(&readers[i], NULL, reader, NULL))
			return 2;
	}
	for (i = 0; i < READERS; i++) {
		void *result;

		pthread_join(readers[i], &result);
		failed |= result != NULL;
	}
	dprintf(3, failed ? "seven failed\n" : "seven done\n");
	close(3);
	pthread_join(eighth, NULL);
	return failed;
}
