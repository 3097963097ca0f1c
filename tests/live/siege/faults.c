/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens meanwhile: the daemon is killed, ended, stopped and started
 * again, the clock is set, the disk is full and has room again, the socket is
 * removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "siege.h"

void start_daemon(struct siege *siege)
{
	char helper[4096];
	const char *arguments[] = {siege->landlordd, "--exec", helper, NULL,
				   NULL};
	const int messages =
		open("daemon", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	snprintf(helper, sizeof(helper), "%s/siege-answers", siege->helpers);
	if (chance(siege, 2))
		arguments[3] = "--no-confine";
	siege->daemon = spawn(arguments, -1, messages, messages);
	siege->daemon_at = 0;
	siege->restarts++;
	close(messages);
	said(siege, "the daemon is started: %d", siege->daemon);
	if (siege->daemon < 0)
		failed(siege, "the daemon cannot be started");
}

/* usage: after a signal that ends it */
static void plan_daemon(struct siege *siege, unsigned int within_ms)
{
	siege->daemon_at = now_ms() + chance(siege, within_ms);
}

static void let_go_on(struct siege *siege)
{
	if (siege->daemon > 0)
		kill(siege->daemon, SIGCONT);
	siege->stopped = false;
	siege->go_on_at = 0;
}

static void fill_disk(struct siege *siege)
{
	static const char bytes[65536];
	const int fd =
		open("state/filling", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size_t length = sizeof(bytes);

	/* To the last byte. */
	while (fd >= 0 && length > 0)
		if (write(fd, bytes, length) <= 0)
			length /= 2;
	close(fd);
	siege->full = true;
}

static void make_room(struct siege *siege)
{
	unlink("state/filling");
	siege->full = false;
	siege->room_at = 0;
}

static void set_clock(struct siege *siege)
{
	static const int jumps[] = {-93600, -3600, -70, 30, 70, 3600, 93600};
	const size_t count = sizeof(jumps) / sizeof(jumps[0]);

	siege->offset[0] += jumps[chance(siege, (unsigned int)count)];
	siege->jumps++;
	siege->set_at = now_ms();
	said(siege, "the clock is off by %lld s", (long long)siege->offset[0]);
}

static void end_daemon(struct siege *siege, int signal)
{
	if (siege->daemon <= 0)
		return;
	said(siege, "the daemon gets signal %d", signal);
	if (siege->stopped)
		let_go_on(siege);
	kill(siege->daemon, signal);
	if (signal != SIGHUP)
		plan_daemon(siege, 4000);
}

static void cause_fault(struct siege *siege)
{
	siege->faults++;
	switch (chance(siege, 12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		end_daemon(siege, SIGKILL);
		break;
	case 4:
		end_daemon(siege, SIGTERM);
		break;
	case 5:
		end_daemon(siege, SIGHUP);
		break;
	case 6:
		if (siege->daemon <= 0 || siege->stopped)
			break;
		said(siege, "the daemon is stopped");
		kill(siege->daemon, SIGSTOP);
		siege->stopped = true;
		siege->go_on_at = now_ms() + chance(siege, 15000);
		break;
	case 7:
		said(siege, "the socket is removed");
		unlink("run/landlord/control");
		/* Who comes now does not find it, until it has noticed. */
		for (unsigned int i = 0; i < siege->programs_count; i++)
			siege->programs[i].answered_by = 0;
		break;
	case 8:
	case 9:
		if (siege->full)
			break;
		said(siege, "the disk is full");
		fill_disk(siege);
		siege->room_at = now_ms() + chance(siege, 15000);
		break;
	default:
		set_clock(siege);
	}
}

void run_faults(struct siege *siege)
{
	const int64_t now = now_ms();

	if (siege->go_on_at && now >= siege->go_on_at)
		let_go_on(siege);
	if (siege->room_at && now >= siege->room_at) {
		said(siege, "there is room again");
		make_room(siege);
	}
	if (siege->daemon == 0 && siege->daemon_at == 0)
		plan_daemon(siege, 500);
	if (siege->daemon == 0 && now >= siege->daemon_at)
		start_daemon(siege);
	if (siege->fault_at && now >= siege->fault_at) {
		cause_fault(siege);
		siege->fault_at = now + siege->pause_ms / 5 +
				  chance(siege, siege->pause_ms * 4 / 5);
	}
}

void end_faults(struct siege *siege)
{
	let_go_on(siege);
	make_room(siege);
	if (siege->daemon == 0)
		start_daemon(siege);
}
