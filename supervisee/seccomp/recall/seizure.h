/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the threads of a tree are found, and come into a herd. */
#pragma once

struct herd;

/* Seizes whoever is found, and says in herd->found whether that was anybody. */
void seizure_round(struct herd *herd);

/* Kills who has not been seized; the others are held, and need not die. */
void seizure_kill_rest(struct herd *herd);
