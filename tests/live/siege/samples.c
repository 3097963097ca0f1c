/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors and memory: of the programs' monitors that stay, together, and of
 * the daemon. They may not grow.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "siege.h"

enum column {
	MONITORS_DESCRIPTORS,
	MONITORS_KB,
	DAEMON_DESCRIPTORS,
	DAEMON_KB,
	COLUMNS,
};

static const struct {
	const char *name;
	long slack; /* besides a tenth */
} columns[COLUMNS] = {
	[MONITORS_DESCRIPTORS] = {"monitors, descriptors", 64},
	[MONITORS_KB] = {"monitors, private kB", 4096},
	[DAEMON_DESCRIPTORS] = {"daemon, descriptors", 32},
	[DAEMON_KB] = {"daemon, private kB", 2048},
};

static struct sample {
	long of[COLUMNS];
} * samples;

static size_t samples_count;

static long count_descriptors(pid_t pid)
{
	char path[64];
	long count = 0;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	directory = opendir(path);
	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

static long count_kb(pid_t pid)
{
	char path[64], line[256];
	long sum = 0, kb;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in))
		if (strncmp(line, "Private_", 8) == 0 &&
		    sscanf(strchr(line, ':') + 1, "%ld", &kb) == 1)
			sum += kb;
	if (in)
		fclose(in);
	return sum;
}

static bool is_landlord(pid_t pid)
{
	char path[64], name[32] = "";
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	in = fopen(path, "r");
	if (!in)
		return false;
	if (fscanf(in, "%31s", name) != 1)
		name[0] = '\0';
	fclose(in);
	return strncmp(name, "landlord", 8) == 0;
}

/* Adds a process and those beneath it that are Landlord's. */
static void add_tree(struct sample *sample, pid_t pid)
{
	char path[64];
	int child;
	FILE *in;

	if (!is_landlord(pid))
		return;
	sample->of[MONITORS_DESCRIPTORS] += count_descriptors(pid);
	sample->of[MONITORS_KB] += count_kb(pid);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	in = fopen(path, "r");
	while (in && fscanf(in, "%d", &child) == 1)
		add_tree(sample, child);
	if (in)
		fclose(in);
}

void take_sample(struct siege *siege)
{
	struct sample *sample;

	samples = realloc(samples, (samples_count + 1) * sizeof(*samples));
	if (!samples)
		abort();
	sample = &samples[samples_count++];
	*sample = (struct sample){0};
	for (unsigned int i = 0; i < siege->programs_count; i++)
		if (siege->programs[i].stays)
			add_tree(sample, siege->programs[i].pid);
	if (siege->daemon > 0) {
		sample->of[DAEMON_DESCRIPTORS] =
			count_descriptors(siege->daemon);
		sample->of[DAEMON_KB] = count_kb(siege->daemon);
	}
	said(siege, "sample: monitors %ld descriptors, %ld kB; daemon %ld, %ld",
	     sample->of[0], sample->of[1], sample->of[2], sample->of[3]);
}

static long largest(enum column column, size_t from, size_t to)
{
	long most = 0;

	for (size_t i = from; i < to; i++)
		if (samples[i].of[column] > most)
			most = samples[i].of[column];
	return most;
}

void compare_samples(struct siege *siege)
{
	const size_t count = samples_count;

	if (count < 8) {
		failed(siege, "only %zu samples", count);
		return;
	}
	for (int i = 0; i < COLUMNS; i++) {
		const long early = largest(i, count / 4, count / 2);
		const long late = largest(i, count * 3 / 4, count);

		printf("# %s: %ld in the second quarter, %ld in the last\n",
		       columns[i].name, early, late);
		if (late > early + early / 10 + columns[i].slack)
			failed(siege, "%s grow", columns[i].name);
	}
	free(samples);
}
