// SPDX-License-Identifier: GPL-2.0-or-later
/* Staging of execve(2): see stage.h. */
#include "seccomp/exec/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "path/handle.h"
#include "seccomp/exec/naming.h"
#include "seccomp/exec/scratch.h"
#include "seccomp/listener.h"
#include "task/tree.h"

#define SYSCALL_BYTES 2 /* length of the instruction before the notified ip */
#define COPY_BYTES (16 * 1024 * 1024) /* between looks whether it is wanted */
#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

/* How far a steered thread has come. */
enum phase {
	PHASE_HELD,    /* seized; its execve is about to be given up */
	PHASE_STEERED, /* its registers are set; it will make the call */
	PHASE_CALLING, /* it has entered the call */
	PHASE_CLOSING, /* the call has failed; it will close the copy */
	PHASE_CLOSED,  /* it has entered close(2) */
};

struct stage {
	struct stage *next;
	struct stages *stages;
	pid_t tid;
	enum phase phase;
	uint64_t ip; /* after its system call instruction */
	struct user_regs_struct original, steered;
	uint64_t result;  /* of the call, when it failed */
	uint64_t signals; /* its own mask: none interrupts it on the way */
	struct scratch scratch; /* what goes into its memory */
	int remote_fd;		/* the copy, in the program; -1: none */
	dev_t device;		/* of the copy */
	ino_t inode;
	char *path; /* as the program gave it; owned */
};

struct stages {
	struct stage *first;
	stage_ruleset_fn ruleset;
	stage_adopt_fn adopt;
	void *userdata;
};

int stages_new(struct stages **ret, stage_ruleset_fn ruleset,
	       stage_adopt_fn adopt, void *userdata)
{
	struct stages *stages = calloc(1, sizeof(*stages));

	if (!stages)
		return -ENOMEM;
	stages->ruleset = ruleset;
	stages->adopt = adopt;
	stages->userdata = userdata;
	*ret = stages;
	return 0;
}

static struct stage **find_stage(struct stages *stages, pid_t tid)
{
	struct stage **at = &stages->first;

	while (*at && (*at)->tid != tid)
		at = &(*at)->next;
	return at;
}

static void drop_stage(struct stage **at)
{
	struct stage *stage = *at;

	*at = stage->next;
	scratch_finish(&stage->scratch);
	free(stage->path);
	free(stage);
}

struct stages *stages_free(struct stages *stages)
{
	if (!stages)
		return NULL;
	while (stages->first)
		drop_stage(&stages->first);
	free(stages);
	return NULL;
}

/* vm.memfd_noexec may want to be told that this is for execution. */
static int make_memory(const char *name)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	const int fd = memfd_create(name, flags | MFD_EXEC);

	return fd < 0 && errno == EINVAL ? memfd_create(name, flags) : fd;
}

/* Copies what is between two holes. Returns: 0 or a negative errno. */
static int copy_data(int to, int from, off_t at, off_t end,
		     bool (*wanted)(void *userdata), void *userdata)
{
	if (lseek(to, at, SEEK_SET) < 0)
		return -errno;
	while (at < end) {
		const off_t left = end - at;
		const ssize_t copied = sendfile(
			to, from, &at,
			(size_t)(left < COPY_BYTES ? left : COPY_BYTES));

		if (copied < 0 && errno != EINTR)
			return -errno;
		if (copied == 0)
			return 0; /* it has become shorter */
		if (!wanted(userdata))
			return -ECANCELED;
	}
	return 0;
}

/* Copies a file; holes stay holes, and cost nothing. */
static int copy_file(int to, int from, bool (*wanted)(void *userdata),
		     void *userdata)
{
	off_t data, hole = 0;
	struct stat st;
	int error = 0;

	if (fstat(from, &st) < 0 || ftruncate(to, st.st_size) < 0)
		return -errno;
	while (!error && (data = lseek(from, hole, SEEK_DATA)) >= 0 &&
	       data < st.st_size) {
		hole = lseek(from, data, SEEK_HOLE);
		if (hole < 0 || hole > st.st_size)
			hole = st.st_size;
		error = copy_data(to, from, data, hole, wanted, userdata);
	}
	if (!error && data < 0 && errno != ENXIO)
		error = -errno;
	return error;
}

int stage_copy(const struct image *image, bool (*wanted)(void *userdata),
	       void *userdata, int *ret_fd)
{
	const struct image_file *file = image_loaded(image);
	const char *slash = file ? strrchr(file->path, '/') : NULL;
	_cleanup_fd_ int from = -1, to = -1;
	int error;

	if (!file)
		return -ENOEXEC;
	if (!file->readable)
		return -EACCES; /* it may be run, but not read */
	from = handle_open(file->fd, O_RDONLY | O_CLOEXEC, 0);
	if (from < 0)
		return fd_take(&from);
	to = make_memory(slash ? slash + 1 : "program");
	if (to < 0)
		return -errno;
	error = copy_file(to, from, wanted, userdata);
	if (error)
		return error;
	if (fchmod(to, 0555) < 0 ||
	    fcntl(to, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	*ret_fd = fd_take(&to);
	return 0;
}

static bool allowed_by_rules(struct stages *stages, const char *path)
{
	const rights_t rights = RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE;

	return path[0] == '/' &&
	       ruleset_judge_path(stages->ruleset(stages->userdata), path,
				  strlen(path), rights, PROCESS_NONE)
			       .allowed == rights;
}

/* Hands the copy over. */
static int install_copy(struct stage *stage, int listener, uint64_t id,
			int copy)
{
	struct stat st;

	if (fstat(copy, &st) < 0)
		return -errno;
	stage->device = st.st_dev;
	stage->inode = st.st_ino;
	stage->remote_fd = listener_add_fd(listener, id, copy, O_CLOEXEC);
	return stage->remote_fd < 0 ? stage->remote_fd : 0;
}

static int seize(pid_t tid)
{
	if (ptrace(PTRACE_SEIZE, tid, 0,
		   PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD |
			   PTRACE_O_EXITKILL) < 0)
		return -errno;
	/* It stops on its way out of the call, before any instruction. */
	if (ptrace(PTRACE_INTERRUPT, tid, 0, 0) < 0)
		return -errno;
	return 0;
}

int stage_begin(struct stages *stages, int listener, uint64_t id, pid_t tid,
		const struct seccomp_data *data, const struct image *image,
		const char *path, int copy)
{
	const struct image_file *file = image_loaded(image);
	const bool execveat = data->nr == SYS_execveat;
	struct stage *stage;
	int error;

	if (!file)
		return -ENOEXEC;
	stage = calloc(1, sizeof(*stage));
	if (!stage)
		return -ENOMEM;
	stage->stages = stages;
	stage->tid = tid;
	stage->ip = data->instruction_pointer;
	stage->remote_fd = -1;
	error = scratch_init(&stage->scratch, tid, data->args[execveat ? 2 : 1],
			     data->args[execveat ? 3 : 2], image, path,
			     copy < 0 ? file->path : "");
	stage->path = strdup(path);
	if (!error && !stage->path)
		error = -ENOMEM;
	/* One that cannot be traced does not get it. */
	if (!error && copy >= 0)
		error = tree_tracer(tid)
				? -EPERM
				: install_copy(stage, listener, id, copy);
	if (!error)
		error = seize(tid);
	stage->next = stages->first;
	stages->first = stage;
	if (error)
		drop_stage(&stages->first);
	return error;
}

bool stage_holds(const struct stages *stages, pid_t tid)
{
	return *find_stage((struct stages *)(uintptr_t)stages, tid);
}

bool stage_expects(const struct stages *stages, pid_t tid,
		   const struct seccomp_data *data)
{
	const struct stage *stage =
		*find_stage((struct stages *)(uintptr_t)stages, tid);

	return stage && stage->phase == PHASE_CALLING &&
	       data->nr == SYS_execveat &&
	       data->args[0] == stage->steered.rdi &&
	       data->args[1] == stage->steered.rsi &&
	       data->args[2] == stage->steered.rdx &&
	       data->args[4] == stage->steered.r8;
}

/*
 * A handler would run on what was written below the stack; as for an execve
 * of its own, signals come when the call is over.
 */
static int hold_signals(struct stage *stage)
{
	const uint64_t all = ~UINT64_C(0);

	if (ptrace(PTRACE_GETSIGMASK, stage->tid, sizeof(stage->signals),
		   &stage->signals) < 0 ||
	    ptrace(PTRACE_SETSIGMASK, stage->tid, sizeof(all), &all) < 0)
		return -errno;
	return 0;
}

/* Lets a thread go on by itself, with its own signals. */
static void let_go(const struct stage *stage, pid_t tid)
{
	const struct stages *stages = stage->stages;

	ptrace(PTRACE_SETSIGMASK, tid, sizeof(stage->signals), &stage->signals);
	if (!stages->adopt(stages->userdata, tid))
		ptrace(PTRACE_DETACH, tid, 0, 0);
}

/* Sets a held thread on its way to execveat(2) of what was decided. */
static int steer(struct stage *stage)
{
	struct user_regs_struct *regs = &stage->steered;
	struct scratch_layout layout;
	int error;

	if (ptrace(PTRACE_GETREGS, stage->tid, 0, &stage->original) < 0)
		return -errno;
	error = hold_signals(stage);
	if (error)
		return error;
	error = scratch_write(&stage->scratch, stage->tid, stage->original.rsp,
			      &layout);
	if (error)
		return error;
	*regs = stage->original;
	regs->rip = stage->ip - SYSCALL_BYTES;
	regs->orig_rax = (unsigned long long)-1; /* nothing to be restarted */
	regs->rax = SYS_execveat;
	regs->rdi = stage->remote_fd < 0 ? (unsigned long long)AT_FDCWD
					 : (unsigned long long)stage->remote_fd;
	regs->rsi = layout.path;
	regs->rdx = layout.argv;
	regs->r10 = stage->scratch.envp;
	regs->r8 = stage->remote_fd < 0 ? 0 : AT_EMPTY_PATH;
	return ptrace(PTRACE_SETREGS, stage->tid, 0, regs) < 0 ? -errno : 0;
}

/* The call failed: what was installed for it goes before the program does. */
static int steer_to_close(struct stage *stage)
{
	struct user_regs_struct regs = stage->original;

	regs.rip = stage->ip - SYSCALL_BYTES;
	regs.orig_rax = (unsigned long long)-1;
	regs.rax = SYS_close;
	regs.rdi = (unsigned long long)stage->remote_fd;
	return ptrace(PTRACE_SETREGS, stage->tid, 0, &regs) < 0 ? -errno : 0;
}

/* The program sees the failure of the call it made itself. */
static void give_back(struct stage *stage)
{
	stage->original.rax = stage->result;
	stage->original.rip = stage->ip;
	stage->original.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, stage->tid, 0, &stage->original);
	let_go(stage, stage->tid);
}

/*
 * Errors that no program sees, ERESTARTSYS to ERESTART_RESTARTBLOCK: a stop has
 * come before the call was received, and the kernel will make it again.
 */
static bool is_restarted(uint64_t result)
{
	return (int64_t)result <= -512 && (int64_t)result >= -516;
}

/* The call has returned and so has failed. Returns: whether it is over. */
static bool call_returned(struct stage *stage)
{
	struct user_regs_struct now;

	if (!ptrace(PTRACE_GETREGS, stage->tid, 0, &now))
		stage->result = now.rax;
	if (is_restarted(stage->result)) {
		stage->phase = PHASE_STEERED;
		return false;
	}
	if (stage->remote_fd >= 0 && !steer_to_close(stage)) {
		stage->phase = PHASE_CLOSING;
		return false;
	}
	give_back(stage);
	return true;
}

static bool loaded_as_decided(struct stages *stages, const struct stage *stage,
			      pid_t pid)
{
	char link[64], path[PATH_MAX];
	_cleanup_fd_ int fd = -1;
	struct stat st;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	fd = open(link, O_PATH | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	if (st.st_dev == stage->device && st.st_ino == stage->inode)
		return true;
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return allowed_by_rules(stages, path);
}

static void verify(struct stages *stages, struct stage **at, pid_t pid)
{
	if (loaded_as_decided(stages, *at, pid)) {
		/* Without its name it is as good a program. */
		naming_apply(pid, (*at)->path);
		let_go(*at, pid);
	} else {
		log_warning("process %d executed something else than was "
			    "allowed: killed",
			    (int)pid);
		kill(pid, SIGKILL);
	}
	drop_stage(at);
}

/* Goes on at a system call's entry or exit. Returns: whether it is over. */
static bool enter_or_leave(struct stage *stage)
{
	switch (stage->phase) {
	case PHASE_HELD:
		break;
	case PHASE_STEERED:
		stage->phase = PHASE_CALLING;
		break;
	case PHASE_CALLING:
		return call_returned(stage);
	case PHASE_CLOSING:
		stage->phase = PHASE_CLOSED;
		break;
	case PHASE_CLOSED:
		give_back(stage);
		return true;
	}
	return false;
}

/* A stop on the way: the phase says what comes next. */
static void advance(struct stage **at, int status)
{
	struct stage *stage = *at;
	const int event = status >> 16;
	const bool in_call = WSTOPSIG(status) == SYSCALL_STOP;
	const intptr_t signal_number = event || in_call ? 0 : WSTOPSIG(status);
	int error = 0;

	if (stage->phase == PHASE_HELD) {
		error = steer(stage);
		stage->phase = PHASE_STEERED;
	} else if (in_call && enter_or_leave(stage)) {
		drop_stage(at);
		return;
	}
	if (error) {
		log_warning("process %d cannot be steered: %s", (int)stage->tid,
			    strerror(-error));
		kill(stage->tid, SIGKILL);
		drop_stage(at);
		return;
	}
	ptrace(PTRACE_SYSCALL, stage->tid, 0, (void *)signal_number);
}

/* SIGSTOP and its like, sent to the whole process. */
static bool is_group_stop(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP;
}

bool stage_handle(struct stages *stages, pid_t pid, int status)
{
	struct stage **at = find_stage(stages, pid);

	if (!WIFSTOPPED(status)) {
		if (*at && (WIFEXITED(status) || WIFSIGNALED(status)))
			drop_stage(at);
		return false;
	}
	if (status >> 16 == PTRACE_EVENT_EXEC) {
		unsigned long former = (unsigned long)pid;

		/* A thread other than the first takes the first one's id. */
		ptrace(PTRACE_GETEVENTMSG, pid, 0, &former);
		at = find_stage(stages, (pid_t)former);
		if (*at)
			verify(stages, at, pid);
		else
			kill(pid, SIGKILL);
		return true;
	}
	if (!*at)
		return false;
	if (is_group_stop(status)) {
		/* It stays stopped, and those who watch it are told. */
		ptrace(PTRACE_LISTEN, pid, 0, 0);
		return false;
	}
	advance(at, status);
	return true;
}
