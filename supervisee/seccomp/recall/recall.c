/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking the marker back: see recall.h. */
#include "seccomp/recall/recall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "seccomp/filter/filter.h"
#include "seccomp/recall/borrow.h"
#include "seccomp/recall/herd.h"
#include "task/tree.h"

#define SOON_US 2000   /* for more who stand at a call by then */
#define AGAIN_US 20000 /* for a tracer that lets go */
#define LOOKS 3	       /* afterwards, for who may have been missed */

struct recall {
	struct herd *herd;
	struct event *again;
	const struct sock_fprog *filter;
	bool begun;
	unsigned int looks;
};

/* A process, while it is handled. */
struct recalled_process {
	struct recall *recall;
	pid_t tgid;
	struct held_thread *caller; /* at the entry of a system call */
	int filters;		    /* of each thread; -1: they differ */
	bool complete;		    /* each has been handled */
	bool raised;		    /* each has one filter more */
};

static void on_again(evutil_socket_t fd, short what, void *userdata);

int recall_new(struct recall **ret, struct event_base *loop, pid_t monitor)
{
	struct recall *recall = calloc(1, sizeof(*recall));

	if (!recall)
		return -ENOMEM;
	recall->filter = filter_of_recall();
	recall->again = evtimer_new(loop, on_again, recall);
	if (!recall->again || herd_new(&recall->herd, monitor)) {
		recall_free(recall);
		return -ENOMEM;
	}
	*ret = recall;
	return 0;
}

struct recall *recall_free(struct recall *recall)
{
	if (!recall)
		return NULL;
	if (recall->again)
		event_free(recall->again);
	herd_free(recall->herd);
	free(recall);
	return NULL;
}

/* The filter as seccomp(2) wants it at a place; to be freed. */
static struct sock_fprog *make_program(const struct recall *recall,
				       uint64_t place, size_t *ret_size)
{
	const size_t bytes =
		recall->filter->len * sizeof(*recall->filter->filter);
	struct sock_fprog *program = calloc(1, sizeof(*program) + bytes);

	if (!program)
		return NULL;
	program->len = recall->filter->len;
	program->filter = (void *)(uintptr_t)(place + sizeof(*program));
	memcpy(program + 1, recall->filter->filter, bytes);
	*ret_size = sizeof(*program) + bytes;
	return program;
}

static bool still_there(pid_t tid, uint64_t place, const void *bytes,
			size_t size)
{
	void *read = malloc(size);
	const struct iovec local = {read, size};
	const struct iovec remote = {(void *)(uintptr_t)place, size};
	const bool same = read &&
			  process_vm_readv(tid, &local, 1, &remote, 1, 0) ==
				  (ssize_t)size &&
			  memcmp(read, bytes, size) == 0;

	free(read);
	return same;
}

/* Makes a borrowed thread install the filter. */
static int install(const struct recall *recall, struct borrowed *borrowed,
		   unsigned long flags)
{
	uint64_t arguments[3] = {SECCOMP_SET_MODE_FILTER, flags, 0};
	struct sock_fprog *program;
	uint64_t place;
	size_t size;
	int64_t value = 0;
	int error =
		borrow_map(borrowed,
			   sizeof(*program) + recall->filter->len *
						      sizeof(*program->filter),
			   &place);

	if (error)
		return error;
	program = make_program(recall, place, &size);
	if (!program)
		return -ENOMEM;
	arguments[2] = place;
	error = borrow_write(borrowed, place, program, size);
	if (!error)
		error = borrow_call(borrowed, SYS_seccomp, arguments, &value);
	if (!error && !still_there(borrowed->tid, place, program, size))
		error = -EFAULT;
	free(program);
	if (!error)
		error = borrow_call(borrowed, SYS_munmap,
				    (const uint64_t[3]){place, size}, &value);
	return error;
}

/* Borrows a thread for that. Its own call comes after it. */
static int call(const struct recall *recall, struct held_thread *thread,
		unsigned long flags)
{
	struct borrowed borrowed;
	int error = borrow_begin(&borrowed, thread->tid), end;

	if (error)
		return error;
	error = install(recall, &borrowed, flags);
	end = borrow_end(&borrowed);
	thread->stand = STAND_STOPPED;
	if (borrowed.signal)
		thread->signal = borrowed.signal;
	return error ? error : end;
}

static const char *explain(int error)
{
	switch (error) {
	case -ETIME:
		return "it does not come back from a system call";
	case -ENOEXEC:
		return "its code changes under a system call";
	case -EFAULT:
		return "its memory changes while nobody runs";
	case -ENOMEM:
		return "it cannot have a page of memory more";
	default:
		return "a filter of its own stands in the way";
	}
}

static void look_at_thread(struct held_thread *thread, void *userdata)
{
	struct recalled_process *group = userdata;
	int filters;

	if (thread->tgid != group->tgid)
		return;
	filters = tree_filters(thread->tid);
	if (!group->filters)
		group->filters = filters;
	else if (group->filters != filters)
		group->filters = -1;
	if (thread->stand == STAND_ENTERING && !thread->done)
		group->caller = thread;
	if (thread->stand >= STAND_FOREIGN || thread->apart)
		group->filters = -1;
}

static void check_thread(struct held_thread *thread, void *userdata)
{
	struct recalled_process *group = userdata;

	if (thread->tgid == group->tgid &&
	    tree_filters(thread->tid) != group->filters + 1)
		group->raised = false;
}

/* Threads with filters of their own are not handled together again. */
static void note_apart(struct held_thread *thread, void *userdata)
{
	const struct recalled_process *group = userdata;

	if (thread->tgid == group->tgid)
		thread->apart = true;
}

static void note_done(struct held_thread *thread, void *userdata)
{
	const struct recalled_process *group = userdata;

	if (thread->tgid == group->tgid)
		thread->done = true;
}

/* All threads of a process by one of them. Returns: whether that is settled. */
static bool handle_together(struct recall *recall,
			    struct recalled_process *group)
{
	int error;

	if (group->filters <= 0)
		return false;
	error = call(recall, group->caller, SECCOMP_FILTER_FLAG_TSYNC);
	if (error == -ESRCH)
		return true; /* it has ended, or the next round finds it */
	group->raised = true;
	herd_each(recall->herd, check_thread, group);
	if (!error && !group->raised &&
	    tree_filters(group->caller->tid) == group->filters) {
		/* Not in number, but they differ. The caller is next when it
		 * stands at its call again. */
		herd_each(recall->herd, note_apart, group);
		return false;
	}
	if (error || !group->raised)
		herd_kill(recall->herd, group->caller, explain(error));
	else
		herd_each(recall->herd, note_done, group);
	return true;
}

/* One thread alone. */
static void handle_alone(struct held_thread *thread, void *userdata)
{
	struct recalled_process *group = userdata;
	struct recall *recall = group->recall;
	const int filters = tree_filters(thread->tid);
	int error;

	if (thread->tgid != group->tgid || thread->done || thread->killed)
		return;
	if (thread->stand != STAND_ENTERING)
		return;
	error = call(recall, thread, 0);
	if (error == -ESRCH)
		return;
	if (error || tree_filters(thread->tid) != filters + 1)
		herd_kill(recall->herd, thread, explain(error));
	else
		thread->done = true;
}

static void look_whether_complete(struct held_thread *thread, void *userdata)
{
	struct recalled_process *group = userdata;

	if (thread->tgid == group->tgid && !thread->done)
		group->complete = false;
}

static void handle_group(struct held_thread *thread, void *userdata)
{
	struct recalled_process group = {
		.recall = userdata,
		.tgid = thread->tgid,
		.complete = true,
	};
	struct herd *herd = group.recall->herd;

	if (thread->stand != STAND_ENTERING || thread->done || thread->killed)
		return;
	herd_each(herd, look_at_thread, &group);
	if (!handle_together(group.recall, &group))
		herd_each(herd, handle_alone, &group);
	herd_each(herd, look_whether_complete, &group);
	if (group.complete)
		herd_mark(herd, group.tgid);
}

static void come_back(struct recall *recall, int64_t microseconds)
{
	const struct timeval interval = {
		.tv_sec = microseconds / 1000000,
		.tv_usec = microseconds % 1000000,
	};

	evtimer_add(recall->again, &interval);
}

/*
 * Everybody is held, and who can be handled is. Until that is so for all, their
 * states bring us back; then we look some times more.
 */
static void on_again(evutil_socket_t fd, short what, void *userdata)
{
	struct recall *recall = userdata;
	int error;

	(void)fd;
	(void)what;
	if (!herd_left(recall->herd) && recall->looks &&
	    !herd_has_unmarked(recall->herd)) {
		if (--recall->looks)
			come_back(recall, AGAIN_US * 100);
		return;
	}
	error = herd_hold(recall->herd);
	if (!error)
		herd_each(recall->herd, handle_group, recall);
	herd_release(recall->herd);
	if (error)
		come_back(recall, AGAIN_US);
	else if (!herd_left(recall->herd)) {
		recall->looks = recall->looks ? recall->looks - 1 : LOOKS;
		if (recall->looks)
			come_back(recall, AGAIN_US);
	}
}

void recall_check(struct recall *recall, struct static_layer *layer,
		  const struct ruleset *policy)
{
	if (static_layer_check(layer, policy) || recall->begun ||
	    !static_layer_judges_files(layer))
		return;
	recall->begun = true;
	on_again(-1, 0, recall);
}

bool recall_handle(struct recall *recall, pid_t tid, int status)
{
	bool ready;
	const bool ours =
		recall->begun && herd_handle(recall->herd, tid, status, &ready);

	if (ours && ready)
		come_back(recall, SOON_US);
	return ours;
}

bool recall_adopt(struct recall *recall, pid_t tid)
{
	return recall->begun && herd_adopt(recall->herd, tid);
}
