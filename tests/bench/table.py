# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of times, each with its ratio to the first column."""

UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "us"))


def duration(nanoseconds):
    """A time for people."""
    for size, unit in UNITS:
        if nanoseconds >= size:
            return f"{nanoseconds / size:.2f} {unit}"
    return f"{nanoseconds:.0f} ns"


def print_table(title, rows, columns, cell):
    """
    Prints a table. @cell(row, column) returns text, or None where nothing was
    measured.
    """
    print(f"\n{title}")
    texts = [["", *columns]]
    for row in rows:
        texts.append([row, *(cell(row, column) or "-" for column in columns)])
    widths = [max(len(line[i]) for line in texts)
              for i in range(len(texts[0]))]
    for line in texts:
        print("  " + "  ".join(
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(line, widths))))


def with_ratio(value, base):
    """A time and what it is of another."""
    if value is None:
        return None
    ratio = f" x{value / base:.2f}" if base else ""
    return duration(value) + ratio
