/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of the seccomp engine, for the files that it is made of.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "engine/engine.h"
#include "engine/pending.h"
#include "operation/notif.h"
#include "seccomp/exec/exec_redirect.h"
#include "seccomp/exhaustion.h"
#include "seccomp/nest.h"
#include "seccomp/recv_queue.h"
#include "seccomp/sandbox.h"
#include "seccomp/worker.h"
#include "task/identity.h"
#include "task/thread_source.h"

struct job;
struct creations;
struct remote;

struct seccomp {
	struct engine engine;
	const struct engine_host *host;

	struct decider *decider;
	struct sandbox sandbox;
	struct static_layer *layer; /* of the sandbox, once it holds */
	int listener;
	/* The last path was one that the kernel answered. */
	bool looks_up_fast;
	unsigned int holds; /* how often to hand over in two steps */
	bool serving;	    /* one call after the other, without waiting */
	bool apart;	    /* who is served runs on another processor */
	bool steady;	    /* no signal but a fatal one ends a wait for us */
	struct event *readable, *more, *sweep;
	struct recv_queue recv_queue;

	struct tree_facts tree; /* what is owned there is ours */
	/* There may be mounts in the tree that are not ours. */
	bool own_mounts;
	bool pages_held; /* the tree may serve its own pages (userfaultfd(2)) */
	pid_t monitor;	 /* this process */
	struct identity self;
	bool uniform; /* nobody in the tree has changed identity */
	struct creations *creations;	   /* by the tree */
	struct confinements *confinements; /* of programs by themselves */
	struct exec_redirects *redirects;
	struct recall *recall; /* of the marker */
	struct remote *remote; /* file systems that may make us wait */
	struct workers *workers;
	struct nests *nests;
	struct pending_list pending; /* jobs that wait for an answer */
	struct exhaustion exhaustion;
	const char *told[8]; /* reasons, each told once */
	size_t told_count;
	struct job *spare; /* the last one freed, for the next one */
	struct thread_source source;
};
