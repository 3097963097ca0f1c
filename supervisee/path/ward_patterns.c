/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What patterns refuse has no ward: see ward_layout.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "path/fold.h"
#include "path/ward_layout.h"

#define RIGHTS_ON_FILES                                                \
	(RIGHT_FS_EXECUTE | RIGHT_FS_WRITE_FILE | RIGHT_FS_READ_FILE | \
	 RIGHT_FS_TRUNCATE | RIGHT_FS_IOCTL_DEV | RIGHT_FS_RESOLVE_UNIX)

void ward_patterns_look(struct wards *wards)
{
	const struct ruleset *ruleset = wards->ruleset;

	wards->reached = ruleset ? ruleset_reach(ruleset, "/", 1) : 0;
	for (size_t i = 0; i < wards->mounts.count; i++) {
		struct mount *mount = &wards->mounts.items[i];

		mount->reached = wards->reached
					 ? ruleset_reach(ruleset, mount->point,
							 strlen(mount->point))
					 : 0;
	}
	if (ruleset && ward_links_reset(&wards->links, ruleset, false))
		wards->changes++;
}

/* What something in one mount is called in another one of its file system.
 * Returns: whether it is there. */
static bool other_name(const struct mount *other, const char *inner,
		       char ret[PATH_MAX])
{
	const char *rest = mounts_after(inner, other->root);

	if (!rest)
		return false;
	if (strcmp(rest, "/") == 0)
		rest = "";
	return snprintf(ret, PATH_MAX, "%s%s",
			other->point[1] || !*rest ? other->point : "",
			rest) < PATH_MAX;
}

/* --- Names ----------------------------------------------------------- */

struct pattern_naming {
	const struct wards_object *object;
	wards_name_fn callback;
	void *userdata;
};

static int tell(const struct pattern_naming *naming, const char *path)
{
	return strcmp(path, naming->object->path) == 0
		       ? 0
		       : naming->callback(naming->userdata, "", path);
}

static int name_by_mounts(struct wards *wards, const struct mount *mount,
			  const struct pattern_naming *naming)
{
	char inner[PATH_MAX], path[PATH_MAX];
	int result = 0;

	if (mounts_inner(mount, naming->object->path, inner))
		return -EACCES;
	for (size_t i = 0; !result && i < wards->mounts.count; i++) {
		const struct mount *other = &wards->mounts.items[i];

		if (other != mount && other->device == mount->device &&
		    other->reached && other_name(other, inner, path))
			result = tell(naming, path);
	}
	return result;
}

static int tell_folded(void *userdata, const struct rule *rule)
{
	const struct pattern_naming *naming = userdata;
	char path[PATH_MAX];

	return fold_pattern(rule->object.bytes, naming->object->path, path)
		       ? tell(naming, path)
		       : 0;
}

static int tell_link(void *userdata, const char *path)
{
	return tell(userdata, path);
}

/* Whether an object that exists may have several names, as files do. */
static bool may_have_links(const struct wards_object *object)
{
	struct stat st;

	if (!object->inode)
		return false;
	if ((object->place < 0 || fstat(object->place, &st) < 0 ||
	     st.st_ino != object->inode || st.st_dev != object->device) &&
	    (lstat(object->path, &st) < 0 || st.st_ino != object->inode ||
	     st.st_dev != object->device))
		return true;
	return !S_ISDIR(st.st_mode) && st.st_nlink > 1;
}

int ward_patterns_names(struct wards *wards, const struct mount *mount,
			const struct wards_object *object,
			wards_name_fn callback, void *userdata)
{
	struct pattern_naming naming = {object, callback, userdata};
	const struct ward_link file = {object->device, object->inode, NULL};
	const struct mounts *mounts = &wards->mounts;
	rights_t reached = 0;
	int result = name_by_mounts(wards, mount, &naming);

	if (!result && mount->folds)
		result = ruleset_each_pattern(wards->ruleset, tell_folded,
					      &naming);
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts->items[i].device == mount->device)
			reached |= mounts->items[i].reached;
	/* What is installed has the names that root has given it. */
	if (result || !reached || ward_is_installed(object->path) ||
	    !may_have_links(object))
		return result;
	return ward_links_find(&wards->links, wards->ruleset, mounts,
			       mount->device, &file, tell_link, &naming);
}

/* --- What the kernel would show ---------------------------------------- */

rights_t ward_patterns_exposed(const struct wards *wards,
			       const struct mount *mount, const char *path,
			       const char *inner, bool directory)
{
	const struct ruleset *ruleset = wards->ruleset;
	rights_t refused = mount->folds ? wards->reached : 0;
	char name[PATH_MAX];

	for (size_t i = 0; i < wards->mounts.count; i++) {
		const struct mount *other = &wards->mounts.items[i];

		/* What is mounted beneath it is shown, too. */
		if (directory && other != mount &&
		    mounts_after(other->point, path) && wards->reached)
			refused |= ward_patterns_exposed(
				wards, other, other->point, other->root, false);
		if (other->device != mount->device || !other->reached)
			continue;
		/* A file may have its other name anywhere. */
		if (!ward_is_installed(path))
			refused |= other->reached & RIGHTS_ON_FILES;
		if (other == mount)
			continue;
		if (other_name(other, inner, name))
			refused |= ruleset_reach(ruleset, name, strlen(name));
		else if (mounts_after(other->root, inner))
			refused |= other->reached;
	}
	return refused;
}
