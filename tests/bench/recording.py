#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: recording.py LANDLORD [ROUNDS [KIND...]]

What it adds to record: to opens that the rules allow (through the preload library,
and trapped), that were granted and are performed, and that are asked about one by
one and answered by a script. In each round (15) each is run with --record and
without, first in one order and then in the other, and once more without, which
shows what the comparison is worth. Printed are the fastest time of an open of all
rounds (of the medians within each), and the median of the rounds' own ratios, with
the two between which the middle half of them lies.
"""
import os
import statistics
import subprocess
import sys
import tempfile

BENCH = os.path.dirname(os.path.abspath(__file__))
UNSHIMMED = ["env", "-u", "LD_PRELOAD"]

# A kind; options for it; how the program is started; which operation, how often.
KINDS = [
    ("allowed", ["--agent", "none", "--policy", "{top}/allow.ini"], [],
     "open", 20000),
    ("trapped", ["--agent", "none", "--policy", "{top}/allow.ini"], UNSHIMMED,
     "open", 5000),
    ("granted", ["--policy", "{top}/ask.ini", "--answer",
                 "allow:session:beneath:{top}/files"], UNSHIMMED, "open", 5000),
    ("asked", ["--policy", "{top}/ask.ini", "--agent",
               "script:{top}/answers"], UNSHIMMED, "ask", 1000),
]
WAYS = ["plain", "again", "recorded"]


def prepare(top):
    """Makes what is needed beneath a directory."""
    files = os.path.join(top, "files")
    os.makedirs(os.path.join(files, "many"))
    for name in ["file"] + ["many/0.%d" % i for i in range(1100)]:
        with open(os.path.join(files, name), "w", encoding="utf-8") as file:
            file.write("text\n")
    with open(os.path.join(top, "answers"), "w", encoding="utf-8") as file:
        file.write('{"outcome":"allow"}\n')
    settings = "[settings]\nmax-rate = 10000\n"
    allowed = "[allow]\nread, execute = %s/micro\n" % top
    with open(os.path.join(top, "ask.ini"), "w", encoding="utf-8") as file:
        file.write(settings + allowed)
    with open(os.path.join(top, "allow.ini"), "w", encoding="utf-8") as file:
        file.write(settings + allowed + "read = %s\n" % files)
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-D_GNU_SOURCE",
                    "-pthread", "-o", os.path.join(top, "micro"),
                    os.path.join(BENCH, "micro.c")], check=True)


def once(landlord, top, kind, way):
    """Returns: the median of what an open takes, in nanoseconds."""
    _, options, start, operation, count = kind
    trace = os.path.join(top, "trace")
    options = [option.format(top=top) for option in options]
    if way == "recorded":
        options += ["--record", trace]
    done = subprocess.run(
        [landlord, "run", "--no-daemon", "--app", "recording", *options, "--",
         *start, os.path.join(top, "micro"), operation, str(count),
         os.path.join(top, "files")], stdout=subprocess.PIPE, check=True,
        stdin=subprocess.DEVNULL)
    if way == "recorded":
        os.unlink(trace)
    return int(done.stdout.split()[0])


def main():
    """Prints a table."""
    landlord = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    kinds = [kind for kind in KINDS
             if not sys.argv[3:] or kind[0] in sys.argv[3:]]
    times = {(kind[0], way): [] for kind in kinds for way in WAYS}
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as top:
        os.environ.update(XDG_STATE_HOME=top, XDG_RUNTIME_DIR=top)
        prepare(top)
        for number in range(rounds):
            for kind in kinds:
                for way in WAYS if number % 2 == 0 else WAYS[::-1]:
                    times[kind[0], way].append(
                        once(landlord, top, kind, way))
    print("load %.1f, %d rounds" % (os.getloadavg()[1], rounds))
    print("%-10s %9s %9s %9s  %s" % ("opens", *WAYS, "ratio; again"))
    for kind, *_ in kinds:
        plain = times[kind, "plain"]
        ratios = []
        for way in WAYS[2], WAYS[1]:
            ordered = sorted(a / b for a, b in zip(times[kind, way], plain))
            ratios.append("%.3f (%.2f to %.2f)" % (
                statistics.median(ordered), ordered[len(ordered) // 4],
                ordered[-1 - len(ordered) // 4]))
        print("%-10s %6.2f us %6.2f us %6.2f us  %s; %s" % (
            kind, *(min(times[kind, way]) / 1e3 for way in WAYS), *ratios),
            flush=True)


main()
