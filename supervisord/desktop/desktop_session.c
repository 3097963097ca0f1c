/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a window of this session hangs on.
 */
#include "desktop/desktop_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/client.h"
#include "control/wire_parts.h"
#include "supervision/strings.h"

#define X_SOCKETS "/tmp/.X11-unix"
#define X_PORTS 6000

static int append(sd_bus_message *m, const struct object *object,
		  rights_t rights)
{
	TRY(sd_bus_message_open_container(m, 'r', BUS_OBJECT "t"));
	TRY(wire_append_object(m, object));
	TRY(sd_bus_message_append(m, "t", rights));
	return sd_bus_message_close_container(m);
}

/* A socket or device, by what it is called and by what it is. */
static int append_path(sd_bus_message *m, const char *path, rights_t rights)
{
	_cleanup_free_ char *resolved = realpath(path, NULL);
	struct object object;
	int result;

	for (int i = 0; i < 2; i++) {
		const char *const name = i ? resolved : path;

		if (!name || (i && strcmp(resolved, path) == 0))
			continue;
		result = object_init_path(&object, name);
		if (result < 0)
			return result;
		result = append(m, &object, rights);
		object_finish(&object);
		if (result < 0)
			return result;
	}
	return 0;
}

static int append_abstract(sd_bus_message *m, const char *name, size_t length)
{
	struct object object;
	int result = object_init_abstract(&object, name, length);

	if (result < 0)
		return result;
	result = append(m, &object, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET);
	object_finish(&object);
	return result;
}

/* DISPLAY: ":0", "host:0.1", "unix:0" or the path of a socket. */
static int append_x11(sd_bus_message *m)
{
	const char *const display = getenv("DISPLAY");
	const char *const colon = display ? strrchr(display, ':') : NULL;
	struct object port = {.type = OBJECT_PORT};
	char path[64];
	int number;

	if (!display || !display[0])
		return 0;
	if (display[0] == '/')
		return append_path(m, display, RIGHT_FS_RESOLVE_UNIX);
	if (!colon || sscanf(colon, ":%d", &number) != 1 || number < 0 ||
	    number > UINT16_MAX - X_PORTS)
		return -EINVAL;
	snprintf(path, sizeof(path), X_SOCKETS "/X%d", number);
	TRY(append_path(m, path, RIGHT_FS_RESOLVE_UNIX));
	TRY(append_abstract(m, path, strlen(path)));
	port.port = (uint16_t)(X_PORTS + number);
	return append(m, &port, RIGHT_NET_CONNECT_TCP);
}

static int append_wayland(sd_bus_message *m)
{
	const char *const display = getenv("WAYLAND_DISPLAY");
	const char *const runtime = getenv("XDG_RUNTIME_DIR");
	_cleanup_free_ char *path = NULL;

	if (!display || !display[0])
		return 0;
	if (display[0] == '/')
		return append_path(m, display, RIGHT_FS_RESOLVE_UNIX);
	if (!runtime || asprintf(&path, "%s/%s", runtime, display) < 0) {
		path = NULL;
		return runtime ? -ENOMEM : -EINVAL;
	}
	return append_path(m, path, RIGHT_FS_RESOLVE_UNIX);
}

/* One address of a bus: "unix:path=/run/user/1000/bus,guid=...". */
static int append_bus_address(sd_bus_message *m, const char *address)
{
	static const char path[] = "path=", abstract[] = "abstract=";
	const char *const start = strchr(address, ':');
	_cleanup_free_ char *copy = strdup(start ? start + 1 : "");
	char *rest = copy, *part;

	if (!copy)
		return -ENOMEM;
	while ((part = strsep(&rest, ","))) {
		if (strncmp(part, path, strlen(path)) == 0)
			TRY(append_path(m, part + strlen(path),
					RIGHT_FS_RESOLVE_UNIX));
		else if (strncmp(part, abstract, strlen(abstract)) == 0)
			TRY(append_abstract(m, part + strlen(abstract),
					    strlen(part) - strlen(abstract)));
	}
	return 0;
}

static int append_session_bus(sd_bus_message *m)
{
	const char *const addresses = getenv("DBUS_SESSION_BUS_ADDRESS");
	_cleanup_free_ char *copy = strdup(addresses ? addresses : "");
	char *rest = copy, *address;

	if (!copy)
		return -ENOMEM;
	while ((address = strsep(&rest, ";")))
		TRY(append_bus_address(m, address));
	return 0;
}

int desktop_session_tell(sd_bus *daemon, const char *also, char **ret_sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	TRY(client_call_new(daemon, "HangOn", &m));
	TRY(sd_bus_message_open_container(m, 'a', BUS_ACCESS));
	TRY(append_x11(m));
	TRY(append_wayland(m));
	TRY(append_session_bus(m));
	TRY(append_path(m, "/dev/uinput", RIGHTS_WRITE));
	if (also)
		TRY(append_path(m, also, RIGHT_FS_RESOLVE_UNIX));
	TRY(sd_bus_message_close_container(m));
	return client_call(daemon, m, NULL, ret_sentence);
}

/* What a session says of itself, and nothing that loads code or looks. */
static const char *const handed_on[] = {
	"DISPLAY",
	"WAYLAND_DISPLAY",
	"XAUTHORITY",
	"XDG_RUNTIME_DIR",
	"XDG_CURRENT_DESKTOP",
	"DBUS_SESSION_BUS_ADDRESS",
	"LANG",
	"LANGUAGE",
	"LC_ALL",
	"LC_CTYPE",
	"LC_MESSAGES",
	"GDK_BACKEND",
	"GDK_SCALE",
	"GDK_DPI_SCALE",
	"GTK_A11Y",
	"ADW_DEBUG_COLOR_SCHEME",
	"ADW_DEBUG_HIGH_CONTRAST",
	"ASAN_OPTIONS",
};

/* There is no such directory, and nobody can make one. */
#define NOWHERE "/proc/landlord"

static const char *const fixed[] = {
	"PATH=/usr/bin:/bin",
	"HOME=" NOWHERE,
	"XDG_CONFIG_HOME=" NOWHERE,
	"XDG_DATA_HOME=" NOWHERE,
	"XDG_CACHE_HOME=" NOWHERE,
	"XDG_STATE_HOME=" NOWHERE,
	"XDG_CONFIG_DIRS=/etc/xdg",
	"XDG_DATA_DIRS=/usr/local/share:/usr/share",
	"GSETTINGS_BACKEND=memory",
	/* A dialog needs no graphics card, and starts sooner without. */
	"GSK_RENDERER=cairo",
	"GDK_DEBUG=gl-disable",
};

static int add(char **environment, size_t *count, const char *name,
	       const char *value)
{
	if (!value)
		return 0;
	if (asprintf(&environment[*count], "%s=%s", name, value) < 0) {
		environment[*count] = NULL;
		return -ENOMEM;
	}
	++*count;
	return 0;
}

char **desktop_session_environment(void)
{
	char **const environment = calloc(
		ARRAY_SIZE(handed_on) + ARRAY_SIZE(fixed) + 3, sizeof(char *));
	const char *const home = getenv("HOME");
	_cleanup_free_ char *authority = NULL;
	size_t count = 0;
	int error = environment ? 0 : -ENOMEM;

	for (size_t i = 0; !error && i < ARRAY_SIZE(handed_on); i++)
		error = add(environment, &count, handed_on[i],
			    getenv(handed_on[i]));
	for (size_t i = 0; !error && i < ARRAY_SIZE(fixed); i++) {
		environment[count] = strdup(fixed[i]);
		error = environment[count] ? 0 : -ENOMEM;
		count += !error;
	}
	if (!error)
		error = add(environment, &count, "LANDLORD_HOME", home);
	/* Where it is by default follows HOME. */
	if (!error && home && !getenv("XAUTHORITY")) {
		if (asprintf(&authority, "%s/.Xauthority", home) < 0)
			authority = NULL;
		error = authority ? add(environment, &count, "XAUTHORITY",
					authority)
				  : -ENOMEM;
	}
	return error ? strings_free(environment) : environment;
}
