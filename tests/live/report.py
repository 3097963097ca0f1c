#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: report.py CHROMIUM[,OPTION...] PAGE [PICTURES]

Opens a report in a browser and does what a person would: with keys, with and
without a mouse, in light and dark, on a wide and on a narrow screen. Whatever
is not as it should be is printed, and the exit status is 1. With PICTURES, a
directory, it leaves pictures there. It talks to the browser by its debugging
pipe, and so needs no network.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    """A browser with one page."""

    def __init__(self, command, profile):
        to_read, self.to = os.pipe()
        self.from_, to_write = os.pipe()
        # The browser reads from 3 and writes to 4.
        def move():
            read, write = os.dup(to_read), os.dup(to_write)
            os.dup2(read, 3)
            os.dup2(write, 4)
        self.process = subprocess.Popen(
            command + ["--headless", "--disable-gpu",
                       "--remote-debugging-pipe",
                       "--user-data-dir=" + profile, "about:blank"],
            preexec_fn=move, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.rest, self.number, self.events = b"", 0, []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = None
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in "Page", "Runtime", "Network", "Accessibility":
            self.call(domain + ".enable")

    session = None

    def receive(self):
        while b"\0" not in self.rest:
            more = os.read(self.from_, 65536)
            if not more:
                raise EOFError("the browser has gone")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.receive())

    def js(self, text):
        """The value of an expression."""
        result = self.call("Runtime.evaluate", expression=text,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def key(self, key, code=0, text=""):
        for kind in "keyDown", "keyUp":
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code,
                      text=text if kind == "keyDown" else "")

    def type(self, text):
        for letter in text:
            self.call("Input.dispatchKeyEvent", type="char", text=letter)

    def end(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (EOFError, OSError):
            pass
        self.process.wait()


wrong = []


def expect(what, holds):
    if not holds:
        wrong.append(what)


CONTRAST = """(() => {
    const numbers = text => text.match(/[0-9.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= 0.03928
        ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const back = element => {
        for (; element; element = element.parentElement) {
            const color = numbers(getComputedStyle(element).backgroundColor);
            if (color.length < 4 || color[3] > 0)
                return color;
        }
        return [255, 255, 255];
    };
    let least = 21;
    for (const element of document.querySelectorAll("p, dt, dd, h1, h2, td," +
            "th button, .n, code, label, summary, output, pre, button")) {
        if (!element.textContent.trim() || !element.getClientRects().length)
            continue;
        const [a, b] = [light(numbers(getComputedStyle(element).color)),
                        light(back(element))];
        least = Math.min(least, (Math.max(a, b) + 0.05) /
                                (Math.min(a, b) + 0.05));
    }
    return least;
})()"""


def look(browser, name, width, height, theme):
    """The page as it is for somebody. Pictures go to the directory."""
    browser.call("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": theme}])
    expect(name + ": wider than the screen", browser.js(
        "document.documentElement.scrollWidth <= innerWidth"))
    expect(name + ": hard to read", browser.js(CONTRAST) >= 4.5)
    if len(sys.argv) > 3:
        picture = browser.call("Page.captureScreenshot")["data"]
        with open(os.path.join(sys.argv[3], name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture))


def try_theme(browser):
    color = "getComputedStyle(document.body).backgroundColor"
    before = browser.js(color)
    browser.js("document.getElementById('theme').focus()")
    browser.key("Enter", 13, "\r")
    expect("the button changes no colours", browser.js(color) != before)
    browser.key("Enter", 13, "\r")
    expect("the button does not change back", browser.js(color) == before)


def try_time_line(browser):
    said = "document.getElementById('piece').textContent"
    browser.js("document.getElementById('at').focus()")
    browser.key("End", 35)
    last = browser.js(said)
    browser.key("Home", 36)
    first = browser.js(said)
    expect("the time line says nothing", first and last)
    if browser.js("document.getElementById('at').max > 0"):
        expect("the time line does not move", first != last)
        browser.key("ArrowRight", 39)
        expect("it does not go on", browser.js(said) not in ("", first))
    expect("a screen reader is not told", browser.js(
        "document.getElementById('at').getAttribute('aria-valuetext')") ==
        browser.js(said))


def try_table(browser):
    row = "document.querySelector('#waits tbody tr').textContent"
    if not browser.js("!!document.getElementById('waits')"):
        return
    button = "document.querySelectorAll('#waits th button')[0].focus()"
    slowest = browser.js(row)
    browser.js(button)
    browser.key("Enter", 13, "\r")
    expect("the table is not sorted", browser.js(
        "document.querySelector('#waits th').ariaSort") == "ascending")
    if browser.js("new Set([...document.querySelectorAll('#waits tbody td')]"
                  ".filter(td => !td.cellIndex).map(td => td.dataset.value))"
                  ".size") > 1:
        expect("the quickest is not first", browser.js(row) != slowest)
    browser.key("Enter", 13, "\r")
    expect("the slowest is not first", browser.js(row) == slowest)


def try_tree(browser):
    opened = "document.querySelector('.tree details').open"
    if browser.js("!!document.querySelector('.tree details')"):
        before = browser.js(opened)
        browser.js("document.querySelector('.tree summary').focus()")
        browser.key("Enter", 13, "\r")
        expect("a key does not open or close", browser.js(opened) != before)
        browser.key("Enter", 13, "\r")
    shown = ("[...document.querySelectorAll('#filter ~ .tree "
             "li[data-came]')].filter(li => !li.hidden).length")
    every = browser.js(shown)
    browser.js("document.getElementById('name').focus()")
    browser.type("no such name")
    expect("what is not there is found", browser.js(shown) == 0)
    browser.js("document.getElementById('name').select()")
    browser.key("Delete", 46)
    expect("not all is there again", browser.js(shown) == every)
    box = "document.querySelector('#filter [name=came]')"
    browser.js(box + ".focus()")
    browser.key(" ", 32, " ")
    expect("the box is not ticked off", not browser.js(box + ".checked"))
    expect("what was only allowed is there", browser.js(
        "[...document.querySelectorAll('#filter ~ .tree li[data-came]')]"
        ".every(li => li.hidden || li.dataset.came.trim() != 'allowed')"))
    browser.key(" ", 32, " ")


def try_names(browser):
    """What a screen reader reads: everything to be used has a name."""
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = [n.get("role", {}).get("value") for n in nodes]
    for role in "heading", "main", "slider", "searchbox", "checkbox":
        expect("no " + role, role in roles)
    for node in nodes:
        role = node.get("role", {}).get("value")
        if role in ("button", "slider", "searchbox", "checkbox", "region",
                    "image", "img"):
            expect("a %s without a name" % role,
                   node.get("name", {}).get("value"))


def main():
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(sys.argv[1].split(","), profile)
        try:
            url = "file://" + os.path.abspath(sys.argv[2])
            browser.call("Page.navigate", url=url)
            browser.wait("Page.loadEventFired")
            look(browser, "light", 1200, 900, "light")
            look(browser, "dark", 1200, 900, "dark")
            look(browser, "narrow", 400, 900, "dark")
            look(browser, "whole", 1200, 4000, "light")
            try_theme(browser)
            try_time_line(browser)
            try_table(browser)
            try_tree(browser)
            try_names(browser)
            look(browser, "used", 1200, 900, "dark")
            for event in browser.events:
                method = event.get("method")
                expect("an exception: %s" % event,
                       method != "Runtime.exceptionThrown")
                if method == "Network.requestWillBeSent":
                    fetched = event["params"]["request"]["url"]
                    expect("it fetches " + fetched, fetched == url or
                           fetched == "about:blank")
        finally:
            browser.end()
    print("\n".join(wrong) or "as it should be")
    return 1 if wrong else 0


sys.exit(main())
