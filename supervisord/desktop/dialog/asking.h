/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking: questions come from the daemon, are shown to a person one after
 * another, and answers go back. What nobody answered stays listed, to be
 * allowed after all.
 */
#pragma once

#include <glib.h>

struct asking;

/*
 * @fd: the connection to whoever started the dialog; taken
 * @loop: ended when there has been no question for a while; borrowed
 * Returns: 0 or a negative errno.
 */
int asking_new(struct asking **ret, int fd, GMainLoop *loop);

/* Takes NULL; always returns NULL. */
struct asking *asking_free(struct asking *asking);
