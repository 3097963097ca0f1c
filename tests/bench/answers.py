#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: answers.py LANDLORD [COUNT]

What the n-th answer costs: one program opens COUNT files (10,000), one after the
other; each is asked for, and a script allows it for the session, or always. With
a daemon LANDLORD finds it as it always does. Prints the median of the times from
call to result around some n, and what of the first hundred's they are."""

import os
import statistics
import subprocess
import sys
import tempfile

OPENER = """
import os, sys, time
for i in range(int(sys.argv[2])):
    begin = time.perf_counter()
    os.close(os.open("%s/f%d" % (sys.argv[1], i), os.O_RDONLY))
    print(time.perf_counter() - begin)
"""


def measure(landlord, lifetime, files, count):
    script = os.path.join(files, "script")
    with open(script, "w") as out:
        out.write('{"outcome":"allow","lifetime":"%s"}\n' % lifetime)
    run = subprocess.run(
        [landlord, "run", "--app", "answers-" + lifetime, "--agent",
         "script:" + script, "--", sys.executable, "-c", OPENER, files,
         str(count)], stdout=subprocess.PIPE, check=True)
    return [float(line) for line in run.stdout.split()]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 10000
    with tempfile.TemporaryDirectory(dir="/var/tmp") as top:
        os.environ["XDG_STATE_HOME"] = top
        files = os.path.join(top, "files")
        os.mkdir(files)
        for i in range(count):
            open(os.path.join(files, "f%d" % i), "w").close()
        for lifetime in "session", "always":
            times = measure(sys.argv[1], lifetime, files, count)
            first = statistics.median(times[:100])
            for n in 100, 1000, 10000, 100000:
                if n > count:
                    break
                median = statistics.median(times[n - n // 10:n])
                print("%-8s %7d  %6.2f ms  %5.2f" %
                      (lifetime, n, median * 1e3, median / first))


main()
