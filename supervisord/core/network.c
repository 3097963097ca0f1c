/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and their prefixes: see network.h. */
#include "core/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "core/object_names.h"

#define MAPPED_BITS 96 /* of ::ffff:0:0 */

static const uint8_t mapped[MAPPED_BITS / 8] = {[10] = 0xff, [11] = 0xff};

static unsigned int bits_of(int family)
{
	return family == AF_INET ? 32 : 128;
}

static struct network unmap(struct network network)
{
	struct network inner = {.family = AF_INET};

	if (network.family != AF_INET6 || network.bits < MAPPED_BITS ||
	    memcmp(network.bytes, mapped, sizeof(mapped)) != 0)
		return network;
	inner.bits = (uint8_t)(network.bits - MAPPED_BITS);
	memcpy(inner.bytes, network.bytes + sizeof(mapped), 4);
	return inner;
}

struct network network_of(int family, const void *address)
{
	struct network network = {.family = (uint8_t)family,
				  .bits = (uint8_t)bits_of(family)};

	memcpy(network.bytes, address, network.bits / 8);
	return unmap(network);
}

bool network_is_unspecified(const struct network *network)
{
	static const uint8_t zero[16];

	return network->family &&
	       memcmp(network->bytes, zero, sizeof(zero)) == 0;
}

struct network network_of_peer(int family, const void *address)
{
	struct network network = network_of(family, address);

	if (!network_is_unspecified(&network))
		return network;
	if (network.family == AF_INET)
		return network_of(AF_INET,
				  &(struct in_addr){htonl(INADDR_LOOPBACK)});
	return network_of(AF_INET6, &in6addr_loopback);
}

bool network_contains(const struct network *outer, const struct network *inner)
{
	const unsigned int whole = outer->bits / 8, rest = outer->bits % 8;
	const uint8_t mask = (uint8_t)(0xff00 >> rest);

	return outer->family == inner->family && inner->bits >= outer->bits &&
	       memcmp(outer->bytes, inner->bytes, whole) == 0 &&
	       (!rest || (inner->bytes[whole] & mask) == outer->bytes[whole]);
}

bool network_equal(const struct network *a, const struct network *b)
{
	return a->family == b->family && a->bits == b->bits &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool network_is_canonical(const struct network *network)
{
	if ((network->family != AF_INET && network->family != AF_INET6) ||
	    network->bits > bits_of(network->family))
		return false;
	for (unsigned int bit = network->bits; bit < 128; bit++)
		if (network->bytes[bit / 8] & (0x80 >> bit % 8))
			return false;
	return true;
}

int network_parse(const char *text, struct network *ret)
{
	const char *slash = strchrnul(text, '/');
	const size_t length = (size_t)(slash - text);
	struct network network = {.family = AF_INET};
	char address[INET6_ADDRSTRLEN];
	int64_t bits;

	if (length >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, length);
	address[length] = '\0';
	if (strchr(address, ':'))
		network.family = AF_INET6;
	if (inet_pton(network.family, address, network.bytes) != 1)
		return -EINVAL;
	bits = bits_of(network.family);
	if (*slash && number_parse(slash + 1, bits, &bits) < 0)
		return -EINVAL;
	network.bits = (uint8_t)bits;
	if (!network_is_canonical(&network))
		return -EINVAL;
	*ret = unmap(network);
	return 0;
}

void network_format(FILE *out, const struct network *network)
{
	char address[INET6_ADDRSTRLEN] = "?";

	inet_ntop(network->family, network->bytes, address, sizeof(address));
	fputs(address, out);
	if (network->bits < bits_of(network->family))
		fprintf(out, "/%u", network->bits);
}
