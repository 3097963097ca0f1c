/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy plugins: the C ABI of shared objects that landlordd loads.
 *
 * A plugin is asked what no rule decides, before any person is. It answers at
 * once, or later, or passes. To write one:
 *
 *	1. include this header, nothing else of Landlord is needed;
 *	2. export  const struct landlord_plugin *landlord_plugin(void);
 *	3. return a table whose abi is LANDLORD_PLUGIN_ABI;
 *	4. never block: what takes time is registered with the loop, and
 *	   host->complete() is called from it. A call that does not return for
 *	   five seconds ends the daemon; SIGALRM and alarm(2) are used for that.
 *
 * It runs in the daemon and can end it. What was asked then waits for the next
 * one, until its deadline, and is denied. An answer or a verdict that makes no
 * sense denies the question as well.
 *
 * All calls are made from the one thread of the loop. Strings are valid during
 * the call; paths are bytes, and objects are written as in policy files.
 */
#ifndef LANDLORD_PLUGIN_H
#define LANDLORD_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Grows when anything here changes; a plugin of another number is refused. */
#define LANDLORD_PLUGIN_ABI 1

struct landlord_access {
	const char *object; /* "/home/u/file", "443", "@name", ... */
	const char *rights; /* "fs.read_file,fs.write_file" */
};

struct landlord_query {
	uint64_t ticket; /* names the question in complete() and cancel() */
	const char *app;
	pid_t pid;
	uid_t uid;
	const char *exe;       /* "" when unknown */
	const char *operation; /* name of the system call */
	const struct landlord_access *accesses;
	size_t accesses_count;
};

enum landlord_verdict {
	LANDLORD_PASS,	  /* somebody else decides */
	LANDLORD_ANSWER,  /* *answer says it */
	LANDLORD_PENDING, /* complete() will be called */
};

struct landlord_host {
	uint32_t abi;
	void *loop; /* struct event_base of libevent 2.1 */
	void *context;
	/*
	 * Answers a pending question; one that has been cancelled is ignored.
	 * @answer: "OUTCOME[:LIFETIME[:SCOPE]]" as --answer of landlord-run(1)
	 * takes it ("allow:session", "deny"), or NULL to pass
	 */
	void (*complete)(void *context, uint64_t ticket, const char *answer);
};

struct landlord_plugin {
	uint32_t abi;
	const char *name;
	/* @host: valid until close(). Returns: 0 or a negative errno. */
	int (*open)(const struct landlord_host *host, void **ret_state);
	/* @ret_answer: as in complete(); set for LANDLORD_ANSWER, static or
	 * valid until the next call. */
	enum landlord_verdict (*decide)(void *state,
					const struct landlord_query *query,
					const char **ret_answer);
	/* No answer is wanted any more. */
	void (*cancel)(void *state, uint64_t ticket);
	void (*close)(void *state);
};

const struct landlord_plugin *landlord_plugin(void);

#endif
