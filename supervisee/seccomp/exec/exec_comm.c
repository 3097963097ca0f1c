/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of a redirected program: see exec_comm.h. */
#include "seccomp/exec/exec_comm.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "seccomp/traced.h"
#include "task/memory.h"

#define NAME_BYTES 16	/* TASK_COMM_LEN */
#define VDSO_BYTES 8192 /* it holds a system call instruction early */

/* Address of the vdso, which the kernel maps into every new program. */
static uint64_t vdso_address(pid_t pid)
{
	char path[64];
	_cleanup_fd_ int fd = -1;
	Elf64_auxv_t entry;

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, &entry, sizeof(entry)) == sizeof(entry))
		if (entry.a_type == AT_SYSINFO_EHDR)
			return entry.a_un.a_val;
	return 0;
}

/* Address of a system call instruction in the new program; 0: none. */
static uint64_t find_instruction(pid_t pid)
{
	static const unsigned char instruction[] = {0x0f, 0x05};
	unsigned char code[VDSO_BYTES];
	const uint64_t vdso = vdso_address(pid);
	size_t length = sizeof(code);
	const unsigned char *found;

	if (vdso && memory_read(pid, vdso, code, length))
		length = VDSO_BYTES / 2;
	if (!vdso ||
	    (length < sizeof(code) && memory_read(pid, vdso, code, length)))
		return 0;
	found = memmem(code, length, instruction, sizeof(instruction));
	return found ? vdso + (uint64_t)(found - code) : 0;
}

/*
 * Goes on to the next system call stop. Signals that come in between are sent
 * again at the end, since the program must not see them before its first
 * instruction.
 */
static int next_stop(pid_t pid, sigset_t *held)
{
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, 0) < 0)
			return -errno;
		while (waitpid(pid, &status, __WALL) < 0)
			if (errno != EINTR)
				return -errno;
		if (!WIFSTOPPED(status))
			return -ESRCH;
		if (WSTOPSIG(status) == SYSCALL_STOP)
			return 0;
		if (!(status >> 16))
			sigaddset(held, WSTOPSIG(status));
	}
}

static void send_again(pid_t pid, const sigset_t *held)
{
	for (int i = 1; i < NSIG; i++)
		if (sigismember(held, i) == 1)
			kill(pid, i);
}

static int call_prctl(pid_t pid, uint64_t instruction, uint64_t name,
		      const struct user_regs_struct *original, sigset_t *held)
{
	struct user_regs_struct registers = *original;
	int error;

	registers.rip = instruction;
	registers.rax = SYS_prctl;
	registers.orig_rax = (unsigned long long)-1;
	registers.rdi = PR_SET_NAME;
	registers.rsi = name;
	if (ptrace(PTRACE_SETREGS, pid, 0, &registers) < 0)
		return -errno;
	error = next_stop(pid, held); /* at its entry */
	if (!error)
		error = next_stop(pid, held); /* and at its end */
	if (error != -ESRCH && ptrace(PTRACE_SETREGS, pid, 0, original) < 0)
		return -errno;
	return error;
}

static int apply(pid_t pid, const char *path, sigset_t *held)
{
	const char *slash = strrchr(path, '/');
	char name[NAME_BYTES] = {0};
	struct user_regs_struct registers;
	struct iovec local = {name, sizeof(name)}, remote = local;
	uint64_t instruction;
	int error = next_stop(pid, held); /* the end of its execve */

	if (error)
		return error;
	strncpy(name, slash ? slash + 1 : path, sizeof(name) - 1);
	if (ptrace(PTRACE_GETREGS, pid, 0, &registers) < 0)
		return -errno;
	instruction = find_instruction(pid);
	if (!instruction)
		return -ENOEXEC;
	remote.iov_base =
		(void *)(uintptr_t)(registers.rsp - RED_ZONE - sizeof(name));
	if (process_vm_writev(pid, &local, 1, &remote, 1, 0) < 0)
		return -errno;
	return call_prctl(pid, instruction,
			  (uint64_t)(uintptr_t)remote.iov_base, &registers,
			  held);
}

int exec_comm_set(pid_t pid, const char *path)
{
	sigset_t held;
	int error;

	sigemptyset(&held);
	error = apply(pid, path, &held);
	send_again(pid, &held);
	return error;
}
