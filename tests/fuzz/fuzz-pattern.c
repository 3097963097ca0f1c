/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns and paths, one a line, a pattern and a path in turn: all patterns
 * together match what each does alone, by the textbook; what is found to be one
 * has a sample that matches; and escaping takes nothing from a path.
 */
#include <stdbool.h>

#include "core/pattern_trie.h"
#include "fuzz.h"

#define PATTERNS_MAX 12
#define TEXT_MAX 64

static bool name_matches(const char *pattern, size_t length, const char *name,
			 size_t name_length)
{
	if (!length)
		return !name_length;
	if (*pattern == '*')
		return name_matches(pattern + 1, length - 1, name,
				    name_length) ||
		       (name_length && name_matches(pattern, length, name + 1,
						    name_length - 1));
	if (!name_length)
		return false;
	if (*pattern == '?')
		return name_matches(pattern + 1, length - 1, name + 1,
				    name_length - 1);
	if (*pattern == '\\') {
		pattern++;
		length--;
	}
	return *pattern == *name &&
	       name_matches(pattern + 1, length - 1, name + 1, name_length - 1);
}

/* Exponential: texts are short. */
static bool matches(const char *pattern, const char *path)
{
	const size_t length = *path ? strcspn(path + 1, "/") : 0;
	struct pattern_part part;
	const char *rest = pattern;

	if (!pattern_next(&rest, &part))
		return !*path;
	if (part.kind == PATTERN_DEEP)
		return matches(rest, path) ||
		       (*path && matches(pattern, path + 1 + length));
	return *path &&
	       name_matches(part.text, part.length, path + 1, length) &&
	       matches(rest, path + 1 + length);
}

/* Returns: whether the path is one. */
static bool walk(struct pattern_trie *patterns, const char *path,
		 struct pattern_states *ret)
{
	struct trie_key key = {
		.type = OBJECT_PATH,
		.bytes = path,
		.length = strlen(path),
	};
	struct trie_component name;
	enum trie_step step;

	pattern_trie_begin(patterns, ret);
	while ((step = trie_next(&key, &name)) == TRIE_STEP)
		pattern_trie_step(patterns, &name, ret);
	return step == TRIE_END;
}

static bool has(const struct pattern_states *states, uint32_t node)
{
	bool found = false;

	for (uint32_t i = 0; i < states->count; i++) {
		/* No state is there twice. */
		FUZZ_CHECK(!(found && states->items[i] == node));
		found |= states->items[i] == node;
	}
	return found;
}

static void check_path(struct pattern_trie *patterns, char *const *texts,
		       const uint32_t *nodes, size_t count, const char *path)
{
	struct pattern_states states;
	char *escaped;

	if (path[0] != '/' || !path[1] || strlen(path) > TEXT_MAX ||
	    !walk(patterns, path, &states))
		return;
	for (size_t i = 0; i < count; i++)
		FUZZ_CHECK(has(&states, nodes[i]) == matches(texts[i], path));
	escaped = pattern_escape(path);
	FUZZ_CHECK(escaped && !pattern_is_wild(escaped) &&
		   matches(escaped, path));
	free(escaped);
}

static void check_sample(struct pattern_trie *patterns, const char *text,
			 uint32_t node)
{
	char *const sample = pattern_sample(text);
	struct pattern_states states;

	FUZZ_CHECK(sample && walk(patterns, sample, &states) &&
		   has(&states, node));
	free(sample);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const input = fuzz_string(data, size < 1024 ? size : 1024);
	char *texts[PATTERNS_MAX], *rest = input, *line;
	struct pattern_trie patterns = {0};
	struct pattern_problem problem;
	uint32_t nodes[PATTERNS_MAX];
	size_t count = 0;

	while (count < PATTERNS_MAX && (line = strsep(&rest, "\n"))) {
		if (strlen(line) > TEXT_MAX || pattern_check(line, &problem)) {
			check_path(&patterns, texts, nodes, count, line);
			continue;
		}
		FUZZ_CHECK(pattern_trie_add(&patterns, line, &nodes[count]) ==
			   0);
		FUZZ_CHECK(pattern_trie_find(&patterns, line) == nodes[count]);
		check_sample(&patterns, line, nodes[count]);
		texts[count++] = line;
		check_path(&patterns, texts, nodes, count, line);
	}
	pattern_trie_finish(&patterns);
	free(input);
	return 0;
}
