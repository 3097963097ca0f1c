/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operations on sockets share: addresses and what they need.
 *
 * The socket is a copy of the program's own, so its network namespace and
 * options are the program's; a connection is made by the monitor, which has
 * the program's user and groups and cgroup, but its own pid.
 */
#pragma once

#include "operation/notif.h"

/* Whether a type of sockets sends to the one it is connected to alone. */
bool socket_is_connected_kind(int type);

/* SO_TYPE of a socket; 0 for what is none. */
int socket_type(int fd);

/*
 * Whether an open descriptor is a socket that can send to any address, or one
 * through which somebody could send such a socket.
 */
bool socket_brings_datagrams(int fd);

/* Whether the address is an abstract UNIX one. */
/*
 * Whether a socket is one of UNIX addresses. To any other one such an address
 * is wrong, whatever path is in it, and the kernel has an error for it.
 */
bool socket_is_unix(int fd);

bool socket_is_abstract(const struct notif *notif);

/* Opens where a relative UNIX path starts; a no-op for other addresses. */
int socket_gather_path(struct notif *notif);

/*
 * Calls an address of no family (AF_UNSPEC) what bind(2), and a datagram that
 * is sent to it, take it for: on an IPv4 socket, an IPv4 address (ip(7)).
 * connect(2) takes it for something else, the end of a connection.
 */
void socket_name_family(struct notif *notif);

/* Whether a socket is one of IPv4 or IPv6. */
bool socket_is_ip(int fd);

/* Whether it is one of TCP, or of MPTCP, which is made of it. */
bool socket_is_tcp(int fd);

/* The port of the call's address; 0 where it has none. */
uint16_t socket_port(const struct notif *notif);

/*
 * Names the right that an address needs: for a port of TCP or UDP that for the
 * port, else that to make such a socket.
 * @tcp, @udp: the rights for the two protocols
 * Returns: STEP_JUDGE, STEP_PERFORM when nothing is needed.
 */
int socket_need_port(struct notif *notif, rights_t tcp, rights_t udp);

/* Replaces the address by one that leads to a pinned socket file. */
void socket_aim_at(struct notif *notif, int pinned);
