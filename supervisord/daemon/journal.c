/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: every event of the audit log, with fields to filter by.
 */
#include "daemon/journal.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "base/cleanup.h"

/* Details are bounded: what is in them is chosen by others. */
#define DETAIL_MAX 4096

/* What a kind of event is known by, whatever it is called; explained by the
 * catalogue (contrib/systemd/landlord.catalog), and never given to another. */
static const struct {
	const char *event, *id;
} messages[] = {
	{"start", "f768064f958547ada39eed24c2c063fe"},
	{"end", "5966eb44e0c6474495113dc30e9a8df5"},
	{"question", "b9c48cb01720400e8ca82984fcb042d9"},
	{"decision", "a83c546dbc4d43dc96c93f01a9f18630"},
	{"unanswered", "ace970fccddb4416a3966023df2d5c05"},
	{"refused", "00633256e25f471d8fe2c4e12b5eadad"},
	{"flood", "e66c0e9819424e8ab4c6049fa9998118"},
	{"commit", "3c19c840d9f94acda62d2465be71c2d9"},
	{"commit-failed", "e7f137f5a11b4c7db5a6b47b57a73cab"},
	{"settled", "12f034c143d24a11a0a8a1e2fdbc4be2"},
	{"withdrawn", "83de0b93946a499896567964cfbaa4dd"},
	{"stopped", "2f0d8f6ab8f94c0f9d3b1f67c52b74e6"},
	{"lost", "068c193bf65c49029f777337923fe54e"},
};

static const char *message_id(const char *event)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (strcmp(messages[i].event, event) == 0)
			return messages[i].id;
	return "";
}

/* What somebody would filter by; bytes of others are escaped in it. */
static const char *text_of(const json_t *line, const char *key)
{
	const char *const text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

static int priority_of(const char *event)
{
	return strcmp(event, "commit-failed") == 0 || strcmp(event, "lost") == 0
		       ? LOG_WARNING
	       : strcmp(event, "unanswered") == 0 ||
			       strcmp(event, "refused") == 0 ||
			       strcmp(event, "stopped") == 0 ||
			       strcmp(event, "flood") == 0
		       ? LOG_NOTICE
		       : LOG_INFO;
}

static void on_event(void *userdata, const char *event,
		     const struct audit_log_domain *domain, const json_t *line)
{
	_cleanup_free_ char *detail =
		json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);

	(void)userdata;
	if (!detail)
		return;
	sd_journal_send("MESSAGE=%s: %s", domain ? domain->app : "landlordd",
			event, "PRIORITY=%i", priority_of(event),
			"MESSAGE_ID=%s", message_id(event), "LANDLORD_EVENT=%s",
			event, "LANDLORD_OUTCOME=%s", text_of(line, "outcome"),
			"LANDLORD_AGENT=%.*s", DETAIL_MAX,
			text_of(line, "agent"), "LANDLORD_EXE=%.*s", DETAIL_MAX,
			text_of(line, "exe"), "LANDLORD_APP=%s",
			domain ? domain->app : "", "LANDLORD_DOMAIN=%d",
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
