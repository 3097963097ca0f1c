#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: typing pty|tmux SESSIONS SECONDS FILE

Many people type at once, each at a pace of 40 to 400 ms a key and into a
program of their own, in whose place a question comes. They also paste, and
their terminals speak for themselves. Nothing of that answers; what does is
tried at the end of each session.
"""
import fcntl
import os
import pty
import random
import select
import struct
import subprocess
import sys
import termios
import time

WORDS = [
    "my password is ok\r", "sudo rm -rs a\r", "a\r", "once\r", "always\r", "yes\r", "no\r", "d", "2a\r", "o",
    "+s\r", "\t", "\x7f\x7f", ":wq\r", "\x04", "\x01\x05\x0b\x15", "\r", "pass", "\x0c\x12", "?", "s\r",
    "the quick brown fox jumps over the lazy dog, and so on\r", "oooooooooooo", "pppppp", "ddddd",
]
# What comes in one piece: keys, answers of terminals, mice, pastes.
PIECES = [
    "\x1b[A", "\x1bOB", "\x1b[3~", "\x1b", "\x1bo", "\x1b[?64;1;2c", "\x1b[12;40R", "\x1b[I", "\x1b[O",
    "\x1b[<0;10;10M", "\x1b[M a!", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b[97u", "\x1b[97;5u", "\x1b[111;1:1u",
    "\x1b[200~o\ra\r\x1do\x1b[201~", "oas\rn\r" * 700, "x" * 4095 + "o", "\x1b[200~" + "a\r" * 2048 + "\x1b[201~",
]


class Pty:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, command):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        os.set_inheritable(self.fd, False)
        os.set_blocking(self.fd, False)

    def send(self, text):
        try:
            os.write(self.fd, text.encode())
        except BlockingIOError:
            pass

    def screen(self):
        try:
            while select.select([self.fd], [], [], 0)[0]:
                data = os.read(self.fd, 65536)
                if not data:
                    break
                self.seen += data
        except OSError:
            pass
        return self.seen.decode(errors="replace")

    def end(self):
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Tmux:
    """A program in a window of tmux."""

    server = ["tmux", "-S", os.path.join(os.environ.get("logs", "/tmp"), "typing"), "-f", "/dev/null"]
    number = 0

    def __init__(self, command):
        Tmux.number += 1
        self.name = f"s{Tmux.number}"
        self.call("new-session", "-d", "-x", "200", "-y", "24", "-s", self.name, "sh", "-c", "\"$@\"; exec cat", "sh",
                  *command)

    def call(self, *words):
        return subprocess.run([*self.server, *words], check=True, capture_output=True, text=True).stdout

    def send(self, text):
        if len(text) > 1:
            self.call("set-buffer", "-b", self.name, text, ";", "paste-buffer", "-b", self.name, "-t", self.name)
        else:
            self.call("send-keys", "-t", self.name, "-H", f"{ord(text):x}")

    def screen(self):
        return self.call("capture-pane", "-p", "-t", self.name)

    def end(self):
        """The server ends all of them."""


class Person:
    """Somebody who types, as time goes on."""

    def __init__(self, terminal, seconds):
        self.terminal = terminal
        self.pace = random.uniform(0.04, 0.4)
        self.text = []
        self.at = time.monotonic() + random.uniform(0, 1)
        self.stop = self.at + seconds
        self.keys = 0

    def act(self, now):
        """Types the next key if it is time. Returns: whether that was the last."""
        if now < self.at:
            return now >= self.stop
        if not self.text:
            piece = random.random() < 0.2
            self.text = [random.choice(PIECES)] if piece else list(random.choice(WORDS))
        self.terminal.send(self.text.pop(0))
        self.keys += 1
        self.at = now + self.pace * random.uniform(0.5, 1.5)
        if random.random() < 0.05:
            self.at += random.uniform(0.5, 3)
        return now >= self.stop


def fail(what, screen):
    sys.exit(f"failed: {what}: {screen[-3000:]!r}")


def await_text(terminal, *texts):
    """Waits for one of the texts after the last question."""
    for _ in range(1500):
        screen = terminal.screen()
        last = screen[max(screen.rfind("-- Landlord"), 0):]
        if any(text in last for text in texts):
            return
        time.sleep(0.02)
    fail(f"waited for {texts}", screen)


def main():
    kind = {"pty": Pty, "tmux": Tmux}[sys.argv[1]]
    seed = int(os.environ.get("TYPING_SEED", time.time()))
    random.seed(seed)
    print("seed", seed, flush=True)
    command = [os.environ["LANDLORD"], "run", "--no-daemon", "--", "sh", "-c",
               "sleep 0.5; cat \"$1\"; echo status-$?", "sh", sys.argv[4]]
    people = [Person(kind(command), float(sys.argv[3])) for _ in range(int(sys.argv[2]))]
    typing = list(people)
    while typing:
        now = time.monotonic()
        typing = [person for person in typing if not person.act(now)]
        time.sleep(0.005)
    for person in people:
        screen = person.terminal.screen()
        if "answered: " in screen or "status-" in screen:
            fail("typing has answered", screen)
    for person in people:
        await_text(person.terminal, "press Ctrl-]")
    for person in people:
        person.terminal.send("\x1d")
    for person in people:
        await_text(person.terminal, "Which one?")
        # Right after another key it would be none.
        time.sleep(0.05)
        person.terminal.send("o")
        await_text(person.terminal, "status-0")
        person.terminal.end()
    print(len(people), "people have typed", sum(person.keys for person in people), "keys and pastes")


try:
    main()
finally:
    if sys.argv[1] == "tmux":
        subprocess.run([*Tmux.server, "kill-server"], check=False, capture_output=True)
