/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import_object.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>

#include "trace/audit_fields.h"

#define NAMESPACES                                                 \
	((uint64_t)(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | \
		    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |  \
		    CLONE_NEWNET | CLONE_NEWTIME))

#define RAW_CHANGE_TOPOLOGY 2

bool import_beyond_rules(const char *record)
{
	static const char name[] = "fs.change_topology";
	size_t length;
	const char *value = audit_field(record, "blockers", &length);
	uint64_t type;

	/* As a number, see import_tracepoint.c. */
	if (audit_number(record, "blockers_type", 10, &type))
		return type == RAW_CHANGE_TOPOLOGY;
	/* In a trace event without what comes before the dot. */
	return value &&
	       ((length == strlen(name) && memcmp(value, name, length) == 0) ||
		(length == strlen(name + 3) &&
		 memcmp(value, name + 3, length) == 0));
}

int import_namespace(const char *record, struct object *ret)
{
	uint64_t type;

	/* "0x..." is a number of base 16, too. */
	if (!audit_number(record, "namespace_type", 16, &type) || !type ||
	    type & ~NAMESPACES)
		return -EINVAL;
	*ret = (struct object){.type = OBJECT_NAMESPACE, .namespaces = type};
	return 0;
}

int import_capability(const char *record, struct object *ret)
{
	uint64_t capability;

	if (!audit_number(record, "capability", 10, &capability) ||
	    capability > CAP_LAST_CAP)
		return -EINVAL;
	*ret = (struct object){.type = OBJECT_CAPABILITY,
			       .capability = (int)capability};
	return 0;
}

int import_socket(const char *record, const char *type, struct object *ret)
{
	uint64_t family, kind, protocol;

	if (!audit_number(record, "family", 10, &family) ||
	    !audit_number(record, type, 10, &kind) ||
	    !audit_number(record, "protocol", 10, &protocol) ||
	    family > INT32_MAX || kind > INT32_MAX || protocol > INT32_MAX)
		return -EINVAL;
	*ret = (struct object){
		.type = OBJECT_SOCKET,
		.family = (int)family,
		.socket_type = (int)kind,
		.protocol = (int)protocol,
	};
	return 0;
}
