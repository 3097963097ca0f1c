/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways to listen and to send that are neither bind(2) nor TCP nor UDP. */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "outside.h"

#define GIVEN 9 /* the descriptor of a socket that somebody else has made */

/* A kind, its name, and what else is tried with it. */
static const struct kind {
	const char *name;
	int family, type, protocol;
} kinds[] = {
	{"tcp", AF_INET, SOCK_STREAM, 0},
	{"tcp 6", AF_INET, SOCK_STREAM, IPPROTO_TCP},
	{"tcp6", AF_INET6, SOCK_STREAM, 0},
	{"mptcp", AF_INET, SOCK_STREAM, IPPROTO_MPTCP},
	{"udp", AF_INET, SOCK_DGRAM, 0},
	{"udp6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
	{"udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
	{"unix stream", AF_UNIX, SOCK_STREAM, 0},
	{"unix dgram", AF_UNIX, SOCK_DGRAM, 0},
	{"route", AF_NETLINK, SOCK_RAW, NETLINK_ROUTE},
	{"icmp", AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
	{"icmp6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6},
	{"sctp", AF_INET, SOCK_STREAM, IPPROTO_SCTP},
	{"sctp seqpacket", AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP},
	{"dccp", AF_INET, SOCK_DCCP, IPPROTO_DCCP},
	{"smc", AF_INET, SOCK_STREAM, 256},
	{"l2tp", AF_INET, SOCK_DGRAM, 115},
	{"raw", AF_INET, SOCK_RAW, IPPROTO_ICMP},
	{"raw6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6},
	{"packet", AF_PACKET, SOCK_RAW, 0},
	{"packet dgram", AF_PACKET, SOCK_DGRAM, 0},
	{"vsock", AF_VSOCK, SOCK_STREAM, 0},
	{"smc family", 43, SOCK_STREAM, 0},
	{"rds", AF_RDS, SOCK_SEQPACKET, 0},
	{"tipc", AF_TIPC, SOCK_RDM, 0},
	{"qrtr", 42, SOCK_DGRAM, 0},
	{"can", AF_CAN, SOCK_RAW, 1},
	{"bluetooth", AF_BLUETOOTH, SOCK_RAW, 1},
	{"kcm", AF_KCM, SOCK_DGRAM, 0},
	{"xdp", 44, SOCK_RAW, 0},
	{"mctp", 45, SOCK_DGRAM, 0},
	{"usersock", AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK},
	{"uevent", AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT},
};

static int make(char **arguments)
{
	(void)arguments;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const int fd = socket(kinds[i].family, kinds[i].type,
				      kinds[i].protocol);

		say(kinds[i].name, fd);
		close(fd);
	}
	return 0;
}

static int bind_to(int fd, int family, uint16_t port)
{
	const struct sockaddr_in v4 = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};

	return family == AF_INET
		       ? bind(fd, (const struct sockaddr *)&v4, sizeof(v4))
		       : bind(fd, (const struct sockaddr *)&v6, sizeof(v6));
}

/* listen(2) with no port, with one, again, and where it means nothing. */
static int listen_all(char **arguments)
{
	const uint16_t port = (uint16_t)atoi(arguments[0]);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	say("tcp unbound", listen(fd, 1));
	say("tcp6 unbound", listen(socket(AF_INET6, SOCK_STREAM, 0), 1));
	say("mptcp unbound",
	    listen(socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), 1));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	say("bind", bind_to(fd, AF_INET, port));
	say("tcp bound", listen(fd, 1));
	say("tcp again", listen(fd, 2));
	fd = socket(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP);
	say("mptcp bind", bind_to(fd, AF_INET6, port));
	say("mptcp bound", listen(fd, 1));
	say("udp", listen(socket(AF_INET, SOCK_DGRAM, 0), 1));
	say("unix unbound", listen(socket(AF_UNIX, SOCK_STREAM, 0), 1));
	say("pipe", listen(0, 1));
	say("nothing", listen(-1, 1));
	return 0;
}

static long join(int family, int level, int option, const void *value,
		 socklen_t size)
{
	const int fd = socket(family, SOCK_DGRAM, 0);
	const int result = setsockopt(fd, level, option, value, size);
	const int error = errno;

	close(fd);
	errno = error;
	return result;
}

/* Multicast groups, on the loopback interface. */
static int groups(char **arguments)
{
	const struct in_addr own = {htonl(INADDR_LOOPBACK)};
	const struct ip_mreq v4 = {{htonl(0xe0000a0aU)}, own};
	const struct ip_mreq_source source = {{htonl(0xe8000a0aU)}, own, own};
	struct ipv6_mreq v6 = {.ipv6mr_interface = 1};
	struct group_req any = {.gr_interface = 1};
	const int one = 1;

	(void)arguments;
	memcpy(&any.gr_group,
	       &(struct sockaddr_in){.sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(0xe0000a0bU)},
	       sizeof(struct sockaddr_in));
	inet_pton(AF_INET6, "ff02::4321", &v6.ipv6mr_multiaddr);
	say("add",
	    join(AF_INET, IPPROTO_IP, IP_ADD_MEMBERSHIP, &v4, sizeof(v4)));
	say("add source", join(AF_INET, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP,
			       &source, sizeof(source)));
	say("join",
	    join(AF_INET, IPPROTO_IP, MCAST_JOIN_GROUP, &any, sizeof(any)));
	say("add 6",
	    join(AF_INET6, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &v6, sizeof(v6)));
	say("add 4 on 6",
	    join(AF_INET6, IPPROTO_IP, IP_ADD_MEMBERSHIP, &v4, sizeof(v4)));
	say("other option",
	    join(AF_INET, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	say("loop",
	    join(AF_INET, IPPROTO_IP, IP_MULTICAST_LOOP, &one, sizeof(one)));
	return 0;
}

/* A datagram to port 9 here with a control message. */
static ssize_t send_with(int family, int level, int type, const void *value,
			 size_t size)
{
	const int fd = socket(family, SOCK_DGRAM, 0);
	struct sockaddr_in v4 = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(9),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	_Alignas(struct cmsghdr) char bytes[128] = {0};
	struct cmsghdr *control = (struct cmsghdr *)bytes;
	struct iovec piece = {(char[]){"x"}, 1};
	const struct msghdr message = {
		.msg_name = family == AF_INET ? (void *)&v4 : (void *)&v6,
		.msg_namelen = family == AF_INET ? sizeof(v4) : sizeof(v6),
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = bytes,
		.msg_controllen = CMSG_SPACE(size),
	};
	ssize_t result;

	control->cmsg_level = level;
	control->cmsg_type = type;
	control->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(control), value, size);
	result = sendmsg(fd, &message, 0);
	close(fd);
	return result;
}

/* By way of another address than the one that somebody was asked about. */
static int routes(char **arguments)
{
	/* Loosely by 127.0.0.2, and nothing, to 127.0.0.1. */
	const unsigned char loose[] = {131, 7, 4, 127, 0, 0, 2, 1};
	const unsigned char header[24] = {0, 2, 4, 0, 0, 0, 0, 0, [23] = 1};
	const unsigned char service = 8;

	(void)arguments;
	say("options",
	    join(AF_INET, IPPROTO_IP, IP_OPTIONS, loose, sizeof(loose)));
	say("no options", join(AF_INET, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	say("header",
	    join(AF_INET6, IPPROTO_IPV6, IPV6_RTHDR, header, sizeof(header)));
	say("no header", join(AF_INET6, IPPROTO_IPV6, IPV6_RTHDR, NULL, 0));
	say("with options",
	    send_with(AF_INET, IPPROTO_IP, IP_RETOPTS, loose, sizeof(loose)));
	say("with a header", send_with(AF_INET6, IPPROTO_IPV6, IPV6_RTHDR,
				       header, sizeof(header)));
	say("with a service",
	    send_with(AF_INET, IPPROTO_IP, IP_TOS, &service, sizeof(service)));
	return 0;
}

static ssize_t echo(int fd)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct icmphdr request = {.type = ICMP_ECHO};

	return sendto(fd, &request, sizeof(request), 0,
		      (const struct sockaddr *)&to, sizeof(to));
}

/* Sends an echo request from a socket of its own, and from the given one. */
static int ping(char **arguments)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

	(void)arguments;
	say("own", fd < 0 ? -1 : echo(fd));
	say("given", echo(GIVEN));
	say("given, connected",
	    connect(GIVEN, (const struct sockaddr *)&to, sizeof(to)));
	return 0;
}

/* give COMMAND...: with a socket that sends ICMP. */
static int give(char **arguments)
{
	const int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

	if (fd < 0 || dup2(fd, GIVEN) < 0)
		return 77;
	execvp(arguments[0], arguments);
	return 126;
}

const struct part outside_sockets[] = {
	{"make", make},	    {"listen", listen_all}, {"groups", groups},
	{"routes", routes}, {"ping", ping},	    {"give", give},
	{NULL, NULL},
};
