/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An agent, written after landlord-control(7) alone, with sd-bus:
 *
 *	bus-agent SOCKET [PATH]
 *
 * subscribes, says "subscribed", then for each question "asked APP CALL PATH",
 * and "withdrawn" for one that ends. With PATH it hangs on that UNIX socket.
 * For each line that it reads:
 *
 *	OUTCOME LIFETIME	answers the last question, both as numbers of a
 *				DECISION; says "refused" and the error's name if
 *				that is not taken
 *	?			says "may" or "may not", and what the asker
 *				reaches
 *	+ APP			gives the app a rule; says "added", or "refused"
 *	= APP			says "may change" or "may not change" its rules
 *	P			puts the last question off; says "postponed"
 *	S			stops who asked it; says "stopped"
 *
 * Ends with its input. Exits with 1 after the error's name and sentence when it
 * is not taken as an agent.
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define NAME "org.landlord.Supervisor1"
#define PATH "/org/landlord/Supervisor1"
#define OBJECT "(yayxxxb)"
#define REQUEST "ttxxtuayaya(xay)aya(" OBJECT "t)"

static uint64_t question; /* the last one asked */
static int64_t deadline;  /* of it */

/* An array of bytes that ends with none; it has to be printed with a length. */
static int read_bytes(sd_bus_message *m, const char **ret, int *ret_length)
{
	size_t length = 0;
	const void *bytes = NULL;
	int result = sd_bus_message_read_array(m, 'y', &bytes, &length);

	*ret = length ? bytes : "";
	*ret_length = (int)length;
	return result;
}

/* The system call, and the path of the first object. */
static int read_request(sd_bus_message *m)
{
	const char *call, *path;
	int call_length, path_length, result;

	result = sd_bus_message_enter_container(m, 'r', REQUEST);
	if (result >= 0) /* id ... ancestors */
		result = sd_bus_message_skip(m, "ttxxtuayaya(xay)");
	if (result >= 0)
		result = read_bytes(m, &call, &call_length);
	if (result >= 0)
		result =
			sd_bus_message_enter_container(m, 'a', "(" OBJECT "t)");
	if (result >= 0)
		result = sd_bus_message_enter_container(m, 'r', OBJECT "t");
	if (result >= 0)
		result = sd_bus_message_enter_container(m, 'r', "yayxxxb");
	if (result >= 0)
		result = sd_bus_message_skip(m, "y");
	if (result >= 0)
		result = read_bytes(m, &path, &path_length);
	if (result >= 0)
		printf(" %.*s %.*s\n", call_length, call, path_length, path);
	return result;
}

static int on_ask(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *app, *supervisor;
	int app_length, supervisor_length, result;
	uint32_t waiting;

	(void)userdata;
	(void)error;
	result = sd_bus_message_read(m, "t", &question);
	if (result >= 0)
		result = read_bytes(m, &app, &app_length);
	if (result >= 0)
		result = read_bytes(m, &supervisor, &supervisor_length);
	if (result >= 0)
		result = sd_bus_message_read(m, "ux", &waiting, &deadline);
	if (result >= 0 && (waiting < 1 || deadline < 0))
		result = -EBADMSG;
	if (result >= 0) {
		printf("asked %.*s", app_length, app);
		result = read_request(m);
	}
	fflush(stdout);
	return result < 0 ? result : sd_bus_reply_method_return(m, "");
}

static int on_withdraw(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	uint64_t id;
	int result = sd_bus_message_read(m, "t", &id);

	(void)userdata;
	(void)error;
	if (result < 0)
		return result;
	puts(id == question ? "withdrawn" : "withdrawn another");
	fflush(stdout);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable agent[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Ask", "tayayux(" REQUEST ")", "", on_ask,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Withdraw", "t", "", on_withdraw,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

static int new_call(sd_bus *bus, const char *method, sd_bus_message **ret)
{
	return sd_bus_message_new_method_call(bus, ret, NULL, PATH, NAME,
					      method);
}

/* Sends a call; an error of the daemon's is said and is none here. */
static int call(sd_bus *bus, sd_bus_message *m, const char *done)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int result = sd_bus_call(bus, m, 0, &error, NULL);

	if (result < 0 && error.name) {
		printf("refused %s\n", error.name);
		result = 0;
	} else if (result >= 0 && done) {
		puts(done);
	}
	fflush(stdout);
	sd_bus_error_free(&error);
	sd_bus_message_unref(m);
	return result;
}

static int decide(sd_bus *bus, unsigned int outcome, unsigned int lifetime)
{
	sd_bus_message *m = NULL;
	int result = new_call(bus, "Decide", &m);

	if (result >= 0)
		result = sd_bus_message_append(m, "t(yyxaytay)", question,
					       outcome, lifetime, (int64_t)0, 0,
					       (uint64_t)0, 3, 'm', 'e', '!');
	return result < 0 ? result : call(bus, m, NULL);
}

static int say_may_allow(sd_bus *bus)
{
	sd_bus_message *reply = NULL;
	const char *reached = "";
	int may, length = 0;
	int result = sd_bus_call_method(bus, NULL, PATH, NAME, "MayAllow", NULL,
					&reply, "t", question);

	if (result >= 0)
		result = sd_bus_message_read(reply, "b", &may);
	if (result >= 0)
		result = read_bytes(reply, &reached, &length);
	if (result >= 0)
		printf("may%s %.*s\n", may ? "" : " not", length, reached);
	fflush(stdout);
	sd_bus_message_unref(reply);
	return result;
}

/* A rule of the user's: files may be read, for good. */
static int add_rule(sd_bus *bus, const char *app)
{
	sd_bus_message *m = NULL;
	int result = new_call(bus, "AddRules", &m);

	if (result >= 0)
		result = sd_bus_message_append_array(m, 'y', app, strlen(app));
	if (result >= 0)
		result = sd_bus_message_append(
			m, "a(yyt" OBJECT "bxtxayay)b", 1, 1, 1, (uint64_t)4, 0,
			4, '/', 'e', 't', 'c', (int64_t)0, (int64_t)0,
			(int64_t)0, 0, 1, (int64_t)0, (uint64_t)0, (int64_t)0,
			0, 0, 1);
	return result < 0 ? result : call(bus, m, "added");
}

static int say_may_change(sd_bus *bus, const char *app)
{
	sd_bus_message *m = NULL, *reply = NULL;
	int may, result = new_call(bus, "MayChange", &m);

	if (result >= 0)
		result = sd_bus_message_append_array(m, 'y', app, strlen(app));
	if (result >= 0)
		result = sd_bus_call(bus, m, 0, NULL, &reply);
	if (result >= 0)
		result = sd_bus_message_read(reply, "b", &may);
	if (result >= 0)
		puts(may ? "may change" : "may not change");
	fflush(stdout);
	sd_bus_message_unref(m);
	sd_bus_message_unref(reply);
	return result;
}

/* Puts off what was asked last, and says whether that was for longer. */
static int postpone(sd_bus *bus)
{
	sd_bus_message *reply = NULL;
	int64_t until;
	int result = sd_bus_call_method(bus, NULL, PATH, NAME, "Postpone", NULL,
					&reply, "t", question);

	if (result >= 0)
		result = sd_bus_message_read(reply, "x", &until);
	if (result >= 0)
		puts(until > deadline ? "postponed" : "not postponed");
	fflush(stdout);
	sd_bus_message_unref(reply);
	return result;
}

static int stop(sd_bus *bus)
{
	sd_bus_message *m = NULL;
	int result = new_call(bus, "Stop", &m);

	if (result >= 0)
		result = sd_bus_message_append(m, "t", question);
	return result < 0 ? result : call(bus, m, "stopped");
}

static int obey(sd_bus *bus, const char *line)
{
	unsigned int outcome, lifetime;
	char app[64];

	if (line[0] == '?')
		return say_may_allow(bus);
	if (line[0] == 'P')
		return postpone(bus);
	if (line[0] == 'S')
		return stop(bus);
	if (sscanf(line, "+ %63s", app) == 1)
		return add_rule(bus, app);
	if (sscanf(line, "= %63s", app) == 1)
		return say_may_change(bus, app);
	if (sscanf(line, "%u %u", &outcome, &lifetime) == 2)
		return decide(bus, outcome, lifetime);
	return -EINVAL;
}

/* Returns: 0 when the input has ended. */
static int serve(sd_bus *bus)
{
	struct pollfd polls[] = {{.fd = 0, .events = POLLIN},
				 {.fd = sd_bus_get_fd(bus), .events = POLLIN}};
	char line[64];
	int result;

	for (;;) {
		while ((result = sd_bus_process(bus, NULL)) > 0)
			;
		if (result < 0)
			return result;
		result = sd_bus_flush(bus);
		if (result < 0)
			return result;
		if (poll(polls, 2, -1) < 0)
			return -errno;
		if (!polls[0].revents)
			continue;
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		result = obey(bus, line);
		if (result < 0)
			return result;
	}
}

static int open_bus(const char *socket, sd_bus **ret)
{
	char address[256];
	int result = sd_bus_new(ret);

	snprintf(address, sizeof(address), "unix:path=%s", socket);
	if (result >= 0)
		result = sd_bus_set_address(*ret, address);
	return result < 0 ? result : sd_bus_start(*ret);
}

/* Who may connect to a socket makes this agent say what he likes. */
static int hang_on(sd_bus *bus, const char *path, sd_bus_error *error)
{
	const uint64_t resolve_unix = UINT64_C(1) << 16;
	sd_bus_message *m = NULL;
	int result = new_call(bus, "HangOn", &m);

	if (result >= 0)
		result = sd_bus_message_open_container(m, 'a', "(" OBJECT "t)");
	if (result >= 0)
		result = sd_bus_message_open_container(m, 'r', OBJECT "t");
	if (result >= 0)
		result = sd_bus_message_open_container(m, 'r', "yayxxxb");
	if (result >= 0)
		result = sd_bus_message_append(m, "y", 0);
	if (result >= 0)
		result =
			sd_bus_message_append_array(m, 'y', path, strlen(path));
	if (result >= 0)
		result = sd_bus_message_append(m, "xxxb", (int64_t)0,
					       (int64_t)0, (int64_t)0, 0);
	if (result >= 0)
		result = sd_bus_message_close_container(m);
	if (result >= 0)
		result = sd_bus_message_append(m, "t", resolve_unix);
	if (result >= 0)
		result = sd_bus_message_close_container(m);
	if (result >= 0)
		result = sd_bus_message_close_container(m);
	if (result >= 0)
		result = sd_bus_call(bus, m, 0, error, NULL);
	sd_bus_message_unref(m);
	return result;
}

int main(int argc, char *argv[])
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	int result = argc == 2 || argc == 3 ? open_bus(argv[1], &bus) : -EINVAL;

	setvbuf(stdin, NULL, _IONBF, 0);
	if (result >= 0)
		result = sd_bus_add_object_vtable(
			bus, NULL, "/org/landlord/Agent1",
			"org.landlord.Agent1", agent, NULL);
	if (result >= 0 && argc == 3)
		result = hang_on(bus, argv[2], &error);
	if (result >= 0)
		result = sd_bus_call_method(bus, NULL, PATH, NAME, "Subscribe",
					    &error, NULL, "");
	if (result >= 0) {
		puts("subscribed");
		fflush(stdout);
		result = serve(bus);
	}
	if (result < 0)
		fprintf(stderr, "%s: %s\n", error.name ? error.name : "error",
			error.message ? error.message : strerror(-result));
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return result < 0 ? 1 : 0;
}
