/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What landlordd was told on its command line.
 */
#pragma once

#include <stdbool.h>

#define OPTIONS_PLUGINS_MAX 8

struct plugin_option {
	bool exec;	      /* a helper program, else a shared object */
	const char *argument; /* its path */
};

struct daemon_options {
	int timeout_seconds; /* 0: as configured */
	bool verbose;
	bool confine;
	struct plugin_option plugins[OPTIONS_PLUGINS_MAX];
	int plugins_count;
};

/*
 * Returns: 0 to go on; 1 when all was said (--help, --version); -EINVAL when
 * one line has told what was expected.
 */
int daemon_options_parse(int argc, char *argv[], struct daemon_options *ret);
