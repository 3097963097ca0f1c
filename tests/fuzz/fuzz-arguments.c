/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arguments of every system call that traps, with any memory behind them: they
 * are read and resolved, or refused; what is needed then is bounded, and has
 * the bytes that it says.
 *
 * The first byte chooses the call; for each argument one how it is made, and a
 * number; what is left is the memory that pointers lead to.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/un.h>

#include "fill.h"
#include "operation/calls.h"
#include "operation/ipc_set.h"
#include "operation/notif.h"
#include "operation/operations.h"
#include "scratch.h"

static uint64_t take_argument(struct input *input)
{
	static int some[2] = {-1, -1};
	const unsigned int how = (unsigned int)take(input, 1);

	if (some[0] < 0)
		FUZZ_CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0,
				      some) == 0);
	switch (how % 8) {
	case 0:
		return take(input, 8);
	case 1:
		return (uint64_t)(int64_t)(int32_t)take(input, 4);
	case 2:
		return (uint64_t)some[0];
	case 3:
		return (uint64_t)AT_FDCWD;
	case 4:
		return take(input, 1);
	default: /* behind all that is still to be taken */
		return (uintptr_t)input->data + input->size / (how % 8);
	}
}

static void check_needs(const struct notif *notif)
{
	FUZZ_CHECK(notif->accesses.count <= REQUEST_ACCESSES_MAX);
	for (size_t i = 0; i < notif->accesses.count; i++) {
		const struct object *object = &notif->accesses.needs[i].object;
		size_t zeros = 0;

		FUZZ_CHECK(object->type < OBJECT_TYPES_);
		FUZZ_CHECK(notif->accesses.needs[i].rights);
		if (object->type == OBJECT_PATH)
			FUZZ_CHECK(object->length == strlen(object->bytes));
		else if (object->type != OBJECT_ABSTRACT)
			continue;
		/* All of them are there to be read. */
		for (size_t j = 0; j < object->length; j++)
			zeros += !object->bytes[j];
		FUZZ_CHECK(zeros <= object->length);
	}
	for (int i = 0; i < 2; i++)
		FUZZ_CHECK(memchr(notif->paths[i], 0, sizeof(notif->paths[i])));
}

static struct tree_facts tree = {.held = RIGHTS_FS};

static void start_trap(struct notif *notif, const struct call *call,
		       struct input *input)
{
	notif_init(notif);
	notif->call = call;
	notif->tid = getpid();
	notif->monitor = getppid();
	notif->tree = &tree;
	tree.datagrams = take(input, 1) & 1;
	notif->may_look_up_fast = take(input, 1) & 1;
	notif->data.nr = call->number;
	for (int i = 0; i < 6; i++)
		notif->data.args[i] = take_argument(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct notif *notif;
	struct input input = {data, size};
	const struct call *call;
	int step;

	if (!notif) {
		scratch_enter();
		notif = malloc(sizeof(*notif));
		FUZZ_CHECK(notif && ipc_set_new(&tree.ipc, getppid()) == 0);
	}
	call = &calls[take(&input, 1) % calls_count];
	if (!call->operation || !call->operation->gather)
		return 0;
	start_trap(notif, call, &input);
	step = call->operation->gather(notif);
	FUZZ_CHECK(step > -4096);
	if (step == STEP_JUDGE && call->operation->resolve) {
		step = call->operation->resolve(notif);
		FUZZ_CHECK(step > -4096);
		check_needs(notif);
	}
	notif_release(notif);
	return 0;
}
