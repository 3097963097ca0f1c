/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names on the control socket; org.landlord.Supervisor1.xml says what each
 * means, in D-Bus introspection form.
 */
#pragma once

#define BUS_SOCKET_NAME "control"
#define BUS_NAME "org.landlord.Supervisor1" /* on the session bus: Ping */
/* On the session bus: to have the desktop's agent started, no more. */
#define BUS_DESKTOP_NAME "org.landlord.Desktop1"
#define BUS_SUPERVISOR_PATH "/org/landlord/Supervisor1"
#define BUS_SUPERVISOR "org.landlord.Supervisor1"
#define BUS_MONITOR_PATH "/org/landlord/Monitor1"
#define BUS_MONITOR "org.landlord.Monitor1"
#define BUS_AGENT_PATH "/org/landlord/Agent1"
#define BUS_AGENT "org.landlord.Agent1"

/* The caller would decide for itself (EDEADLK). */
#define BUS_ERROR_DEADLOCK "org.landlord.Error.Deadlock"
/* There is no such app, rule, question or domain (ENOENT). */
#define BUS_ERROR_UNKNOWN "org.landlord.Error.Unknown"
/* The message does not say what it must (EINVAL). */
#define BUS_ERROR_INVALID "org.landlord.Error.Invalid"
/* The rules could not be committed to a domain; nothing has changed (EIO). */
#define BUS_ERROR_COMMIT "org.landlord.Error.CommitFailed"
/* The connection has done already, or has not yet done, what this needs
 * (EBUSY). */
#define BUS_ERROR_STATE "org.landlord.Error.State"

/*
 * How the line begins that a daemon without room sends instead of a greeting;
 * the reason follows, and CR LF.
 */
#define BUS_REFUSAL "ERROR "

/* A message to the daemon is no longer than this. */
#define BUS_MESSAGE_MAX (1024 * 1024)

/* Wire forms of the core's values; see control/wire.h. */
#define BUS_PING "sxuu"
#define BUS_OBJECT "(yayxxxb)"
#define BUS_RULE "(yyt" BUS_OBJECT "bxtxayay)"
#define BUS_ACCESS "(" BUS_OBJECT "t)"
#define BUS_REQUEST "(ttxxtuayaya(xay)aya" BUS_ACCESS ")"
#define BUS_DECISION "(yyxaytay)"
#define BUS_DOMAIN "(tayaaysxxbxttttt)"
#define BUS_QUESTION "(taytux" BUS_REQUEST ")"
