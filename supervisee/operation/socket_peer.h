/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The peer of a connection or a datagram: what reaching it needs.
 */
#pragma once

#include "operation/notif.h"

/*
 * Pins the peer that the call's address leads to, and names the need.
 * Returns: a step or a negative errno.
 */
int socket_peer_resolve(struct notif *notif);

/* Whether the peer is within the domain, which makes less of it needed: see
 * narrow of struct operation. */
bool socket_peer_narrow(struct notif *notif);

/* Makes the address lead to the pinned peer, if it is one. */
void socket_peer_aim(struct notif *notif);
