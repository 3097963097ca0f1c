/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The abstract address at which a supervised program finds the supervisor of
 * its tree (see nest.h). No socket is bound to it: the supervisor sees the
 * call and answers it itself.
 */
#pragma once

#define NEST_ADDRESS "landlord/nest"
