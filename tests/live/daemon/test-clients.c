/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd while others misbehave: garbage, connections and descriptors that
 * are not theirs, users that are strangers.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "control/client.h"
#include "control/control_socket.h"
#include "control/wire.h"
#include "fixture.h"
#include "raw.h"
#include "unit.h"

START_TEST(garbage_harms_only_its_sender)
{
	static unsigned char bytes[65536];
	uint64_t seed = 7;
	int fds[16];

	open_world();
	for (int i = 0; i < 16; i++) {
		fds[i] = raw_open();
		if (i % 2)
			raw_greet(fds[i]);
		for (size_t j = 0; j < sizeof(bytes); j++)
			bytes[j] = (unsigned char)unit_random(&seed);
		bytes[0] = i % 4 == 1 ? 'l' : bytes[0];
		bytes[1] = 1;
		raw_write(fds[i], bytes, i % 4 == 3 ? 9 : sizeof(bytes));
		check_alive();
	}
	ck_assert(raw_is_closed(fds[0]));
	for (int i = 0; i < 16; i++)
		close(fds[i]);
	check_alive();
	close_world();
}
END_TEST

START_TEST(a_message_that_is_too_long_is_refused)
{
	const unsigned char header[16] = {'l', 1, 0, 1, 0xff, 0xff, 0xff, 0x07,
					  1,   0, 0, 0, 0,    0,    0,	  0};
	int fd;

	open_world();
	fd = raw_open();
	raw_greet(fd);
	raw_write(fd, header, sizeof(header));
	ck_assert(raw_is_closed(fd));
	close(fd);
	check_alive();
	close_world();
}
END_TEST

/* Calls with wrong types and values get an error reply. */
START_TEST(bad_calls_get_errors)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *call;
	sd_bus *bus;

	open_world();
	ck_assert_int_eq(client_open(&bus), 0);
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "Register", &error,
					    NULL, "s", "app"),
			 0);
	sd_bus_error_free(&error);
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "NoSuch", &error,
					    NULL, NULL),
			 0);
	sd_bus_error_free(&error);
	/* Without a domain. */
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "Withdraw", &error,
					    NULL, "t", UINT64_C(1)),
			 0);
	ck_assert_str_eq(error.name, BUS_ERROR_STATE);
	sd_bus_error_free(&error);
	/* A decision on what was never asked. */
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "Decide", &error,
					    NULL, "t(yyxaytay)", UINT64_C(1), 1,
					    4, INT64_C(0), 0, UINT64_C(0), 0),
			 0);
	ck_assert_str_eq(error.name, BUS_ERROR_UNKNOWN);
	sd_bus_error_free(&error);
	/* A giant array of what is no rule. */
	ck_assert_int_eq(client_call_new(bus, "AddRules", &call), 0);
	wire_append_bytes(call, "app");
	sd_bus_message_open_container(call, 'a', BUS_RULE);
	for (int i = 0; i < 5000; i++)
		sd_bus_message_append(call, BUS_RULE, 9, 9, UINT64_C(0), 9, 0,
				      INT64_C(0), INT64_C(0), INT64_C(0), 0, 0,
				      INT64_C(0), UINT64_C(0), INT64_C(0), 0,
				      0);
	sd_bus_message_close_container(call);
	sd_bus_message_append(call, "b", 1);
	ck_assert_int_eq(client_call(bus, call, NULL, NULL), -EINVAL);
	sd_bus_message_unref(call);
	sd_bus_close_unref(bus);
	check_alive();
	close_world();
}
END_TEST

union descriptor {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static struct msghdr descriptor_message(union descriptor *control)
{
	static char byte = 'x';
	static struct iovec vector = {&byte, 1};

	return (struct msghdr){
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control->bytes,
		.msg_controllen = sizeof(control->bytes),
	};
}

/* Returns: 0, or 1 when it could not be sent. */
static int send_fd(int to, int fd)
{
	union descriptor control = {0};
	struct msghdr message = descriptor_message(&control);

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return sendmsg(to, &message, 0) != 1;
}

static int receive_fd(int from)
{
	union descriptor control = {0};
	struct msghdr message = descriptor_message(&control);
	int fd = -1;

	ck_assert_int_eq(recvmsg(from, &message, 0), 1);
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

/* A connection that was handed into the tree cannot be spoken on. */
START_TEST(a_handed_over_connection_is_refused)
{
	int fd, pair[2], status;
	pid_t child;

	open_world();
	fd = raw_open();
	raw_greet(fd);
	child = fork();
	if (child == 0) {
		const unsigned char header[16] = {'l', 1, 0, 1};

		raw_write(fd, header, sizeof(header));
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert(raw_is_closed(fd));
	close(fd);
	/* Neither can one whose owner has ended. */
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	child = fork();
	if (child == 0)
		_exit(send_fd(pair[1], raw_open()));
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);
	fd = receive_fd(pair[0]);
	raw_greet(fd);
	ck_assert(raw_is_closed(fd));
	check_alive();
	close_world();
}
END_TEST

#define SOMEBODY 65534
#define A_STRANGER 65533

/* Whether a user that does not use our client, and checks nothing, is heard. */
static bool hears(uid_t uid)
{
	_cleanup_free_ char *path = NULL, *address = NULL;
	sd_bus *bus = NULL;
	int status;
	pid_t child;

	ck_assert_int_eq(control_socket_path(&path), 0);
	ck_assert_int_gt(asprintf(&address, "unix:path=%s", path), 0);
	child = fork();
	if (child == 0)
		_exit((uid != geteuid() && setuid(uid) < 0) ||
		      sd_bus_new(&bus) < 0 ||
		      sd_bus_set_address(bus, address) < 0 ||
		      sd_bus_set_anonymous(bus, 1) < 0 ||
		      sd_bus_start(bus) < 0 ||
		      sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					 BUS_SUPERVISOR, "ListDomains", NULL,
					 NULL, NULL) < 0);
	waitpid(child, &status, 0);
	return status == 0;
}

/* To where everybody can execute it: the build may be in root's home. */
static void copy_daemon(void)
{
	static char copy[4096];
	const int from = open(LANDLORDD, O_RDONLY | O_CLOEXEC);
	int to;

	snprintf(copy, sizeof(copy), "%s/landlordd", getenv("HOME"));
	to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ck_assert(from >= 0 && to >= 0);
	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	ck_assert_int_eq(fchmod(to, 0755), 0);
	close(from);
	close(to);
	landlordd = copy;
}

/*
 * A user's daemon answers that user and root. But what root supervises is not
 * decided by a user's daemon, so our client does not speak to it.
 */
START_TEST(users_are_kept_apart)
{
	_cleanup_free_ char *directory = NULL, *path = NULL;

	if (geteuid() != 0) {
		printf("# skipped: not root\n");
		return;
	}
	open_home();
	ck_assert_int_eq(chown(getenv("HOME"), SOMEBODY, SOMEBODY), 0);
	copy_daemon();
	start_daemon_as(SOMEBODY, unconfined);
	ck_assert(hears(SOMEBODY));
	ck_assert(hears(0));
	ck_assert(!daemon_answers());
	/* Others are kept out also where the directory would let them in. */
	ck_assert_int_eq(control_socket_path(&path), 0);
	directory = strndup(path, (size_t)(strrchr(path, '/') - path));
	ck_assert_int_eq(chmod(getenv("HOME"), 0755), 0);
	ck_assert_int_eq(chmod(directory, 0755), 0);
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert(!hears(A_STRANGER));
	ck_assert(hears(SOMEBODY));
	close_world();
}
END_TEST

#define LONG_NAME (64 * 1024)

/* Names and paths of any length are carried, or refused as a whole. */
START_TEST(giant_strings_are_refused)
{
	_cleanup_free_ char *name = malloc(LONG_NAME + 1);
	static struct monitor monitor;

	ck_assert_ptr_nonnull(name);
	memset(name, 'a', LONG_NAME);
	name[LONG_NAME] = '\0';
	open_world();
	ck_assert_int_lt(open_monitor(&monitor, name, 60, false), 0);
	check_alive();
	close_world();
}
END_TEST

UNIT_MAIN("clients", garbage_harms_only_its_sender,
	  a_message_that_is_too_long_is_refused, bad_calls_get_errors,
	  a_handed_over_connection_is_refused, giant_strings_are_refused,
	  users_are_kept_apart);
