/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The static layer: the Landlock domain that the kernel holds for the whole
 * life of a supervised tree. It is a cache of the policy: only what is allowed
 * without exception beneath a directory, and only what still is.
 *
 * A rule of Landlock is bound to the object that had a name when it was made,
 * a rule of the policy to the name. What is mounted on a directory since, or
 * has replaced it, is judged by the policy. And no rule is made that would hold
 * for something that the policy refuses by another name.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ruleset.h"

struct accesses;
struct static_layer;
struct wards;
struct wards_place;

/*
 * Makes the Landlock ruleset of what a policy allows uniformly.
 * @abi_limit: do not use anything newer than this ABI; 0: no limit
 * Returns: 0, -ENOSYS or -EOPNOTSUPP when the kernel has no Landlock, ...
 */
int static_layer_new(struct static_layer **ret, const struct ruleset *policy,
		     int abi_limit);

/*
 * Makes a layer without a rule and without a ruleset: of a domain that another
 * engine has made, and whose rules are that one's.
 * @held: what that domain refuses unless it is allowed
 * @asked: what the kernel asks that engine about, then
 * Returns: 0 or a negative errno.
 */
int static_layer_beside(struct static_layer **ret, const struct ruleset *policy,
			rights_t held, rights_t asked);

/* Takes NULL. */
struct static_layer *static_layer_free(struct static_layer *layer);

/* The Landlock ABI in use. */
int static_layer_abi(const struct static_layer *layer);

/* The ruleset to restrict a process with; owned by the layer. */
int static_layer_fd(const struct static_layer *layer);

/*
 * Whether the kernel's Landlock knows all that it would have to check alone
 * for a marked call (see seccomp/marker.h): files as of ABI 5.
 */
bool static_layer_judges_files(const struct static_layer *layer);

/*
 * Whether the kernel, which does not know the right to ioctl(2), may by itself
 * open a device for which the policy does not allow it.
 */
bool static_layer_opens_devices(const struct static_layer *layer);

/* The rights that the kernel refuses unless the layer allows them. */
rights_t static_layer_held(const struct static_layer *layer);

/* What the kernel asks somebody else about: see static_layer_beside(). */
rights_t static_layer_asked(const struct static_layer *layer);

/*
 * Whether the kernel allows these rights on a path by itself. False is always
 * safe: the access is then performed.
 * @device, @inode: the object itself; 0 and 0 when it does not exist
 */
bool static_layer_covers(const struct static_layer *layer, const char *path,
			 size_t length, rights_t rights, dev_t device,
			 ino_t inode);

/* Whether the kernel allows all of some accesses by itself; the same holds. */
bool static_layer_allows(const struct static_layer *layer,
			 const struct accesses *accesses);

/*
 * Lets the program execute, and read, what lies beneath a directory of which
 * nobody but us opens anything, and hands it over: see seccomp/exec/exec_view.h.
 * Before anybody enters it. Returns: 0 or a negative errno.
 */
int static_layer_show(struct static_layer *layer, int directory);

/*
 * Says that a file is handed over out of that directory. From then on the layer
 * allows something beyond the policy when the policy does not allow to execute
 * it any more, by whatever name.
 * @own: the tree has made it, so that it is enough that no rule refuses it
 * Returns: 0; -EACCES where that is so now, or where it is allowed to some
 * processes only; -E2BIG, -ENOMEM.
 */
int static_layer_hand_out(struct static_layer *layer,
			  const struct ruleset *policy, const char *path,
			  const struct wards_place *place, bool own);

/*
 * Tells the layer that the policy changed: what it allows but the new policy
 * does not is no longer answered by the kernel where we can help it.
 * Returns: whether the layer still allows nothing beyond the policy.
 */
bool static_layer_check(struct static_layer *layer,
			const struct ruleset *policy);

/*
 * The objects that the policy refuses (see path/ward.h), as of the last
 * static_layer_check(), which is called as well when they have changed.
 */
struct wards *static_layer_wards(const struct static_layer *layer);
