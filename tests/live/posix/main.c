/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * posix [-u UID] [-e N] GROUP DIRECTORY [COMMAND...]
 *
 * Makes every call of a group in a world beneath an empty directory, and prints
 * one line for each: what came of it and what has changed. The calls are made
 * by another process, which COMMAND (a supervisor) starts; the world is made
 * and looked at by this one, which nobody supervises. So two outputs are the
 * same if and only if the calls mean the same.
 *
 * -u UID: the calls are made by another user (for root)
 * -e N: only every Nth case
 *
 * The exit status is 77 when the group needs what is not there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "cases.h"
#include "order.h"
#include "world.h"

#define ANSWER_MS 10000
#define TRIES_MAX 50
#define SKIPPED 77

struct theatre {
	struct world *world;
	int actor; /* the socket */
	const char *here;
	unsigned int every, number;
};

/* Scrubbed: what lies beneath the world has the same name in each. */
static void print_text(const char *text, size_t length, const char *here)
{
	const size_t head = strlen(here);

	if (length >= head && memcmp(text, here, head) == 0) {
		putchar('@');
		text += head;
		length -= head;
	}
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			printf("\\%03o", (unsigned char)text[i]);
		else
			putchar(text[i]);
}

static void print_name(const struct outcome *outcome, int which,
		       const char *here)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	const unsigned int length = outcome->name_length[which];

	if (length <= head)
		return;
	printf(which ? " peer " : " name ");
	if (!outcome->name[which].sun_path[0]) {
		printf("abstract"); /* the kernel chooses one */
		return;
	}
	print_text(outcome->name[which].sun_path, length - head, here);
}

/*
 * O_NOFOLLOW stays out: it is over when the file is open, and an open that was
 * performed, on the very object and not by its name, has not used it.
 */
static void print_outcome(const struct theatre *theatre,
			  const struct order *order,
			  const struct outcome *outcome)
{
	struct world *world = theatre->world;

	if (outcome->value == -2)
		printf("open: ");
	if (outcome->value < 0)
		printf("%s", strerrorname_np(outcome->error)
				     ? strerrorname_np(outcome->error)
				     : "no error");
	else
		printf("%lld", (long long)outcome->value);
	fflush(stdout);
	world_compare(world, stdout);
	if (order->call <= CALL_CREAT && outcome->value >= 0)
		printf(" = %s %#o %#x %o",
		       world_name(world, outcome->device, outcome->inode),
		       (unsigned int)outcome->status_flags & ~O_NOFOLLOW,
		       (unsigned int)outcome->fd_flags, outcome->mode);
	print_name(outcome, 0, theatre->here);
	print_name(outcome, 1, theatre->here);
	world_accept(world, stdout);
	putchar('\n');
}

static bool ask(const struct theatre *theatre, const struct order *order,
		struct outcome *ret)
{
	struct pollfd poller = {.fd = theatre->actor, .events = POLLIN};

	return send(theatre->actor, order, sizeof(*order), 0) >= 0 &&
	       poll(&poller, 1, ANSWER_MS) == 1 &&
	       recv(theatre->actor, ret, sizeof(*ret), 0) == sizeof(*ret);
}

/*
 * The kernel does not forget the links that it has followed when it walks once
 * more, because something was mounted or renamed meanwhile, by anybody. So what
 * is just not too many links is too many now and then, natively too.
 */
static bool is_chance(const struct order *order, const struct outcome *outcome)
{
	return outcome->value < 0 && outcome->error == ELOOP &&
	       strstr(order->path[0], "chain/40");
}

/* Where a relative path starts; what is no directory leads nowhere. */
static int open_start(const struct order *order)
{
	switch (order->place[0]) {
	case PLACE_CWD:
	case PLACE_HERE:
		return open(".", O_PATH | O_CLOEXEC);
	case PLACE_DIR:
		return open("dir", O_PATH | O_CLOEXEC);
	case PLACE_GONE: /* of which there still is a way up */
		return open("gone", O_PATH | O_CLOEXEC);
	default:
		return -1;
	}
}

static bool is_beneath(const char *path, const char *directory)
{
	const size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* Or on the file system beside it that nobody can change. */
static bool is_in_world(int fd, const char *here)
{
	char link[64], path[PATH_MAX], fixed[PATH_MAX];
	const char *slash = strrchr(here, '/');
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	snprintf(fixed, sizeof(fixed), "%.*s/fixed", (int)(slash - here), here);
	return is_beneath(path, here) || is_beneath(path, fixed);
}

/*
 * Whether a call would change the metadata of something that is not in the
 * world, or of all of it: nobody's root directory and devices are played with.
 */
static bool leads_out(const struct theatre *theatre, const struct order *order)
{
	const char *path = order->path[0];
	int start, fd;
	bool out;

	if (order->call < CALL_CHMOD || order->pointer[0] != POINTER_TEXT)
		return false;
	/* Not the same for both of us. */
	if (strncmp(path, "/dev/", 5) == 0 || strstr(path, "/fd/"))
		return true;
	start = open_start(order);
	if (start < 0 && path[0] != '/')
		return false;
	fd = *path ? openat(start, path, O_PATH | O_CLOEXEC) : dup(start);
	out = fd >= 0 && !is_in_world(fd, theatre->here);
	if (fd >= 0)
		close(fd);
	if (start >= 0)
		close(start);
	return out;
}

static bool run_case(const struct order *order, const char *label,
		     void *userdata)
{
	struct theatre *theatre = userdata;
	struct outcome outcome;
	unsigned int tries = 0;
	bool answered;

	if (theatre->number++ % theatre->every)
		return true;
	if (!world_prepare(theatre->world))
		return false;
	if (leads_out(theatre, order))
		return true;
	print_text(label, strlen(label), "\n");
	printf(": ");
	do
		answered = ask(theatre, order, &outcome);
	while (answered && is_chance(order, &outcome) && ++tries < TRIES_MAX);
	if (!answered) {
		printf("no answer\n");
		return false;
	}
	print_outcome(theatre, order, &outcome);
	return true;
}

/* Starts the actor. Returns: its socket. */
static int start(char *const argv[], int arguments, const char *uid,
		 pid_t *ret_pid)
{
	static char self[PATH_MAX];
	char **command = calloc((size_t)arguments + 5, sizeof(*command));
	int pair[2];

	if (!command ||
	    readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	for (int i = 0; i < arguments; i++)
		command[i] = argv[i];
	command[arguments] = self;
	command[arguments + 1] = "actor";
	command[arguments + 2] = (char *)(uintptr_t)uid;
	*ret_pid = fork();
	if (*ret_pid == 0) {
		dup2(pair[1], STDIN_FILENO);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	free(command);
	close(pair[1]);
	return pair[0];
}

static bool write_map(const char *path, unsigned int id)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	char text[64];
	const int length = snprintf(text, sizeof(text), "%u %u 1", id, id);
	const bool written = fd >= 0 && write(fd, text, (size_t)length) > 0;

	if (fd >= 0)
		close(fd);
	return written;
}

/* A place to mount things: a namespace, of a user's own where there is need. */
static bool own_mounts(void)
{
	const unsigned int uid = getuid(), gid = getgid();
	int fd;

	if (uid == 0)
		return !unshare(CLONE_NEWNS) &&
		       !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return false;
	fd = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "deny", 4) < 0)
		return false;
	close(fd);
	return write_map("/proc/self/uid_map", uid) &&
	       write_map("/proc/self/gid_map", gid) &&
	       !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int run(struct theatre *theatre, const char *group, char *const argv[],
	       int arguments, const char *uid)
{
	const bool mounts = strcmp(group, "mount") == 0;
	char here[PATH_MAX];
	pid_t pid;
	int status;

	if (mounts && !own_mounts()) {
		fprintf(stderr, "Skipped: nothing can be mounted: %s\n",
			strerror(errno));
		return SKIPPED;
	}
	theatre->world = world_new(argv[0], atoi(uid) != 0, mounts);
	if (!theatre->world || !getcwd(here, sizeof(here)))
		return 2;
	theatre->here = here;
	theatre->actor = start(argv + 1, arguments - 1, uid, &pid);
	if (theatre->actor < 0) {
		perror("posix");
		return 2;
	}
	status = cases_each(group, here, run_case, theatre) ? 0 : 1;
	close(theatre->actor);
	if (waitpid(pid, NULL, 0) < 0)
		return 2;
	return status;
}

int main(int argc, char **argv)
{
	struct theatre theatre = {.every = 1};
	const char *uid = "0";
	int option;

	if (argc == 3 && strcmp(argv[1], "actor") == 0)
		return actor_run(STDIN_FILENO, (uid_t)atoi(argv[2]));
	while ((option = getopt(argc, argv, "+u:e:")) != -1) {
		if (option == 'u')
			uid = optarg;
		else if (option == 'e' && atoi(optarg) > 0)
			theatre.every = (unsigned int)atoi(optarg);
		else
			return 2;
	}
	if (argc - optind < 2) {
		fprintf(stderr, "usage: posix [-u UID] [-e N] GROUP DIRECTORY "
				"[COMMAND...]\n");
		return 2;
	}
	return run(&theatre, argv[optind], argv + optind + 1, argc - optind - 1,
		   uid);
}
