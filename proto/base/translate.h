/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for translators. Those that are marked are found by xgettext(1), stand
 * as they are, and are looked up by whoever shows them: so far the desktop alone
 * (desktop/dialog/, and po/ at the top of the tree).
 */
#pragma once

#define N_(text) text
