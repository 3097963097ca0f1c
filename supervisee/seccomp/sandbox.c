/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program is confined by: see sandbox.h. */
#include "seccomp/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/landlock.h"
#include "base/log.h"
#include "engine/engine.h"
#include "landlock/layer.h"
#include "seccomp/exec/exec_view.h"
#include "seccomp/preload.h"
#include "task/capabilities.h"

int sandbox_init(struct sandbox *ret, const struct engine_beside *beside,
		 bool inherited)
{
	int error = 0;

	*ret = (struct sandbox){.beside = beside};
	if (beside)
		return 0;
	/* Whoever is supervised enters no namespace unasked; and who executes
	 * there is the supervisor above. */
	if (!inherited)
		error = exec_view_new(&ret->view);
	return error ? error : preload_find(&ret->library, inherited);
}

static int take_capabilities(struct sandbox *sandbox,
			     const struct ruleset *ruleset)
{
	const uint64_t kept = UINT64_C(1) << CAP_SYS_PTRACE;
	int error;

	sandbox->taken = capabilities_held(capabilities_withheld(ruleset));
	sandbox->kept = sandbox->taken & kept;
	if (!sandbox->taken)
		return 0;
	error = capabilities_take(sandbox->taken, kept);
	if (error)
		log_error("cannot take capabilities from the program: %s",
			  strerror(-error));
	return error;
}

/*
 * LANDLORD_LANDLOCK_ABI makes a newer kernel behave as one of that ABI: what
 * the kernel then does not hold is asked about and performed, so that older
 * kernels can be tried. It takes nothing away from what is enforced.
 */
static int abi_limit(void)
{
	const char *limit = getenv("LANDLORD_LANDLOCK_ABI");

	return limit ? atoi(limit) : 0;
}

/* Where there is no view, copies are made. */
static void show(struct sandbox *sandbox)
{
	const int directory =
		sandbox->view ? exec_view_directory(sandbox->view) : -1;

	if (directory < 0 || static_layer_show(sandbox->layer, directory))
		sandbox->view = exec_view_free(sandbox->view);
}

int sandbox_prepare(struct sandbox *sandbox, const struct ruleset *ruleset)
{
	int error = take_capabilities(sandbox, ruleset);

	if (error)
		return error;
	if (sandbox->beside)
		return static_layer_beside(&sandbox->layer, ruleset,
					   sandbox->beside->held,
					   sandbox->beside->asked);
	error = static_layer_new(&sandbox->layer, ruleset, abi_limit());
	if (!error)
		show(sandbox);
	else
		log_error("this kernel has no Landlock (%s); see landlord "
			  "doctor",
			  strerror(-error));
	return error;
}

bool sandbox_passes_marked(const struct sandbox *sandbox)
{
	return !sandbox->beside && !sandbox->every &&
	       static_layer_judges_files(sandbox->layer);
}

int sandbox_enter(const struct sandbox *sandbox)
{
	int error = 0;

	/* It would ask twice where no marked call passes. */
	if (sandbox->library && sandbox_passes_marked(sandbox))
		error = preload_add(sandbox->library);
	if (!error)
		error = capabilities_take(sandbox->taken, 0);
	if (error)
		return error;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return landlock_enter(sandbox->beside
				      ? sandbox->beside->domain
				      : static_layer_fd(sandbox->layer));
}

void sandbox_finish(struct sandbox *sandbox)
{
	static_layer_free(sandbox->layer);
	exec_view_free(sandbox->view);
	free(sandbox->library);
	*sandbox = (struct sandbox){0};
}
