/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: seize PID
 *
 * Traces a process without ever looking at it: when that one is killed, its
 * parent cannot wait for it, until we end. Says "seized" on standard output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2 || ptrace(PTRACE_SEIZE, atoi(argv[1]), 0, 0) < 0) {
		perror("seize");
		return 1;
	}
	puts("seized");
	fflush(stdout);
	for (;;)
		pause();
}
