/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/object_names.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/cleanup.h"

int number_parse(const char *text, int64_t max, int64_t *ret)
{
	int64_t value = 0;

	if (*text == '\0')
		return -EINVAL;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return -EINVAL;
		value = value * 10 + (*text - '0');
		if (value > max)
			return -EINVAL;
	}
	*ret = value;
	return 0;
}

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/* libcap knows these too, but the pure modules link no library for a table. */
static const char *const capability_names[] = {
	"chown",
	"dac_override",
	"dac_read_search",
	"fowner",
	"fsetid",
	"kill",
	"setgid",
	"setuid",
	"setpcap",
	"linux_immutable",
	"net_bind_service",
	"net_broadcast",
	"net_admin",
	"net_raw",
	"ipc_lock",
	"ipc_owner",
	"sys_module",
	"sys_rawio",
	"sys_chroot",
	"sys_ptrace",
	"sys_pacct",
	"sys_admin",
	"sys_boot",
	"sys_nice",
	"sys_resource",
	"sys_time",
	"sys_tty_config",
	"mknod",
	"lease",
	"audit_write",
	"audit_control",
	"setfcap",
	"mac_override",
	"mac_admin",
	"syslog",
	"wake_alarm",
	"block_suspend",
	"audit_read",
	"perfmon",
	"bpf",
	"checkpoint_restore",
};
_Static_assert(ARRAY_SIZE(capability_names) == CAP_CHECKPOINT_RESTORE + 1,
	       "a name for each capability");

struct number_name {
	uint64_t number;
	const char *name;
};

static const struct number_name namespace_names[] = {
	{CLONE_NEWTIME, "time"},     {CLONE_NEWNS, "mnt"},
	{CLONE_NEWCGROUP, "cgroup"}, {CLONE_NEWUTS, "uts"},
	{CLONE_NEWIPC, "ipc"},	     {CLONE_NEWUSER, "user"},
	{CLONE_NEWPID, "pid"},	     {CLONE_NEWNET, "net"},
};

static const struct number_name family_names[] = {
	{AF_UNIX, "unix"},
	{AF_INET, "inet"},
	{AF_INET6, "inet6"},
	{AF_NETLINK, "netlink"},
	{AF_PACKET, "packet"},
	{AF_VSOCK, "vsock"},
	{AF_BLUETOOTH, "bluetooth"},
	{AF_ALG, "alg"},
	{AF_CAN, "can"},
	{AF_XDP, "xdp"},
	{AF_TIPC, "tipc"},
	{AF_KEY, "key"},
};

static const struct number_name type_names[] = {
	{SOCK_STREAM, "stream"},
	{SOCK_DGRAM, "dgram"},
	{SOCK_RAW, "raw"},
	{SOCK_RDM, "rdm"},
	{SOCK_SEQPACKET, "seqpacket"},
	{SOCK_DCCP, "dccp"},
	{SOCK_PACKET, "packet"},
};

static const char *find_name(const struct number_name *names, size_t count,
			     uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

/* @text: @length bytes of it are the name. */
static const struct number_name *find_number(const struct number_name *names,
					     size_t count, const char *text,
					     size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i].name) == length &&
		    strncmp(names[i].name, text, length) == 0)
			return &names[i];
	return NULL;
}

void capability_format(FILE *out, int capability)
{
	if (capability < 0 ||
	    (size_t)capability >= ARRAY_SIZE(capability_names)) {
		fprintf(out, "CAP_%d", capability);
		return;
	}
	fputs("CAP_", out);
	for (const char *c = capability_names[capability]; *c; c++)
		fputc(toupper((unsigned char)*c), out);
}

int capability_parse(const char *text, int *ret)
{
	int64_t number;

	if (strncasecmp(text, "CAP_", 4) != 0)
		return -EINVAL;
	text += 4;
	for (size_t i = 0; i < ARRAY_SIZE(capability_names); i++) {
		if (strcasecmp(capability_names[i], text) == 0) {
			*ret = i;
			return 0;
		}
	}
	/* A later one may be a part of one of these: no rule is about it. */
	if (number_parse(text, ARRAY_SIZE(capability_names) - 1, &number) < 0)
		return -EINVAL;
	*ret = number;
	return 0;
}

void namespaces_format(FILE *out, uint64_t namespaces)
{
	const char *separator = "";

	for (size_t i = 0; i < ARRAY_SIZE(namespace_names); i++) {
		if (!(namespaces & namespace_names[i].number))
			continue;
		fprintf(out, "%s%s", separator, namespace_names[i].name);
		separator = "+";
		namespaces &= ~namespace_names[i].number;
	}
	if (namespaces || *separator == '\0')
		fprintf(out, "%s%" PRIu64, separator, namespaces);
}

/*
 * The bits of one kind, by its name or its number; 0 for bits that mean nothing
 * yet, which are left out as the kernel leaves them out.
 */
static int namespace_parse(const char *text, size_t length, uint64_t *ret)
{
	const struct number_name *const found = find_number(
		namespace_names, ARRAY_SIZE(namespace_names), text, length);
	uint64_t number, known = 0;
	char *end;

	if (found) {
		*ret = found->number;
		return 0;
	}
	errno = 0;
	number = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || end != text + length || errno)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(namespace_names); i++)
		known |= namespace_names[i].number;
	*ret = number & known;
	return 0;
}

int namespaces_parse(const char *text, uint64_t *ret)
{
	uint64_t namespaces = 0;

	do {
		const size_t length = strcspn(text, "+");
		uint64_t bits;

		if (namespace_parse(text, length, &bits))
			return -EINVAL;
		namespaces |= bits;
		text += length;
	} while (*text++ == '+');
	if (!namespaces)
		return -EINVAL;
	*ret = namespaces;
	return 0;
}

static void part_format(FILE *out, const struct number_name *names,
			size_t count, int number)
{
	const char *const name =
		number < 0 ? "*" : find_name(names, count, number);

	if (name)
		fputs(name, out);
	else
		fprintf(out, "%d", number);
}

void socket_format(FILE *out, int family, int type, int protocol)
{
	part_format(out, family_names, ARRAY_SIZE(family_names), family);
	fputc(':', out);
	part_format(out, type_names, ARRAY_SIZE(type_names), type);
	fputc(':', out);
	part_format(out, NULL, 0, protocol);
}

/*
 * Parses one of the three parts and steps over the colon after it.
 * Returns: 0, or -EINVAL.
 */
static int part_parse(const char **text, const struct number_name *names,
		      size_t count, int *ret)
{
	const size_t length = strcspn(*text, ":");
	const struct number_name *const found =
		find_number(names, count, *text, length);
	char digits[12];
	int64_t number;

	if (found) {
		number = found->number;
	} else if (length == 1 && **text == '*') {
		number = -1;
	} else {
		if (length >= sizeof(digits))
			return -EINVAL;
		memcpy(digits, *text, length);
		digits[length] = '\0';
		if (number_parse(digits, INT32_MAX, &number) < 0)
			return -EINVAL;
	}
	*ret = number;
	*text += length;
	if (**text == ':')
		++*text;
	return 0;
}

/* What the kernel takes where an IP socket is asked for without a protocol. */
static int usual_protocol(int type)
{
	switch (type) {
	case SOCK_STREAM:
		return IPPROTO_TCP;
	case SOCK_DGRAM:
		return IPPROTO_UDP;
	case SOCK_SEQPACKET:
		return IPPROTO_SCTP;
	case SOCK_DCCP:
		return IPPROTO_DCCP;
	default:
		return 0;
	}
}

void socket_normalize(int *family, int *type, int *protocol)
{
	if (*family == AF_INET && *type == SOCK_PACKET)
		*family = AF_PACKET; /* as very old programs ask for it */
	if (*family == AF_UNIX && *type == SOCK_RAW)
		*type = SOCK_DGRAM;
	if (*family == AF_UNIX && *protocol > 0)
		*protocol = 0; /* PF_UNIX is the same */
	if (*family == AF_NETLINK && *type == SOCK_DGRAM)
		*type = SOCK_RAW; /* netlink makes no difference */
	if ((*family == AF_INET || *family == AF_INET6) && *protocol == 0)
		*protocol = usual_protocol(*type);
}

/*
 * Whether a rule is about the protocol that the kernel chooses, without saying
 * of which type: that is another one for each.
 */
static bool leaves_protocol_open(int family, int type, int protocol)
{
	return protocol == 0 && type < 0 &&
	       (family < 0 || family == AF_INET || family == AF_INET6);
}

int socket_parse(const char *text, int *ret_family, int *ret_type,
		 int *ret_protocol)
{
	const char *rest = strcmp(text, "*") == 0 ? "*:*:*" : text;
	int family, type, protocol;

	if (part_parse(&rest, family_names, ARRAY_SIZE(family_names), &family) <
		    0 ||
	    part_parse(&rest, type_names, ARRAY_SIZE(type_names), &type) < 0 ||
	    part_parse(&rest, NULL, 0, &protocol) < 0 || *rest != '\0' ||
	    rest[-1] == ':' || leaves_protocol_open(family, type, protocol))
		return -EINVAL;
	socket_normalize(&family, &type, &protocol);
	*ret_family = family;
	*ret_type = type;
	*ret_protocol = protocol;
	return 0;
}
