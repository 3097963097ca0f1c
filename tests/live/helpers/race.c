/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Races against a supervisor that checks one file and opens another.
 *
 *	race buffer GOOD BAD COUNT   (supervised) one thread exchanges the path
 *		in memory COUNT times while the others open it
 *	race open PATH [any]         (supervised) opens PATH until descriptor 3
 *		is at its end
 *	race bind PATH		(supervised) makes sockets at PATH until then,
 *		and removes them
 *	race rename FROM TO	(supervised) makes a file and renames it until
 *		then, and removes it
 *	race exchange A B COUNT      (not supervised) exchanges two names
 *	race move A B COUNT          (not supervised) moves A to B and back
 *
 * Whoever opens exits with 1, and says so, if it ever reads a file that begins
 * with "FORBIDDEN", or controls a device; whoever renames if anything but a
 * file is ever found there. Both also say whether they did something, and close
 * descriptor 4 once they have succeeded and been refused (any: either); whoever
 * exchanges goes on until descriptor 3, the other end, is closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define OPENS_MIN 20000

#define TIMES_MAX 50 /* the exchanges that were asked for, to see both */

static char path[PATH_MAX];
static atomic_bool done;
static atomic_ulong opened, refused;

/* Whether to go on; tells who exchanges what has been seen. */
static bool goes_on(bool either)
{
	static bool told;
	struct pollfd end = {.fd = 3, .events = POLLIN};

	if (!told && (either ? opened || refused : opened && refused)) {
		told = true;
		close(4);
	}
	return poll(&end, 1, 0) == 0;
}

/* Opens without the C library in between: the kernel reads what is there. */
static void open_once(void)
{
	char bytes[16] = "";
	const int fd =
		(int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	int number;

	if (fd < 0) {
		atomic_fetch_add(&refused, 1);
		return;
	}
	if (read(fd, bytes, sizeof(bytes) - 1) < 0)
		perror("read");
	/* A device is forbidden if it can be controlled. */
	if (!ioctl(fd, RNDGETENTCNT, &number))
		strcpy(bytes, "FORBIDDEN");
	close(fd);
	atomic_fetch_add(&opened, 1);
	if (strncmp(bytes, "FORBIDDEN", 9) == 0) {
		printf("read the forbidden file\n");
		exit(1);
	}
}

static void *opener(void *unused)
{
	(void)unused;
	while (!atomic_load(&done))
		open_once();
	return NULL;
}

static int race_buffer(const char *good, const char *bad, long count)
{
	const size_t length = strlen(good);
	pthread_t openers[2];
	long i;

	if (strlen(bad) != length || length >= sizeof(path))
		return 2;
	memcpy(path, good, length + 1);
	for (i = 0; i < 2; i++)
		pthread_create(&openers[i], NULL, opener, NULL);
	/* At least so often, and so long that the openers had their chance. */
	for (i = 0; i < count || !atomic_load(&opened) ||
		    atomic_load(&opened) + atomic_load(&refused) < OPENS_MIN;
	     i++) {
		volatile char *const last = path + length - 1;

		*last = i % 2 ? good[length - 1] : bad[length - 1];
	}
	atomic_store(&done, true);
	for (i = 0; i < 2; i++)
		pthread_join(openers[i], NULL);
	return 0;
}

static int race_open(const char *name, bool either)
{
	if (strlen(name) >= sizeof(path))
		return 2;
	strcpy(path, name);
	while (goes_on(either))
		open_once();
	return 0;
}

static void bind_once(const struct sockaddr_un *address)
{
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (!bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		atomic_fetch_add(&opened, 1);
	else if (errno != EADDRINUSE)
		atomic_fetch_add(&refused, 1);
	unlink(address->sun_path);
	close(fd);
}

static int race_bind(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(name) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, name);
	while (goes_on(false))
		bind_once(&address);
	return 0;
}

static void rename_once(const char *from, const char *to)
{
	struct stat st;

	close(open(from, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	if (rename(from, to)) {
		atomic_fetch_add(&refused, 1);
		return;
	}
	atomic_fetch_add(&opened, 1);
	if (!lstat(to, &st) && !S_ISREG(st.st_mode)) {
		printf("renamed what must not be there\n");
		exit(1);
	}
	unlink(to);
}

static int race_rename(const char *from, const char *to)
{
	while (goes_on(false))
		rename_once(from, to);
	return 0;
}

/* Whether there is another exchange to be made, after @made. */
static bool is_due(long made, long count)
{
	struct pollfd seen = {.fd = 3, .events = POLLIN};

	return made < count ||
	       (made < count * TIMES_MAX && poll(&seen, 1, 0) == 0);
}

/* What is renamed may have gone meanwhile. */
static int exchange(const char *a, const char *b, long count)
{
	for (long i = 0; is_due(i, count); i++) {
		if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) &&
		    errno != ENOENT) {
			perror("renameat2");
			return 2;
		}
	}
	return 0;
}

static int move(const char *a, const char *b, long count)
{
	for (long i = 0; is_due(i, count); i++) {
		if (rename(i % 2 ? b : a, i % 2 ? a : b) && errno != ENOENT) {
			perror("rename");
			return 2;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int status = 2;

	if (argc == 5 && strcmp(argv[1], "exchange") == 0)
		return exchange(argv[2], argv[3], atol(argv[4]));
	if (argc == 5 && strcmp(argv[1], "move") == 0)
		return move(argv[2], argv[3], atol(argv[4]));
	if (argc == 5 && strcmp(argv[1], "buffer") == 0)
		status = race_buffer(argv[2], argv[3], atol(argv[4]));
	if (argc >= 3 && strcmp(argv[1], "open") == 0)
		status = race_open(argv[2], argc > 3);
	if (argc == 4 && strcmp(argv[1], "rename") == 0)
		status = race_rename(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "bind") == 0)
		status = race_bind(argv[2]);
	printf("opened %s, refused %s\n",
	       atomic_load(&opened) ? "some" : "none",
	       atomic_load(&refused) ? "some" : "none");
	return status;
}
