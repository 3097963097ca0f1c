/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors on the control socket.
 */
#include "control/errors.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "bus/names.h"

static const struct {
	const char *name;
	int error;
} errors[] = {
	{BUS_ERROR_DEADLOCK, EDEADLK},	  {BUS_ERROR_UNKNOWN, ENOENT},
	{BUS_ERROR_INVALID, EINVAL},	  {BUS_ERROR_INVALID, EBADMSG},
	{BUS_ERROR_INVALID, E2BIG},	  {BUS_ERROR_INVALID, ENXIO},
	{BUS_ERROR_COMMIT, EIO},	  {BUS_ERROR_STATE, EBUSY},
	{SD_BUS_ERROR_NO_MEMORY, ENOMEM},
};

int bus_fail(sd_bus_error *ret, int error, const char *sentence)
{
	const char *name = SD_BUS_ERROR_FAILED;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].error == -error) {
			name = errors[i].name;
			break;
		}
	return sd_bus_error_set(ret, name,
				sentence ? sentence : strerror(-error));
}

int bus_errno(const sd_bus_error *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (sd_bus_error_has_name(error, errors[i].name))
			return -errors[i].error;
	/* sd-bus's own: a connection that has been cut off, say. */
	return -sd_bus_error_get_errno(error);
}
