/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "whole_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

struct line lines[LINES_MAX];
size_t lines_count;

static __attribute__((format(printf, 3, 4))) void add(int question, char what,
						      const char *format, ...)
{
	struct line *line = &lines[lines_count++];
	va_list arguments;

	ck_assert_uint_le(lines_count, LINES_MAX);
	line->question = question;
	line->what = what;
	va_start(arguments, format);
	ck_assert_int_gt(vasprintf(&line->text, format, arguments), 0);
	va_end(arguments);
}

enum fate fate_of(int question)
{
	return (enum fate)(question % FATES);
}

static const char *outcome_of(int question)
{
	return fate_of(question) == BY_SOMEBODY ? "deny" : "allow";
}

static void add_traced(const char *event, int question, char what,
		       const char *members)
{
	add(question, what,
	    "{\"time\":1764400000.%06d,\"event\":\"%s\",\"run\":\"r\",%s}",
	    question, event, members);
}

/* Rules of all kinds. */
static void add_commit(int generation)
{
	char members[1024];

	snprintf(members, sizeof(members),
		 "\"generation\":%d,\"added\":[{\"layer\":\"user\","
		 "\"effect\":\"allow\",\"rights\":\"fs.read_file\","
		 "\"object\":\"/opt/a\",\"origin\":\"p.ini:2\",\"id\":"
		 "\"a%d\"}],\"session\":[{\"layer\":\"user\",\"effect\":"
		 "\"deny\",\"rights\":\"net.connect_tcp\",\"object\":"
		 "\"22\",\"origin\":\"me\",\"pid\":7,\"start\":77},"
		 "{\"layer\":\"vendor\",\"effect\":\"ask\",\"rights\":"
		 "\"perm.socket_create\",\"object\":\"inet:stream:*\","
		 "\"origin\":\"me\",\"expires\":1764400009}],\"removed\":"
		 "[{\"layer\":\"admin\",\"effect\":\"guard\",\"rights\":"
		 "\"scope.abstract_unix_socket\",\"object\":\"@a*\","
		 "\"origin\":\"built in\"}]",
		 generation, generation);
	add_traced("commit", 0, 'c', members);
}

static void add_request(int question)
{
	char members[512];

	snprintf(members, sizeof(members),
		 "\"id\":%d,\"generation\":1,\"pid\":7,\"start\":77,"
		 "\"uid\":1000,\"exe\":\"/bin/t\",\"comm\":\"t\",\"parents\":"
		 "[{\"pid\":6,\"exe\":\"/bin/sh\"}],\"operation\":\"openat\","
		 "\"flags\":[\"O_RDONLY\"],\"accesses\":[{\"rights\":"
		 "\"fs.read_file\",\"object\":\"/srv/q%d/f\",\"given\":\"f\","
		 "\"device\":\"8:1\",\"inode\":5}]",
		 question, question);
	add_traced("request", question, 'R', members);
}

static void add_answered(int question)
{
	char members[256];

	snprintf(members, sizeof(members),
		 "\"id\":%d,\"outcome\":\"%s\",\"lifetime\":\"once\","
		 "\"by\":\"agent\",\"agent\":\"me\"",
		 question, outcome_of(question));
	add_traced("decision", question, 'D', members);
	snprintf(members, sizeof(members), "\"id\":%d,\"answer\":\"%s\"",
		 question, outcome_of(question));
	add_traced("answer", question, 'A', members);
}

void make_trace(void)
{
	add_traced("header", 0, 'X',
		   "\"format\":\"landlord-trace\",\"version\":1,\"app\":\"t\","
		   "\"engine\":\"seccomp\",\"home\":\"/home/u\",\"uid\":1000");
	for (int i = 1; i <= 9; i++)
		add_commit(i);
	add_traced("spawn", 0, 's',
		   "\"pid\":7,\"start\":77,\"parent\":6,\"exe\":\"/bin/t\","
		   "\"command\":[\"t\",\"-x\"]");
	/* Two questions are open at a time. */
	for (int i = FIRST; i < FIRST + QUESTIONS; i++) {
		add_request(i);
		if (i > FIRST)
			add_answered(i - 1);
	}
	add_answered(FIRST + QUESTIONS - 1);
	add_traced("note", 0, 'n', "\"text\":\"a \\\\x1b note\"");
	add_traced("lost", 0, 'l', "\"count\":3");
	add_traced("exit", 0, 'e', "\"pid\":7,\"start\":77,\"status\":0");
	add_traced("end", 0, 'X',
		   "\"status\":0,\"asked\":9,\"allowed\":8,\"denied\":1,"
		   "\"lost\":3");
}

void make_log(void)
{
	add(0, 's',
	    "{\"version\":1,\"time\":1764400000.5,\"event\":\"start\","
	    "\"domain\":3,\"app\":\"t\",\"engine\":\"seccomp\"}");
	for (int i = FIRST; i < FIRST + QUESTIONS; i++)
		add(i, 'L',
		    "{\"version\":1,\"time\":1764400001.5,\"event\":"
		    "\"decision\",\"domain\":3,\"app\":\"t\",\"outcome\":"
		    "\"%s\",\"lifetime\":\"once\",\"agent\":\"me\",\"pid\":7,"
		    "\"exe\":\"/bin/t\",\"operation\":\"openat\",\"accesses\":"
		    "[{\"rights\":\"fs.read_file\",\"object\":"
		    "\"/srv/q%d/f\"}]}",
		    outcome_of(i), i);
}

void make_audit(void)
{
	for (int i = FIRST; i < FIRST + QUESTIONS; i++) {
		add(i, 'I',
		    "type=LANDLOCK_ACCESS msg=audit(1729738800.26:%d): "
		    "domain=195ba459b blockers=fs.read_file path=\"/srv/q%d/f\""
		    " dev=\"vda2\" ino=35",
		    i, i);
		add(i, 's',
		    "type=SYSCALL msg=audit(1729738800.26:%d): arch=c000003e "
		    "syscall=2 success=no exit=-13 pid=7 uid=7 comm=\"t\" "
		    "exe=\"/bin/t\"",
		    i);
	}
}

void make_strace(void)
{
	add(0, 'e',
	    "7 1700000000.123456 execve(\"/bin/t\", [\"t\"], 0x7f "
	    "/* 41 vars */) = 0");
	for (int i = FIRST; i < FIRST + QUESTIONS; i++)
		add(i, 'I',
		    "7 1700000000.123456 openat(AT_FDCWD</srv>, \"q%d/f\", "
		    "O_RDONLY|O_CLOEXEC) = 3</srv/q%d/f>",
		    i, i);
}

struct text join_lines(void)
{
	struct text text = {0};
	FILE *out = open_memstream(&text.bytes, &text.length);

	for (size_t i = 0; i < lines_count; i++)
		fprintf(out, "%s\n", lines[i].text);
	fclose(out);
	return text;
}

void forget_lines(void)
{
	while (lines_count > 0)
		free(lines[--lines_count].text);
}
