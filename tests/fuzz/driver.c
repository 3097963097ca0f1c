/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target without libFuzzer: every file of a corpus, then random
 * mutations of them for some seconds. The target runs in a child, the input in
 * shared memory; when the child dies its input is kept as "crash-SEED".
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define INPUT_MAX 16384
#define CORPUS_MAX 128

struct input {
	size_t size;
	uint8_t data[INPUT_MAX];
};

static struct input corpus[CORPUS_MAX];
static size_t corpus_count;

/* xorshift64*; the seed is printed, so that a run can be repeated. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d) >> 16;
}

static void read_input(const char *directory, const char *name)
{
	struct input *const input = &corpus[corpus_count];
	char path[4096];
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	in = fopen(path, "rb");
	if (!in)
		return;
	input->size = fread(input->data, 1, INPUT_MAX, in);
	fclose(in);
	corpus_count++;
}

static int read_corpus(const char *directory)
{
	DIR *const entries = opendir(directory);
	const struct dirent *entry;

	if (!entries) {
		perror(directory);
		return -1;
	}
	while (corpus_count < CORPUS_MAX && (entry = readdir(entries)))
		if (entry->d_name[0] != '.')
			read_input(directory, entry->d_name);
	closedir(entries);
	return 0;
}

/* Puts @size bytes of @from in at a random place, moving what follows. */
static void insert(struct input *input, const uint8_t *from, size_t size,
		   uint64_t *seed)
{
	const size_t at = next_random(seed) % (input->size + 1);

	if (size > INPUT_MAX - input->size)
		size = INPUT_MAX - input->size;
	memmove(input->data + at + size, input->data + at, input->size - at);
	memcpy(input->data + at, from, size);
	input->size += size;
}

static void erase(struct input *input, uint64_t *seed)
{
	const size_t at = next_random(seed) % input->size;
	size_t size = 1 + next_random(seed) % 16;

	if (size > input->size - at)
		size = input->size - at;
	memmove(input->data + at, input->data + at + size,
		input->size - at - size);
	input->size -= size;
}

static void mutate(struct input *input, uint64_t *seed)
{
	static const uint8_t special[] = "\0\n\r\t\"\\[]{}=;#$~/.*?,:@\x7f\xff"
					 "\xe2\x80\xae";
	const struct input *const other =
		&corpus[next_random(seed) % corpus_count];
	size_t from, size;

	switch (next_random(seed) % 6) {
	case 0:
		if (input->size > 0)
			input->data[next_random(seed) % input->size] ^=
				1 << next_random(seed) % 8;
		break;
	case 1:
		if (input->size > 0)
			erase(input, seed);
		break;
	case 2:
		insert(input,
		       &special[next_random(seed) % (sizeof(special) - 1)], 1,
		       seed);
		break;
	case 3:
		if (input->size > 0)
			input->size = next_random(seed) % input->size;
		break;
	default:
		if (other->size == 0)
			break;
		from = next_random(seed) % other->size;
		size = 1 + next_random(seed) % (other->size - from);
		insert(input, other->data + from, size, seed);
		break;
	}
}

/* In the child; ends by exit(3) or by what the target does wrong. */
static void run_target(struct input *input, uint64_t seed, int seconds)
{
	const time_t end = time(NULL) + seconds;
	unsigned long runs = 0;

	for (size_t i = 0; i < corpus_count; i++) {
		*input = corpus[i];
		LLVMFuzzerTestOneInput(input->data, input->size);
	}
	while (time(NULL) < end) {
		*input = corpus[next_random(&seed) % corpus_count];
		for (uint64_t i = next_random(&seed) % 8; i > 0; i--)
			mutate(input, &seed);
		LLVMFuzzerTestOneInput(input->data, input->size);
		runs++;
	}
	printf("%zu inputs, %lu mutations\n", corpus_count, runs);
	exit(EXIT_SUCCESS);
}

static void keep_input(const struct input *input, uint64_t seed)
{
	char name[64];
	FILE *out;

	snprintf(name, sizeof(name), "crash-%llu", (unsigned long long)seed);
	out = fopen(name, "wb");
	if (!out || fwrite(input->data, 1, input->size, out) != input->size)
		perror(name);
	else
		fprintf(stderr, "input kept as %s\n", name);
	if (out)
		fclose(out);
}

int main(int argc, char *argv[])
{
	struct input *const input =
		mmap(NULL, sizeof(*input), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t seed;
	int status;
	pid_t pid;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: %s SECONDS CORPUS [SEED]\n", argv[0]);
		return 2;
	}
	seed = argc == 4 ? strtoull(argv[3], NULL, 10) : (uint64_t)time(NULL);
	seed |= 1;
	if (input == MAP_FAILED || read_corpus(argv[2]) < 0)
		return EXIT_FAILURE;
	if (corpus_count == 0)
		corpus_count = 1; /* the empty input */
	printf("seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_target(input, seed, atoi(argv[1]));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return EXIT_FAILURE;
	if (status == 0)
		return EXIT_SUCCESS;
	keep_input(input, seed);
	return EXIT_FAILURE;
}
