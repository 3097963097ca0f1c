/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations, one a file.
 */
#pragma once

#include "operation/notif.h"

extern const struct operation operation_open;
extern const struct operation operation_exec;
extern const struct operation operation_mkdir;
extern const struct operation operation_mknod;
extern const struct operation operation_symlink;
extern const struct operation operation_remove;
extern const struct operation operation_rename;
extern const struct operation operation_link;
extern const struct operation operation_truncate;
extern const struct operation operation_ftruncate;
extern const struct operation operation_signal;
extern const struct operation operation_limit;
extern const struct operation operation_socket_create;
extern const struct operation operation_namespace;
extern const struct operation operation_owner;
extern const struct operation operation_ioctl;
extern const struct operation operation_trace;
extern const struct operation operation_capability;
extern const struct operation operation_mode;
extern const struct operation operation_ownership;
extern const struct operation operation_times;
extern const struct operation operation_attribute;
extern const struct operation operation_flags;
extern const struct operation operation_watch;
extern const struct operation operation_connect;
extern const struct operation operation_bind;
extern const struct operation operation_listen;
extern const struct operation operation_schedule;
extern const struct operation operation_ipc_get;
extern const struct operation operation_ipc_use;
extern const struct operation operation_queue_open;
extern const struct operation operation_queue_unlink;
extern const struct operation operation_membership;
extern const struct operation operation_sendto;
extern const struct operation operation_sendmsg;
