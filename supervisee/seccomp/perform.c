/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Performing: see perform.h. */
#include "seccomp/perform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <time.h>

#include "base/fd.h"
#include "base/log.h"
#include "engine/creations.h"
#include "landlock/oneshot_domain.h"
#include "operation/call.h"
#include "operation/image.h"
#include "path/plain.h"
#include "path/ward.h"
#include "seccomp/action.h"
#include "seccomp/exec/exec_copy.h"
#include "seccomp/exec/exec_view.h"
#include "seccomp/job.h"
#include "seccomp/listener.h"
#include "seccomp/state.h"
#include "seccomp/traced.h"
#include "task/memory.h"
#include "task/tree.h"

#define HOLD_NS 1000000

/* The mask is slow to find out, and what is there already has its mode. */
static bool needs_umask(const struct job *job)
{
	const struct notif *notif = &job->notif;

	return notif->call->operation->uses_umask &&
	       (notif->pins[0].fd < 0 ||
		(notif->flags & O_TMPFILE) == O_TMPFILE);
}

static int perform_step(void *argument)
{
	struct job *job = argument;
	const struct operation *operation = job->notif.call->operation;
	const bool mask = needs_umask(job);
	mode_t former = 0;
	int result;

	if (mask)
		former = umask(job->notif.umask);
	result = operation->perform(&job->notif);
	if (mask)
		umask(former);
	return result;
}

static int perform_as_target(void *argument)
{
	int step;

	do
		step = job_as_target(argument, perform_step);
	while (step == STEP_ANEW);
	return step;
}

static bool job_is_wanted(void *job)
{
	return !job_unwanted(job);
}

/* Whether the kernel loads a file by itself. */
static bool is_covered(const struct job *job, const struct image_file *file)
{
	const rights_t rights = RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE;

	return file && static_layer_covers(job->seccomp->layer, file->path,
					   file->length, rights, file->device,
					   file->inode);
}

/*
 * Whether the file itself may be executed by what is handed over: where a rule
 * allows that to everybody, or the tree has made it.
 */
static bool may_hand_out(const struct job *job)
{
	const struct image_file *file = image_loaded(job->notif.private);
	_cleanup_fd_ int named = -1;
	struct wards_place place;

	/* A nested supervisor's domain may not have this rule. */
	if (!file || !job->seccomp->sandbox.view || job->nest_performs)
		return false;
	/* What is executed again by itself lies in the view's mounts. */
	named = job->remote ? plain_open_cached(file->path)
			    : plain_open(file->path);
	return named >= 0 && !wards_place_of(named, &place) &&
	       place.device == file->device && place.inode == file->inode &&
	       !static_layer_hand_out(
		       job->seccomp->layer, job->seccomp->engine.ruleset,
		       file->path, &place,
		       creations_has(job->seccomp->creations, file->fd));
}

/* Returns: whether it is there to be handed over. */
static bool open_in_view(struct job *job)
{
	struct exec_view *view = job->seccomp->sandbox.view;
	const int fd = exec_view_open(view, image_loaded(job->notif.private));

	if (fd >= 0)
		job->notif.result_fd = fd;
	return fd >= 0;
}

/*
 * A device that is opened for the program is opened out of its domain: where
 * the rules keep ioctl(2) from it, the descriptor does too.
 */
static int restrict_device(struct job *job)
{
	struct notif *notif = &job->notif;
	const struct seccomp *seccomp = job->seccomp;

	if (job->own_terminal ||
	    ruleset_judge(seccomp->engine.ruleset,
			  &notif->accesses.needs[0].object, RIGHT_FS_IOCTL_DEV,
			  job_process(job))
		    .allowed)
		return 0;
	notif->extra.ruleset_fd = oneshot_domain_new(RIGHT_FS_IOCTL_DEV);
	if (notif->extra.ruleset_fd < 0)
		return fd_take(&notif->extra.ruleset_fd);
	notif->use_extra = true;
	return 0;
}

/*
 * What is moved gets a one-shot domain (see landlock/oneshot_domain.h) where its
 * kind matters. A nested supervisor has agreed to this kind, too.
 */
static void restrict_move(struct job *job)
{
	struct notif *notif = &job->notif;
	const struct ruleset *ruleset = job->seccomp->engine.ruleset;
	const struct process_id process = ruleset_has_process_rules(ruleset)
						  ? job_process(job)
						  : PROCESS_NONE;

	if (job->nests || !judge_moves_any(ruleset, &notif->accesses,
					   notif->pins[1].fd >= 0, process))
		notif->use_extra = true;
}

/* What is read of the target for it is there before, or comes in a worker. */
static int steer(struct job *job)
{
	struct seccomp *seccomp = job->seccomp;
	struct notif *notif = &job->notif;
	int error;

	if (notif->careful)
		memory_guard();
	error = exec_redirect_begin(seccomp->redirects, seccomp->listener,
				    notif->id, notif->tid, &notif->data,
				    notif->private, notif->paths[0],
				    notif->result_fd);
	if (notif->careful && memory_unguard(&job->missing))
		return -EAGAIN;
	return error;
}

static void begin_redirected(struct job *job, int error);

/* A call may have the number of the target held (see task/hold.h). */
static int wait_step(void *unused)
{
	const struct timespec pause = {.tv_nsec = HOLD_NS};

	(void)unused;
	nanosleep(&pause, NULL);
	return 0;
}

/*
 * The target is traced by ourselves. Where that is since the marker is taken
 * back (see recall.h), it makes its call again, as after a signal, and is not
 * traced any more when that comes here.
 * Returns: whether that is so, and the job goes on later or is gone.
 */
static bool begin_later(struct job *job)
{
	const struct seccomp *seccomp = job->seccomp;
	const pid_t tid = job->notif.tid, tracer = tree_tracer(tid);

	if (tracer == seccomp->monitor) {
		/* What is pending makes the kernel do that. */
		ptrace(PTRACE_INTERRUPT, tid, 0, 0);
		job_end(job, END_ERROR, -ERESTARTNOINTR);
		return true;
	}
	return tracer > 0 && tree_tgid(tracer) == seccomp->monitor &&
	       !job_wait(job, wait_step, begin_redirected);
}

/* The program may have gone while it was copied, or its rule. */
static void begin_redirected(struct job *job, int error)
{
	struct notif *notif = &job->notif;

	if (job_unwanted(job)) {
		job_end(job, END_GONE, 0);
		return;
	}
	if (!error)
		error = steer(job);
	if (error == -EAGAIN && !job_fetch(job, begin_redirected))
		return;
	if (error == -EPERM && begin_later(job))
		return;
	if (error == -EPERM)
		log_warning("process %d is being traced, so it cannot execute "
			    "%s",
			    (int)notif->tid, notif->pins[0].path);
	/* A thread that is steered never sees this error. */
	job_end(job, END_ERROR, error ? -EACCES : -EINTR);
}

static int copy_step(void *argument)
{
	struct job *job = argument;

	if (job->handed_out && open_in_view(job))
		return 0;
	/* A copy would be no file that the target's own domain knows. */
	if (job->notif.extra.rulesets_count)
		return -EACCES;
	return exec_copy(job->notif.private, job_is_wanted, job,
			 &job->notif.result_fd);
}

static void run_redirected(struct job *job)
{
	struct image *image = job->notif.private;
	const struct image_file *loader = image_loader(image);
	int error;

	image->by_loader = loader && !is_covered(job, loader);
	if (is_covered(job, image_loaded(image))) {
		begin_redirected(job, 0);
		return;
	}
	job->handed_out = may_hand_out(job);
	if (job->handed_out && !job->remote &&
	    exec_view_shows(job->seccomp->sandbox.view, image_loaded(image)) &&
	    open_in_view(job)) {
		begin_redirected(job, 0);
		return;
	}
	error = job_wait(job, copy_step, begin_redirected);
	if (error)
		job_end(job, END_ERROR, error);
}

static void perform_waiting(struct job *job)
{
	const int error = job_wait(job, perform_as_target, job->performed);

	if (error)
		job_end(job, END_ERROR, error);
}

static int learn_umask(struct job *job)
{
	int mask;

	if (!needs_umask(job))
		return 0;
	mask = identity_umask(&job->seccomp->source, job->notif.tid);
	if (mask < 0)
		return mask == -ESRCH ? mask : -EACCES;
	job->notif.umask = (mode_t)mask;
	return 0;
}

/* What it is done within, lest more comes of it than was judged. */
static int restrict_result(struct job *job)
{
	if (job->notif.opens_device) {
		const int error = restrict_device(job);

		if (error)
			return error;
	}
	if (job->notif.call->operation->moves)
		restrict_move(job);
	return 0;
}

/* As the kernel writes the time of birth. */
static int64_t coarse_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void perform(struct job *job, void (*done)(struct job *job, int result))
{
	const struct operation *operation = job->notif.call->operation;
	int result;

	job->performed = done;
	job_enter(job, JOB_PERFORMS);
	if (job->notif.maker == MAKER_REGISTERS) {
		job_end(job, END_NATIVE, 0);
		return;
	}
	result = learn_umask(job);
	/* If it still waits, that was its own. */
	if (!result && job_unwanted(job)) {
		job_end(job, END_GONE, 0);
		return;
	}
	if (!result)
		result = restrict_result(job);
	/* Anew each time: by now there may be something of that name. */
	job->makes_since = operation->makes && job->notif.pins[0].fd < 0 &&
					   job->notif.pins[0].parent >= 0
				   ? coarse_now()
				   : 0;
	if (result) {
		job_end(job, END_ERROR, result);
	} else if (operation->redirected &&
		   operation->redirected(&job->notif)) {
		run_redirected(job);
	} else if (job->remote ||
		   (operation->blocks && operation->blocks(&job->notif))) {
		perform_waiting(job);
	} else {
		result = perform_as_target(job);
		if (result == STEP_WAIT)
			perform_waiting(job);
		else
			job->performed(job, result);
	}
}
