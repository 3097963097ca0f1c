/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A domain at its monitor's end: see bus_domain.h. */
#include "control/bus_domain.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "bus/names.h"
#include "control/errors.h"
#include "control/grants_watch.h"
#include "control/tell.h"
#include "supervision/inquiry.h"

static int on_stage(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_domain *domain = userdata;

	(void)error;
	followed_read(&domain->rules.followed, m);
	return sd_bus_reply_method_return(m, "");
}

static int put_into_force(struct bus_domain *domain, struct ruleset *ruleset)
{
	const int error = domain->events->commit(domain->engine, ruleset);

	if (error)
		return error;
	bus_rules_take(&domain->rules, ruleset);
	return 0;
}

/*
 * A commit of the daemon, of what was staged before. The reply says that it is
 * in force; only then does the daemon answer, persist or report what it allows.
 */
static int on_commit(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_domain *domain = userdata;
	_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;
	uint64_t generation;
	int result = sd_bus_message_read(m, "t", &generation);

	if (result >= 0)
		result = bus_rules_generation(&domain->rules, generation,
					      clock_wall(domain->clock),
					      &ruleset);
	if (result >= 0)
		result = put_into_force(domain, ruleset);
	if (result < 0)
		return bus_fail(error, result, NULL);
	/* From now on it is the daemon that follows the store. */
	domain->grants = grants_watch_free(domain->grants);
	return sd_bus_reply_method_return(m, "");
}

static int on_follow(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_domain *domain = userdata;
	int executions;
	int result = sd_bus_message_read(m, "b", &executions);

	(void)error;
	if (result < 0)
		return result;
	domain->tells_executions = executions;
	return sd_bus_reply_method_return(m, "");
}

static int on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_domain *domain = userdata;
	uint64_t id;
	uint8_t answer;
	int result = sd_bus_message_read(m, "ty", &id, &answer);

	(void)error;
	if (result < 0)
		return result;
	if (answer <= ANSWER_RETRY && open_requests_end(&domain->open, id))
		domain->events->answer(domain->engine, id, answer);
	return sd_bus_reply_method_return(m, "");
}

static int on_postpone(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_domain *domain = userdata;
	uint64_t id;
	int64_t deadline;
	int result = sd_bus_message_read(m, "tx", &id, &deadline);

	(void)error;
	if (result < 0)
		return result;
	/* Never for good, whatever it says. */
	if (deadline > 0 &&
	    deadline - clock_boot(domain->clock) <= INQUIRY_POSTPONED_MAX_MS)
		open_requests_postpone(&domain->open, id,
				       deadline + BUS_DOMAIN_SLACK_SECONDS *
							  INT64_C(1000));
	return sd_bus_reply_method_return(m, "");
}

static int on_stop(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const struct bus_domain *domain = userdata;

	if (!domain->stop)
		return bus_fail(error, -EOPNOTSUPP, NULL);
	log_notice("stopped, as was answered to what it asked");
	domain->stop(domain->stop_userdata);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable monitor_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Stage", "yba" BUS_RULE "aay", "", on_stage,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Commit", "t", "", on_commit, SD_BUS_VTABLE_UNPRIVILEGED),
	TELL_METHOD,
	SD_BUS_METHOD("Follow", "b", "", on_follow, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Answer", "ty", "", on_answer,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Postpone", "tx", "", on_postpone,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Stop", "", "", on_stop, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

/* Takes from what is in force what the store does not hold any more. */
static void look_at_grants(void *userdata)
{
	struct bus_domain *domain = userdata;
	struct ruleset *less = NULL;
	int result = grants_watch_look(domain->grants, domain->rules.committed,
				       clock_wall(domain->clock), &less);

	if (result > 0)
		result = put_into_force(domain, less);
	ruleset_unref(less);
	if (result < 0 && !domain->grants_told)
		log_warning("what is taken back of the grants of %s holds "
			    "until the daemon is back: %s",
			    domain->app, strerror(-result));
	domain->grants_told = result < 0;
}

void bus_domain_follow_grants(struct bus_domain *domain)
{
	int error;

	if (!domain->rules.committed || domain->grants || !domain->grants_dir)
		return;
	error = grants_watch_new(&domain->grants, domain->base, domain->clock,
				 domain->grants_dir, domain->app,
				 look_at_grants, domain);
	if (!error)
		look_at_grants(domain);
}

int bus_domain_serve(struct bus_domain *domain, sd_bus *bus)
{
	const int result =
		sd_bus_add_object_vtable(bus, NULL, BUS_MONITOR_PATH,
					 BUS_MONITOR, monitor_vtable, domain);

	return result < 0 ? result : 0;
}

int bus_domain_init(struct bus_domain *domain,
		    void (*late)(void *userdata, uint64_t request_id),
		    void *userdata)
{
	const int error = open_requests_init(&domain->open, domain->base,
					     domain->clock, late, userdata);

	return error ? error : bus_rules_init(&domain->rules);
}

void bus_domain_finish(struct bus_domain *domain)
{
	grants_watch_free(domain->grants);
	open_requests_finish(&domain->open);
	bus_rules_finish(&domain->rules);
}
