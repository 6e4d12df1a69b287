"""What a worker counts: how many, how fast, what broke. Never a text, never who.

Served by `lantern.rasa_server --metrics-port` on the loopback address, in the format of Prometheus.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, start_http_server

REPLIES = Counter("lantern_replies_total", "Turns answered, by kind and topic of the last reply", ["kind", "topic"])
SECONDS = Histogram(
    "lantern_turn_seconds",
    "Time from a request that was read to its replies",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16),
)
REFUSED = Counter("lantern_refused_total", "Requests without a turn, by code", ["code"])
ERRORS = Counter("lantern_turn_errors_total", "Turns in which the pipeline threw, by type of the exception", ["type"])
ACTIONS_FAILED = Counter("lantern_action_failures_total", "Calls of the action server that failed, by cause", ["cause"])
STORE_FAILED = Counter("lantern_store_failures_total", "Turns for which Redis could not be used", ["what"])
RUNNING = Gauge("lantern_turns_running", "Turns that run or wait in this worker")


def serve_metrics(port: int, host: str = "127.0.0.1") -> None:
    """Answers on `http://host:port/metrics`, in a thread of its own."""
    start_http_server(port, addr=host)
