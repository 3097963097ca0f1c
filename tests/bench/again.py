#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: again.py LANDLORD [COUNT [PROGRAM...]]

Whether recorded runs are judged as they were: each program is recorded once, and
its trace judged again COUNT (100) times by the same policy. Then it is run by the
rules that are suggested for it, all recorded, and judged again with each of these
rules taken away: what changes has to be what that rule had decided, and nothing of
that may go unnoticed, unless another rule allows it. Exit status 1 if not.

LANDLORD_ENGINE=landlock records with that engine, where the kernel has it. As it
does not tell what rules allow, the rules are taken away from the first trace then,
and what none of them allows is denied.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

# A name; what prepares a home; what is run there.
PROGRAMS = [
    ("git", "git init -q r; echo a >r/f; echo b >r/g",
     "git -C r add -A; git -C r -c user.name=a -c user.email=a@b commit -qm m;"
     " git -C r log --stat"),
    ("python3", "echo 'import json, sqlite3\nfor i in range(9):\n"
     "    json.dump(i, open(\"out%d\" % i, \"w\"))' >p.py", "python3 p.py"),
    ("gcc", "echo '#include <stdio.h>\nint main(void) { puts(\"a\"); }' >a.c",
     "gcc -O2 -o a.out a.c; ./a.out"),
    ("npm", "mkdir p; echo '{\"name\": \"p\", \"version\": \"1.0.1\"}' "
     ">p/package.json; echo 1 >p/index.js",
     "cd p; npm pack --offline --silent"),
    ("chromium", "echo '<!doctype html><title>a</title><p>b' >page.html",
     "chromium --headless --disable-gpu --no-sandbox --user-data-dir=$PWD/data"
     " --screenshot=$PWD/a.png file://$PWD/page.html"),
]


class Failure(Exception):
    """Something is not as it should be."""


class Program:
    """One, in a home of its own."""

    def __init__(self, landlord, name, scratch):
        self.landlord, self.name, self.home = landlord, name, scratch
        self.work = os.path.join(scratch, "work")
        self.policy = os.path.join(scratch, "policy.ini")
        self.engine = os.environ.get("LANDLORD_ENGINE")
        self.answers = ["--answers", self.path("answers")] \
            if self.engine else []
        with open(self.path("answers"), "w", encoding="utf-8") as file:
            file.write('{"outcome":"deny"}\n')
        self.environment = dict(
            os.environ, HOME=scratch, XDG_RUNTIME_DIR=scratch,
            LC_ALL="C.UTF-8")

    def path(self, name):
        """A file beside the program's own."""
        return os.path.join(self.home, name)

    def record(self, prepare, command, trace, *options):
        """Runs it in an empty directory. Returns: the records."""
        shutil.rmtree(self.work, ignore_errors=True)
        os.mkdir(self.work)
        subprocess.run(["sh", "-c", prepare], cwd=self.work, check=True,
                       env=self.environment)
        subprocess.run(
            [self.landlord, "run", "--no-daemon", "--app", "again-" +
             self.name, "--policy", self.policy, "--answer", "allow",
             "--record", self.path(trace),
             *(["--engine", self.engine] if self.engine else []), *options,
             "--", "sh", "-c", command], cwd=self.work, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=True)
        with open(self.path(trace), encoding="utf-8") as file:
            lines = file.readlines()
        if self.engine not in (None, json.loads(lines[0])["engine"]):
            raise Failure("not the engine: " + lines[0])
        return len(lines)

    def judge(self, trace, *options):
        """Returns: the exit status and what is printed."""
        result = subprocess.run(
            [self.landlord, "replay", "--all", "--json", "--policy",
             self.policy, *options, self.path(trace)], env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if result.returncode not in (0, 1):
            raise Failure(result.stderr.decode())
        return result.returncode, result.stdout

    def again(self, trace, count):
        """Returns: how many of so many said the same, and how much it is."""
        first = self.judge(trace)
        same = sum(self.judge(trace) == first for _ in range(count - 1)) + 1
        return (same if first[0] == 0 else 0), first[1].count(b"\n")

    def suggest(self, trace):
        """Makes the rules that answer what was asked the policy."""
        rules = self.path("suggested.ini")
        subprocess.run([self.landlord, "suggest", "-o", rules,
                        self.path(trace)], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)
        os.rename(rules, self.policy)

    def without_each(self, trace):
        """Returns: how many rules there are, and what changed without them."""
        status, printed = self.judge(trace, *self.answers)
        # Some of it may be what no rule is suggested for.
        if status != 0 and not self.engine:
            raise Failure("not the same by the rules that were in force")
        before = [json.loads(line) for line in printed.splitlines()]
        with open(self.policy, encoding="utf-8") as file:
            lines = file.read().split("\n")
        rules = changed = 0
        for number, line in enumerate(lines, 1):
            if " = " in line and line[0] != "#":
                rules += 1
                changed += self.without(lines, number, before, trace)
        return rules, changed

    def without(self, lines, number, before, trace):
        """Returns: how many verdicts are others without that line."""
        with open(self.policy, "w", encoding="utf-8") as file:
            file.write("\n".join(lines[:number - 1] + ["#"] + lines[number:]))
        after = [json.loads(line) for line in
                 self.judge(trace, *self.answers)[1].splitlines()]
        rule = "%s:%d" % (self.policy, number)
        changed = 0
        if len(before) != len(after):
            raise Failure("%d judged, not %d" % (len(after), len(before)))
        for one, other in zip(before, after):
            if one["new"]["outcome"] != other["new"]["outcome"]:
                changed += 1
                if one["new"].get("who") != rule and \
                        not self.is_about(one, lines[number - 1]):
                    raise Failure("%s is not by %s" % (one, rule))
            elif one["new"].get("who") == rule == other["new"].get("who"):
                raise Failure("%s is still by %s" % (other, rule))
        with open(self.policy, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        return changed

    def is_about(self, result, line):
        """Whether a rule is about one of several objects of a request."""
        path = line.split(" = ", 1)[1].replace("\\", "").removesuffix("/$")
        path = path.replace("~", self.home, 1)
        return any((a["object"] + "/").startswith(path + "/")
                   for a in result["accesses"])

    def all(self, prepare, command, count):
        """Returns: a line of the table, and whether all is well."""
        with open(self.policy, "w", encoding="utf-8") as file:
            file.write("[settings]\nmax-rate = 100000\n")
        records = self.record(prepare, command, "asked.jsonl")
        same, judged = self.again("asked.jsonl", count)
        self.suggest("asked.jsonl")
        trace = "asked.jsonl"
        if not self.engine:
            trace = "by-rules.jsonl"
            self.record(prepare, command, trace, "--record-all")
        rules, changed = self.without_each(trace)
        return "%8d %7d %5d of %d %6d %8d" % (
            records, judged, same, count, rules, changed), same == count


def main():
    """Prints a table."""
    landlord = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    failed = False
    print("%-10s %8s %7s %12s %6s %8s" % ("program", "records", "judged",
                                          "same", "rules", "changes"))
    for name, prepare, command in PROGRAMS:
        if sys.argv[3:] and name not in sys.argv[3:]:
            continue
        if not shutil.which(name):
            print("%-10s is not installed" % name)
            continue
        with tempfile.TemporaryDirectory(
                dir=os.environ.get("HOME")) as scratch:
            try:
                line, well = Program(landlord, name, scratch).all(
                    prepare, command, count)
            except Failure as failure:
                line, well = str(failure), False
        failed |= not well
        print("%-10s %s" % (name, line), flush=True)
    sys.exit(failed)


main()
