/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: every event of the audit log, with fields to filter by
 * (LANDLORD_EVENT, LANDLORD_APP, LANDLORD_DOMAIN, LANDLORD_DETAIL), when
 * systemd has started the daemon.
 */
#pragma once

#include "supervision/audit_log.h"

/* Follows an audit log, which may be NULL. */
void journal_follow(struct audit_log *audit_log);
