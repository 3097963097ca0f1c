#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: learn.py LANDLORD [PROGRAM...]

What it is worth to learn: each program is run once with --learn; then, with what
was suggested and nobody to answer, in a fresh home with the same input and with
another. Printed is how often it would have had to ask, and how much more than
was used the rules allow: of all files that are there beneath what they name, the
share that was never touched.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

MAKE = "mkdir -p obj && printf 'all: obj/x\\nobj/x: a.c\\n\\tgcc -o $@ a.c\\n' >Makefile"
SOURCE = "int main(void) {{ return 0; }}"

# A name; what prepares a home, with {n} for the input; what is run.
PROGRAMS = [
    ("cat", "echo {n} >in{n}", "cat in{n} >out"),
    ("cp", "mkdir d{n}; echo 1 >d{n}/a; echo 2 >d{n}/b", "cp -r d{n} copy"),
    ("sort", "seq 9 >in{n}", "sort -r in{n} -o out"),
    ("sed", "echo a >in{n}", "sed -i s/a/b/ in{n}"),
    ("awk", "echo 1 2 >in{n}", "awk '{{print $1 > \"out\"}}' in{n}"),
    ("grep", "mkdir d{n}; for i in 1 2 3 4 5; do echo a >d{n}/$i; done",
     "grep -r a d{n}"),
    ("find", "mkdir -p d{n}/a/b d{n}/c", "find d{n} -type d"),
    ("tar", "mkdir d{n}; for i in 1 2 3 4 5 6 7; do echo a >d{n}/$i; done",
     "tar cf out.tar d{n}"),
    ("gzip", "seq 999 >in{n}", "gzip in{n}"),
    ("xz", "seq 999 >in{n}", "xz in{n}"),
    ("zip", "mkdir d{n}; for i in 1 2 3; do echo a >d{n}/$i; done",
     "zip -qr out.zip d{n}"),
    ("diff", "mkdir a{n} b{n}; echo 1 >a{n}/x; echo 2 >b{n}/x",
     "diff -r a{n} b{n}; true"),
    ("patch", "echo a >f; printf -- '--- f\\n+++ f\\n@@ -1 +1 @@\\n-a\\n+b{n}\\n'"
     " >p{n}", "patch -p0 -i p{n}"),
    ("git", "mkdir r{n}; git -C r{n} init -q; echo {n} >r{n}/f{n}",
     "git -C r{n} add -A; git -C r{n} -c user.name=a -c user.email=a@b "
     "commit -qm m"),
    ("python3", "echo 'import json, sys; json.dump(sys.argv, open(\"out\", "
     "\"w\"))' >p.py", "python3 p.py {n}"),
    ("perl", "echo a >in{n}", "perl -pi -e s/a/b/ in{n}"),
    ("gcc", "echo '" + SOURCE + "' >a{n}.c", "gcc -o a.out a{n}.c"),
    ("make", MAKE + "; echo '" + SOURCE + "' >a.c", "make -s"),
    ("node", "echo 'require(\"fs\").writeFileSync(\"out\", process.argv[2])'"
     " >p.js", "node p.js {n}"),
    ("npm", "mkdir p{n}; echo '{{\"name\": \"p\", \"version\": \"1.0.{n}\"}}' "
     ">p{n}/package.json", "cd p{n}; npm pack --offline --silent"),
    ("sqlite3", "true", "sqlite3 db{n} 'create table t(a); insert into t "
     "values ({n})'"),
    ("vim", "echo a >in{n}", "vim -es -u NONE -c 's/a/b/' -c wq in{n}"),
    ("jq", "echo '{{\"a\": 1}}' >in{n}", "jq .a in{n} >out"),
    ("bash", "printf 'while read -r l; do echo \"$l\" >>out; done' >s; seq 3 "
     ">in{n}", "bash s <in{n}"),
]


def entries(path):
    with open(path, encoding="utf-8") as trace:
        return [json.loads(line) for line in trace]


class Trial:
    """One program, in homes of its own."""

    def __init__(self, landlord, scratch, name, prepare, command):
        self.landlord, self.scratch, self.name = landlord, scratch, name
        self.prepare, self.command = prepare, command
        self.rules = os.path.join(scratch, "rules.ini")

    def home(self, which, number):
        home = os.path.join(self.scratch, which)
        os.makedirs(os.path.join(home, "work"))
        subprocess.run(["sh", "-c", self.prepare.format(n=number)],
                       cwd=os.path.join(home, "work"),
                       env=self.environment(home), check=True,
                       stdout=subprocess.DEVNULL)
        return home

    @staticmethod
    def environment(home):
        return {"HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin",
                "XDG_RUNTIME_DIR": home, "LC_ALL": "C.UTF-8",
                "LANDLORD_VENDOR_DIR": os.environ.get("LANDLORD_VENDOR_DIR",
                                                      "")}

    def run(self, which, number, *options):
        """Returns: the entries of the trace."""
        home = self.home(which, number)
        trace = os.path.join(self.scratch, which + ".jsonl")
        subprocess.run(
            [self.landlord, "run", "--no-daemon", "--app", "learnt-" +
             self.name, "--record", trace, *options, "--", "sh", "-c",
             self.command.format(n=number)],
            cwd=os.path.join(home, "work"), env=self.environment(home),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False)
        return entries(trace)

    def asked(self, which, number):
        trace = self.run(which, number, "--agent", "none", "--policy",
                         self.rules)
        return sum(e["event"] == "request" for e in trace)

    def all(self):
        learnt = self.run("first", 1, "--learn=" + self.rules)
        rules = sum(1 for line in open(self.rules, encoding="utf-8")
                    if " = " in line and line[0] != "#")
        return rules, self.asked("same", 1), self.asked("other", 2), \
            self.over(learnt)

    def over(self, learnt):
        """The share of what is allowed that was not touched, in percent."""
        home = os.path.join(self.scratch, "first")
        touched = {a["object"] for e in learnt if e["event"] == "allowed"
                   for a in e["accesses"]}
        there, unused = 0, 0
        for line in open(self.rules, encoding="utf-8"):
            if line[0] == "#" or " = /" not in line and " = ~" not in line:
                continue
            path = line.strip().split(" = ", 1)[1].replace("\\", "")
            single = path.endswith("/$")
            path = path.removesuffix("/$").replace("~", home, 1)
            names = [path]
            if os.path.isdir(path) and not single:
                names = [os.path.join(d, f) for d, _, files in os.walk(path)
                         for f in files]
            there += len(names)
            unused += sum(n not in touched for n in names)
        return 100 * unused / there if there else 0.0


def main():
    landlord, wanted = sys.argv[1], sys.argv[2:]
    print("%-10s %6s %6s %6s %6s" % ("program", "rules", "same", "other",
                                     "over"))
    for name, prepare, command in PROGRAMS:
        if wanted and name not in wanted or not shutil.which(name):
            continue
        with tempfile.TemporaryDirectory(dir=os.environ.get(
                "HOME")) as scratch:
            trial = Trial(landlord, scratch, name, prepare, command)
            print("%-10s %6d %6d %6d %5.0f%%" % (name, *trial.all()),
                  flush=True)


main()
