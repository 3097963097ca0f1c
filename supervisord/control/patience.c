/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patience: see patience.h. */
#include "control/patience.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>

#include "base/log.h"

struct patience patience_of(const struct clock *clock, int milliseconds)
{
	return (struct patience){
		.clock = clock,
		.until_ms = clock_boot(clock) + milliseconds,
		.stop_fds = {-1, -1},
	};
}

static void tell_once(struct patience *patience, int64_t now)
{
	if (!patience->tell || now < patience->tell_ms)
		return;
	log_notice("%s", patience->tell);
	patience->tell = NULL;
}

/* Until which moment to sleep, at most. */
static int64_t next_moment(const struct patience *patience, int64_t most)
{
	int64_t moment = patience->until_ms;

	if (most < moment)
		moment = most;
	if (patience->tell && patience->tell_ms < moment)
		moment = patience->tell_ms;
	return moment;
}

int patience_wait(struct patience *patience, int fd, short events,
		  int64_t most_ms)
{
	int64_t now = clock_boot(patience->clock);
	const int64_t most = most_ms < 0 ? INT64_MAX : now + most_ms;
	struct pollfd polls[1 + PATIENCE_STOPS] = {
		{.fd = fd, .events = events},
	};

	for (int i = 0; i < PATIENCE_STOPS; i++)
		polls[1 + i] = (struct pollfd){.fd = patience->stop_fds[i],
					       .events = POLLIN};
	for (;;) {
		const int64_t left = next_moment(patience, most) - now;
		const int n = poll(polls, 1 + PATIENCE_STOPS,
				   left <= 0	    ? 0
				   : left > INT_MAX ? INT_MAX
						    : (int)left);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && (polls[1].revents || polls[2].revents) &&
		    patience->stopped(patience->userdata))
			return -ECANCELED;
		if (n > 0 && polls[0].revents)
			return 1;
		now = clock_boot(patience->clock);
		tell_once(patience, now);
		if (now >= patience->until_ms)
			return -ETIMEDOUT;
		if (now >= most)
			return 0;
	}
}
