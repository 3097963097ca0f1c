/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redirection of execve(2): running what the static layer does not allow.
 *
 * Nobody can execute in another process's place, and the kernel, which could,
 * asks Landlock, whose static layer cannot grow. But it can have a rule for what
 * we hand over (see exec_view.h), and what it does not govern is a file of no
 * file system (see exec_copy.h). So the thread that waits in execve is steered to
 * execveat(2) of one or the other with its own arguments, and a script is
 * steered to its interpreter, as the kernel would do itself.
 *
 * There is no window: between the decision and the first instruction the
 * thread is held by ptrace(2); what the kernel then has loaded must be the very
 * file or the sealed copy, or a file that the rules allow, or the process is
 * killed before it runs. Another thread that changes the arguments in between
 * gets just that: what the kernel's own check or ours refuses. Who writes to the
 * file, changes what was allowed; what it names, a loader or an interpreter, the
 * kernel takes only where the static layer allows it.
 *
 * The limits: AT_EXECFN of such a program is "/dev/fd/N", and a thread that is
 * being traced already cannot be steered: its execve is refused, or made again
 * later where it is we who trace it (see perform.c).
 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ruleset.h"
#include "operation/image.h"

struct exec_redirects;

/* What may be executed beside the copy: what this ruleset allows. */
typedef const struct ruleset *(*exec_redirect_ruleset_fn)(void *userdata);

/* Whether somebody else keeps tracing a thread that we are about to detach. */
typedef bool (*exec_redirect_adopt_fn)(void *userdata, pid_t tid);

int exec_redirects_new(struct exec_redirects **ret,
		       exec_redirect_ruleset_fn ruleset,
		       exec_redirect_adopt_fn adopt, void *userdata);
struct exec_redirects *exec_redirects_free(struct exec_redirects *redirects);

/*
 * Steers a thread that waits in execve or execveat; the caller then ends the
 * call with any error, which the program never sees.
 * @listener, @id: of the notification, to hand the copy over
 * @data: its system call
 * @path: the program's path, for a script's interpreter and for its name
 * @copy: what is to be executed, a copy or the file; -1 where the static layer allows what
 * is to be loaded, so that the kernel checks by itself; borrowed
 * Returns: 0, -EPERM when the thread is traced by another, -EACCES for what
 * cannot be redirected, ...
 */
int exec_redirect_begin(struct exec_redirects *redirects, int listener,
			uint64_t id, pid_t tid, const struct seccomp_data *data,
			const struct image *image, const char *path, int copy);

/*
 * Whether a notified call is the one that its thread was steered to: then the
 * kernel may run it.
 */
bool exec_redirect_expects(const struct exec_redirects *redirects, pid_t tid,
			   const struct seccomp_data *data);

/* Whether a thread is being steered. */
bool exec_redirect_holds(const struct exec_redirects *redirects, pid_t tid);

/*
 * Handles a state change that waitpid(2) reported (with __WALL).
 * Returns: whether it was a stop of a thread that is being steered.
 */
bool exec_redirect_handle(struct exec_redirects *redirects, pid_t pid,
			  int status);
