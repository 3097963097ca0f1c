/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Details of a denial, for the record and for who is asked: what the object is, how
 * it was to be used, and by which name the program called it. Nothing is judged by
 * them.
 */
#pragma once

#include "core/request.h"
#include "engine/judge.h"
#include "supervised/denial.h"
#include "supervised/parked.h"

/*
 * Adds what is known to a request that was made of what is missing.
 * @accesses: of the denial
 * Returns: 0 or -ENOMEM.
 */
int details_add(const struct denial *denial, const struct parked *parked,
		const struct accesses *accesses,
		const struct judged_detail *detail, struct request *ret);
