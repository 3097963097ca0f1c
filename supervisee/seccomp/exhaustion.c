/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shortages: see exhaustion.h. */
#include "seccomp/exhaustion.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fd.h"
#include "base/log.h"

#define QUIET_MS 60000
#define PROBE_BYTES (4 * 1024 * 1024) /* more than any message needs */

/* EMFILE may as well be an answer about the program's own table. */
static bool has_descriptors(void)
{
	_cleanup_fd_ int fd = open("/", O_PATH | O_CLOEXEC);

	return fd >= 0;
}

/* Nor is what a program asks too much of, memory that we lack. */
static bool has_memory(void)
{
	void *const memory = mmap(NULL, PROBE_BYTES, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory != MAP_FAILED && !munmap(memory, PROBE_BYTES);
}

static void tell(struct exhaustion *exhaustion, int error)
{
	const int64_t now = clock_boot(exhaustion->clock);

	if (exhaustion->told && now - exhaustion->told < QUIET_MS)
		return;
	exhaustion->told = now;
	log_warning("the supervisor has run out of resources (%s): accesses "
		    "fail until it has some again",
		    strerror(-error));
}

int exhaustion_report(struct exhaustion *exhaustion, int error)
{
	switch (error) {
	case -EMFILE:
	case -ENFILE:
		if (has_descriptors())
			return error;
		tell(exhaustion, -ENFILE);
		return -ENFILE;
	case -ENOMEM:
		if (!has_memory())
			tell(exhaustion, error);
		return error;
	default:
		return error;
	}
}
