/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked, static, refused: see coverage.h. */
#include "seccomp/coverage.h"

#include "base/cleanup.h"
#include "base/landlock.h"
#include "operation/census.h"

static const struct coverage_row subjects[] = {
	{.subject = "open, creat, openat, openat2", .state = "asked"},
	{.subject = "execve, execveat",
	 .state = "asked",
	 .note = "beyond the static layer the file itself is run, or a sealed "
		 "copy where it was allowed once; refused while traced"},
	{.subject = "mkdir, rmdir, unlink, rename, link, symlink, mknod",
	 .state = "asked"},
	{.subject = "truncate", .state = "asked"},
	{.subject = "ftruncate", .state = "asked"},
	{.subject = "ioctl on devices",
	 .state = "asked",
	 .note = "the device is opened anew in place of the program's "
		 "descriptor; not so /dev/tty and /dev/ptmx",
	 .needs_abi = 5,
	 .older_state = "asked",
	 .older_note = "when the device is opened"},
	{.subject = "connect and bind, TCP and UDP", .state = "asked"},
	{.subject = "connect and bind, UNIX paths", .state = "asked"},
	{.subject = "connect, abstract UNIX addresses outside the tree",
	 .state = "asked"},
	{.subject = "listen without bind", .state = "asked"},
	{.subject = "membership of multicast groups", .state = "asked"},
	{.subject = "sendto with an address", .state = "asked"},
	{.subject = "signals out of the tree", .state = "asked"},
	{.subject = "limits of processes out of the tree (prlimit)",
	 .state = "refused",
	 .note = "EPERM; a limit can end a process"},
	{.subject = "scheduling, priorities, processors of processes out of "
		    "the tree",
	 .state = "refused",
	 .note = "EPERM; it keeps a process from running"},
	{.subject = "System V memory, semaphores and queues of other programs",
	 .state = "refused",
	 .note = "EACCES; a tree has those that it has made"},
	{.subject = "POSIX message queues",
	 .state = "asked",
	 .note = "as files in /dev/mqueue"},
	{.subject = "keys (add_key, request_key, keyctl)",
	 .state = "refused",
	 .note = "ENOSYS; they are the whole session's"},
	{.subject = "socket, socketpair by kind", .state = "asked"},
	{.subject = "unshare, setns, clone into namespaces", .state = "asked"},
	{.subject = "use of CAP_SYS_CHROOT, _BOOT, _TIME, _PACCT",
	 .state = "asked",
	 .note = "and of others in a user namespace, by calls that are named "
		 "after nothing else"},
	{.subject = "use of other capabilities",
	 .state = "static",
	 .note = "taken at the start unless a rule allows it; set-user-ID "
		 "gains nothing"},
	{.subject = "owners of files that send signals (F_SETOWN)",
	 .state = "static",
	 .note = "judged by the kernel when it sends",
	 .needs_abi = 6,
	 .older_state = "asked",
	 .older_note = "a group is refused, since anybody may join it"},
	{.subject = "typing into a terminal (TIOCSTI, TIOCLINUX)",
	 .state = "refused",
	 .note = "EPERM; the shell would read it"},
	{.subject = "openat2 with O_PATH",
	 .state = "refused",
	 .note = "ENOSYS; its flags could become others, programs take openat"},
	{.subject = "leases on files (F_SETLEASE)",
	 .state = "refused",
	 .note = "EINVAL; they keep others waiting who open the file"},
	{.subject = "landlock_restrict_self of programs themselves",
	 .state = "static",
	 .note = "kept: what is done for them is confined likewise"},
	{.subject = "execution of memory (memfd)",
	 .state = "asked",
	 .note = "but not held: a program may run what it has in memory"},
	{.subject =
		 "ptrace, process_vm_readv, pidfd_getfd, kcmp out of the tree",
	 .state = "refused",
	 .note = "EPERM, told and logged: Landlock has no rule for it"},
	{.subject = "/proc/PID/mem and the like out of the tree",
	 .state = "static",
	 .note = "refused"},
	{.subject = "mount, umount, pivot_root, move_mount, copies of mounts",
	 .state = "refused",
	 .note = "EPERM, told and logged: Landlock has no rule for it"},
	{.subject = "modes, owners, times, extended attributes, flags of files",
	 .state = "asked",
	 .note = "as writing to them"},
	{.subject = "inotify_add_watch",
	 .state = "asked",
	 .note = "as reading what is watched"},
	{.subject = "fanotify, open_by_handle_at, other commands of file "
		    "systems",
	 .state = "refused",
	 .note = "ENOSYS, EPERM, ENOTTY"},
	{.subject = "io_uring, clone3, i386 and x32 system calls, and those "
		    "that this version does not know",
	 .state = "refused",
	 .note = "ENOSYS; programs have other ways"},
};

const struct coverage_row *coverage_all(size_t *ret_count)
{
	*ret_count = ARRAY_SIZE(subjects);
	return subjects;
}

const struct doctor_row *coverage_rows(size_t *ret_count)
{
	static struct doctor_row rows[ARRAY_SIZE(subjects)];
	const int abi = landlock_abi();

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		const struct coverage_row *from = &subjects[i];
		const bool older = abi < from->needs_abi;

		rows[i] = (struct doctor_row){
			.subject = from->subject,
			.state = older ? from->older_state : from->state,
			.note = older ? from->older_note : from->note,
		};
	}
	*ret_count = ARRAY_SIZE(rows);
	return rows;
}

struct call_visitor {
	void (*callback)(const struct doctor_call *call, void *userdata);
	void *userdata;
};

static void tell_call(const struct census_entry *entry, void *userdata)
{
	const struct call_visitor *visitor = userdata;
	const struct doctor_call call = {
		.number = entry->number,
		.name = entry->name,
		.state = census_class_name(entry->class),
		.reason = entry->reason ? entry->reason : "",
	};

	visitor->callback(&call, visitor->userdata);
}

void coverage_calls(void (*callback)(const struct doctor_call *call,
				     void *userdata),
		    void *userdata)
{
	struct call_visitor visitor = {callback, userdata};

	census_each(tell_call, &visitor);
}
