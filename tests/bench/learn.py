#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: learn.py LANDLORD [PROGRAM...]

What it is worth to learn: each program is run once with --learn; then, with what
was suggested and nobody to answer, in a fresh home with the same input and with
another. Printed is how often it would have had to ask, and how much more than
was used the rules allow: of all files that are there beneath what they name, the
share that was never touched. A star is behind a program that is run with what the
suggested file says besides its rules: a directory of its own for what is temporary.

With firejail(1) installed, the last two columns say whether the program does the
same, with the same input and with another, by the profile that `firejail --build`
has made of one run: whether its status and all it leaves in its home are as they
are natively. It knows no questions, so what its profile lacks fails.
"""
import hashlib
import json
import os
import pwd
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

    def advice(self):
        """What the file says to run the program with."""
        with open(self.rules, encoding="utf-8") as rules:
            return ["--private-tmp"] if "--private-tmp" in rules.read() else []

    def asked(self, which, number):
        trace = self.run(which, number, "--agent", "none", "--policy",
                         self.rules, *self.advice())
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


class Jail:
    """One program by the profile that firejail has built of a run of it.

    The profile has the names of one home, and what lies in /tmp or /var/tmp is
    another file there; so each run is in the same place, in the user's own home.
    """

    def __init__(self, prepare, command):
        self.prepare, self.command = prepare, command
        self.home = os.path.join(pwd.getpwuid(os.getuid()).pw_dir,
                                 "learnt-by-firejail")
        self.profile = self.home + ".profile"

    def run(self, number, *jail):
        """Returns: what came of a run in a fresh home."""
        work = os.path.join(self.home, "work")
        environment = Trial.environment(self.home)
        del environment["XDG_RUNTIME_DIR"]
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(work)
        subprocess.run(["sh", "-c", self.prepare.format(n=number)], cwd=work,
                       env=environment, check=True, stdout=subprocess.DEVNULL)
        # By the name that the shell really has, which is what it looks for.
        shell = os.path.realpath(shutil.which("sh"))
        status = subprocess.run(
            [*jail, shell, "-c", self.command.format(n=number)], cwd=work,
            env=environment, stdin=subprocess.DEVNULL, timeout=300,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False).returncode
        return status, self.left()

    def left(self):
        """Names and contents of what a run has left, but for new names."""
        left = {}
        for directory, _, files in os.walk(self.home):
            for file in files:
                path = os.path.join(directory, file)
                with open(path, "rb") as content:
                    left[os.path.relpath(path, self.home)] = hashlib.sha256(
                        content.read()).hexdigest()
        return left

    @staticmethod
    def same(one, other):
        """Times and random numbers in files do not count, but names do."""
        return one[0] == other[0] and sorted(one[1]) == sorted(other[1])

    def all(self):
        native = [self.run(number) for number in (1, 2)]
        if os.path.exists(self.profile):
            os.unlink(self.profile)
        self.run(1, "firejail", "--build=" + self.profile)
        jail = ["firejail", "--quiet", "--profile=" + self.profile]
        words = ["yes" if self.same(native[number - 1],
                                    self.run(number, *jail)) else "no"
                 for number in (1, 2)]
        shutil.rmtree(self.home, ignore_errors=True)
        if os.path.exists(self.profile):
            os.unlink(self.profile)
        return words


def main():
    landlord, wanted = sys.argv[1], sys.argv[2:]
    jails = shutil.which("firejail")
    print("%-10s %6s %6s %6s %6s" % ("program", "rules", "same", "other",
                                     "over"),
          *(["%6s %6s" % ("fj", "other")] if jails else []))
    for name, prepare, command in PROGRAMS:
        if wanted and name not in wanted or not shutil.which(name):
            continue
        with tempfile.TemporaryDirectory(dir=os.environ.get(
                "HOME")) as scratch:
            trial = Trial(landlord, scratch, name, prepare, command)
            counts = trial.all()
            star = "*" if trial.advice() else ""
            print("%-10s %6d %6d %6d %5.0f%%" % (name + star, *counts),
                  *(["%6s %6s" % tuple(Jail(prepare, command).all())]
                    if jails else []), flush=True)


main()
