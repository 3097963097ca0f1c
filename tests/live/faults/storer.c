/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: storer change DIRECTORY NAME COUNT TOLD
 *        storer check DIRECTORY TOLD...
 *        storer list DIRECTORY
 *        storer log FILE COUNT
 *
 * Writes to a store of grants, or to a log, as the daemon does, and says in the
 * file TOLD what it was told: "?N" before a change, then "+N", kept, or "-N",
 * taken back. "check" looks whether the store is what was told, whatever
 * happened in between: what was told is so, and of what was only tried each may
 * be or not. It exits with 1 and says what is not.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "store/grants.h"
#include "supervision/audit_log.h"

#define APP "app"
#define NUMBERS_MAX 100000

static void die(const char *what, int error)
{
	fprintf(stderr, "storer: %s: %s\n", what, strerror(-error));
	exit(2);
}

static struct grants *open_grants(const char *directory)
{
	struct grants *grants;
	const int error = grants_open(&grants, directory, APP);

	if (error < 0)
		die(directory, error);
	return grants;
}

static void tell(int fd, char sign, const char *name, int number)
{
	char line[64];
	const int length =
		snprintf(line, sizeof(line), "%c%s/%d\n", sign, name, number);

	/* With a call that no fault is meant for. */
	if (pwritev2(fd, &(const struct iovec){line, (size_t)length}, 1, -1,
		     RWF_APPEND) != length)
		die("told", -errno);
}

static struct rules make_rules(const char *name, int number)
{
	struct rules rules = {0};
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_ALLOW,
		.rights = RIGHT_FS_READ_FILE,
	};
	char path[64];

	snprintf(path, sizeof(path), "/%s/%d", name, number);
	if (object_init_path(&rule.object, path) < 0 ||
	    rules_take(&rules, &rule) < 0)
		die("rule", -ENOMEM);
	return rules;
}

/* One grant; every third is taken back again. */
static void change(struct grants *grants, int told, const char *name,
		   int number)
{
	struct rules rules = make_rules(name, number);
	int error;

	tell(told, '?', name, number);
	error = grants_add(grants, &rules, "storer", time(NULL));
	if (error == 0)
		tell(told, '+', name, number);
	else
		fprintf(stderr, "%d: %s\n", number, strerror(-error));
	if (error == 0 && number % 3 == 2) {
		tell(told, '?', name, number);
		error = grants_revoke(grants, rules.items[0].id, "storer",
				      time(NULL));
		if (error == 0)
			tell(told, '-', name, number);
		else
			fprintf(stderr, "%d: %s\n", number, strerror(-error));
	}
	rules_finish(&rules);
}

static int run_change(char **arguments)
{
	struct grants *grants = open_grants(arguments[0]);
	const int count = atoi(arguments[2]);
	const int told =
		open(arguments[3], O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (told < 0)
		die(arguments[3], -errno);
	for (int i = 0; i < count; i++)
		change(grants, told, arguments[1], i);
	grants_close(grants);
	return 0;
}

/* --- Checking --------------------------------------------------------- */

/* What was said last of a path, and whether it is in the store. */
struct claim {
	char path[48];
	char sign, before;
	bool found;
};

static struct claim *claims;
static size_t claims_count;

static int compare_claims(const void *a, const void *b)
{
	return strcmp(((const struct claim *)a)->path,
		      ((const struct claim *)b)->path);
}

static struct claim *find_claim(const char *path)
{
	struct claim key = {0};

	snprintf(key.path, sizeof(key.path), "%s", path);
	return bsearch(&key, claims, claims_count, sizeof(*claims),
		       compare_claims);
}

/* Lines come in their order, so only the last of each path is kept. */
static void read_claims(const char *file)
{
	FILE *in = fopen(file, "r");
	char sign, name[48];

	if (!in)
		return;
	while (fscanf(in, " %c%46s", &sign, name) == 2) {
		struct claim *last =
			claims_count ? &claims[claims_count - 1] : NULL;
		char path[48];

		snprintf(path, sizeof(path), "/%.46s", name);
		if (last && strcmp(last->path, path) == 0) {
			last->before = last->sign;
			last->sign = sign;
			continue;
		}
		if (claims_count == NUMBERS_MAX)
			break;
		last = &claims[claims_count++];
		*last = (struct claim){.sign = sign};
		strcpy(last->path, path);
	}
	fclose(in);
}

static int check_rule(void *userdata, const struct rule *rule)
{
	struct claim *claim = find_claim(rule->object.bytes);
	int *wrong = userdata;

	if (!claim || claim->sign == '-' || rule->effect != EFFECT_ALLOW ||
	    rule->rights != RIGHT_FS_READ_FILE) {
		printf("%s is there\n", rule->object.bytes);
		++*wrong;
	}
	if (claim)
		claim->found = true;
	return 0;
}

static int run_check(const char *directory, char **told)
{
	struct grants *grants = open_grants(directory);
	struct file_errors errors = {0};
	struct rulebook *book;
	int wrong = 0, error;

	claims = calloc(NUMBERS_MAX, sizeof(*claims));
	for (; *told; told++)
		read_claims(*told);
	qsort(claims, claims_count, sizeof(*claims), compare_claims);
	error = grants_refresh(grants, &book, &errors);
	for (size_t i = 0; i < errors.count; i++, wrong++)
		printf("%s:%u: %s\n", errors.items[i].file,
		       errors.items[i].line, errors.items[i].sentence);
	if (error == 0)
		rulebook_each(book, rulebook_version(book), check_rule, &wrong);
	for (size_t i = 0; error == 0 && i < claims_count; i++)
		if (claims[i].sign == '+' && !claims[i].found) {
			printf("%s is missing\n", claims[i].path);
			wrong++;
		}
	file_errors_finish(&errors);
	grants_close(grants);
	free(claims);
	return wrong || error < 0;
}

/* --- Listing ---------------------------------------------------------- */

static int list_rule(void *userdata, const struct rule *rule)
{
	(void)userdata;
	printf("%s %s\n", effect_name(rule->effect), rule->object.bytes);
	return 0;
}

static int run_list(const char *directory)
{
	struct grants *grants = open_grants(directory);
	struct file_errors errors = {0};
	struct rulebook *book;
	int error = grants_refresh(grants, &book, &errors);

	if (error == 0)
		rulebook_each(book, rulebook_version(book), list_rule, NULL);
	if (error < 0 || errors.count > 0)
		printf("refused\n");
	file_errors_finish(&errors);
	grants_close(grants);
	return 0;
}

/* --- The log ---------------------------------------------------------- */

static int run_log(const char *file, int count)
{
	static const struct audit_log_domain domain = {APP, 1};
	struct audit_log *record;
	const int error = audit_log_new(&record, file, &clock_real);

	if (error < 0)
		die(file, error);
	for (int i = 0; i < count; i++)
		audit_log_event(record, "storer", &domain,
				json_pack("{s:i}", "number", i));
	audit_log_free(record);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "change") == 0)
		return run_change(argv + 2);
	if (argc >= 4 && strcmp(argv[1], "check") == 0)
		return run_check(argv[2], argv + 3);
	if (argc == 3 && strcmp(argv[1], "list") == 0)
		return run_list(argv[2]);
	if (argc == 4 && strcmp(argv[1], "log") == 0)
		return run_log(argv[2], atoi(argv[3]));
	fputs("storer: see its source\n", stderr);
	return 2;
}
