# SPDX-License-Identifier: GPL-2.0-or-later
"""What is measured. Each function returns what goes into the JSON output."""

import os
import statistics
import subprocess
import sys
from contextlib import contextmanager

from ways import BEFORE, landlord
from world import ASK_FILES

MICRO = {"open": 3000, "mkdir": 1000, "rename": 1000, "unix": 1000,
         "tcp": 500, "send": 2000, "exec": 60, "chmod": 1000, "utime": 1000}

# Run in the repository; {top} is the directory above it.
PROGRAMS = {
    "git status": ["git", "status", "--short"],
    "compile": ["sh", "-c", "for i in 0 1 2 3 4 5; do "
                "cc -c -o {top}/tmp/o d$i/e$i/f$i.c || exit; done"],
    "make -j2": ["make", "-s", "-B", "-j2", "OUT={top}/tmp/made"],
    "python start": ["/usr/bin/python3", "-c",
                     "import json, subprocess, email.message"],
    "grep -r": ["sh", "-c", "! grep -r nothing-like-this-at-all ."],
    "tar": ["tar", "-cf", "{top}/tmp/a.tar", "."],
    "tar -x": ["sh", "-c", "mkdir -p {top}/tmp/x && "
               "tar -xf {top}/all.tar -C {top}/tmp/x"],
    "cp -a": ["sh", "-c", "rm -rf {top}/tmp/c && cp -a . {top}/tmp/c"],
}


def run(world, command, quiet=False, **options):
    """Runs a command to its end. Returns its output, None when it failed."""
    done = subprocess.run(command, env=world.environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          check=False, **options)
    if done.returncode and not quiet:
        # Not everything can be done everywhere: a gap in the table.
        sys.stderr.write(f"bench: {' '.join(command)}: {done.stderr}")
    return None if done.returncode else done.stdout


def interleaved(rounds, kinds, ways, once):
    """
    Calls once(kind, way), which returns a list of numbers or None, so that
    all ways take turns, in one order and then in the other, and collects the
    lists.
    """
    collected = {}
    for number in range(rounds):
        for kind in kinds:
            for way in ways if number % 2 == 0 else ways[::-1]:
                if collected.get((kind, way.name), []) is None:
                    continue
                numbers = once(kind, way)
                if numbers is None:
                    collected[kind, way.name] = None
                else:
                    collected.setdefault((kind, way.name), []).append(numbers)
    return collected


def spread(numbers):
    """Of runs that others on the machine can only make longer."""
    ordered = sorted(numbers)
    return {"p50_ns": statistics.median(ordered),
            "p10_ns": ordered[len(ordered) // 10]}


def nested(collected, summary):
    """{kind: {way: summary(lists)}}, without what could not be measured."""
    result = {}
    for (kind, way), lists in collected.items():
        if lists:
            result.setdefault(kind, {})[way] = summary(lists)
    return result


def pairs(collected, value):
    """
    {kind: {way: ...}} of ways that have a twin: both medians, and the median
    of the rounds' own ratios, which other work on the machine touches least,
    with the two between which the middle half of them lies.
    @value: of one list
    """
    result = {}
    for (kind, way), lists in collected.items():
        twins = collected.get((kind, way + BEFORE))
        if not lists or not twins:
            continue
        now, before = map(value, lists), map(value, twins)
        now, before = list(now), list(before)
        ratios = sorted(a / b for a, b in zip(now, before))
        result.setdefault(kind, {})[way] = {
            "before_ns": statistics.median(before),
            "now_ns": statistics.median(now),
            "ratio": statistics.median(ratios),
            "ratio_p25": ratios[len(ratios) // 4],
            "ratio_p75": ratios[len(ratios) * 3 // 4]}
    return result


def against(world, ways, parts, rounds, share):
    """What ways and their twins cost: {part: pairs()}."""
    result = {}
    if "micro" in parts:
        result["micro"] = pairs(collect_micro(world, ways, rounds, share),
                                lambda numbers: numbers[0])
    if "startup" in parts:
        result["startup"] = pairs(collect_startup(world, ways, rounds * 3),
                                  min)
    if "programs" in parts:
        result["programs"] = pairs(collect_programs(world, ways, rounds), min)
    return result


def collect_micro(world, ways, rounds, share):
    """
    Single operations: of each round the median, the 99th percentile and how
    many there are a second.
    @share: of the usual number of operations
    """
    def once(kind, way):
        if way.name == "bare trap" and kind != "open":
            return None  # nothing else traps there
        output = run(world, way.prefix + [
            os.path.join(world.stage, "micro"), kind, str(int(MICRO[kind] * share)),
            way.directory])
        return None if output is None else [
            float(number) for number in output.split()]

    return interleaved(rounds, MICRO, ways, once)


def micro(world, ways, rounds, share):
    """
    Single operations: medians over the rounds of p50 and p99, and the
    fastest tenth of the rounds' medians.
    """
    def summary(lists):
        p50s, p99s, _ = zip(*lists)
        return dict(spread(p50s), p99_ns=statistics.median(p99s))

    return nested(collect_micro(world, ways, rounds, share), summary)


def collect_programs(world, ways, rounds):
    """Whole programs, timed inside: starting the sandbox is not counted."""
    def once(kind, way):
        command = [word.replace("{top}", way.directory)
                   for word in PROGRAMS[kind]]
        environment = dict(world.environment, TMPDIR=way.directory + "/tmp")
        # The first run fills caches, also those of granted questions.
        done = subprocess.run(
            way.prefix + [os.path.join(world.stage, "elapsed"), "3"] + command,
            env=environment, cwd=way.directory + "/repository", text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode:
            sys.stderr.write(f"bench: {way.name}: {kind}: {done.stderr}")
            return None
        return [float(line) for line in done.stdout.split()][1:]

    return interleaved(rounds, PROGRAMS, ways, once)


def spread_all(lists):
    """Of all runs of all rounds."""
    return spread(sum(lists, []))


def programs(world, ways, rounds):
    """Whole programs, without their start."""
    return nested(collect_programs(world, ways, rounds), spread_all)


@contextmanager
def daemon(world):
    """A daemon of our own; yields its process id."""
    process = subprocess.Popen(
        [os.path.join(world.stage, "libexec", "landlordd")],
        env=world.environment, stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        # It is there when it answers.
        while run(world, [os.path.join(world.stage, "bin", "landlord"), "ps"],
                  quiet=True) is None:
            if process.poll() is not None:
                raise RuntimeError("landlordd does not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def collect_startup(world, ways, rounds):
    """Runs of `true`, sandbox included."""
    def once(_, way):
        output = run(world, [os.path.join(world.stage, "elapsed"), "3"] +
                     way.prefix + ["true"])
        return None if output is None else [
            float(line) for line in output.split()]

    return interleaved(rounds, ["true"], ways, once)


def startup(world, ways, rounds):
    """What it costs to run `true`, sandbox included."""
    from ways import Way  # the daemon's is only of interest here

    timed = [way for way in ways
             if way.name not in ("performed", "shim", "bare trap")]
    timed.append(Way("with daemon", [
        os.path.join(world.stage, "bin", "landlord"), "run", "--"],
        world.allowed))
    with daemon(world):
        collected = collect_startup(world, timed, rounds * 3)
    return nested(collected, spread_all)


def requests(world, rounds):
    """
    Questions that a script answers, from the call to its result: the file is
    another one each time, and open when the clock stops.
    """
    result = {}
    prefix = landlord(world, "--policy", world.no_questions_limit,
                      "--agent", "script:" + world.script)
    count = ASK_FILES - 100
    for askers in (1, 2, 8):
        lists = []
        for _ in range(rounds):
            output = run(world, prefix + [
                "/usr/bin/env", "-u", "LD_PRELOAD",
                os.path.join(world.stage, "micro"), "ask", str(count),
                world.granted, str(askers)])
            if output:
                lists.append([float(number) for number in output.split()])
        if lists:
            p50, p99, rate = (statistics.median(column)
                              for column in zip(*lists))
            result[str(askers)] = {"p50_ns": p50, "p99_ns": p99,
                                   "per_second": rate}
    return result


def _memory_of(pid):
    """Proportional and private memory of a process, kB."""
    sizes = {"Pss": 0, "Private_Clean": 0, "Private_Dirty": 0}
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in sizes:
                sizes[name] = int(rest.split()[0])
    return sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"]


def _children_of(pids):
    """The processes whose parent is one of @pids."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if parent in pids:
            found.append(int(entry))
    return found


def _start_supervisees(world, count):
    fronts = []
    for _ in range(count):
        front = subprocess.Popen(
            [os.path.join(world.stage, "bin", "landlord"), "run", "--",
             "sh", "-c", "echo; exec sleep 3600"], env=world.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        front.stdout.readline()  # the program runs
        fronts.append(front)
    return fronts


def memory(world, counts):
    """Of the daemon, and of one supervisee's monitor and front."""
    result = {}
    for count in counts:
        with daemon(world) as pid:
            fronts = _start_supervisees(world, count)
            pids = {front.pid for front in fronts}
            guardians = _children_of(pids)
            monitors = [_memory_of(child) for child in _children_of(guardians)]
            result[str(count)] = {
                "daemon_pss_kb": _memory_of(pid)[0],
                "daemon_uss_kb": _memory_of(pid)[1],
                "monitor_pss_kb": statistics.median(
                    pss for pss, _ in monitors),
                "monitor_uss_kb": statistics.median(
                    uss for _, uss in monitors),
                "front_pss_kb": statistics.median(
                    _memory_of(front)[0] for front in pids),
                "guardian_pss_kb": statistics.median(
                    _memory_of(guardian)[0] for guardian in guardians),
            }
            for front in fronts:
                front.terminate()
            for front in fronts:
                front.wait()
    return result
