/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The herd: see herd.h. */
#include "seccomp/recall/herd.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "task/confinement.h"
#include "task/status.h"
#include "task/tree.h"

#define BUCKETS 256
#define CHASE_MS 5000  /* of our own work, until nobody new comes */
#define SLOW_MS 500    /* until one is waited for no more */
#define GRACE_MS 1000  /* for another tracer */
#define HIDDEN_MS 50   /* a tracer may have let go just now */
#define DRIVE_MS 20    /* to the entry of the call that was interrupted */
#define LOOK_MS 2      /* until it is looked for what one waits for */
#define CHASE_IDLE 16  /* looks at our children that catch nobody */
#define CHASE_LAST 16  /* children that are looked at */
#define QUIET_ROUNDS 2 /* that find nobody new */
#define PAUSE_NS 100000
#define ERESTARTSYS 512 /* the kernel's own, as the other two */
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516
#define SYSCALL_BYTES 2
#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */
#define OPTIONS                                                             \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | \
	 PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL)

struct herd {
	LIST_HEAD(, thread) buckets[BUCKETS];
	pid_t monitor;
	int own_filters; /* the monitor's */
	bool held;
	/* One round. */
	bool found;
	/* The process that is looked at: it is of the tree, and marked. */
	bool scanned_supervised, scanned_done;
	bool unmarked;
	pid_t killed; /* the last one that it was said of */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What this thread has had of a processor, however many want it. */
static int64_t worked_ms(void)
{
	struct timespec worked;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked);
	return (int64_t)worked.tv_sec * 1000 + worked.tv_nsec / 1000000;
}

int herd_new(struct herd **ret, pid_t monitor)
{
	struct herd *herd = calloc(1, sizeof(*herd));

	if (!herd)
		return -ENOMEM;
	for (unsigned int i = 0; i < BUCKETS; i++)
		LIST_INIT(&herd->buckets[i]);
	herd->monitor = monitor;
	*ret = herd;
	return 0;
}

static void forget(struct thread *thread)
{
	LIST_REMOVE(thread, link);
	free(thread);
}

static void each(struct herd *herd,
		 void (*callback)(struct thread *thread, void *userdata),
		 void *userdata)
{
	for (unsigned int i = 0; i < BUCKETS; i++) {
		struct thread *thread = LIST_FIRST(&herd->buckets[i]);

		while (thread) {
			struct thread *next = LIST_NEXT(thread, link);

			callback(thread, userdata);
			thread = next;
		}
	}
}

void herd_each(struct herd *herd,
	       void (*callback)(struct thread *thread, void *userdata),
	       void *userdata)
{
	each(herd, callback, userdata);
}

static void forget_one(struct thread *thread, void *userdata)
{
	(void)userdata;
	forget(thread);
}

struct herd *herd_free(struct herd *herd)
{
	if (herd)
		each(herd, forget_one, NULL);
	free(herd);
	return NULL;
}

static struct thread *find(const struct herd *herd, pid_t tid)
{
	struct thread *thread;

	LIST_FOREACH (thread, &herd->buckets[(unsigned int)tid % BUCKETS], link)
		if (thread->tid == tid)
			break;
	return thread;
}

static struct thread *add(struct herd *herd, pid_t tid, pid_t tgid,
			  enum stand stand)
{
	struct thread *thread = calloc(1, sizeof(*thread));

	if (!thread) {
		/* Not even that: better nobody than one who keeps it. */
		log_warning("process %d is killed: what was revoked cannot be "
			    "taken from it (no memory)",
			    (int)tgid);
		kill(tgid, SIGKILL);
		return NULL;
	}
	thread->tid = tid;
	thread->tgid = tgid;
	thread->stand = stand;
	thread->since = now_ms();
	LIST_INSERT_HEAD(&herd->buckets[(unsigned int)tid % BUCKETS], thread,
			 link);
	return thread;
}

static void set_stand(struct thread *thread, enum stand stand)
{
	if (thread->stand != stand)
		thread->since = now_ms();
	thread->stand = stand;
}

/* The character of proc_pid_stat(5); 0 when it is gone. */
static char state_of(pid_t tgid, pid_t tid)
{
	_cleanup_status_ struct status text;
	struct status_stat stat;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)tgid,
		 (int)tid);
	if (status_read_file(&text, path) ||
	    status_parse_stat(text.text, text.length, &stat))
		return 0;
	return stat.state;
}

static bool is_dead(char state)
{
	return state == 0 || state == 'Z' || state == 'X';
}

void herd_mark(struct herd *herd, pid_t tgid)
{
	(void)herd;
	confinement_set_recalled(tgid);
}

struct killing {
	pid_t tgid;
};

static void note_killed(struct thread *thread, void *userdata)
{
	const struct killing *killing = userdata;

	if (thread->tgid == killing->tgid)
		thread->killed = true;
}

void herd_kill(struct herd *herd, struct thread *thread, const char *why)
{
	const struct killing killing = {.tgid = thread->tgid};
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, thread->tgid, 0);

	if (thread->killed)
		return;
	/* Who is seized keeps its number; of others it is looked at again. */
	if (pidfd < 0 || tree_tgid(thread->tid) != thread->tgid ||
	    !tree_descends(thread->tgid, herd->monitor))
		return;
	if (herd->killed != thread->tgid)
		log_warning("process %d is killed: what was revoked cannot be "
			    "taken from it (%s)",
			    (int)thread->tgid, why);
	herd->killed = thread->tgid;
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	each(herd, note_killed, (void *)(uintptr_t)&killing);
}

/* One whom we may not trace: why. */
static void add_untraced(struct herd *herd, pid_t tgid, pid_t tid)
{
	const pid_t tracer = tree_tracer(tid);
	struct thread *thread = find(herd, tid);
	enum stand stand = STAND_FOREIGN;

	if (is_dead(state_of(tgid, tid)))
		return;
	if (tracer == herd->monitor)
		stand = STAND_REDIRECTED;
	else if (tracer == 0)
		stand = STAND_HIDDEN;
	if (!thread) {
		herd->found = true;
		thread = add(herd, tid, tgid, stand);
	}
	if (!thread)
		return;
	thread->done = herd->scanned_done;
	set_stand(thread, stand);
}

static void seize(struct herd *herd, pid_t tgid, pid_t tid)
{
	struct thread *thread = find(herd, tid);

	if (thread && thread->stand < STAND_REDIRECTED) {
		/* It keeps its number as long as it is ours. */
		herd->scanned_supervised = true;
		return;
	}
	/* Each thread of a process has what the first one had. */
	herd->scanned_supervised = herd->scanned_supervised ||
				   tree_filters(tid) > herd->own_filters;
	if (!herd->scanned_supervised)
		return;
	if (ptrace(PTRACE_SEIZE, tid, 0, OPTIONS) < 0) {
		if (errno == EPERM)
			add_untraced(herd, tgid, tid);
		else
			herd->found = true; /* it has just gone */
		return;
	}
	herd->found = true;
	if (thread)
		set_stand(thread, STAND_RUNS);
	else
		thread = add(herd, tid, tgid, STAND_RUNS);
	if (thread)
		thread->done = herd->scanned_done;
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

static void seize_threads(pid_t pid, void *userdata)
{
	struct herd *herd = userdata;
	char path[64];
	struct dirent *entry;
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	if (!threads)
		return;
	herd->scanned_supervised = false;
	herd->scanned_done = confinement_is_recalled(pid);
	while ((entry = readdir(threads)))
		if (atoi(entry->d_name) > 0)
			seize(herd, pid, (pid_t)atoi(entry->d_name));
	closedir(threads);
}

/* One that may be gone in a moment: seized first, and then looked at. */
static bool snatch(struct herd *herd, pid_t pid)
{
	struct thread *thread;

	if (find(herd, pid) || ptrace(PTRACE_SEIZE, pid, 0, OPTIONS) < 0)
		return false;
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	thread = add(herd, pid, pid, STAND_RUNS);
	/* One that is not supervised is let go with the others. */
	if (thread)
		thread->done = tree_filters(pid) <= herd->own_filters ||
			       confinement_is_recalled(pid);
	return true;
}

/*
 * A process that forks and ends, again and again, is gone before a look at the
 * whole table comes to it. But its orphans become our children, the youngest
 * last (where the kernel tells: CONFIG_PROC_CHILDREN).
 */
static void chase(struct herd *herd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		 (int)herd->monitor, (int)herd->monitor);
	for (int idle = 0; idle < CHASE_IDLE;) {
		_cleanup_status_ struct status children;
		bool caught = false;
		char *at;

		if (status_read_file(&children, path))
			return;
		for (int i = 0; i < CHASE_LAST; i++) {
			size_t length = strlen(children.text);

			while (length && children.text[length - 1] == ' ')
				children.text[--length] = '\0';
			at = strrchr(children.text, ' ');
			at = at ? at + 1 : children.text;
			if (!*at)
				break;
			caught |= snatch(herd, (pid_t)atoi(at));
			*at = '\0';
		}
		idle = caught ? 0 : idle + 1;
	}
}

static void look_at_unmarked(pid_t pid, void *userdata)
{
	struct herd *herd = userdata;

	if (tree_supervised(pid, herd->monitor) &&
	    !confinement_is_recalled(pid))
		herd->unmarked = true;
}

bool herd_has_unmarked(struct herd *herd)
{
	herd->own_filters = tree_filters(herd->monitor);
	herd->unmarked = false;
	tree_each(herd->monitor, look_at_unmarked, herd);
	return herd->unmarked;
}

static bool stops_job(int signal_number)
{
	return signal_number == SIGSTOP || signal_number == SIGTSTP ||
	       signal_number == SIGTTIN || signal_number == SIGTTOU;
}

/*
 * Calls that wait and, unlike the others, end with EINTR for any stop. Nothing
 * has come of one that does, so that it can be made again.
 */
static bool waits_anew(uint64_t number)
{
	static const uint64_t numbers[] = {
		SYS_epoll_wait,	  SYS_epoll_pwait, SYS_epoll_pwait2,
		SYS_semop,	  SYS_semtimedop,  SYS_rt_sigtimedwait,
		SYS_io_getevents,
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* Whether it goes back to the call that we have interrupted, by itself. */
static bool goes_back(pid_t tid)
{
	struct user_regs_struct regs;
	int64_t result;

	if (ptrace(PTRACE_GETREGS, tid, 0, &regs) < 0 ||
	    (int64_t)regs.orig_rax < 0)
		return false;
	result = (int64_t)regs.rax;
	if (result == -EINTR && waits_anew(regs.orig_rax)) {
		/* The kernel does the rest, as for those below. */
		regs.rax = (unsigned long long)-ERESTARTNOHAND;
		return ptrace(PTRACE_SETREGS, tid, 0, &regs) == 0;
	}
	/* No program sees them. */
	return result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK;
}

static bool is_entry(pid_t tid)
{
	struct __ptrace_syscall_info info = {0};

	return ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY &&
	       info.arch == 0xc000003e; /* AUDIT_ARCH_X86_64 */
}

/* What a stop means. One that is on its way goes on to the next. */
static void note_stop(struct thread *thread, int status)
{
	const int event = status >> 16;
	const int signal_number = WSTOPSIG(status);

	if (signal_number == SYSCALL_STOP) {
		set_stand(thread, is_entry(thread->tid) ? STAND_ENTERING
							: STAND_STOPPED);
	} else if (event == PTRACE_EVENT_STOP) {
		if (stops_job(signal_number)) {
			set_stand(thread, STAND_GROUP);
		} else if (goes_back(thread->tid) && !thread->driven &&
			   !thread->done) {
			thread->driven = true;
			thread->stand = STAND_RUNS;
			thread->since = now_ms();
			ptrace(PTRACE_SYSCALL, thread->tid, 0, 0);
		} else {
			set_stand(thread, STAND_STOPPED);
		}
	} else if (event) {
		/* It has made somebody; a stop has undone our request. */
		ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
		ptrace(PTRACE_CONT, thread->tid, 0, 0);
		set_stand(thread, STAND_RUNS);
	} else {
		thread->signal = signal_number;
		set_stand(thread, STAND_STOPPED);
	}
}

/* Takes a state from the kernel, but for an end. Returns: whether it did. */
static bool take_stop(struct thread *thread)
{
	siginfo_t info = {0};
	int status;

	if (waitid(P_PID, (id_t)thread->tid, &info,
		   WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) < 0) {
		forget(thread);
		return true;
	}
	if (!info.si_pid)
		return false;
	if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) {
		forget(thread); /* who waits for its end shall see it */
		return true;
	}
	if (waitpid(thread->tid, &status, __WALL | WUNTRACED) == thread->tid)
		note_stop(thread, status);
	return true;
}

struct settling {
	bool moved, waits;
	int64_t now;
};

static void settle_one(struct thread *thread, void *userdata)
{
	struct settling *settling = userdata;
	int64_t waited;
	char state;

	if (thread->stand != STAND_RUNS && thread->stand != STAND_AWAY)
		return;
	waited = settling->now - thread->since;
	if (take_stop(thread)) {
		settling->moved = true;
		return;
	}
	if (thread->stand == STAND_AWAY || waited < LOOK_MS) {
		settling->waits |= thread->stand == STAND_RUNS;
		return;
	}
	state = state_of(thread->tgid, thread->tid);
	if (is_dead(state)) {
		settling->moved = true;
		forget(thread);
		return;
	}
	/* Frozen on its way, for one. */
	if (thread->driven && waited > DRIVE_MS)
		ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
	/* Or it is busy in the kernel, or has no turn on a slow machine: it
	 * has been told, and makes no instruction more. */
	if (state == 'D' || waited > SLOW_MS)
		set_stand(thread, STAND_AWAY);
	else
		settling->waits = true;
}

static void settle(struct herd *herd)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct settling settling;

	do {
		settling = (struct settling){.now = now_ms()};
		each(herd, settle_one, &settling);
		if (settling.waits && !settling.moved)
			nanosleep(&pause, NULL);
	} while (settling.waits);
}

static void interrupt_one(struct thread *thread, void *userdata)
{
	(void)userdata;
	thread->driven = false;
	if (thread->stand >= STAND_REDIRECTED) {
		/* Who traces it now, and whether it is there, is looked at. */
		if (is_dead(state_of(thread->tgid, thread->tid)))
			forget(thread);
		return;
	}
	if (thread->stand == STAND_RUNS || thread->stand == STAND_GROUP ||
	    thread->stand == STAND_AWAY)
		ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
	if (thread->stand == STAND_GROUP) {
		thread->stand = STAND_RUNS;
		thread->since = now_ms();
	}
}

/* Who cannot be held. */
static void end_one(struct thread *thread, void *userdata)
{
	struct herd *herd = userdata;
	const int64_t waited = now_ms() - thread->since;

	if (thread->stand == STAND_HIDDEN && waited > HIDDEN_MS)
		herd_kill(herd, thread,
			  "it keeps itself from being traced, or is another "
			  "user's");
	else if (thread->stand == STAND_FOREIGN && waited > GRACE_MS)
		herd_kill(herd, thread, "another process traces it");
}

/* Who has not been caught; the others are held, and need not die for it. */
static void kill_uncaught(pid_t pid, void *userdata)
{
	const struct herd *herd = userdata;
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd >= 0 && !find(herd, pid) &&
	    tree_supervised(pid, herd->monitor) &&
	    !confinement_is_recalled(pid))
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

static void note_left(struct thread *thread, void *userdata)
{
	bool *left = userdata;

	if (thread->stand >= STAND_FOREIGN && !thread->killed)
		*left = true;
}

int herd_hold(struct herd *herd)
{
	const int64_t end = worked_ms() + CHASE_MS;
	bool left = false;

	herd->held = true;
	herd->own_filters = tree_filters(herd->monitor);
	each(herd, interrupt_one, NULL);
	for (int quiet = 0; quiet < QUIET_ROUNDS && worked_ms() < end;) {
		herd->found = false;
		chase(herd);
		tree_each(herd->monitor, seize_threads, herd);
		settle(herd);
		quiet = herd->found ? 0 : quiet + 1;
	}
	if (herd->found) {
		log_warning("processes come up faster than they can be "
			    "stopped: they are killed, since what was revoked "
			    "cannot be taken from them");
		tree_each(herd->monitor, kill_uncaught, herd);
		return -EAGAIN;
	}
	each(herd, end_one, herd);
	each(herd, note_left, &left);
	return left ? -EAGAIN : 0;
}

/*
 * To let a thread go interrupts it, as a signal would. So a call that it has
 * just entered is left out, and made again from its own code.
 */
static void step_back(const struct thread *thread)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, thread->tid, 0, &regs) < 0)
		return;
	regs.rax = regs.orig_rax;
	regs.orig_rax = (unsigned long long)-1;
	regs.rip -= SYSCALL_BYTES;
	ptrace(PTRACE_SETREGS, thread->tid, 0, &regs);
}

static void let_go(struct thread *thread)
{
	if (thread->stand == STAND_ENTERING)
		step_back(thread);
	ptrace(PTRACE_DETACH, thread->tid, 0, (void *)(intptr_t)thread->signal);
	forget(thread);
}

static void go_on(struct thread *thread)
{
	const int signal_number = thread->signal;

	thread->signal = 0;
	set_stand(thread, STAND_RUNS);
	ptrace(PTRACE_SYSCALL, thread->tid, 0, (void *)(intptr_t)signal_number);
}

static void release_one(struct thread *thread, void *userdata)
{
	(void)userdata;
	switch (thread->stand) {
	case STAND_STOPPED:
	case STAND_ENTERING:
		if (thread->done || thread->killed)
			let_go(thread);
		else
			go_on(thread);
		break;
	case STAND_GROUP:
		if (thread->done || thread->killed)
			let_go(thread);
		else
			ptrace(PTRACE_LISTEN, thread->tid, 0, 0);
		break;
	case STAND_RUNS:
	case STAND_AWAY: /* it stops by itself */
		break;
	case STAND_REDIRECTED:
		if (thread->done)
			forget(thread);
		break;
	case STAND_FOREIGN:
	case STAND_HIDDEN:
		if (thread->done || thread->killed)
			forget(thread);
		break;
	}
}

void herd_release(struct herd *herd)
{
	each(herd, release_one, NULL);
	herd->held = false;
}

static void count_left(struct thread *thread, void *userdata)
{
	unsigned int *left = userdata;

	*left += !thread->done && !thread->killed;
}

unsigned int herd_left(const struct herd *herd)
{
	unsigned int left = 0;

	each((struct herd *)(uintptr_t)herd, count_left, &left);
	return left;
}

/* Somebody new, whom the seizure of its maker has seized. */
static struct thread *welcome(struct herd *herd, pid_t tid, int status)
{
	struct thread *thread;
	const pid_t tgid = tree_tgid(tid);

	if (status >> 16 != PTRACE_EVENT_STOP || tgid <= 0)
		return NULL;
	thread = add(herd, tid, tgid, STAND_RUNS);
	if (thread)
		thread->done = confinement_is_recalled(tgid);
	return thread;
}

bool herd_handle(struct herd *herd, pid_t tid, int status, bool *ret_ready)
{
	struct thread *thread = find(herd, tid);

	*ret_ready = false;
	if (!WIFSTOPPED(status)) {
		if (thread && !WIFCONTINUED(status))
			forget(thread);
		return false;
	}
	if (!thread)
		thread = welcome(herd, tid, status);
	if (!thread || thread->stand >= STAND_REDIRECTED)
		return false;
	note_stop(thread, status);
	switch (thread->stand) {
	case STAND_ENTERING:
		if (thread->done)
			let_go(thread);
		else
			*ret_ready = true;
		break;
	case STAND_STOPPED:
		if (thread->done)
			let_go(thread);
		else
			go_on(thread);
		break;
	case STAND_GROUP:
		if (thread->done)
			let_go(thread);
		else
			ptrace(PTRACE_LISTEN, tid, 0, 0);
		return false; /* those who watch it are told */
	default:
		break;
	}
	return true;
}

bool herd_adopt(struct herd *herd, pid_t tid)
{
	struct thread *thread = find(herd, tid);
	const pid_t tgid = tree_tgid(tid);

	if (tgid <= 0 || confinement_is_recalled(tgid))
		return false;
	if (!thread)
		thread = add(herd, tid, tgid, STAND_RUNS);
	if (!thread)
		return false;
	ptrace(PTRACE_SETOPTIONS, tid, 0, OPTIONS);
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	ptrace(PTRACE_CONT, tid, 0, 0);
	set_stand(thread, STAND_RUNS);
	thread->done = thread->driven = false;
	return true;
}
