"""How fast the chat is there on a slow phone: the demo page in Chromium at a quarter of this machine's speed.

usage: python bench/widget.py [--visits 15] [--slowdown 4]

Starts its own servers on free loopback ports. Each visit is a fresh browser context; the chat's file is not cached.
"interactive" is when the message box takes text and no task of more than 50 ms is running or follows within the next
3 s. What else the machine does at the time shows in the floor.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from lantern.school import School
from lantern.serving import train
from lantern.site.assets import widget_source
from scripts.setup import BROWSERS
from tests.conftest import Server

PHONE = {"width": 360, "height": 740}
QUIET_MS = 3000
WATCH = """
  window.seen = {tasks: []};
  const ends = list => list.getEntries().map(task => task.startTime + task.duration);
  new PerformanceObserver(list => seen.tasks.push(...ends(list))).observe({type: "longtask", buffered: true});
  const look = () => {
    const root = document.querySelector("lantern-chat")?.shadowRoot;
    if (root?.querySelector("textarea")) window.seen.box ??= performance.now();
    if (root?.querySelector(".turn")) window.seen.reply ??= performance.now();
    if (!window.seen.reply) requestAnimationFrame(look);
  };
  look();
"""
RESULT = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const interactive = Math.max(seen.box, ...seen.tasks);
  return {"first paint": paint, "message box": seen.box, interactive, "welcome": seen.reply};
}"""

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def visit(browser: Browser, url: str, slowdown: float) -> dict[str, float]:
    """Returns the moments of one visit in ms after its start."""
    context = browser.new_context(viewport=PHONE)
    try:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        page.add_init_script(WATCH)
        page.goto(f"{url}/privacy")
        page.wait_for_timeout(500)
        floor = page.evaluate(PAINT)
        page.goto(url)
        page.locator(".turn").first.wait_for(timeout=20_000)
        page.wait_for_timeout(QUIET_MS)
        return {"floor: first paint of /privacy, a page without a script": floor, **page.evaluate(RESULT)}
    finally:
        context.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--visits", type=int, default=15)
    arguments.add_argument("--slowdown", type=float, default=4)
    options = arguments.parse_args()
    path = next(found for found in map(shutil.which, BROWSERS) if found)
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(train(), Path(folder))
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            server.wait()
            server.talk()("hi")
            visit(browser, server.url, options.slowdown)
            visits = [visit(browser, server.url, options.slowdown) for _ in range(options.visits)]
        finally:
            browser.close()
            server.stop()
    size = len(gzip.compress(widget_source(School()).encode(), 9))
    print(f"chat element over the wire: {size:,} bytes gzipped")
    print(f"{options.visits} visits at {options.slowdown:g}x CPU slowdown, ms after the start (median, slowest):")
    for name in visits[0]:
        times = [one[name] for one in visits]
        print(f"  {name}: {statistics.median(times):.0f}, {max(times):.0f}")


if __name__ == "__main__":
    main()
