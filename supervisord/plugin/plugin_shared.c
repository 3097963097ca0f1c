/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy plugins in shared objects.
 */
#include "plugin/plugin_shared.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "plugin/plugin.h"
#include "plugin/time_limit.h"

struct shared {
	struct plugin plugin;
	void *handle;
	const struct landlord_plugin *table;
	struct landlord_host host;
	void *state;
};

/* Makes a decision of an answer. Returns: the verdict for the core. */
static enum plugin_reply read_answer(const struct shared *shared,
				     const char *answer, struct decision *ret)
{
	const char *expected = "";

	if (!answer)
		return PLUGIN_PASS;
	if (decision_parse(answer, clock_wall(shared->plugin.clock), ret,
			   &expected) < 0) {
		log_warning("plugin %s: bad answer \"%s\": expected %s",
			    shared->table->name, answer, expected);
		return plugin_refuse(ret, shared->table->name);
	}
	free(ret->agent);
	ret->agent = strdup(shared->table->name);
	return PLUGIN_DECIDED;
}

static void on_complete(void *context, uint64_t ticket, const char *answer)
{
	struct shared *shared = context;
	struct decision decision = {0};
	const enum plugin_reply verdict =
		read_answer(shared, answer, &decision);

	shared->plugin.events->complete(shared->plugin.userdata,
					&shared->plugin, ticket, verdict,
					&decision);
	decision_finish(&decision);
}

static void free_accesses(struct landlord_access *accesses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free((char *)accesses[i].object);
		free((char *)accesses[i].rights);
	}
}

static int make_accesses(const struct request *request,
			 struct landlord_access *ret)
{
	for (size_t i = 0; i < request->accesses_count; i++) {
		ret[i].object = object_format(&request->accesses[i].object);
		ret[i].rights = rights_format(request->accesses[i].missing);
		if (!ret[i].object || !ret[i].rights)
			return -ENOMEM;
	}
	return 0;
}

static enum plugin_reply put(struct shared *shared,
			     const struct landlord_query *asked,
			     struct decision *ret)
{
	enum landlord_verdict verdict;
	const char *answer = NULL;

	time_limit_enter(shared->table->name);
	verdict = shared->table->decide(shared->state, asked, &answer);
	time_limit_leave();
	switch (verdict) {
	case LANDLORD_PASS:
		return PLUGIN_PASS;
	case LANDLORD_ANSWER:
		return read_answer(shared, answer, ret);
	case LANDLORD_PENDING:
		return PLUGIN_PENDING;
	}
	log_warning("plugin %s: bad verdict %d", shared->table->name,
		    (int)verdict);
	return plugin_refuse(ret, shared->table->name);
}

static enum plugin_reply shared_decide(struct plugin *plugin,
				       const struct plugin_query *query,
				       struct decision *ret)
{
	struct shared *shared = (struct shared *)plugin;
	const struct request *request = query->question->request;
	struct landlord_access accesses[REQUEST_ACCESSES_MAX] = {0};
	const struct landlord_query asked = {
		.ticket = query->question->id,
		.app = query->question->app,
		.pid = request->subject.pid,
		.uid = request->subject.uid,
		.exe = request->subject.exe ? request->subject.exe : "",
		.operation = request->operation ? request->operation : "",
		.accesses = accesses,
		.accesses_count = request->accesses_count,
	};
	enum plugin_reply verdict;

	if (make_accesses(request, accesses) == 0)
		verdict = put(shared, &asked, ret);
	else
		verdict = plugin_refuse(ret, shared->table->name);
	free_accesses(accesses, request->accesses_count);
	return verdict;
}

static void shared_cancel(struct plugin *plugin, uint64_t question_id)
{
	struct shared *shared = (struct shared *)plugin;

	if (!shared->table->cancel)
		return;
	time_limit_enter(shared->table->name);
	shared->table->cancel(shared->state, question_id);
	time_limit_leave();
}

static struct plugin *shared_free(struct plugin *plugin)
{
	struct shared *shared = (struct shared *)plugin;

	if (!shared)
		return NULL;
	if (shared->state && shared->table->close)
		shared->table->close(shared->state);
	if (shared->handle)
		dlclose(shared->handle);
	free(shared);
	return NULL;
}

static const struct plugin_ops shared_ops = {
	.name = "shared",
	.decide = shared_decide,
	.cancel = shared_cancel,
	.free = shared_free,
};

/* Code that anybody else could change is not run. */
static int check_file(const char *path, const char **why)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		*why = strerror(errno);
		return -errno;
	}
	if ((st.st_uid != geteuid() && st.st_uid != 0) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH))) {
		*why = "others may write it";
		return -EPERM;
	}
	return 0;
}

static int load(struct shared *shared, const char *path, const char **why)
{
	const struct landlord_plugin *(*entry)(void);
	void *symbol;

	shared->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!shared->handle) {
		*why = dlerror();
		return -ENOEXEC;
	}
	symbol = dlsym(shared->handle, "landlord_plugin");
	if (!symbol) {
		*why = "it does not export landlord_plugin()";
		return -ENOEXEC;
	}
	memcpy(&entry, &symbol, sizeof(entry));
	shared->table = entry();
	if (!shared->table || shared->table->abi != LANDLORD_PLUGIN_ABI ||
	    !shared->table->name || !shared->table->open ||
	    !shared->table->decide) {
		*why = "it was made for another version of Landlord";
		return -ENOEXEC;
	}
	return 0;
}

int shared_plugin_new(struct plugin **ret, struct event_base *loop,
		      const char *path, char **ret_sentence)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	const char *why = "it cannot be opened";
	int result;

	if (!shared)
		return -ENOMEM;
	shared->plugin.ops = &shared_ops;
	shared->host = (struct landlord_host){
		.abi = LANDLORD_PLUGIN_ABI,
		.loop = loop,
		.context = shared,
		.complete = on_complete,
	};
	result = check_file(path, &why);
	if (result == 0)
		result = load(shared, path, &why);
	if (result == 0)
		result = shared->table->open(&shared->host, &shared->state);
	if (result < 0) {
		if (ret_sentence)
			*ret_sentence = strdup(why);
		shared->state = NULL;
		shared_free(&shared->plugin);
		return result;
	}
	*ret = &shared->plugin;
	return 0;
}
