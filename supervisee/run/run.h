/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `landlord run`. */
#pragma once

/* @argv: the verb and its arguments. Returns: the exit status. */
int run_main(int argc, char **argv);
