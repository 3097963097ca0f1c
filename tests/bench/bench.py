# SPDX-License-Identifier: GPL-2.0-or-later
"""Landlord's benchmark; see README. Started by run."""

import argparse
import json
import os
import platform
import time

import measure
from table import duration, print_table, with_ratio
from ways import twins, ways as all_ways
from world import World

PARTS = ("micro", "startup", "programs", "requests", "memory")


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(prog="tests/bench/run")
    parser.add_argument("stage")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--against", metavar="PREFIX",
                        help="what is installed there takes turns with this, "
                        "and nothing else is measured")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true",
                      help="few rounds: for trying, not for judging")
    size.add_argument("--full", action="store_true",
                      help="more rounds")
    parser.add_argument("--only", metavar="PART,...",
                        help=", ".join(PARTS), default=",".join(PARTS))
    return parser.parse_args()


def print_times(title, results, ways, key="p50_ns"):
    """A table whose ratios are to running natively."""
    columns = [way.name for way in ways
               if any(way.name in row for row in results.values())]
    columns += sorted({name for row in results.values() for name in row} -
                      set(columns))

    def cell(row, column):
        value = results[row].get(column)
        base = results[row].get("native", {}).get(key)
        return value and with_ratio(value[key], base)

    print_table(title, results, columns, cell)


def print_both(title, results, ways):
    """Medians, and what the machine's other work has hardly touched."""
    print_times(title + ", median", results, ways)
    print_times(title + ", fastest tenth", results, ways, "p10_ns")


def print_tails(results, ways):
    """The 99th percentiles of the micro part."""
    columns = [way.name for way in ways]
    print_table("Single operations, 99th percentile", results, columns,
                lambda row, column: column in results[row] and duration(
                    results[row][column]["p99_ns"]))


def print_values(title, results):
    """A table of plain numbers."""
    columns = list(next(iter(results.values())))
    print_table(title, results, columns, lambda row, column: (
        duration(results[row][column]) if column.endswith("_ns")
        else f"{results[row][column]:.0f}"))


def compare(world, parts, options):
    """Measures this and what is installed elsewhere."""
    results = measure.against(world, twins(world, options.against), parts,
                              4 if options.quick else 30 if options.full
                              else 12, 0.25 if options.quick else 1)
    for part, rows in results.items():
        columns = list(next(iter(rows.values()), {}))

        def cell(row, column, of=rows):
            pair = of[row].get(column)
            return pair and (f"{duration(pair['now_ns'])} "
                             f"x{pair['ratio']:.3f} "
                             f"({pair['ratio_p25']:.2f}-"
                             f"{pair['ratio_p75']:.2f})")

        print_table(f"{part}: now, and its ratio to {options.against}", rows,
                    columns, cell)
    return results


def collect(world, ways, parts, options):
    """Measures, and prints each part as soon as it is there."""
    rounds = 2 if options.quick else 15 if options.full else 7
    counts = (1, 20) if options.quick else (1, 100, 1000)
    results = {}
    if "micro" in parts:
        results["micro"] = measure.micro(world, ways, rounds,
                                         0.25 if options.quick else 1)
        print_both("Single operations", results["micro"], ways)
        print_tails(results["micro"], ways)
    if "startup" in parts:
        results["startup"] = measure.startup(world, ways, rounds)
        print_both("Start and end of `true`", results["startup"], ways)
    if "programs" in parts:
        results["programs"] = measure.programs(world, ways,
                                               max(2, rounds // 2))
        print_both("Whole programs, start excluded", results["programs"],
                   ways)
    if "requests" in parts:
        results["requests"] = measure.requests(world, rounds)
        print_values("Questions that a script answers, by askers",
                     results["requests"])
    if "memory" in parts:
        results["memory"] = measure.memory(world, counts)
        print_values("Memory, by supervisees", results["memory"])
    return results


def main():
    """Measures what the command line says."""
    options = parse()
    if options.build_only:
        return
    world = World(options.stage, options.against)
    try:
        print(f"Linux {platform.release()}, {os.cpu_count()} processors, "
              f"load {os.getloadavg()[0]:.1f}")
        parts = options.only.split(",")
        results = compare(world, parts, options) if options.against else \
            collect(world, all_ways(world), parts, options)
    finally:
        world.close()
    if options.json:
        results["machine"] = {"kernel": platform.release(),
                              "processors": os.cpu_count(),
                              "time": time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                                    time.gmtime())}
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
