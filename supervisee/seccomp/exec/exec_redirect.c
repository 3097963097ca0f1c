/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Redirection of execve(2): see exec_redirect.h. */
#include "seccomp/exec/exec_redirect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "seccomp/exec/exec_comm.h"
#include "seccomp/exec/exec_stack.h"
#include "seccomp/listener.h"
#include "seccomp/traced.h"
#include "task/tree.h"

/* How far a steered thread has come. */
enum phase {
	PHASE_HELD,    /* seized; its execve is about to be given up */
	PHASE_STEERED, /* its registers are set; it will make the call */
	PHASE_CALLING, /* it has entered the call */
	PHASE_CLOSING, /* the call has failed; it will close the copy */
	PHASE_CLOSED,  /* it has entered close(2) */
};

struct exec_redirect {
	struct exec_redirect *next;
	struct exec_redirects *redirects;
	pid_t tid; /* traced, and so its own until we reap it */
	enum phase phase;
	uint64_t ip; /* after its system call instruction */
	struct user_regs_struct original, steered;
	uint64_t result;  /* of the call, when it failed */
	uint64_t signals; /* its own mask: none interrupts it on the way */
	struct exec_stack exec_stack; /* what goes into its memory */
	int remote_fd;		      /* the copy, in the program; -1: none */
	dev_t device;		      /* of the copy */
	ino_t inode;
	char *path; /* as the program gave it; owned */
};

struct exec_redirects {
	struct exec_redirect *first;
	exec_redirect_ruleset_fn ruleset;
	exec_redirect_adopt_fn adopt;
	void *userdata;
};

int exec_redirects_new(struct exec_redirects **ret,
		       exec_redirect_ruleset_fn ruleset,
		       exec_redirect_adopt_fn adopt, void *userdata)
{
	struct exec_redirects *redirects = calloc(1, sizeof(*redirects));

	if (!redirects)
		return -ENOMEM;
	redirects->ruleset = ruleset;
	redirects->adopt = adopt;
	redirects->userdata = userdata;
	*ret = redirects;
	return 0;
}

static struct exec_redirect **find_stage(struct exec_redirects *redirects,
					 pid_t tid)
{
	struct exec_redirect **at = &redirects->first;

	while (*at && (*at)->tid != tid)
		at = &(*at)->next;
	return at;
}

static void drop_stage(struct exec_redirect **at)
{
	struct exec_redirect *redirect = *at;

	*at = redirect->next;
	exec_stack_finish(&redirect->exec_stack);
	free(redirect->path);
	free(redirect);
}

struct exec_redirects *exec_redirects_free(struct exec_redirects *redirects)
{
	if (!redirects)
		return NULL;
	while (redirects->first)
		drop_stage(&redirects->first);
	free(redirects);
	return NULL;
}

static bool allowed_by_rules(struct exec_redirects *redirects, const char *path)
{
	const rights_t rights = RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE;

	return path[0] == '/' &&
	       ruleset_judge_path(redirects->ruleset(redirects->userdata), path,
				  strlen(path), rights, PROCESS_NONE)
			       .allowed == rights;
}

/* Hands the copy over. */
static int install_copy(struct exec_redirect *redirect, int listener,
			uint64_t id, int copy)
{
	struct stat st;

	if (fstat(copy, &st) < 0)
		return -errno;
	redirect->device = st.st_dev;
	redirect->inode = st.st_ino;
	redirect->remote_fd = listener_add_fd(listener, id, copy, O_CLOEXEC);
	return redirect->remote_fd < 0 ? redirect->remote_fd : 0;
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

int exec_redirect_begin(struct exec_redirects *redirects, int listener,
			uint64_t id, pid_t tid, const struct seccomp_data *data,
			const struct image *image, const char *path, int copy)
{
	const struct image_file *file = image_loaded(image);
	const bool execveat = data->nr == SYS_execveat;
	struct exec_redirect *redirect;
	int error;

	if (!file)
		return -ENOEXEC;
	redirect = calloc(1, sizeof(*redirect));
	if (!redirect)
		return -ENOMEM;
	redirect->redirects = redirects;
	redirect->tid = tid;
	redirect->ip = data->instruction_pointer;
	redirect->remote_fd = -1;
	error = exec_stack_init(&redirect->exec_stack, tid,
				data->args[execveat ? 2 : 1],
				data->args[execveat ? 3 : 2], image, path,
				copy < 0 ? file->path : "");
	redirect->path = strdup(path);
	if (!error && !redirect->path)
		error = -ENOMEM;
	/* One that cannot be traced does not get it. */
	if (!error && copy >= 0)
		error = tree_tracer(tid)
				? -EPERM
				: install_copy(redirect, listener, id, copy);
	if (!error)
		error = seize(tid);
	redirect->next = redirects->first;
	redirects->first = redirect;
	if (error)
		drop_stage(&redirects->first);
	return error;
}

bool exec_redirect_holds(const struct exec_redirects *redirects, pid_t tid)
{
	return *find_stage((struct exec_redirects *)(uintptr_t)redirects, tid);
}

bool exec_redirect_expects(const struct exec_redirects *redirects, pid_t tid,
			   const struct seccomp_data *data)
{
	const struct exec_redirect *redirect =
		*find_stage((struct exec_redirects *)(uintptr_t)redirects, tid);

	return redirect && redirect->phase == PHASE_CALLING &&
	       data->nr == SYS_execveat &&
	       data->args[0] == redirect->steered.rdi &&
	       data->args[1] == redirect->steered.rsi &&
	       data->args[2] == redirect->steered.rdx &&
	       data->args[4] == redirect->steered.r8;
}

/*
 * A handler would run on what was written below the stack; as for an execve
 * of its own, signals come when the call is over.
 */
static int hold_signals(struct exec_redirect *redirect)
{
	const uint64_t all = ~UINT64_C(0);

	if (ptrace(PTRACE_GETSIGMASK, redirect->tid, sizeof(redirect->signals),
		   &redirect->signals) < 0 ||
	    ptrace(PTRACE_SETSIGMASK, redirect->tid, sizeof(all), &all) < 0)
		return -errno;
	return 0;
}

/* Lets a thread go on by itself, with its own signals. */
static void let_go(const struct exec_redirect *redirect, pid_t tid)
{
	const struct exec_redirects *redirects = redirect->redirects;

	ptrace(PTRACE_SETSIGMASK, tid, sizeof(redirect->signals),
	       &redirect->signals);
	if (!redirects->adopt(redirects->userdata, tid))
		ptrace(PTRACE_DETACH, tid, 0, 0);
}

/* Sets a held thread on its way to execveat(2) of what was decided. */
static int steer(struct exec_redirect *redirect)
{
	struct user_regs_struct *regs = &redirect->steered;
	struct exec_stack_layout layout;
	int error;

	if (ptrace(PTRACE_GETREGS, redirect->tid, 0, &redirect->original) < 0)
		return -errno;
	error = hold_signals(redirect);
	if (error)
		return error;
	error = exec_stack_write(&redirect->exec_stack, redirect->tid,
				 redirect->original.rsp, &layout);
	if (error)
		return error;
	*regs = redirect->original;
	regs->rip = redirect->ip - SYSCALL_BYTES;
	regs->orig_rax = (unsigned long long)-1; /* nothing to be restarted */
	regs->rax = SYS_execveat;
	regs->rdi = redirect->remote_fd < 0
			    ? (unsigned long long)AT_FDCWD
			    : (unsigned long long)redirect->remote_fd;
	regs->rsi = layout.path;
	regs->rdx = layout.argv;
	regs->r10 = redirect->exec_stack.envp;
	regs->r8 = redirect->remote_fd < 0 ? 0 : AT_EMPTY_PATH;
	return ptrace(PTRACE_SETREGS, redirect->tid, 0, regs) < 0 ? -errno : 0;
}

/* The call failed: what was installed for it goes before the program does. */
static int steer_to_close(struct exec_redirect *redirect)
{
	struct user_regs_struct regs = redirect->original;

	regs.rip = redirect->ip - SYSCALL_BYTES;
	regs.orig_rax = (unsigned long long)-1;
	regs.rax = SYS_close;
	regs.rdi = (unsigned long long)redirect->remote_fd;
	return ptrace(PTRACE_SETREGS, redirect->tid, 0, &regs) < 0 ? -errno : 0;
}

/* The program sees the failure of the call it made itself. */
static void give_back(struct exec_redirect *redirect)
{
	redirect->original.rax = redirect->result;
	redirect->original.rip = redirect->ip;
	redirect->original.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, redirect->tid, 0, &redirect->original);
	let_go(redirect, redirect->tid);
}

/* The call has returned and so has failed. Returns: whether it is over. */
static bool call_returned(struct exec_redirect *redirect)
{
	struct user_regs_struct now;

	if (!ptrace(PTRACE_GETREGS, redirect->tid, 0, &now))
		redirect->result = now.rax;
	/* A stop has come before the call was received. */
	if (traced_goes_back((int64_t)redirect->result)) {
		redirect->phase = PHASE_STEERED;
		return false;
	}
	if (redirect->remote_fd >= 0 && !steer_to_close(redirect)) {
		redirect->phase = PHASE_CLOSING;
		return false;
	}
	give_back(redirect);
	return true;
}

static bool loaded_as_decided(struct exec_redirects *redirects,
			      const struct exec_redirect *redirect, pid_t pid)
{
	char link[64], path[PATH_MAX];
	_cleanup_fd_ int fd = -1;
	struct stat st;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	fd = open(link, O_PATH | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	if (st.st_dev == redirect->device && st.st_ino == redirect->inode)
		return true;
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return allowed_by_rules(redirects, path);
}

static void verify(struct exec_redirects *redirects, struct exec_redirect **at,
		   pid_t pid)
{
	if (loaded_as_decided(redirects, *at, pid)) {
		/* Without its name it is as good a program. */
		exec_comm_set(pid, (*at)->path);
		let_go(*at, pid);
	} else {
		log_warning("process %d is killed: it executed something "
			    "other than what was allowed",
			    (int)pid);
		kill(pid, SIGKILL);
	}
	drop_stage(at);
}

/* Goes on at a system call's entry or exit. Returns: whether it is over. */
static bool enter_or_leave(struct exec_redirect *redirect)
{
	switch (redirect->phase) {
	case PHASE_HELD:
		break;
	case PHASE_STEERED:
		redirect->phase = PHASE_CALLING;
		break;
	case PHASE_CALLING:
		return call_returned(redirect);
	case PHASE_CLOSING:
		redirect->phase = PHASE_CLOSED;
		break;
	case PHASE_CLOSED:
		give_back(redirect);
		return true;
	}
	return false;
}

/* A stop on the way: the phase says what comes next. */
static void advance(struct exec_redirect **at, int status)
{
	struct exec_redirect *redirect = *at;
	const int event = status >> 16;
	const bool in_call = WSTOPSIG(status) == SYSCALL_STOP;
	const intptr_t signal_number = event || in_call ? 0 : WSTOPSIG(status);
	int error = 0;

	if (redirect->phase == PHASE_HELD) {
		error = steer(redirect);
		redirect->phase = PHASE_STEERED;
	} else if (in_call && enter_or_leave(redirect)) {
		drop_stage(at);
		return;
	}
	if (error) {
		log_warning("process %d cannot be made to execute the copy: %s",
			    (int)redirect->tid, strerror(-error));
		kill(redirect->tid, SIGKILL);
		drop_stage(at);
		return;
	}
	ptrace(PTRACE_SYSCALL, redirect->tid, 0, (void *)signal_number);
}

/* SIGSTOP and its like, sent to the whole process. */
static bool is_group_stop(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP;
}

bool exec_redirect_handle(struct exec_redirects *redirects, pid_t pid,
			  int status)
{
	struct exec_redirect **at = find_stage(redirects, pid);

	if (!WIFSTOPPED(status)) {
		if (*at && (WIFEXITED(status) || WIFSIGNALED(status)))
			drop_stage(at);
		return false;
	}
	if (status >> 16 == PTRACE_EVENT_EXEC) {
		unsigned long former = (unsigned long)pid;

		/* A thread other than the first takes the first one's id. */
		ptrace(PTRACE_GETEVENTMSG, pid, 0, &former);
		at = find_stage(redirects, (pid_t)former);
		if (*at)
			verify(redirects, at, pid);
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
