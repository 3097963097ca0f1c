/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts by name: see host.h. */
#include "policy/host.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/object_names.h"

bool host_is_named(const char *text)
{
	const char *colon = strrchr(text, ':');
	_cleanup_free_ char *name = NULL;
	struct network address;

	if (!colon || colon == text || text[0] == '[')
		return false;
	name = strndup(text, (size_t)(colon - text));
	return name && !strpbrk(name, ":/*") &&
	       network_parse(name, &address) < 0;
}

static struct object object_of(const struct addrinfo *found, uint16_t port)
{
	struct object object = {.type = OBJECT_PORT, .port = port};
	const struct sockaddr *address = found->ai_addr;

	if (found->ai_family == AF_INET)
		object.network = network_of_peer(
			AF_INET,
			&((const struct sockaddr_in *)address)->sin_addr);
	else
		object.network = network_of_peer(
			AF_INET6,
			&((const struct sockaddr_in6 *)address)->sin6_addr);
	return object;
}

static int take(const struct addrinfo *found, uint16_t port,
		struct object ret[HOST_ADDRESSES_MAX], size_t *ret_count)
{
	*ret_count = 0;
	for (; found; found = found->ai_next) {
		if (found->ai_family != AF_INET && found->ai_family != AF_INET6)
			continue;
		if (*ret_count == HOST_ADDRESSES_MAX)
			return -E2BIG;
		ret[(*ret_count)++] = object_of(found, port);
	}
	return *ret_count ? 0 : -ENOENT;
}

int host_look_up(const char *text, struct object ret[HOST_ADDRESSES_MAX],
		 size_t *ret_count, const char **ret_reason)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const char *colon = strrchr(text, ':');
	_cleanup_free_ char *name = strndup(text, (size_t)(colon - text));
	struct addrinfo *found = NULL;
	int64_t port;
	int error;

	if (number_parse(colon + 1, UINT16_MAX, &port) < 0)
		return -EINVAL;
	if (!name)
		return -ENOMEM;
	error = getaddrinfo(name, NULL, &hints, &found);
	if (error) {
		*ret_reason = gai_strerror(error);
		return -ENOENT;
	}
	error = take(found, (uint16_t)port, ret, ret_count);
	freeaddrinfo(found);
	return error;
}
