// SPDX-License-Identifier: GPL-2.0-or-later
/* Taking the marker back: see recall.h. */
#include "engine/recall.h"

#include <dirent.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/queue.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "base/log.h"
#include "seccomp/filter.h"
#include "task/tree.h"

#define AGAIN_US 5000 /* until threads are looked for again */
#define ROUNDS_MAX 200
#define RED_ZONE 128 /* of the x86-64 ABI */
#define SYSCALL_BYTES 2
#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */
#define SEIZE_OPTIONS                                                       \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | \
	 PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL)

enum phase {
	PHASE_SEIZED,  /* goes on to its next system call */
	PHASE_CALLING, /* makes ours in its place */
	PHASE_DONE,    /* is free again */
};

struct subject {
	LIST_ENTRY(subject) entry;
	pid_t tid;
	uint64_t start;
	enum phase phase;
	struct user_regs_struct original;
	void *former; /* what was where the filter is put; owned */
};

struct recall {
	LIST_HEAD(, subject) subjects;
	struct event *again;
	pid_t monitor;
	const struct sock_fprog *filter;
	bool begun, found; /* found: another round is needed */
	unsigned int rounds;
};

static void on_again(evutil_socket_t fd, short what, void *userdata);

int recall_new(struct recall **ret, struct event_base *loop, pid_t monitor)
{
	struct recall *recall = calloc(1, sizeof(*recall));

	if (!recall)
		return -ENOMEM;
	LIST_INIT(&recall->subjects);
	recall->monitor = monitor;
	recall->filter = filter_of_recall();
	recall->again = evtimer_new(loop, on_again, recall);
	if (!recall->again) {
		recall_free(recall);
		return -ENOMEM;
	}
	*ret = recall;
	return 0;
}

static void forget(struct subject *subject)
{
	LIST_REMOVE(subject, entry);
	free(subject->former);
	free(subject);
}

struct recall *recall_free(struct recall *recall)
{
	if (!recall)
		return NULL;
	while (!LIST_EMPTY(&recall->subjects))
		forget(LIST_FIRST(&recall->subjects));
	if (recall->again)
		event_free(recall->again);
	free(recall);
	return NULL;
}

static struct subject *find(const struct recall *recall, pid_t tid)
{
	struct subject *subject;

	LIST_FOREACH (subject, &recall->subjects, entry)
		if (subject->tid == tid)
			break;
	return subject;
}

static struct subject *add(struct recall *recall, pid_t tid)
{
	struct subject *subject = calloc(1, sizeof(*subject));

	if (!subject)
		return NULL;
	subject->tid = tid;
	subject->start = tree_start(tid);
	LIST_INSERT_HEAD(&recall->subjects, subject, entry);
	return subject;
}

static void give_up(pid_t tid, const char *why)
{
	log_warning("process %d is killed: what was revoked cannot be taken "
		    "from it (%s)",
		    (int)tid, why);
	kill(tid, SIGKILL);
}

static void seize(struct recall *recall, pid_t tid)
{
	struct subject *subject = find(recall, tid);

	if (subject && subject->start == tree_start(tid))
		return;
	if (subject)
		forget(subject); /* of another thread with that number */
	recall->found = true;
	if (ptrace(PTRACE_SEIZE, tid, 0, SEIZE_OPTIONS) < 0) {
		/* One that a supervisor steers is let go soon. */
		if (errno == EPERM &&
		    (tree_tracer(tid) == 0 || recall->rounds > ROUNDS_MAX))
			give_up(tid, "it is traced by another, or hidden");
		return;
	}
	if (!add(recall, tid))
		give_up(tid, "no memory");
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

static void seize_threads(pid_t pid, void *userdata)
{
	char path[64];
	struct dirent *entry;
	DIR *threads;

	/* The session's leader and the like are not supervised. */
	if (tree_filters(pid) == 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads)))
		if (atoi(entry->d_name) > 0)
			seize(userdata, (pid_t)atoi(entry->d_name));
	if (threads)
		closedir(threads);
}

/* Until nobody new is found: a thread may have made others meanwhile. */
static void on_again(evutil_socket_t fd, short what, void *userdata)
{
	const struct timeval soon = {.tv_usec = AGAIN_US};
	struct recall *recall = userdata;

	(void)fd;
	(void)what;
	recall->found = false;
	recall->rounds++;
	tree_each(recall->monitor, seize_threads, recall);
	if (recall->found)
		evtimer_add(recall->again, &soon);
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

static int exchange(pid_t tid, uint64_t address, void *bytes, size_t size,
		    void *former)
{
	const struct iovec local = {bytes, size}, kept = {former, size};
	const struct iovec remote = {(void *)(uintptr_t)address, size};

	if (former &&
	    process_vm_readv(tid, &kept, 1, &remote, 1, 0) != (ssize_t)size)
		return -EFAULT;
	return process_vm_writev(tid, &local, 1, &remote, 1, 0) != (ssize_t)size
		       ? -EFAULT
		       : 0;
}

static size_t room_of(const struct recall *recall)
{
	return sizeof(struct sock_fprog) +
	       recall->filter->len * sizeof(*recall->filter->filter);
}

static uint64_t place_of(const struct recall *recall,
			 const struct subject *subject)
{
	return (subject->original.rsp - RED_ZONE - room_of(recall)) &
	       ~UINT64_C(15);
}

/* Turns the call that a thread has just entered into ours. */
static int divert(const struct recall *recall, struct subject *subject)
{
	const size_t room = room_of(recall);
	struct user_regs_struct regs;
	struct sock_fprog *program;
	uint64_t place;
	int error;

	if (ptrace(PTRACE_GETREGS, subject->tid, 0, &regs) < 0)
		return -errno;
	subject->original = regs;
	place = place_of(recall, subject);
	subject->former = malloc(room);
	program = malloc(room);
	if (!subject->former || !program) {
		free(program);
		return -ENOMEM;
	}
	*program = (struct sock_fprog){
		.len = recall->filter->len,
		.filter = (void *)(uintptr_t)(place + sizeof(*program)),
	};
	for (unsigned int i = 0; i < recall->filter->len; i++)
		((struct sock_filter *)(program + 1))[i] =
			recall->filter->filter[i];
	error = exchange(subject->tid, place, program, room, subject->former);
	free(program);
	if (error)
		return error;
	regs.orig_rax = SYS_seccomp;
	regs.rdi = SECCOMP_SET_MODE_FILTER;
	regs.rsi = 0;
	regs.rdx = place;
	return ptrace(PTRACE_SETREGS, subject->tid, 0, &regs) < 0 ? -errno : 0;
}

/* Our call has ended: the thread's own is made again from the beginning. */
static int put_back(const struct recall *recall, struct subject *subject)
{
	struct user_regs_struct regs = subject->original;
	struct user_regs_struct now;

	if (ptrace(PTRACE_GETREGS, subject->tid, 0, &now) < 0)
		return -errno;
	if (now.rax)
		return (int)(int64_t)now.rax;
	regs.rax = regs.orig_rax;
	regs.orig_rax = (unsigned long long)-1;
	regs.rip -= SYSCALL_BYTES;
	if (exchange(subject->tid, place_of(recall, subject), subject->former,
		     room_of(recall), NULL) ||
	    ptrace(PTRACE_SETREGS, subject->tid, 0, &regs) < 0)
		return -EFAULT;
	free(subject->former);
	subject->former = NULL;
	return 0;
}

static void advance(const struct recall *recall, struct subject *subject)
{
	int error = 0;

	if (subject->phase == PHASE_SEIZED) {
		error = divert(recall, subject);
		subject->phase = PHASE_CALLING;
	} else {
		error = put_back(recall, subject);
		subject->phase = PHASE_DONE;
	}
	if (error && error != -ESRCH)
		give_up(subject->tid, "its memory is not there");
	ptrace(subject->phase == PHASE_DONE ? PTRACE_DETACH : PTRACE_SYSCALL,
	       subject->tid, 0, 0);
}

static bool stops_job(int signal_number)
{
	return signal_number == SIGSTOP || signal_number == SIGTSTP ||
	       signal_number == SIGTTIN || signal_number == SIGTTOU;
}

bool recall_handle(struct recall *recall, pid_t tid, int status)
{
	struct subject *subject = find(recall, tid);
	const int event = status >> 16;
	const int signal_number = WSTOPSIG(status);

	if (!WIFSTOPPED(status)) {
		if (subject && !WIFCONTINUED(status))
			forget(subject);
		return false;
	}
	/* A new one, which its maker's seizure has seized. */
	if (!subject && recall->begun && event == PTRACE_EVENT_STOP)
		subject = add(recall, tid);
	if (!subject || subject->phase == PHASE_DONE)
		return false;
	if (event == PTRACE_EVENT_STOP && stops_job(signal_number))
		ptrace(PTRACE_LISTEN, tid, 0, 0);
	else if (event)
		ptrace(PTRACE_SYSCALL, tid, 0, 0);
	else if (signal_number == SYSCALL_STOP)
		advance(recall, subject);
	else
		ptrace(PTRACE_SYSCALL, tid, 0, (void *)(intptr_t)signal_number);
	return true;
}
