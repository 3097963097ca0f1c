/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timestamp.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define FORMAT "%Y-%m-%dT%H:%M:%SZ"

/* The last second that has a year of four digits. */
#define SECONDS_MAX INT64_C(253402300799)

char *time_format(int64_t seconds)
{
	char text[sizeof("9999-12-31T23:59:59Z")];
	struct tm parts;
	time_t time;

	if (seconds < 0)
		seconds = 0;
	time = seconds > SECONDS_MAX ? SECONDS_MAX : seconds;
	gmtime_r(&time, &parts);
	strftime(text, sizeof(text), FORMAT, &parts);
	return strdup(text);
}

int time_parse(const char *text, int64_t *ret)
{
	struct tm parts = {0};
	char again[sizeof("9999-12-31T23:59:59Z")];
	const char *const end = strptime(text, FORMAT, &parts);
	time_t time;

	if (!end || *end != '\0')
		return -EINVAL;
	/* strptime(3) is lenient with widths and with days of a month. */
	time = timegm(&parts);
	if (time < 0 || time > SECONDS_MAX || !gmtime_r(&time, &parts) ||
	    strftime(again, sizeof(again), FORMAT, &parts) == 0 ||
	    strcmp(again, text) != 0)
		return -EINVAL;
	*ret = time;
	return 0;
}
