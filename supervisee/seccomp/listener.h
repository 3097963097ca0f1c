/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listener: the kernel's side of a seccomp user notification.
 *
 * Every ioctl is made here and nowhere else, by hand: libseccomp's wrappers
 * lose errno, and ENOENT (the target has gone) is an ordinary outcome.
 * Source: seccomp_unotify(2), <linux/seccomp.h>.
 */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

/* Room for notifications of kernels whose structures have grown. */
union notification {
	struct seccomp_notif notif;
	unsigned char room[256];
};

/*
 * Installs a filter on the calling thread and opens its listener. Asks for
 * waits that only a fatal signal interrupts (Linux 5.19), so that a runtime
 * that signals its threads all the time makes progress; without it where the
 * kernel does not know that.
 * Returns: the listener (O_CLOEXEC), -EBUSY when a filter above has one.
 */
int listener_install(const struct sock_fprog *program);

/*
 * Installs a filter that allows everything on the calling thread: its mark, by
 * which a nested program is known (see nest.h). Returns: 0 or -errno.
 */
int listener_mark(void);

/*
 * Says how who waits for a listener, or for an answer through it, is woken; see
 * seccomp_unotify(2). Where the kernel (before Linux 6.6) knows only one way,
 * it stays with that.
 * @together: it gets the processor of who wakes it; false: any
 */
void listener_tune(int listener, bool together);

/*
 * Receives one notification; call it when the listener polls readable.
 * Returns: 0, -ENOENT (the target has gone, poll again), another errno.
 */
int listener_receive(int listener, union notification *ret);

/*
 * Whether listeners of this kernel wait as listener_install() asks for: what is
 * begun for a target that has been received is then finished, or it is dead.
 */
bool listener_is_steady(void);

/* Whether the target still waits, and so its pid still means what it meant. */
bool listener_valid(int listener, uint64_t id);

/* Lets the kernel run the call itself. -ENOENT: the target has gone. */
int listener_continue(int listener, uint64_t id);

/* Ends the call with a value, or with -errno when @error is a negative errno.
 */
int listener_reply(int listener, uint64_t id, int64_t value, int error);

/*
 * Installs a descriptor into the target and ends its call with the number, in
 * one step.
 * @fd_flags: O_CLOEXEC or 0
 * Returns: 0; -EMFILE (the target's limit) and others leave the call waiting.
 */
int listener_reply_fd(int listener, uint64_t id, int fd, uint32_t fd_flags);

/*
 * Installs a descriptor into the target, whose call goes on waiting.
 * Returns: its number there, or a negative errno.
 */
int listener_add_fd(int listener, uint64_t id, int fd, uint32_t fd_flags);

/*
 * Replaces one of the target's descriptors, whose call goes on waiting.
 * Returns: 0 or a negative errno.
 */
int listener_exchange_fd(int listener, uint64_t id, int fd, int remote_fd,
			 uint32_t fd_flags);
