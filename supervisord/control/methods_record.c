/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods of the command line: a recording of programs that run.
 *
 * Its caller fetches the lines, so that there is never more on the connection
 * than it reads. Who is inside a supervised tree records nobody, or it would
 * learn what others ask for.
 */
#include <errno.h>

#include "base/cleanup.h"
#include "control/errors.h"
#include "control/methods.h"
#include "control/record_session.h"
#include "control/wire.h"

static const char *why_not(int error)
{
	return error == -ENOENT	 ? "no program of this app runs under this "
				   "daemon: see `landlord ps`"
	       : error == -EBUSY ? "somebody else records it"
				 : NULL;
}

METHOD(method_record)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *app = NULL, *file = NULL;
	unsigned int count;
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	result = wire_read_bytes(m, &app);
	if (result >= 0)
		result = wire_read_bytes(m, &file);
	if (result >= 0 && file[0] && file[0] != '/')
		result = -EINVAL;
	if (result < 0)
		return bus_fail(error, result, NULL);
	if (caller->record)
		return bus_fail(error, -EBUSY,
				"this connection records already");
	result = record_session_new(&caller->record, caller, app, &count);
	if (result < 0)
		return bus_fail(error, result, why_not(result));
	if (!file[0])
		return sd_bus_reply_method_return(m, "u", (uint32_t)count);
	result = record_session_guard(caller->record, app, file, m);
	if (result >= 0)
		return 1;
	caller->record = record_session_free(caller->record);
	return bus_fail(error, result, CANNOT_GUARD);
}

static int need_record(const struct caller *caller, sd_bus_error *error)
{
	return caller->record ? 0
			      : bus_fail(error, -EBUSY,
					 "this connection records nobody");
}

METHOD(method_read_record)
{
	struct caller *caller = userdata;
	const int result = need_record(caller, error);

	return result < 0 ? result : record_session_fetch(caller->record, m);
}

METHOD(method_stop_record)
{
	struct caller *caller = userdata;
	const int result = need_record(caller, error);

	if (result < 0)
		return result;
	record_session_stop(caller->record);
	return sd_bus_reply_method_return(m, "");
}
