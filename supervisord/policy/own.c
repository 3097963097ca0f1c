/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlord's own files: see own.h.
 */
#include "policy/own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "policy/expand.h"
#include "policy/path_chain.h"
#include "policy/trust.h"

struct own {
	const struct policy_options *options;
	struct rules *rules;
	struct resolve_memo *memo;
	struct file_errors *errors;
	bool failed;
};

/* What is beside the grants is Landlord's, too: the log. */
static int protect_state(struct own *own, const char *grants_dir)
{
	const struct file_trust trust = {
		.owner = getuid(),
		.other_owner = getuid(),
		.forbidden = 022,
	};
	_cleanup_free_ char *state = grants_dir ? strdup(grants_dir) : NULL;
	char *const slash = state ? strrchr(state, '/') : NULL;

	if (!grants_dir)
		return 0;
	if (!state)
		return -ENOMEM;
	if (slash && slash > state)
		*slash = '\0';
	if (trust_check_way(&trust, grants_dir, own->errors) < 0)
		own->failed = true;
	return path_chain_protect(own->rules, own->memo, state);
}

/* What the paths of policies are expanded by. */
static int protect_user_dirs(struct own *own)
{
	_cleanup_free_ char *path = NULL;
	int error = expand_user_dirs(&path);

	if (!error)
		error = path_chain_protect(own->rules, own->memo, path);
	return error == -ENOENT ? 0 : error;
}

static int protect_layer(struct own *own, const char *directory)
{
	/* Links are looked for in it, its apps, and the drop-ins of those. */
	return directory ? path_chain_protect_tree(own->rules, own->memo,
						   directory, 2)
			 : 0;
}

/*
 * Nobody decides for himself: however much of the home directory is allowed, a
 * supervised program writes neither policy files nor grants, nor the way there.
 */
static int protect_all(struct own *own)
{
	const struct policy_options *const options = own->options;
	int error;

	error = protect_layer(own, options->admin_dir);
	if (!error)
		error = protect_layer(own, options->user_dir);
	if (!error)
		error = protect_layer(own, options->vendor_dir);
	if (!error)
		error = protect_state(own, options->grants_dir);
	if (!error && options->runtime_dir)
		error = path_chain_protect(own->rules, own->memo,
					   options->runtime_dir);
	/* A name that no directory can have: no socket will ever be there. */
	if (error == -ENAMETOOLONG)
		error = 0;
	if (!error)
		error = protect_user_dirs(own);
	for (size_t i = 0; options->files && options->files[i]; i++)
		if (!error)
			error = path_chain_protect(own->rules, own->memo,
						   options->files[i]);
	if (!error)
		error = path_chain_protect_own(own->rules, own->memo);
	return error;
}

int own_protect(const struct policy_options *options, struct rules *rules,
		struct resolve_memo *memo, struct file_errors *errors)
{
	struct own own = {options, rules, memo, errors, false};
	const int error = protect_all(&own);

	if (error == -ENOMEM)
		return error;
	if (error)
		file_errors_add(errors,
				options->user_dir ? options->user_dir : "/", 0,
				"Landlord's own files cannot be protected: %s",
				strerror(-error));
	return error || own.failed ? -EPERM : 0;
}
