/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/tell.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "control/wire.h"

int tell(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	_cleanup_free_ char *sentence = NULL;
	const int result = wire_read_bytes(m, &sentence);

	(void)userdata;
	(void)error;
	if (result < 0)
		return result;
	log_warning("%s", sentence);
	return sd_bus_reply_method_return(m, "");
}
