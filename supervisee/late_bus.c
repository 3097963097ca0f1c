/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libsystemd, loaded when it is first called: it brings six other libraries,
 * which together take longer to load than all the rest of `landlord run`, and
 * who decides without a daemon calls nothing of it.
 *
 * These are its functions, by its names, for the program that is not linked
 * with it: all that are called there. Another one that is called makes the
 * linker take the library after all, which a live test notices
 * (programs.loads_no_bus).
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-journal.h>

#define LIBRARY "libsystemd.so.0"

#define EACH(X)                            \
	X(sd_bus_add_object_vtable)        \
	X(sd_bus_call_async)               \
	X(sd_bus_close_unref)              \
	X(sd_bus_error_get_errno)          \
	X(sd_bus_error_has_name)           \
	X(sd_bus_error_set)                \
	X(sd_bus_get_events)               \
	X(sd_bus_get_fd)                   \
	X(sd_bus_get_timeout)              \
	X(sd_bus_is_open)                  \
	X(sd_bus_message_append_array)     \
	X(sd_bus_message_appendv)          \
	X(sd_bus_message_at_end)           \
	X(sd_bus_message_close_container)  \
	X(sd_bus_message_enter_container)  \
	X(sd_bus_message_exit_container)   \
	X(sd_bus_message_get_error)        \
	X(sd_bus_message_new_method_call)  \
	X(sd_bus_message_open_container)   \
	X(sd_bus_message_read_array)       \
	X(sd_bus_message_readv)            \
	X(sd_bus_message_ref)              \
	X(sd_bus_message_set_expect_reply) \
	X(sd_bus_message_unref)            \
	X(sd_bus_negotiate_fds)            \
	X(sd_bus_new)                      \
	X(sd_bus_process)                  \
	X(sd_bus_reply_method_returnv)     \
	X(sd_bus_send)                     \
	X(sd_bus_set_anonymous)            \
	X(sd_bus_set_fd)                   \
	X(sd_bus_set_trusted)              \
	X(sd_bus_slot_unref)               \
	X(sd_bus_start)                    \
	X(sd_journal_sendv_with_location)

#define MEMBER(name) __typeof__(name) *name;
#define NAME(name) #name,
#define ONE(name) +1

union functions {
	struct {
		EACH(MEMBER)
	};
	void *pointers[0 EACH(ONE)];
};

static const char *const names[] = {EACH(NAME)};
static union functions library;
static int missing; /* 0 or -ELIBACC */

static void load(void)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	missing = handle ? 0 : -ELIBACC;
	for (size_t i = 0; !missing && i < sizeof(names) / sizeof(*names);
	     i++) {
		library.pointers[i] = dlsym(handle, names[i]);
		missing = library.pointers[i] ? 0 : -ELIBACC;
	}
}

static int need(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return missing;
}

/* Those that return 0 or a negative errno. */
#define FORWARD(name, parameters, arguments)                      \
	int name parameters                                       \
	{                                                         \
		return need() ? missing : library.name arguments; \
	}

/* Those that take one object and return what is left of it. */
#define RELEASE(name, type)                                             \
	type *name(type *object)                                        \
	{                                                               \
		return object && !need() ? library.name(object) : NULL; \
	}

RELEASE(sd_bus_close_unref, sd_bus)
RELEASE(sd_bus_message_ref, sd_bus_message)
RELEASE(sd_bus_message_unref, sd_bus_message)
RELEASE(sd_bus_slot_unref, sd_bus_slot)

/* What SD_BUS_VTABLE_START() refers to, so that no older library is taken. */
const unsigned int sd_bus_object_vtable_format = 242;

FORWARD(sd_bus_new, (sd_bus * *ret), (ret))
FORWARD(sd_bus_start, (sd_bus * bus), (bus))
FORWARD(sd_bus_is_open, (sd_bus * bus), (bus))
FORWARD(sd_bus_get_fd, (sd_bus * bus), (bus))
FORWARD(sd_bus_get_events, (sd_bus * bus), (bus))
FORWARD(sd_bus_get_timeout, (sd_bus * bus, uint64_t *ret), (bus, ret))
FORWARD(sd_bus_set_fd, (sd_bus * bus, int in, int out), (bus, in, out))
FORWARD(sd_bus_set_trusted, (sd_bus * bus, int trusted), (bus, trusted))
FORWARD(sd_bus_set_anonymous, (sd_bus * bus, int anonymous), (bus, anonymous))
FORWARD(sd_bus_negotiate_fds, (sd_bus * bus, int fds), (bus, fds))
FORWARD(sd_bus_process, (sd_bus * bus, sd_bus_message **ret), (bus, ret))
FORWARD(sd_bus_send, (sd_bus * bus, sd_bus_message *m, uint64_t *cookie),
	(bus, m, cookie))
FORWARD(sd_bus_call_async,
	(sd_bus * bus, sd_bus_slot **slot, sd_bus_message *m,
	 sd_bus_message_handler_t callback, void *userdata, uint64_t usec),
	(bus, slot, m, callback, userdata, usec))
FORWARD(sd_bus_add_object_vtable,
	(sd_bus * bus, sd_bus_slot **slot, const char *path,
	 const char *interface, const sd_bus_vtable *vtable, void *userdata),
	(bus, slot, path, interface, vtable, userdata))

FORWARD(sd_bus_error_get_errno, (const sd_bus_error *error), (error))
FORWARD(sd_bus_error_has_name, (const sd_bus_error *error, const char *name),
	(error, name))
FORWARD(sd_bus_error_set,
	(sd_bus_error * error, const char *name, const char *message),
	(error, name, message))

FORWARD(sd_bus_message_new_method_call,
	(sd_bus * bus, sd_bus_message **ret, const char *destination,
	 const char *path, const char *interface, const char *member),
	(bus, ret, destination, path, interface, member))
FORWARD(sd_bus_message_set_expect_reply, (sd_bus_message * m, int expected),
	(m, expected))
FORWARD(sd_bus_message_at_end, (sd_bus_message * m, int complete),
	(m, complete))
FORWARD(sd_bus_message_open_container,
	(sd_bus_message * m, char type, const char *contents),
	(m, type, contents))
FORWARD(sd_bus_message_close_container, (sd_bus_message * m), (m))
FORWARD(sd_bus_message_enter_container,
	(sd_bus_message * m, char type, const char *contents),
	(m, type, contents))
FORWARD(sd_bus_message_exit_container, (sd_bus_message * m), (m))
FORWARD(sd_bus_message_append_array,
	(sd_bus_message * m, char type, const void *array, size_t size),
	(m, type, array, size))
FORWARD(sd_bus_message_read_array,
	(sd_bus_message * m, char type, const void **ret, size_t *ret_size),
	(m, type, ret, ret_size))
FORWARD(sd_journal_sendv_with_location,
	(const char *file, const char *line, const char *function,
	 const struct iovec *fields, int count),
	(file, line, function, fields, count))

const sd_bus_error *sd_bus_message_get_error(sd_bus_message *m)
{
	return need() ? NULL : library.sd_bus_message_get_error(m);
}

/* Those with any number of arguments. */
#define FORWARD_LIST(name, list, first, type)                            \
	int name(type *first, const char *types, ...)                    \
	{                                                                \
		va_list arguments;                                       \
		int result;                                              \
                                                                         \
		va_start(arguments, types);                              \
		result = need() ? missing                                \
				: library.list(first, types, arguments); \
		va_end(arguments);                                       \
		return result;                                           \
	}

FORWARD_LIST(sd_bus_message_append, sd_bus_message_appendv, m, sd_bus_message)
FORWARD_LIST(sd_bus_message_read, sd_bus_message_readv, m, sd_bus_message)
FORWARD_LIST(sd_bus_reply_method_return, sd_bus_reply_method_returnv, call,
	     sd_bus_message)
