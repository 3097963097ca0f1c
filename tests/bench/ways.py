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


# Ends the name of the twin of a way: what it is compared with.
BEFORE = " before"


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


UNSHIMMED = ["/usr/bin/env", "-u", "LD_PRELOAD"]


def landlord(world, *options):
    """How `landlord run` begins; each decides for itself."""
    return [os.path.join(world.stage, "bin", "landlord"), "run",
            "--no-daemon", *options, "--"]


def installed(world, stage):
    """Landlord's own ways, of what is installed somewhere."""
    def run(*options):
        return ["/usr/bin/env", "LANDLORD_VENDOR_DIR=" +
                os.path.join(stage, "share", "landlord"),
                os.path.join(stage, "bin", "landlord"), "run", "--no-daemon",
                *options, "--"]

    static = run("--policy", world.policy, "--agent", "none")
    return [
        Way("shim", static, world.allowed),
        Way("trapped", static + UNSHIMMED, world.allowed),
        Way("performed", run(
            "--policy", world.no_questions_limit,
            "--answer", "allow:session:beneath:" + world.granted) + UNSHIMMED,
            world.granted)]


def twins(world, stage):
    """
    Landlord's ways, each beside the same of what is installed in another
    directory; and running natively beside itself, which shows what such a
    comparison is worth.
    """
    native = [Way("native", [], world.allowed)]
    now = native + installed(world, world.stage)
    before = native + installed(world, stage)
    return [way for now_way, before_way in zip(now, before) for way in (
        now_way, Way(before_way.name + BEFORE, before_way.prefix,
                     before_way.directory))]


def ways(world):
    """All ways that this machine has."""
    static = landlord(world, "--policy", world.policy, "--agent", "none")
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
    result.append(Way("trapped", static + UNSHIMMED, world.allowed))
    result.append(Way("performed", landlord(
        world, "--policy", world.no_questions_limit,
        "--answer", "allow:session:beneath:" + world.granted) + UNSHIMMED,
        world.granted))
    result += [Way(name, prefix, world.allowed)
               for name, prefix in OTHERS.items() if shutil.which(prefix[0])]
    return result
