/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests as JSON: in the record, and for helper programs.
 */
#pragma once

#include <jansson.h>

#include "core/request.h"

/* An escaped JSON string of any bytes (see base/escape.h). */
json_t *json_bytes(const char *bytes);

/*
 * {"pid": 1, "exe": "...", "operation": "...", "accesses":
 *  [{"rights": "fs.read_file", "object": "/..."}]}
 * Returns: NULL when memory is short.
 */
json_t *request_json(const struct request *request);
