/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `landlord`, run beside the manager's loop: see landlord_command.h.
 */
#include "desktop/manager/landlord_command.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "base/cleanup.h"
#include "control/client.h"
#include "control/try.h"
#include "control/wire.h"
#include "desktop/desktop_session.h"
#include "desktop/dialog/dialog_text.h"
#include "store/grants.h"

/* So many lines of the log are shown: the last ones. */
#define LINES_MAX 10000

struct landlord_command {
	char **arguments;
	char *app; /* whose rules it changes; NULL: it reads */
	bool narrows;
	landlord_command_fn done;
	void *userdata;
	json_t *output;
	char *error;
};

static char **environment;
static char *state, *accessibility;

void landlord_command_init(void)
{
	_cleanup_free_ char *grants = NULL;

	environment = g_get_environ();
	if (grants_directory(&grants) == 0)
		state = g_path_get_dirname(grants);
	else
		state = g_strdup("/nonexistent");
}

void landlord_command_hang_on(const char *path)
{
	g_free(accessibility);
	accessibility = g_strdup(path);
}

const char *landlord_command_state(void)
{
	return state;
}

static void command_free(gpointer userdata)
{
	struct landlord_command *command = userdata;

	g_strfreev(command->arguments);
	g_free(command->app);
	json_decref(command->output);
	g_free(command->error);
	g_free(command);
}

/* --- In a thread of its own -------------------------------------- */

static int read_may_change(sd_bus *bus, const char *app, bool *ret,
			   char **ret_sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	int may;

	TRY(desktop_session_tell(bus, accessibility, ret_sentence));
	TRY(client_call_new(bus, "MayChange", &call));
	TRY(wire_append_bytes(call, app));
	TRY(client_call(bus, call, &reply, ret_sentence));
	TRY(sd_bus_message_read(reply, "b", &may));
	*ret = may;
	return 0;
}

/* Returns: NULL, or why it may not be changed from here. */
static char *check_change(const struct landlord_command *command)
{
	_cleanup_free_ char *sentence = NULL;
	sd_bus *bus = NULL;
	bool may = false;
	int error = client_open(&bus);

	if (!error)
		error = read_may_change(bus, command->app, &may, &sentence);
	else if (command->narrows &&
		 (error == -ENOENT || error == -ECONNREFUSED))
		return NULL;
	else
		sentence = strdup(client_why(error));
	if (bus)
		sd_bus_close_unref(bus);
	if (error)
		return g_strdup(sentence ? sentence : strerror(-error));
	if (may)
		return NULL;
	return g_strdup(_("A program of this app may reach this display, and "
			  "could press these buttons: it would decide for "
			  "itself. Change its rules on a terminal that is not "
			  "on this display."));
}

/* Where the last lines of a text begin. */
static const char *last_lines(const char *text, const char *end)
{
	size_t lines = 0;
	const char *line = end;

	while (line > text && lines <= LINES_MAX)
		lines += *--line == '\n';
	return line > text ? line + 1 : text;
}

/* One array, or objects a line, as the log is printed. */
static json_t *parse(const char *text, size_t size)
{
	json_t *output = json_loadb(text, size, 0, NULL);
	const char *const all = text + size;
	const char *line, *end;

	if (json_is_array(output))
		return output;
	json_decref(output);
	output = json_array();
	for (line = last_lines(text, all);
	     (end = memchr(line, '\n', (size_t)(all - line))); line = end + 1)
		json_array_append_new(
			output,
			json_loadb(line, (size_t)(end - line), 0, NULL));
	return output;
}

static void run(struct landlord_command *command)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
					  G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GBytes) out = NULL, err = NULL;
	g_autoptr(GError) error = NULL;
	const char *text;
	gsize size;

	g_subprocess_launcher_set_environ(launcher, environment);
	process = g_subprocess_launcher_spawnv(
		launcher, (const char *const *)command->arguments, &error);
	if (!process || !g_subprocess_communicate(process, NULL, NULL, &out,
						  &err, &error)) {
		command->error = g_strdup(error->message);
		return;
	}
	if (!g_subprocess_get_successful(process)) {
		text = g_bytes_get_data(err, &size);
		command->error = g_strchomp(g_strndup(text ? text : "", size));
		return;
	}
	text = g_bytes_get_data(out, &size);
	command->output = parse(text ? text : "", size);
}

static void in_thread(GTask *task, gpointer source, gpointer userdata,
		      GCancellable *cancellable)
{
	struct landlord_command *command = userdata;

	(void)source;
	(void)cancellable;
	if (command->app)
		command->error = check_change(command);
	if (!command->error)
		run(command);
	g_task_return_boolean(task, TRUE);
}

/* --- In the loop ------------------------------------------------- */

static void on_done(GObject *source, GAsyncResult *result, gpointer userdata)
{
	struct landlord_command *command = userdata;

	(void)source;
	(void)result;
	command->done(command->userdata, command->app ? NULL : command->output,
		      command->error);
	command_free(command);
}

/* The command lies beside this program. */
static char *find_command(void)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *directory =
		program ? g_path_get_dirname(program) : g_strdup("");

	return g_build_filename(directory, LANDLORD_BIN_DIR, "landlord", NULL);
}

static void start(const char *app, bool narrows, const char *const arguments[],
		  landlord_command_fn done, void *userdata)
{
	struct landlord_command *command = g_new0(struct landlord_command, 1);
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();
	g_autofree char *program = find_command();
	GTask *task;

	g_strv_builder_add(all, program);
	g_strv_builder_addv(all, (const char **)arguments);
	command->arguments = g_strv_builder_end(all);
	command->app = g_strdup(app);
	command->narrows = narrows;
	command->done = done;
	command->userdata = userdata;
	task = g_task_new(NULL, NULL, on_done, command);
	g_task_set_task_data(task, command, NULL);
	g_task_run_in_thread(task, in_thread);
	g_object_unref(task);
}

void landlord_command_read(const char *const arguments[],
			   landlord_command_fn done, void *userdata)
{
	start(NULL, false, arguments, done, userdata);
}

void landlord_command_change(const char *app, bool narrows,
			     const char *const arguments[],
			     landlord_command_fn done, void *userdata)
{
	start(app, narrows, arguments, done, userdata);
}
