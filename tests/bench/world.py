# SPDX-License-Identifier: GPL-2.0-or-later
"""The place where things are measured: directories, a policy, a server."""

import os
import shutil
import subprocess
import tempfile

REPOSITORY_FILES = 500
ASK_FILES = 1000
ASKERS_MAX = 8

POLICY = """[allow]
read, write, execute, create, remove, resolve_unix = {allowed}
{stages}
connect_tcp = {port}

[settings]
max-questions = 4096
max-rate = 10000
"""

SOURCE = """#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int f{0}(const char *text) {{ return printf("%s {0}\\n", text); }}
"""


MAKEFILE = """SOURCES = $(wildcard */*/f?.c */*/f1?.c)
all: $(SOURCES:%.c=$(OUT)/%.o)
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) -c -o $@ $<
"""


class World:
    """
    Two directories with the same things in them: one that the policy allows,
    and one that no rule mentions. In memory where there is room, so that no
    disk hides what is measured.
    """

    def __init__(self, stage, other=None):
        self.stage = stage
        self.top = tempfile.mkdtemp(
            prefix="landlord-bench.",
            dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else "/var/tmp")
        self.allowed = os.path.join(self.top, "allowed")
        self.granted = os.path.join(self.top, "granted")
        self.environment = self._environment()
        for directory in (self.allowed, self.granted):
            self._fill(directory)
        self.server, self.port = self._serve(self.allowed)
        self.other_server, _ = self._serve(self.granted)
        self.environment["BENCH_PORT"] = self.port
        self.policy = os.path.join(self.top, "policy.ini")
        with open(self.policy, "w", encoding="utf-8") as file:
            file.write(POLICY.format(
                allowed=self.allowed, port=self.port,
                stages="\n".join(f"read, execute = {directory}" for directory
                                 in (stage, other) if directory)))
        self.script = os.path.join(self.top, "answers")
        with open(self.script, "w", encoding="utf-8") as file:
            file.write('{"outcome":"allow"}\n')
        self.no_questions_limit = os.path.join(self.top, "settings.ini")
        with open(self.no_questions_limit, "w", encoding="utf-8") as file:
            file.write(POLICY[POLICY.index("[settings]"):])

    def _environment(self):
        kept = {name: os.environ[name]
                for name in ("LANDLORD_VENDOR_DIR", "TERM")
                if name in os.environ}
        for name in ("home", "run"):
            os.mkdir(os.path.join(self.top, name), 0o700)
        return dict(kept, PATH="/usr/bin:/bin", LC_ALL="C.UTF-8",
                    HOME=os.path.join(self.top, "home"),
                    XDG_RUNTIME_DIR=os.path.join(self.top, "run"),
                    GIT_CONFIG_GLOBAL="/dev/null")

    def _fill(self, directory):
        os.makedirs(os.path.join(directory, "many"))
        os.mkdir(os.path.join(directory, "tmp"))
        for name in ("file", "here"):
            with open(os.path.join(directory, name), "w",
                      encoding="utf-8") as file:
                file.write("something\n")
        shutil.copy("/bin/true", os.path.join(directory, "true"))
        for thread in range(ASKERS_MAX):
            for index in range(ASK_FILES):
                with open(os.path.join(directory, "many",
                                       f"{thread}.{index}"), "wb"):
                    pass
        self._make_repository(os.path.join(directory, "repository"))
        subprocess.run(["tar", "-cf", os.path.join(directory, "all.tar"),
                        "-C", os.path.join(directory, "repository"), "."],
                       check=True)

    def _make_repository(self, directory):
        for index in range(REPOSITORY_FILES):
            folder = os.path.join(directory, f"d{index % 40}", f"e{index % 7}")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, f"f{index}.c"), "w",
                      encoding="utf-8") as file:
                file.write(SOURCE.format(index) * 8 if index >= 20
                           else SOURCE.format(index))
        with open(os.path.join(directory, "Makefile"), "w",
                  encoding="utf-8") as file:
            file.write(MAKEFILE)
        git = ["git", "-c", "user.name=b", "-c", "user.email=b@example.org",
               "-C", directory]
        for arguments in (["init", "-q"], ["add", "-A"],
                          ["commit", "-q", "-m", "all"]):
            subprocess.run(git + arguments, check=True, env=self.environment)

    def _serve(self, directory):
        server = subprocess.Popen(
            [os.path.join(self.stage, "micro"), "serve", directory],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return server, server.stdout.readline().strip()

    def close(self):
        """Ends the servers and removes everything."""
        for server in (self.server, self.other_server):
            server.stdin.close()
            server.wait()
        shutil.rmtree(self.top)
