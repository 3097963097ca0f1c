/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the files of a policy are, and what is beside them.
 */
#pragma once

#include <sys/types.h>

/* Where the layers are; strings are borrowed. A NULL directory is no layer. */
struct policy_options {
	const char *vendor_dir;
	const char *admin_dir;
	const char *user_dir;
	const char *grants_dir;	  /* see store/grants.h */
	const char *runtime_dir;  /* of the control socket; nothing is read */
	const char *const *files; /* --policy, NULL-terminated, or NULL */
	/* What variables of the program are; NULL: this process's. See
	 * program_variables.h. */
	const char *const *program;
	/*
	 * Nothing is started by it, so whose the files are, and who may write
	 * them, does not matter: what would be started is, by these. Or NULL.
	 */
	const struct policy_options *instead_of;
	uid_t admin_uid; /* who must own the administrator's files;
				   * 0: root, whatever its number here */
};

/*
 * The directories of this machine and user. LANDLORD_VENDOR_DIR is honoured,
 * so that a build tree works; the administrator's directory is fixed when
 * Landlord is built, since a deny there is a floor that no user lifts.
 * The strings live until the process ends.
 */
void policy_options_default(struct policy_options *ret);
