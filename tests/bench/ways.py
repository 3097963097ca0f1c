# SPDX-License-Identifier: GPL-2.0-or-later
"""The ways to run a program that are compared."""

import os
import shutil
from dataclasses import dataclass

# What programs that are installed need, for a static domain.
SYSTEM = ["/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", "/dev", "/sys"]

# Other sandboxes, set up so that they allow everything.
OTHERS = {
    "bubblewrap": ["bwrap", "--dev-bind", "/", "/"],
    "firejail": ["firejail", "--quiet", "--noprofile"],
    "proot": ["proot"],
    "strace-bpf": ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null",
                   "-e", "trace=%file,connect,bind"],
}


@dataclass
class Way:
    """A name, what is put before a command, and where it may work."""

    name: str
    prefix: list
    directory: str


def has_shim(stage):
    """Whether the preload library is installed."""
    return any("liblandlord-shim.so" in files
               for _, _, files in os.walk(os.path.join(stage, "lib")))


def landlord(world, *options):
    """How `landlord run` begins; each decides for itself."""
    return [os.path.join(world.stage, "bin", "landlord"), "run",
            "--no-daemon", *options, "--"]


def ways(world):
    """All ways that this machine has."""
    static = landlord(world, "--policy", world.policy, "--agent", "none")
    unshimmed = ["/usr/bin/env", "-u", "LD_PRELOAD"]
    present = [path for path in SYSTEM if os.path.exists(path)]
    result = [
        Way("native", [], world.allowed),
        Way("landlock", [os.path.join(world.stage, "static-landlock"),
                         *present, world.top, world.stage, "--"],
            world.allowed),
    ]
    result.append(Way("bare trap", [os.path.join(world.stage, "bare")],
                      world.allowed))
    if has_shim(world.stage):
        result.append(Way("shim", static, world.allowed))
    result.append(Way("trapped", static + unshimmed, world.allowed))
    result.append(Way("performed", landlord(
        world, "--policy", world.no_questions_limit,
        "--answer", "allow:session:beneath:" + world.granted) + unshimmed,
        world.granted))
    result += [Way(name, prefix, world.allowed)
               for name, prefix in OTHERS.items() if shutil.which(prefix[0])]
    return result
