/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Networks: an address of the Internet, or all that begin like it (RFC 4632,
 * RFC 4291). An IPv4 address that is written as an IPv6 one (::ffff:192.0.2.1) is
 * the IPv4 address that it stands for: it leads to the same place.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct network {
	uint8_t family; /* AF_INET, AF_INET6; 0: every address, or not known */
	uint8_t bits;	/* that count: 32 or 128 for one address */
	uint8_t bytes[16]; /* in network order; zero where none counts */
};

/* One address. @address: struct in_addr or struct in6_addr */
struct network network_of(int family, const void *address);

/*
 * The one to which a connection leads: the kernel takes the unspecified address
 * (0.0.0.0, ::) for the machine itself.
 */
struct network network_of_peer(int family, const void *address);

/* Whether it is a family's, no longer than that allows, and no bit beyond is set. */
bool network_is_canonical(const struct network *network);

/* Whether it is the unspecified address, which stands for all of a machine's. */
bool network_is_unspecified(const struct network *network);

/* Whether all of @inner is in @outer. */
bool network_contains(const struct network *outer, const struct network *inner);

bool network_equal(const struct network *a, const struct network *b);

/*
 * "192.0.2.1", "192.0.2.0/24", "2001:db8::/32".
 * Returns: 0, -EINVAL; also when bits beyond the length are set, since nobody
 *          could tell what is meant.
 */
int network_parse(const char *text, struct network *ret);

/* As it is parsed. */
void network_format(FILE *out, const struct network *network);
