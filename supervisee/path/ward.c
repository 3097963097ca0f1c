/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wards: see ward.h. */
#include "path/ward.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "path/opath.h"
#include "path/ward_layout.h"

#define VERSIONS_MAX 256 /* objects that have had one name */

static void ward_finish(struct ward *ward)
{
	fd_close(ward->fd);
	free(ward->path);
	free(ward->inner);
}

static int compare_wards(const void *a, const void *b)
{
	return strcmp(((const struct ward *)a)->path,
		      ((const struct ward *)b)->path);
}

static int compare_path(const void *path, const void *ward)
{
	return strcmp(path, ((const struct ward *)ward)->path);
}

static void sort(struct wards *wards)
{
	if (wards->count)
		qsort(wards->items, wards->count, sizeof(*wards->items),
		      compare_wards);
}

bool wards_suspect(const struct wards *wards, ino_t inode)
{
	return wards->inodes[inode >> 6 & 15] >> (inode & 63) & 1;
}

/*
 * Where it is called now; what is not held is believed to be where it was, and
 * what has just been found there is there.
 */
static void place(struct wards *wards, struct ward *ward)
{
	const bool just_found = ward->fresh && ward->watched;
	char path[PATH_MAX], inner[PATH_MAX];
	const char *now = ward->path;
	size_t length;

	free(ward->inner);
	ward->inner = NULL;
	ward->fresh = false;
	ward->at =
		ward->found ? mounts_find(&wards->mounts, ward->mount) : NULL;
	if (!ward->found)
		return;
	if (ward->fd >= 0 && !just_found &&
	    !opath_path(ward->fd, path, &length))
		now = path;
	/* A file is told by its number alone. */
	if (ward->directory && strcmp(now, ward->path))
		wards->moved = true;
	if (ward->at && !mounts_inner(ward->at, now, inner))
		ward->inner = strdup(inner);
}

/* What a ward that is found makes of the mounts. */
static void mark_mounts(struct wards *wards, const struct ward *ward)
{
	for (size_t i = 0; i < wards->mounts.count; i++) {
		struct mount *mount = &wards->mounts.items[i];

		if (!ward->at) {
			mount->plain = false;
		} else if (ward->at->device == mount->device) {
			mount->concerned = true;
			mount->plain = mount->plain && ward->at == mount;
		}
	}
}

/* Links those that are found. */
static void list_found(struct wards *wards)
{
	wards->first = wards->count;
	for (size_t i = wards->count; i-- > 0;) {
		wards->items[i].next = wards->first;
		if (wards->items[i].found)
			wards->first = i;
	}
}

void wards_place(struct wards *wards)
{
	wards->moved = false;
	for (size_t i = 0; i < wards->mounts.count; i++) {
		wards->mounts.items[i].concerned = false;
		wards->mounts.items[i].plain = true;
	}
	for (size_t i = 0; i < wards->count; i++) {
		place(wards, &wards->items[i]);
		if (wards->items[i].found)
			mark_mounts(wards, &wards->items[i]);
	}
	list_found(wards);
	ward_patterns_look(wards);
}

static int append(struct wards *wards, const struct ward *ward)
{
	if (wards->count == wards->allocated) {
		const size_t allocated = wards->allocated * 2 + 16;
		struct ward *items =
			reallocarray(wards->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		wards->items = items;
		wards->allocated = allocated;
	}
	wards->items[wards->count++] = *ward;
	return 0;
}

struct collection {
	struct wards *old, *new;
	bool new_paths;
};

/* The first of the wards with a path; count: there is none. */
static size_t find_path(const struct wards *wards, const char *path)
{
	const struct ward *found =
		wards->count ? bsearch(path, wards->items, wards->count,
				       sizeof(*wards->items), compare_path)
			     : NULL;
	size_t i = found ? (size_t)(found - wards->items) : wards->count;

	while (found && i > 0 && strcmp(wards->items[i - 1].path, path) == 0)
		i--;
	return i;
}

/* Keeps what was known of a path, or notes that it is new. */
static int collect(void *userdata, const char *path, bool beneath)
{
	struct collection *collection = userdata;
	struct wards *old = collection->old, *new = collection->new;
	struct ward ward = {.fd = -1};
	size_t i = find_path(old, path);
	int error = 0;

	(void)beneath;
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return 0;
	if (i < old->count) {
		for (; !error && i < old->count &&
		       strcmp(old->items[i].path, path) == 0 &&
		       !old->items[i].kept;
		     i++) {
			error = append(new, &old->items[i]);
			old->items[i].kept = !error;
		}
		return error;
	}
	collection->new_paths = true;
	ward.fresh = true;
	ward.order = new->count;
	ward.path = strdup(path);
	if (!ward.path)
		return -ENOMEM;
	error = append(new, &ward);
	if (error)
		ward_finish(&ward);
	return error;
}

/* Rules may have the same path. */
static void remove_doubles(struct wards *wards)
{
	size_t kept = 0;

	for (size_t i = 0; i < wards->count; i++) {
		struct ward *ward = &wards->items[i];
		const struct ward *last = kept ? &wards->items[kept - 1] : NULL;

		if (last && strcmp(last->path, ward->path) == 0 &&
		    last->found == ward->found &&
		    last->device == ward->device &&
		    last->inode == ward->inode) {
			wards->held -= ward->fd >= 0;
			ward_finish(ward);
			continue;
		}
		wards->items[kept++] = *ward;
	}
	wards->count = kept;
}

/* Lets go of what has not been kept. */
static void take_over(struct wards *wards, struct wards *collected)
{
	for (size_t i = 0; i < wards->count; i++) {
		if (wards->items[i].kept)
			continue;
		wards->held -= wards->items[i].fd >= 0;
		ward_finish(&wards->items[i]);
	}
	free(wards->items);
	wards->items = collected->items;
	wards->count = collected->count;
	wards->allocated = collected->allocated;
	for (size_t i = 0; i < wards->count; i++)
		wards->items[i].kept = false;
}

/*
 * Watches what is above the wards that are new, and looks for those after that:
 * what happens to them from then on is told.
 */
static void meet(struct wards *wards)
{
	struct ward_way way = {0};

	for (size_t i = 0; i < wards->count; i++) {
		struct ward *ward = &wards->items[i];
		const struct ward_level *above = NULL;

		if (!ward->fresh)
			continue;
		/* There is nothing that could be told. */
		ward->watched = ward_is_virtual(ward);
		if (!ward->watched) {
			above = ward_way_to(&way, wards, i);
			ward->watched = above && above->watched;
		}
		ward_find(above, wards, ward, true);
	}
	ward_way_finish(&way);
}

static int compare_orders(const void *a, const void *b)
{
	const size_t first = *(const size_t *)a, second = *(const size_t *)b;

	return (first > second) - (first < second);
}

/*
 * Holds what is new. Where there is more than can be held, it is what the rules
 * say first.
 */
static int hold(struct wards *wards)
{
	_cleanup_free_ size_t *orders =
		reallocarray(NULL, wards->count + 1, sizeof(*orders));
	size_t room = wards_room(wards), count = 0, end;

	if (!orders)
		return -ENOMEM;
	for (size_t i = 0; i < wards->count; i++) {
		if (!wards->items[i].fresh || !wards->items[i].found)
			continue;
		orders[count++] = wards->items[i].order;
		room += wards->items[i].fd >= 0;
	}
	if (count > room)
		qsort(orders, count, sizeof(*orders), compare_orders);
	end = count > room ? orders[room] : SIZE_MAX;
	for (size_t i = 0; i < wards->count; i++)
		if (wards->items[i].fresh && wards->items[i].order >= end)
			ward_let_go(wards, &wards->items[i]);
	for (size_t i = 0; i < wards->count; i++)
		if (wards->items[i].fresh && wards->items[i].order < end)
			ward_hold(wards, &wards->items[i]);
	return 0;
}

/* Everything that follows from which there are, and where. */
static void settle(struct wards *wards, bool unsure)
{
	wards->unsure = unsure;
	for (size_t i = 0; i < wards->count; i++)
		if (wards->items[i].found && !wards->items[i].watched)
			wards->unsure = true;
	wards_place(wards);
	ward_watch_names(wards);
	wards->changes++;
}

/* As if nothing had been collected. */
static void give_back(struct wards *wards, struct wards *collected)
{
	for (size_t i = 0; i < collected->count; i++)
		if (find_path(wards, collected->items[i].path) == wards->count)
			ward_finish(&collected->items[i]);
	free(collected->items);
	for (size_t i = 0; i < wards->count; i++)
		wards->items[i].kept = false;
}

/* Makes them those of a ruleset. Returns: 0 or a negative errno. */
static int exchange(struct wards *wards, const struct ruleset *ruleset)
{
	struct wards collected = {0};
	struct collection collection = {wards, &collected, false};
	const int error = ruleset_each_refusal(ruleset, collect, &collection);

	if (error) {
		give_back(wards, &collected);
		return error;
	}
	if (!collection.new_paths && collected.count == wards->count) {
		take_over(wards, &collected);
		sort(wards);
		list_found(wards);
		return 0;
	}
	take_over(wards, &collected);
	sort(wards);
	remove_doubles(wards);
	meet(wards);
	settle(wards, hold(wards) < 0);
	return 0;
}

int wards_set(struct wards *wards, const struct ruleset *ruleset)
{
	int error;

	if (ruleset == wards->ruleset)
		return 0;
	error = exchange(wards, ruleset);
	if (error)
		return error;
	ruleset_unref(wards->ruleset);
	/* To count who refers to it changes nothing that it says. */
	wards->ruleset = ruleset_ref((struct ruleset *)ruleset);
	ward_patterns_look(wards);
	return 0;
}

int wards_new(struct wards **ret, const struct ruleset *ruleset)
{
	struct wards *wards = calloc(1, sizeof(*wards));
	int error;

	if (!wards)
		return -ENOMEM;
	wards->events = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME |
					      FAN_NONBLOCK | FAN_CLOEXEC,
				      0);
	/* Before it is read: what changes meanwhile is told afterwards. */
	wards->table = mounts_open();
	error = mounts_read(&wards->mounts);
	wards->patient = true;
	if (!error)
		error = wards_set(wards, ruleset);
	if (error) {
		wards_free(wards);
		return error;
	}
	wards->patient = false;
	*ret = wards;
	return 0;
}

struct wards *wards_free(struct wards *wards)
{
	if (!wards)
		return NULL;
	for (size_t i = 0; i < wards->count; i++)
		ward_finish(&wards->items[i]);
	free(wards->items);
	ruleset_unref(wards->ruleset);
	mounts_finish(&wards->mounts);
	ward_links_finish(&wards->links);
	fd_close(wards->events);
	fd_close(wards->table);
	free(wards);
	return NULL;
}

int wards_fd(const struct wards *wards)
{
	return wards->events;
}

unsigned int wards_changes(const struct wards *wards)
{
	return wards->changes;
}

/* Whether what has a name now is known, among the wards of that name. */
static bool is_known(const struct wards *wards, size_t first, size_t end,
		     const struct ward *now)
{
	for (size_t i = first; i < end; i++)
		if (wards->items[i].found &&
		    wards->items[i].device == now->device &&
		    wards->items[i].inode == now->inode)
			return true;
	return false;
}

/* Of very many objects that had one name, one that nobody can reach by any. */
static struct ward *find_gone(struct wards *wards, size_t first, size_t end)
{
	struct stat st;

	for (size_t i = first; end - first > VERSIONS_MAX && i < end; i++)
		if (wards->items[i].fd >= 0 &&
		    !fstat(wards->items[i].fd, &st) && !st.st_nlink)
			return &wards->items[i];
	return NULL;
}

/* Adds what has appeared where a rule says to what was there before: that may
 * still be reached. */
static int look_at_name(const struct ward_level *above, struct wards *wards,
			size_t first, size_t end)
{
	struct ward now = {
		.fd = -1,
		.watched = wards->items[first].watched,
		.order = wards->items[first].order,
	};
	struct ward *gone;

	now.path = strdup(wards->items[first].path);
	if (!now.path)
		return -ENOMEM;
	ward_find(above, wards, &now, false);
	if (now.found && !is_known(wards, first, end, &now))
		ward_hold(wards, &now);
	if (!now.found || is_known(wards, first, end, &now)) {
		ward_let_go(wards, &now);
		ward_finish(&now);
		return 0;
	}
	gone = wards->items[first].found ? find_gone(wards, first, end)
					 : &wards->items[first];
	if (!gone) {
		const int error = append(wards, &now);

		if (error)
			ward_finish(&now);
		return error;
	}
	ward_let_go(wards, gone);
	ward_finish(gone);
	*gone = now;
	return 0;
}

/* Watches what is above all of them, and looks what is there. */
static int look_for_new(struct wards *wards)
{
	const size_t count = wards->count;
	struct ward_way way = {.all = true};
	int error = 0;

	for (size_t first = 0, end; !error && first < count; first = end) {
		const bool virtual = ward_is_virtual(&wards->items[first]);
		const struct ward_level *above = virtual ? NULL
							 : ward_way_to(&way,
								       wards,
								       first);

		for (end = first;
		     end < count && strcmp(wards->items[end].path,
					   wards->items[first].path) == 0;
		     end++)
			wards->items[end].watched = virtual ||
						    (above && above->watched);
		error = look_at_name(above, wards, first, end);
	}
	ward_way_finish(&way);
	return error;
}

/* Where something is mounted, and what, has other names by a move, too. */
void ward_look_anew(struct wards *wards, bool mounts_changed)
{
	struct mounts mounts;
	int error;

	/* None is better than what has been: nothing is known to lie there. */
	if (mounts_read(&mounts) < 0)
		mounts = (struct mounts){0};
	mounts_finish(&wards->mounts);
	wards->mounts = mounts;
	if (mounts_changed && wards->ruleset)
		ward_links_reset(&wards->links, wards->ruleset, true);
	error = look_for_new(wards);
	sort(wards);
	remove_doubles(wards);
	settle(wards, error);
}

bool wards_look(struct wards *wards, bool mounts_changed)
{
	const bool told = ward_watch_read(wards);

	if (!told && !mounts_changed && !wards->unsure && !wards->moved)
		return false;
	ward_look_anew(wards, mounts_changed);
	return true;
}
