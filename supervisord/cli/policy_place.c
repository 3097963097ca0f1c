/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/policy_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/policy_view.h"
#include "policy/apps.h"

/* What the options are made of; borrowed by them. */
struct place_options {
	struct policy_options here, there;
	const char *files[2];
};

struct place_source {
	struct place_options options;
	struct policy_common *common;
};

bool policy_place_layer(const char *name, enum layer *ret)
{
	if (strcmp(name, "administrator") == 0) {
		*ret = LAYER_ADMIN;
		return true;
	}
	return layer_parse(name, ret) == 0;
}

static bool is_elsewhere(const struct policy_place *place)
{
	return place->path && strcmp(place->path, "-") != 0;
}

static void make_options(const struct policy_place *place,
			 struct place_options *ret)
{
	struct policy_options *const there = &ret->there;
	struct stat status;

	*ret = (struct place_options){0};
	policy_options_default(&ret->here);
	*there = ret->here;
	if (place->only)
		there->vendor_dir = there->admin_dir = there->user_dir = NULL;
	if (place->only || !place->grants)
		there->grants_dir = NULL;
	if (!is_elsewhere(place))
		return;
	there->instead_of = &ret->here;
	if (stat(place->path, &status) < 0 || !S_ISDIR(status.st_mode)) {
		ret->files[0] = place->path;
		there->files = ret->files;
	} else if (place->layer == LAYER_ADMIN) {
		there->admin_dir = place->path;
	} else if (place->layer == LAYER_USER) {
		there->user_dir = place->path;
	} else {
		there->vendor_dir = place->path;
	}
}

/* The first time, reads what holds for every app. */
static int open_source(struct policy_place *place)
{
	struct file_errors errors = {0};
	struct place_source *source;
	int error;

	if (place->source)
		return 0;
	source = calloc(1, sizeof(*source));
	if (!source)
		return -ENOMEM;
	make_options(place, &source->options);
	error = policy_common_load(&source->options.there, &source->common,
				   &errors);
	view_tell(&errors);
	if (error) {
		free(source);
		return error;
	}
	place->source = source;
	return 0;
}

void policy_place_finish(struct policy_place *place)
{
	if (!place->source)
		return;
	policy_common_free(place->source->common);
	free(place->source);
	place->source = NULL;
}

int policy_place_load(struct policy_place *place, const char *app,
		      struct policy *ret)
{
	struct file_errors errors = {0};
	int error = open_source(place);

	if (error)
		return error;
	error = policy_load_app(place->source->common, app, ret, &errors);
	view_tell(&errors);
	if (error || !place->source->options.there.grants_dir)
		return error;
	error = view_kept(app, &ret->rules);
	if (error)
		policy_finish(ret);
	return error;
}

int policy_place_apps(const struct policy_place *place,
		      int (*callback)(void *userdata, const char *app),
		      void *userdata)
{
	struct file_errors unread = {0};
	struct place_options options;
	const char *directories[3];
	int error = 0;

	make_options(place, &options);
	directories[0] = options.there.admin_dir;
	directories[1] = options.there.user_dir;
	directories[2] = options.there.vendor_dir;
	for (size_t i = 0; i < 3 && !error; i++)
		if (directories[i])
			error = apps_each(directories[i], callback, userdata,
					  &unread);
	if (!error && options.there.grants_dir)
		error = view_apps(callback, userdata);
	file_errors_finish(&unread);
	return error;
}
