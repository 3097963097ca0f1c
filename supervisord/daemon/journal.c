/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: every event of the audit log, with fields to filter by.
 */
#include "daemon/journal.h"

#include <stdlib.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "base/cleanup.h"

/* Details are bounded: what is in them is chosen by others. */
#define DETAIL_MAX 4096

static void on_event(void *userdata, const char *event,
		     const struct audit_log_domain *domain, const json_t *line)
{
	_cleanup_free_ char *detail =
		json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);

	(void)userdata;
	if (!detail)
		return;
	sd_journal_send("MESSAGE=%s: %s", domain ? domain->app : "landlordd",
			event, "PRIORITY=%i", LOG_INFO, "LANDLORD_EVENT=%s",
			event, "LANDLORD_APP=%s", domain ? domain->app : "",
			"LANDLORD_DOMAIN=%d",
			domain ? (int)domain->monitor_pid : 0,
			"LANDLORD_DETAIL=%.*s", DETAIL_MAX, detail,
			"SYSLOG_IDENTIFIER=landlordd", NULL);
}

void journal_follow(struct audit_log *audit_log)
{
	/* Set by systemd for what it starts; else the log file is enough. */
	if (audit_log && getenv("JOURNAL_STREAM"))
		audit_log_listen(audit_log, on_event, NULL);
}
