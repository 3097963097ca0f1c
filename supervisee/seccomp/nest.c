/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nests: see nest.h. */
#include "seccomp/nest.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "operation/call.h"
#include "seccomp/nest_message.h"
#include "task/tree.h"

#define NESTS_MAX 64 /* also how deep they go */

struct nest_request {
	LIST_ENTRY(nest_request) link;
	uint64_t id;
	struct job *job;
};

struct nest {
	LIST_ENTRY(nest) link;
	struct nests *nests;
	int fd;
	struct event *event;
	/* Numbers mean them only as long as they live: see is_alive(). */
	pid_t monitor, front;
	int monitor_fd, front_fd; /* pidfds */
	LIST_HEAD(, nest_request) questions;
};

struct nests {
	struct event_base *loop;
	pid_t monitor;
	nest_answered_fn answered;
	LIST_HEAD(, nest) list;
	unsigned int count;
	uint64_t last_id;
	/* One was lost: what it held must not pass for this tree's own. */
	bool lost;
	/* How many have gone: then who has agreed already is not known. */
	unsigned int gone;
	int own_filters; /* on a process of this tree that is in no nest */
};

int nests_new(struct nests **ret, struct event_base *loop, pid_t monitor,
	      nest_answered_fn answered)
{
	struct nests *nests = calloc(1, sizeof(*nests));

	if (!nests)
		return -ENOMEM;
	nests->loop = loop;
	nests->monitor = monitor;
	nests->answered = answered;
	nests->own_filters = tree_filters(monitor) + 1;
	LIST_INIT(&nests->list);
	*ret = nests;
	return 0;
}

bool nests_matter(const struct nests *nests)
{
	return nests->count || nests->lost;
}

static void answer_question(const struct nests *nests,
			    struct nest_request *question, enum action action,
			    int error)
{
	struct job *job = question->job;

	LIST_REMOVE(question, link);
	free(question);
	nests->answered(job, action, error);
}

static void nest_free(struct nest *nest)
{
	struct nest_request *question;

	LIST_REMOVE(nest, link);
	nest->nests->count--;
	nest->nests->gone++;
	while ((question = LIST_FIRST(&nest->questions)))
		answer_question(nest->nests, question, ACTION_DENY, -EACCES);
	if (nest->event)
		event_free(nest->event);
	fd_close(nest->fd);
	fd_close(nest->monitor_fd);
	fd_close(nest->front_fd);
	free(nest);
}

/* Whether a process has not ended, and its number so is still its own. */
static bool is_alive(int pidfd)
{
	struct pollfd end = {.fd = pidfd, .events = POLLIN};

	return poll(&end, 1, 0) == 0;
}

struct nests *nests_free(struct nests *nests)
{
	if (!nests)
		return NULL;
	while (!LIST_EMPTY(&nests->list))
		nest_free(LIST_FIRST(&nests->list));
	free(nests);
	return NULL;
}

/* One of our own tree, below the front, and surely so. */
static void kill_one(pid_t pid, void *userdata)
{
	const struct nest *nest = userdata;
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0 || pid == nest->monitor || pid == nest->front ||
	    !tree_descends(pid, nest->front) ||
	    !tree_descends(nest->front, nest->nests->monitor) ||
	    !is_alive(nest->front_fd))
		return;
	/* All that was said of a number while the front lived, and this
	 * process, who is open. */
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

/*
 * The supervisor of a nest has ended; so does what it supervised, below the
 * front. Where that has ended, too, its number may be anybody's: what is left
 * is denied everything, as it is known by its filters.
 */
static void nest_lost(struct nest *nest)
{
	tree_each(nest->nests->monitor, kill_one, nest);
	nest->nests->lost = true;
	nest_free(nest);
}

static void on_message(evutil_socket_t fd, short what, void *userdata)
{
	static char buffer[NEST_MESSAGE_BYTES];
	struct nest *nest = userdata;
	const ssize_t length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	struct nest_request *question;
	enum action action;
	uint64_t id;
	int error;

	(void)what;
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0 || nest_message_parse_reply(buffer, (size_t)length, &id,
						    &action, &error)) {
		nest_lost(nest);
		return;
	}
	LIST_FOREACH (question, &nest->questions, link) {
		if (question->id != id)
			continue;
		answer_question(nest->nests, question, action, error);
		return;
	}
}

int nests_add(struct nests *nests, pid_t tid, int *ret_fd)
{
	struct nest *nest;
	int pair[2];

	if (nests->count == NESTS_MAX)
		return -ECONNREFUSED;
	nest = calloc(1, sizeof(*nest));
	if (!nest)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		free(nest);
		return -errno;
	}
	nest->nests = nests;
	nest->fd = pair[0];
	nest->monitor = tree_tgid(tid);
	nest->monitor_fd = (int)syscall(SYS_pidfd_open, nest->monitor, 0);
	nest->front = tree_parent(nest->monitor);
	nest->front_fd = (int)syscall(SYS_pidfd_open, nest->front, 0);
	LIST_INIT(&nest->questions);
	LIST_INSERT_HEAD(&nests->list, nest, link);
	nests->count++;
	nest->event = event_new(nests->loop, nest->fd, EV_READ | EV_PERSIST,
				on_message, nest);
	/* Its front must lie in our tree, and not be us. */
	if (!nest->event || event_add(nest->event, NULL) < 0 ||
	    nest->monitor_fd < 0 || nest->front_fd < 0 ||
	    nest->front == nests->monitor ||
	    tree_parent(nest->monitor) != nest->front ||
	    !tree_descends(nest->front, nests->monitor)) {
		fd_close(pair[1]);
		nest_free(nest);
		return -ECONNREFUSED;
	}
	*ret_fd = pair[1];
	return 0;
}

/* The nest that a process is in after @level others, the youngest first. */
static struct nest *find_nest(struct nests *nests, pid_t pid,
			      unsigned int level)
{
	while ((pid = tree_parent(pid)) > 0 && pid != nests->monitor) {
		struct nest *nest;

		LIST_FOREACH (nest, &nests->list, link)
			if (nest->monitor == pid &&
			    is_alive(nest->monitor_fd) && level-- == 0)
				return nest;
	}
	return NULL;
}

pid_t nests_domain(struct nests *nests, pid_t tid)
{
	const struct nest *nest =
		nests->count ? find_nest(nests, tree_tgid(tid), 0) : NULL;

	return nest ? nest->monitor : nests->monitor;
}

bool nests_starts(struct nests *nests, pid_t tid)
{
	const pid_t supervisor = nests_domain(nests, tid);

	/* Its own mark comes last: see listener_mark(). */
	return supervisor != nests->monitor &&
	       tree_filters(tid) == tree_filters(supervisor);
}

unsigned int nests_gone(const struct nests *nests)
{
	return nests->gone;
}

/* The objects stay the notification's. */
static char *ask_about(uint64_t id, const struct notif *notif)
{
	const struct nest_question question = {
		.id = id,
		.tid = notif->tid,
		.operation = (char *)notif->call->name,
		.in_registers = notif->maker == MAKER_REGISTERS,
		.accesses = notif->accesses,
	};

	return nest_message_ask(&question);
}

int nests_ask(struct nests *nests, const struct notif *notif,
	      unsigned int level, struct job *job)
{
	const pid_t pid = tree_tgid(notif->tid);
	struct nest *nest = find_nest(nests, pid, level);
	_cleanup_free_ char *message = NULL;
	struct nest_request *question;

	if (!nest && nests->lost && !level &&
	    tree_filters(notif->tid) > nests->own_filters)
		return -EACCES;
	if (!nest)
		return 0;
	question = calloc(1, sizeof(*question));
	if (!question)
		return -ENOMEM;
	question->id = ++nests->last_id;
	question->job = job;
	message = ask_about(question->id, notif);
	/* What does not fit would never be answered. */
	if (!message || strlen(message) > NEST_MESSAGE_BYTES ||
	    send(nest->fd, message, strlen(message),
		 MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		free(question);
		return -EACCES;
	}
	LIST_INSERT_HEAD(&nest->questions, question, link);
	return 1;
}

void nests_forget(struct nests *nests, struct job *job)
{
	struct nest *nest;
	struct nest_request *question, *next;

	LIST_FOREACH (nest, &nests->list, link) {
		for (question = LIST_FIRST(&nest->questions); question;
		     question = next) {
			next = LIST_NEXT(question, link);
			if (question->job != job)
				continue;
			LIST_REMOVE(question, link);
			free(question);
		}
	}
}
