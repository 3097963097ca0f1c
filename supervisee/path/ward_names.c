/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of wards: see ward.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "path/fold.h"
#include "path/ward_layout.h"

#define CHANGES_MAX 64 /* of names and mounts under one call */

/* The mount in which an object lies, as far as its path is one of ours. */
static struct mount *mount_of(const struct wards *wards,
			      const struct wards_object *object)
{
	const uint64_t id = object->mount || object->place < 0
				    ? object->mount
				    : mounts_of(object->place);
	struct mount *mount = mounts_find(&wards->mounts, id);
	_cleanup_fd_ int fd = -1;
	struct stat st;

	if (mount)
		return mount;
	fd = open(object->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !object->inode ||
	    st.st_dev != object->device || st.st_ino != object->inode)
		return NULL;
	return mounts_find(&wards->mounts, mounts_of(fd));
}

/* By number: whatever it is called. */
static int name_itself(const struct wards *wards,
		       const struct wards_object *object,
		       wards_name_fn callback, void *userdata)
{
	int result = 0;

	if (!object->inode || !wards_suspect(wards, object->inode))
		return 0;
	for (size_t i = wards->first; !result && i < wards->count;
	     i = wards->items[i].next) {
		const struct ward *ward = &wards->items[i];

		if (ward->inode == object->inode &&
		    ward->device == object->device &&
		    strcmp(ward->path, object->path) != 0)
			result = callback(userdata, "", ward->path);
	}
	return result;
}

static int name_folded(const struct wards *wards,
		       const struct wards_object *object,
		       wards_name_fn callback, void *userdata)
{
	char path[PATH_MAX];
	int result = 0;

	for (size_t i = 0; !result && i < wards->count; i++)
		if (fold_path(wards->items[i].path, object->path, path))
			result = callback(userdata, "", path);
	return result;
}

/* By where it lies in its file system. */
static int name_by_place(struct wards *wards, const struct mount *mount,
			 const struct wards_object *object,
			 wards_name_fn callback, void *userdata)
{
	char inner[PATH_MAX], path[2 * PATH_MAX];
	int result = 0;

	if (mounts_inner(mount, object->path, inner))
		return -EACCES;
	for (size_t i = wards->first; !result && i < wards->count;
	     i = wards->items[i].next) {
		const struct ward *ward = &wards->items[i];
		const struct mount *its = ward->at;
		const char *rest;

		if (!its || its->device != mount->device || !ward->inner)
			continue;
		rest = mounts_after(inner, ward->inner);
		if (rest && (ward->directory || !*rest)) {
			snprintf(path, sizeof(path), "%s%s",
				 ward->path[1] || !*rest ? ward->path : "",
				 rest);
			if (strcmp(path, object->path) != 0)
				result = callback(userdata, "", path);
		}
		rest = object->moves ? mounts_after(ward->inner, inner) : NULL;
		if (!result && rest && *rest)
			result = callback(userdata, rest, ward->path);
	}
	return result;
}

/*
 * The mount of an object, when all that is known of mounts and wards is of one
 * moment after the object was looked up. A number may have been another mount's;
 * and what is mounted may have been moved, which changes where it lies in its
 * file system as it does for the wards, so that both are looked at again.
 * Returns: NULL when it is in none that is known, or all changes too fast.
 */
static const struct mount *settled_mount(struct wards *wards,
					 const struct wards_object *object)
{
	bool looked = false;

	for (int tries = 0; tries < CHANGES_MAX; tries++) {
		bool told;
		const bool changed =
			mounts_changed(wards->table, wards->events, &told);
		const struct mount *mount =
			changed ? NULL : mount_of(wards, object);

		if (mount &&
		    !(mount->concerned && told && ward_watch_read(wards)))
			return mount;
		if (!changed && !mount && looked)
			return NULL;
		ward_look_anew(wards, changed || !mount);
		looked = true;
	}
	return NULL;
}

int wards_names(struct wards *wards, const struct wards_object *object,
		wards_name_fn callback, void *userdata)
{
	const struct mount *mount = settled_mount(wards, object);
	int error;

	if (!mount)
		return -EACCES;
	error = name_itself(wards, object, callback, userdata);
	if (error)
		return error;
	if (mount->folds)
		error = name_folded(wards, object, callback, userdata);
	if (!error && wards->reached)
		error = ward_patterns_names(wards, mount, object, callback,
					    userdata);
	if (error || !mount->concerned ||
	    (mount->plain && !wards->moved && !wards->unsure))
		return error;
	if (wards->unsure)
		wards_place(wards);
	return name_by_place(wards, mount, object, callback, userdata);
}

struct exposure {
	struct wards *wards;
	const struct ruleset *ruleset;
	rights_t rights, refused;
};

static void expose(struct exposure *exposure, const char *path)
{
	char beneath[PATH_MAX + 2];
	/* Anything there: see ruleset_judge_path(). */
	const int length = snprintf(beneath, sizeof(beneath), "%s/", path);
	const struct ruleset *ruleset = exposure->ruleset;
	const struct judgement here =
		ruleset_refused(ruleset, path, (size_t)length - 1,
				exposure->rights, PROCESS_NONE);
	const struct judgement rest =
		ruleset_refused(ruleset, beneath, (size_t)length + 1,
				exposure->rights, PROCESS_NONE);

	exposure->refused |=
		here.denied | here.asked | rest.denied | rest.asked;
}

/* Whether one of two absolute paths is the other, or above it. Most are told
 * apart by a few bytes. */
static bool meet(const char *a, const char *b)
{
	if (!a[1] || !b[1]) /* the root directory */
		return true;
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (!*a && (!*b || *b == '/')) || (!*b && *a == '/');
}

bool ward_is_installed(const char *path)
{
	static const char *const directories[] = {
		"/usr",	  "/bin",    "/sbin", "/lib", "/lib32",
		"/lib64", "/libx32", "/etc",  "/nix", "/gnu",
	};

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		if (mounts_after(path, directories[i]))
			return true;
	return false;
}

/* What a mount at or beneath a path, or the one that holds it, shows. */
static void expose_mount(struct exposure *exposure, const struct mount *mount,
			 const char *path, const char *inner)
{
	struct wards *wards = exposure->wards;

	for (size_t i = wards->first; i < wards->count;
	     i = wards->items[i].next) {
		const struct ward *ward = &wards->items[i];
		const struct mount *its = ward->at;

		if (!its || its->device != mount->device || !ward->inner ||
		    meet(ward->path, path))
			continue;
		/* A file may have its other name anywhere. What the names say
		 * themselves the policy knows. */
		if ((ward->shared && !ward_is_installed(path)) ||
		    meet(inner, ward->inner))
			expose(exposure, ward->path);
	}
}

int wards_place_of(int fd, struct wards_place *ret)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		  STATX_BASIC_STATS | STATX_MNT_ID, &st) < 0)
		return -errno;
	*ret = (struct wards_place){
		.mode = st.stx_mode,
		.device = makedev(st.stx_dev_major, st.stx_dev_minor),
		.inode = st.stx_ino,
		.mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0,
	};
	return 0;
}

rights_t wards_exposed(struct wards *wards, const struct ruleset *ruleset,
		       const char *path, const struct wards_place *at,
		       rights_t rights)
{
	struct exposure exposure = {wards, ruleset, rights, 0};
	const struct mount *mount = mounts_find(&wards->mounts, at->mount);
	char inner[PATH_MAX];

	if (!mount || mounts_inner(mount, path, inner))
		return rights;
	expose_mount(&exposure, mount, path, inner);
	if (wards->reached & rights)
		exposure.refused |= ward_patterns_exposed(
			wards, mount, path, inner, S_ISDIR(at->mode));
	for (size_t i = 0; i < wards->mounts.count; i++) {
		const struct mount *other = &wards->mounts.items[i];

		if (S_ISDIR(at->mode) && other != mount &&
		    mounts_after(other->point, path))
			expose_mount(&exposure, other, path, other->root);
	}
	return exposure.refused & rights;
}
