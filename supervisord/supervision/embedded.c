/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embedded default: the whole core in the process of the supervisor.
 */
#include "supervision/embedded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "supervision/ask.h"
#include "supervision/registration.h"
#include "supervision/supervisor.h"

struct embedded {
	struct decider decider;
	struct supervisor *supervisor;
	struct domain *domain;
};

static int embedded_ask(struct decider *decider, const struct request *request)
{
	return domain_ask(((struct embedded *)decider)->domain, request);
}

static void embedded_withdraw(struct decider *decider, uint64_t request_id)
{
	domain_withdraw(((struct embedded *)decider)->domain, request_id);
}

static void embedded_refused(struct decider *decider,
			     const struct request *request, const char *reason)
{
	domain_refused(((struct embedded *)decider)->domain, request, reason);
}

static struct decider *embedded_free(struct decider *decider)
{
	struct embedded *embedded = (struct embedded *)decider;

	if (!embedded)
		return NULL;
	domain_unregister(embedded->domain);
	supervisor_free(embedded->supervisor);
	free(embedded);
	return NULL;
}

static const struct decider_ops embedded_ops = {
	.ask = embedded_ask,
	.withdraw = embedded_withdraw,
	.refused = embedded_refused,
	.free = embedded_free,
};

int embedded_decider_new(struct decider **ret, struct event_base *loop,
			 const struct domain_info *info,
			 const struct embedded_options *options,
			 const struct decider_events *events, void *engine,
			 char **ret_sentence)
{
	const struct supervisor_options supervisor_options = {
		.timeout_seconds = options->timeout_seconds,
	};
	struct embedded *embedded = calloc(1, sizeof(*embedded));
	struct domain_options domain_options = {
		.info = info,
		.events = events,
		.engine = engine,
		.own_agent = options->agent,
		.timeout_seconds = options->timeout_seconds,
	};
	struct rules session = {0};
	int error;

	if (ret_sentence)
		*ret_sentence = NULL;
	if (!embedded)
		return -ENOMEM;
	embedded->decider.ops = &embedded_ops;
	domain_options.session = &session;
	error = domain_first_rules(info, &session);
	if (!error)
		error = supervisor_new(&embedded->supervisor, loop,
				       &supervisor_options);
	if (!error)
		error = domain_register(&embedded->supervisor->registry,
					&domain_options, &embedded->domain,
					ret_sentence);
	rules_finish(&session);
	if (error) {
		embedded_free(&embedded->decider);
		return error;
	}
	*ret = &embedded->decider;
	return 0;
}
