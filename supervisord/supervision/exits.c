/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How processes end: see exits.h. */
#include "supervision/exits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/queue.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "supervision/process.h"

/* Linux 6.15; as in linux/pidfd.h. */
struct exit_info {
	uint64_t mask, cgroup;
	uint32_t pid, tgid, ppid, ids[8];
	int32_t exit_code;
};
#define EXIT_INFO_IOCTL _IOWR(0xFF, 11, struct exit_info)
#define EXIT_INFO_EXIT (UINT64_C(1) << 3)

struct watched {
	LIST_ENTRY(watched) link;
	struct exits *exits;
	struct process_id process;
	int pidfd;
	struct event *event;
};

LIST_HEAD(watched_list, watched);

struct exits {
	struct event_base *loop;
	void (*ended)(void *userdata, struct process_id process, int status);
	void *userdata;
	struct watched_list list;
	unsigned int count;
};

int exits_new(struct exits **ret, struct event_base *loop,
	      void (*ended)(void *userdata, struct process_id process,
			    int status),
	      void *userdata)
{
	struct exits *exits = calloc(1, sizeof(*exits));

	if (!exits)
		return -ENOMEM;
	exits->loop = loop;
	exits->ended = ended;
	exits->userdata = userdata;
	LIST_INIT(&exits->list);
	*ret = exits;
	return 0;
}

static int of_shell(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Of one that nobody has waited for yet: the last number of its line. */
static int status_of_zombie(struct process_id process)
{
	char path[64], text[1024];
	const char *last, *name_end;
	_cleanup_fd_ int fd = -1;
	uint64_t start;
	pid_t parent;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)process.pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	name_end = strrchr(text, ')');
	if (process_stat_parse(text, &parent, &start) < 0 || !name_end ||
	    start != process.start || strncmp(name_end, ") Z", 3) != 0)
		return -1;
	last = strrchr(text, ' ');
	return last ? of_shell(atoi(last + 1)) : -1;
}

/* Of one that somebody has waited for, where the kernel remembers. */
static int status_of_reaped(int pidfd)
{
	struct exit_info info = {.mask = EXIT_INFO_EXIT};

	return ioctl(pidfd, EXIT_INFO_IOCTL, &info) == 0 &&
			       info.mask & EXIT_INFO_EXIT
		       ? of_shell(info.exit_code)
		       : -1;
}

static int find_status(const struct watched *watched)
{
	const int status = status_of_zombie(watched->process);

	/* In this order: whoever waits for it may do so in between. */
	return status >= 0 ? status : status_of_reaped(watched->pidfd);
}

static void forget(struct watched *watched)
{
	watched->exits->count--;
	LIST_REMOVE(watched, link);
	if (watched->event)
		event_free(watched->event);
	fd_close(watched->pidfd);
	free(watched);
}

static void tell(struct watched *watched)
{
	const struct exits *exits = watched->exits;
	const struct process_id process = watched->process;
	const int status = find_status(watched);

	forget(watched);
	exits->ended(exits->userdata, process, status);
}

static void on_end(evutil_socket_t fd, short what, void *userdata)
{
	(void)fd;
	(void)what;
	tell(userdata);
}

void exits_watch(struct exits *exits, struct process_id process)
{
	struct watched *watched;

	if (exits->count == EXITS_MAX)
		return;
	watched = calloc(1, sizeof(*watched));
	if (!watched)
		return;
	exits->count++;
	LIST_INSERT_HEAD(&exits->list, watched, link);
	watched->exits = exits;
	watched->process = process;
	watched->pidfd = (int)syscall(SYS_pidfd_open, process.pid, 0);
	/* Its number could be another's by now. */
	if (watched->pidfd >= 0 && process_alive(process.pid, process.start))
		watched->event = event_new(exits->loop, watched->pidfd, EV_READ,
					   on_end, watched);
	if (!watched->event || event_add(watched->event, NULL) < 0)
		forget(watched);
}

static bool has_ended(const struct watched *watched)
{
	struct pollfd poll_fd = {.fd = watched->pidfd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) > 0;
}

struct exits *exits_free(struct exits *exits)
{
	struct watched *watched, *next;

	if (!exits)
		return NULL;
	for (watched = LIST_FIRST(&exits->list); watched; watched = next) {
		next = LIST_NEXT(watched, link);
		if (has_ended(watched))
			tell(watched);
		else
			forget(watched);
	}
	free(exits);
	return NULL;
}
