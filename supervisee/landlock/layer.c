/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The static layer: see layer.h. */
#include "landlock/layer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/landlock.h"
#include "core/rule.h"
#include "engine/accesses.h"
#include "landlock/devices.h"
#include "landlock/rights.h"
#include "path/plain.h"
#include "path/ward.h"

/* Rights that make sense on something that is not a directory. */
#define RIGHTS_ON_FILES                                                \
	(RIGHT_FS_EXECUTE | RIGHT_FS_WRITE_FILE | RIGHT_FS_READ_FILE | \
	 RIGHT_FS_TRUNCATE | RIGHT_FS_IOCTL_DEV)

/* What the kernel opens a program for. */
#define RIGHTS_HANDED_OUT (RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE)
#define HANDED_OUT_MAX 4096 /* programs; others are copied */

/* A rule for one file, which a rename may replace any time. */
struct file_rule {
	char *path;
	size_t length;
	rights_t rights;
	dev_t device;
	ino_t inode;
};

/* Something that may be executed beyond the rules: static_layer_hand_out(). */
struct handed_out {
	char *path;
	struct wards_place place;
	bool own;
};

/* What a rule for a directory was made for. */
struct held {
	dev_t device;
	ino_t inode;
	bool covered; /* the name means something else by now */
};

struct static_layer {
	int fd;
	int abi;
	rights_t held, asked;
	/* What the kernel was told, as rules and compiled; and what of it holds
	 * for what has the name now. */
	struct rules rules;
	struct held *objects; /* one a rule */
	struct ruleset *allowed;
	struct wards *wards;	      /* what the kernel must not be told of */
	const struct ruleset *policy; /* while it is made; borrowed */
	unsigned int seen; /* wards_changes(), when it was looked at last */
	bool exposed;	   /* a ward is reached where the kernel allows it */
	struct file_rule *files;
	size_t files_count;
	struct handed_out *handed_out;
	size_t handed_out_count;
	/* The policy has taken something back that the kernel still allows. */
	bool stale;
	/* Where the kernel does not keep ioctl(2) apart: */
	struct devices *places;
	bool controls; /* it allows to open a device that must not be so used */
};

static int remember_file(struct static_layer *layer,
			 const struct object *object, rights_t rights,
			 const struct wards_place *at)
{
	struct file_rule *files = reallocarray(
		layer->files, layer->files_count + 1, sizeof(*layer->files));

	if (!files)
		return -ENOMEM;
	layer->files = files;
	files[layer->files_count] = (struct file_rule){
		.path = strdup(object->bytes),
		.length = object->length,
		.rights = rights,
		.device = at->device,
		.inode = at->inode,
	};
	if (!files[layer->files_count].path)
		return -ENOMEM;
	layer->files_count++;
	return 0;
}

/* @rights: those that suit the object are left */
static int add_path(struct static_layer *layer, int fd,
		    const struct wards_place *at, rights_t *rights)
{
	if (!S_ISDIR(at->mode))
		*rights &= RIGHTS_ON_FILES;
	if (layer->abi < 2)
		*rights &= ~RIGHT_FS_REFER;
	if (!*rights)
		return -ENOENT;
	return landlock_allow_beneath(layer->fd, fd, *rights & RIGHTS_FS);
}

static int remember(struct static_layer *layer, const struct object *object,
		    rights_t rights, const struct wards_place *at)
{
	struct held *objects =
		reallocarray(layer->objects, layer->rules.count + 1,
			     sizeof(*layer->objects));
	struct rule rule = {
		.layer = LAYER_VENDOR,
		.effect = EFFECT_ALLOW,
		.rights = rights,
		.beneath = object->type == OBJECT_PATH,
	};
	int error = objects ? object_copy(&rule.object, object) : -ENOMEM;

	if (objects) {
		layer->objects = objects;
		objects[layer->rules.count] = (struct held){
			.device = at ? at->device : 0,
			.inode = at ? at->inode : 0,
		};
	}
	if (!error)
		error = rules_take(&layer->rules, &rule);
	if (error)
		rule_finish(&rule);
	return error;
}

/*
 * Who opens a device on a kernel that does not know the right to ioctl(2) may
 * use that as well. Where it is not allowed the kernel opens nothing that could
 * be a device, unless it must, to execute what is there.
 */
static rights_t spare_devices(struct static_layer *layer, const char *path,
			      rights_t rights, mode_t mode)
{
	const rights_t opens = RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE;

	if ((layer->held & RIGHT_FS_IOCTL_DEV) ||
	    (rights & RIGHT_FS_IOCTL_DEV) || !(rights & opens))
		return rights;
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return rights & ~opens;
	if (!S_ISDIR(mode) || !devices_possible(layer->places, path))
		return rights;
	if (!(rights & RIGHT_FS_EXECUTE))
		return rights & ~opens;
	layer->controls = true;
	return rights;
}

static bool is_above(const struct object *above, const struct object *object)
{
	const size_t length = above->length == 1 ? 0 : above->length;

	return above->type == OBJECT_PATH && object->length > length &&
	       object->bytes[length] == '/' &&
	       memcmp(above->bytes, object->bytes, length) == 0;
}

/*
 * A file is made before Landlock looks whether it may be opened. Where the
 * kernel would then refuse that it makes none: nothing is left behind.
 */
static rights_t spare_creation(const struct static_layer *layer,
			       const struct object *object, rights_t rights)
{
	const rights_t opens = RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE;
	rights_t found = rights;

	if (!(rights & RIGHT_FS_MAKE_REG))
		return rights;
	for (size_t i = 0; i < layer->rules.count && (opens & ~found); i++)
		if (is_above(&layer->rules.items[i].object, object))
			found |= layer->rules.items[i].rights;
	return opens & ~found ? rights & ~RIGHT_FS_MAKE_REG : rights;
}

/*
 * Keeps a path only when none of its names is that of a link.
 * @here: more rights, if it is no directory
 */
static int add_uniform_path(struct static_layer *layer,
			    const struct object *object, rights_t rights,
			    rights_t here)
{
	_cleanup_fd_ int fd = -1;
	struct wards_place at;

	/* What has something beneath it is a directory. */
	if (!rights &&
	    ruleset_names_beneath(layer->policy, object->bytes, object->length))
		return 0;
	fd = plain_open(object->bytes);
	if (fd < 0 || wards_place_of(fd, &at) || S_ISLNK(at.mode))
		return 0;
	if (!S_ISDIR(at.mode))
		rights |= here;
	/* What the kernel does not take is performed instead. */
	rights = spare_devices(layer, object->bytes, rights, at.mode) &
		 layer->held;
	if (rights)
		rights &= ~wards_exposed(layer->wards, layer->policy,
					 object->bytes, &at, rights);
	rights = spare_creation(layer, object, rights);
	if (!rights || add_path(layer, fd, &at, &rights))
		return 0;
	return S_ISDIR(at.mode) ? remember(layer, object, rights, &at)
				: remember_file(layer, object, rights, &at);
}

static int add_uniform(void *userdata, const struct object *object,
		       rights_t rights, rights_t here)
{
	struct static_layer *layer = userdata;

	if (object->type == OBJECT_PATH)
		return add_uniform_path(layer, object, rights, here);
	rights &= layer->held;
	if (!rights || object->type != OBJECT_PORT || object->any)
		return 0;
	return landlock_allow_port(layer->fd, object->port,
				   landlock_net_of_rights(rights))
		       ? 0
		       : remember(layer, object, rights, NULL);
}

int static_layer_new(struct static_layer **ret, const struct ruleset *policy,
		     int abi_limit)
{
	struct static_layer *layer;
	int abi = landlock_abi();
	int error;

	if (abi < 0)
		return abi;
	if (abi_limit > 0 && abi > abi_limit)
		abi = abi_limit;
	layer = calloc(1, sizeof(*layer));
	if (!layer)
		return -ENOMEM;
	layer->fd = -1;
	layer->abi = abi;
	layer->policy = policy;
	layer->held = landlock_rights_of_abi(abi);
	layer->fd = landlock_ruleset_of_rights(abi, layer->held);
	error = layer->fd < 0 ? layer->fd : 0;
	if (!error && !(layer->held & RIGHT_FS_IOCTL_DEV))
		error = devices_new(&layer->places);
	if (!error)
		error = wards_new(&layer->wards, policy);
	if (!error)
		error = ruleset_uniform(policy, add_uniform, layer);
	if (!error)
		error = ruleset_new(&layer->allowed, &layer->rules, 0, 0);
	/* They were looked at for each rule. */
	if (!error)
		layer->seen = wards_changes(layer->wards);
	layer->policy = NULL;
	if (error) {
		static_layer_free(layer);
		return error;
	}
	*ret = layer;
	return 0;
}

int static_layer_beside(struct static_layer **ret, const struct ruleset *policy,
			rights_t held, rights_t asked)
{
	struct static_layer *layer = calloc(1, sizeof(*layer));
	int error;

	if (!layer)
		return -ENOMEM;
	layer->fd = -1;
	layer->held = held;
	layer->asked = asked;
	error = wards_new(&layer->wards, policy);
	if (!error)
		error = ruleset_new(&layer->allowed, &layer->rules, 0, 0);
	if (error) {
		static_layer_free(layer);
		return error;
	}
	layer->seen = wards_changes(layer->wards);
	*ret = layer;
	return 0;
}

struct static_layer *static_layer_free(struct static_layer *layer)
{
	if (!layer)
		return NULL;
	fd_close(layer->fd);
	for (size_t i = 0; i < layer->files_count; i++)
		free(layer->files[i].path);
	free(layer->files);
	for (size_t i = 0; i < layer->handed_out_count; i++)
		free(layer->handed_out[i].path);
	free(layer->handed_out);
	free(layer->objects);
	wards_free(layer->wards);
	rules_finish(&layer->rules);
	devices_free(layer->places);
	ruleset_unref(layer->allowed);
	free(layer);
	return NULL;
}

int static_layer_abi(const struct static_layer *layer)
{
	return layer->abi;
}

int static_layer_fd(const struct static_layer *layer)
{
	return layer->fd;
}

rights_t static_layer_held(const struct static_layer *layer)
{
	return layer->held;
}

rights_t static_layer_asked(const struct static_layer *layer)
{
	return layer->asked;
}

bool static_layer_opens_devices(const struct static_layer *layer)
{
	return layer->controls;
}

bool static_layer_judges_files(const struct static_layer *layer)
{
	return layer->abi >= 5;
}

static bool file_covers(const struct static_layer *layer, const char *path,
			size_t length, rights_t rights, dev_t device,
			ino_t inode)
{
	for (size_t i = 0; i < layer->files_count; i++) {
		const struct file_rule *file = &layer->files[i];

		if (file->inode == inode && file->device == device &&
		    file->length == length &&
		    memcmp(file->path, path, length) == 0)
			return !(rights & ~file->rights);
	}
	return false;
}

bool static_layer_covers(const struct static_layer *layer, const char *path,
			 size_t length, rights_t rights, dev_t device,
			 ino_t inode)
{
	if (layer->stale || (rights & ~layer->held))
		return false;
	if (ruleset_judge_path(layer->allowed, path, length, rights,
			       PROCESS_NONE)
		    .allowed == rights)
		return true;
	return inode && file_covers(layer, path, length, rights, device, inode);
}

bool static_layer_allows(const struct static_layer *layer,
			 const struct accesses *accesses)
{
	for (size_t i = 0; i < accesses->count; i++) {
		const struct need *need = &accesses->needs[i];

		if (need->object.type != OBJECT_PATH ||
		    !static_layer_covers(layer, need->object.bytes,
					 need->object.length, need->rights,
					 need->device, need->inode))
			return false;
	}
	return true;
}

/*
 * Whether a rule of the kernel is still allowed without exception. A rule for
 * a directory is one for all that is beneath it.
 */
static bool rule_stands(const struct rule *rule, const struct ruleset *policy)
{
	const struct object *object = &rule->object;

	if (object->type == OBJECT_PATH)
		return !(rule->rights &
			 ~ruleset_uniform_path(policy, object->bytes,
					       object->length, NULL));
	return ruleset_judge(policy, object, rule->rights, PROCESS_NONE)
		       .allowed == rule->rights;
}

static bool file_stands(const struct file_rule *file,
			const struct ruleset *policy)
{
	rights_t here;

	ruleset_uniform_path(policy, file->path, file->length, &here);
	return !(file->rights & ~here);
}

/* Whether everybody may execute it, and no rule refuses it by another name. */
static bool may_be_out(struct static_layer *layer, const struct ruleset *policy,
		       const struct handed_out *file)
{
	const size_t length = strlen(file->path);
	const struct judgement refused = ruleset_refused(
		policy, file->path, length, RIGHTS_HANDED_OUT, PROCESS_NONE);
	rights_t here = RIGHTS_HANDED_OUT;

	if (!file->own)
		ruleset_uniform_path(policy, file->path, length, &here);
	return !(RIGHTS_HANDED_OUT & ~here) && !refused.denied &&
	       !refused.asked &&
	       !wards_exposed(layer->wards, policy, file->path, &file->place,
			      RIGHTS_HANDED_OUT);
}

int static_layer_show(struct static_layer *layer, int directory)
{
	return landlock_allow_beneath(layer->fd, directory, RIGHTS_HANDED_OUT);
}

static bool is_out(const struct static_layer *layer,
		   const struct handed_out *wanted)
{
	for (size_t i = 0; i < layer->handed_out_count; i++) {
		const struct handed_out *file = &layer->handed_out[i];

		if (file->place.inode == wanted->place.inode &&
		    file->place.device == wanted->place.device &&
		    file->own == wanted->own &&
		    strcmp(file->path, wanted->path) == 0)
			return true;
	}
	return false;
}

int static_layer_hand_out(struct static_layer *layer,
			  const struct ruleset *policy, const char *path,
			  const struct wards_place *place, bool own)
{
	struct handed_out file = {(char *)path, *place, own};
	struct handed_out *files;

	if (!may_be_out(layer, policy, &file))
		return -EACCES;
	if (is_out(layer, &file))
		return 0;
	if (layer->handed_out_count == HANDED_OUT_MAX)
		return -E2BIG;
	files = reallocarray(layer->handed_out, layer->handed_out_count + 1,
			     sizeof(*files));
	if (!files)
		return -ENOMEM;
	layer->handed_out = files;
	file.path = strdup(path);
	if (!file.path)
		return -ENOMEM;
	files[layer->handed_out_count] = file;
	layer->handed_out_count++;
	return 0;
}

struct wards *static_layer_wards(const struct static_layer *layer)
{
	return layer->wards;
}

/*
 * Looks at what a rule's name means now. What cannot be seen without waiting
 * for somebody is not the kernel's to answer.
 */
static void look_at_rule(struct static_layer *layer, size_t i,
			 const struct ruleset *policy)
{
	const struct rule *rule = &layer->rules.items[i];
	struct held *object = &layer->objects[i];
	_cleanup_fd_ int fd = -1;
	struct wards_place at;

	if (rule->object.type != OBJECT_PATH)
		return;
	fd = plain_open_cached(rule->object.bytes);
	object->covered = fd < 0 || wards_place_of(fd, &at) ||
			  at.device != object->device ||
			  at.inode != object->inode;
	if (!object->covered &&
	    wards_exposed(layer->wards, policy, rule->object.bytes, &at,
			  rule->rights))
		layer->exposed = true;
}

/* What the kernel answers for: rules whose name means what it did. */
static int compile_held(struct static_layer *layer)
{
	struct rules held = {0};
	struct ruleset *allowed;
	struct rule copy;
	int error = 0;

	for (size_t i = 0; !error && i < layer->rules.count; i++) {
		if (layer->objects[i].covered)
			continue;
		error = rule_copy(&copy, &layer->rules.items[i]);
		if (!error && rules_take(&held, &copy)) {
			rule_finish(&copy);
			error = -ENOMEM;
		}
	}
	if (!error)
		error = ruleset_new(&allowed, &held, 0, 0);
	rules_finish(&held);
	if (error)
		return error;
	ruleset_unref(layer->allowed);
	layer->allowed = allowed;
	return 0;
}

/* After a change to mounts, or to what above a ward is called. */
static int look(struct static_layer *layer, const struct ruleset *policy)
{
	layer->exposed = false;
	for (size_t i = 0; i < layer->rules.count; i++)
		look_at_rule(layer, i, policy);
	return compile_held(layer);
}

bool static_layer_check(struct static_layer *layer,
			const struct ruleset *policy)
{
	int error = wards_set(layer->wards, policy);

	if (!error && layer->seen != wards_changes(layer->wards)) {
		layer->seen = wards_changes(layer->wards);
		error = look(layer, policy);
	}
	layer->stale = error || layer->exposed;
	for (size_t i = 0; i < layer->rules.count; i++)
		if (!rule_stands(&layer->rules.items[i], policy))
			layer->stale = true;
	for (size_t i = 0; i < layer->files_count; i++)
		if (!file_stands(&layer->files[i], policy))
			layer->stale = true;
	for (size_t i = 0; i < layer->handed_out_count; i++)
		if (!may_be_out(layer, policy, &layer->handed_out[i]))
			layer->stale = true;
	return !layer->stale;
}
