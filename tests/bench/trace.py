#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: trace.py LANDLORD [RECORDS]

What it costs to judge a trace of a million records again, to suggest rules for
it, and to make a report of it: records a second of processor time, and the most memory that was used. A
record is a line; three make one question: what was asked, what was decided, and
what the engine was told. One answer in fifty holds for the session.
"""
import json
import os
import random
import sys
import tempfile

RUN = "00112233aabbccdd"
EXES = ["/usr/bin/make", "/usr/bin/cc1", "/usr/bin/git", "/usr/bin/python3"]
DIRECTORIES = ["src", "include", "build/obj", "lib", "tests/unit"]
RIGHTS = ["fs.read_file", "fs.write_file,fs.truncate",
          "fs.write_file,fs.make_reg"]
PARENTS = [{"pid": 999, "exe": "/usr/bin/make"},
           {"pid": 998, "exe": "/usr/bin/sh"}]


def entries(records):
    """The entries of a trace; the same each time."""
    rng = random.Random(1)
    yield {"event": "header", "format": "landlord-trace", "version": 1,
           "app": "make", "home": "/home/u", "uid": 1000}
    for number in range(1, records // 3 + 1):
        pid = rng.randrange(1000, 30000)
        path = "/home/u/src/p%d/%s/f%d.c" % (
            rng.randrange(40), rng.choice(DIRECTORIES), rng.randrange(500))
        lasts = number % 50 == 0
        yield {"event": "request", "id": number, "generation": 1, "pid": pid,
               "start": pid * 17, "uid": 1000, "exe": rng.choice(EXES),
               "comm": "x", "parents": PARENTS, "operation": "openat",
               "accesses": [{"rights": rng.choice(RIGHTS), "object": path}]}
        yield {"event": "decision", "id": number, "outcome": "allow",
               "lifetime": "session" if lasts else "once", "by": "agent",
               "agent": "script"}
        yield {"event": "answer", "id": number,
               "answer": "retry" if lasts else "allow"}


def write_trace(out, records):
    """Writes it. Returns: how many lines."""
    lines = 0
    for entry in entries(records):
        entry["time"] = 1795980831 + lines / 1000
        entry["run"] = RUN
        out.write(json.dumps(entry, separators=(",", ":")) + "\n")
        lines += 1
    out.flush()
    return lines


def measure(command):
    """Runs it. Returns: seconds of the processor, and KiB at most."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit("%s: status %d" % (" ".join(command), status))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main():
    """Prints a table."""
    landlord = os.path.abspath(sys.argv[1])
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as trace:
        lines = write_trace(trace, records)
        print("%d records, %d MB" % (lines, os.stat(trace.name).st_size / 1e6))
        for verb, *options in (("replay", "--only"), ("suggest", "--only"),
                               ("report",)):
            seconds, memory = measure([landlord, verb, *options, trace.name])
            print("%-8s %7.2f s  %8.0f records/s  %6.1f MB" %
                  (verb, seconds, lines / seconds, memory / 1024))


main()
