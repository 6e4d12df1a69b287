"""Two workers, Redis and nginx as real processes on the loopback address: one conversation, whoever dies."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.utils.endpoints import EndpointConfig
from redis import Redis

from lantern.contacts import load_contacts
from lantern.service.contract import REFUSALS
from lantern.service.redis_locks import RedisLocks
from tests.conftest import ROOT, Server, free_port
from tests.service.test_recovery import eventually

DEPLOY = ROOT / "deploy"
KILL_MYSELF = "i want to kill myself"


def program(name: str) -> str:
    """Returns the path of a program that the set-up installs."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert path, f"{name} is missing: run `python3.11 scripts/setup.py --test`"
    return path


class RedisServer:
    """Redis with the configuration of deploy/."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [program("redis-server"), str(DEPLOY / "redis.conf"), "--port", str(self.port)]
        command += ["--bind", "127.0.0.1", "--dir", str(self._folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.client().ping()
                return
            except Exception:  # noqa: BLE001
                time.sleep(0.05)
        raise AssertionError("Redis does not start")

    def client(self) -> Redis:
        return Redis.from_url(self.url, decode_responses=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def ask(url: str, sender: str, message: str) -> tuple[int, Any]:
    """Returns status and JSON; a status of 200 must carry the contact."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(f"{url}/webhooks/website/webhook", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            content = json.load(answer)
            assert content[-1]["custom"]["contact"]["phone"] == "1-800-843-5678"
            return answer.status, content
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def text(answer: tuple[int, Any]) -> str:
    assert answer[0] == 200, answer
    return answer[1][-1]["text"]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    running = RedisServer(tmp_path_factory.mktemp("redis"))
    try:
        yield running
    finally:
        running.kill()


@pytest.fixture(scope="module")
def workers(model: Path, redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two workers, each with an action server, that share a Redis."""
    running = []
    try:
        for number in (1, 2):
            folder = tmp_path_factory.mktemp(f"worker{number}")
            actions = free_port()
            environment = {"LANTERN_REDIS": redis.url, "LANTERN_ACTIONS": f"http://127.0.0.1:{actions}/webhook"}
            options = ("--endpoints", str(DEPLOY / "endpoints.redis.yml"))
            running.append(Server(model, folder, environment, options, actions_port=actions))
        for worker in running:
            worker.wait()
        yield running
    finally:
        for worker in running:
            worker.stop()


@pytest.fixture(scope="module")
def nginx(workers: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """nginx with the configuration of deploy/, its addresses aside."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    config = (DEPLOY / "nginx.conf").read_text()
    servers = [f"server {worker.url.removeprefix('http://')} max_fails=1 fail_timeout=2s;" for worker in workers]
    config = config.replace("server rasa:5005 max_fails=1 fail_timeout=2s;", "\n".join(servers))
    config = config.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace(
        "/tmp/lantern-nginx", f"{folder}/nginx"
    )
    path = folder / "nginx.conf"
    path.write_text(config)
    # runs as whoever runs the tests, in a folder of its own
    command = [program("nginx"), "-p", str(folder), "-c", str(path), "-e", "stderr"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0 and "test is successful" in checked.stderr, checked.stderr
    process = subprocess.Popen([*command, "-g", f"daemon off; {'user root;' if os.geteuid() == 0 else ''}"])
    try:
        eventually(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close() is None)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=20)


def test_a_conversation_goes_on_at_another_worker(workers: list[Server]) -> None:
    sender, (one, two) = str(uuid.uuid4()), workers
    assert "78%" in text(ask(one.url, sender, "how many of the victims were girls, in percent?"))
    assert "15%" in text(ask(two.url, sender, "and boys?"))
    assert "Who are the child victims?" in text(ask(one.url, sender, "where is that from?"))


def test_crisis_care_stays_at_another_worker(workers: list[Server]) -> None:
    sender, (one, two) = str(uuid.uuid4()), workers
    assert "988" in text(ask(one.url, sender, KILL_MYSELF))
    assert "988" in text(ask(two.url, sender, "how do i tell my parents"))


def test_messages_at_once_at_two_workers_are_answered_one_after_the_other(
    workers: list[Server], redis: RedisServer
) -> None:
    sender, answers = str(uuid.uuid4()), []
    messages = [KILL_MYSELF, "how do i tell my parents", "what is sextortion", "i already paid him"]

    def say(number: int) -> None:
        answers.append(ask(workers[number % 2].url, sender, messages[number])[0])

    threads = [threading.Thread(target=say, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    events = [json.loads(row) for row in redis.client().lrange(f"lantern:talk:{sender}", 0, -1)]
    kinds = [event["event"] for event in events if event["event"] in ("user", "bot")]
    assert sorted(event["text"] for event in events if event["event"] == "user") == sorted(messages)
    # no turn began before the one before it had its reply
    assert kinds[0] == "user" and not re.search("user user", " ".join(kinds))
    # nothing is left of the queue
    assert not redis.client().keys("lantern:turn:*")


def test_a_turn_that_runs_long_leaves_nothing_behind(redis: RedisServer) -> None:
    locks = RedisLocks(EndpointConfig(redis.url))

    async def turns() -> None:
        for _ in range(5):
            async with locks.lock("long"):
                # the beat of half a second falls on the end of the turn
                await asyncio.sleep(0.5)
        await asyncio.sleep(0.2)

    asyncio.run(turns())
    assert not redis.client().keys("lantern:turn:long*")


def test_redis_keeps_no_conversation_without_an_end(workers: list[Server], redis: RedisServer) -> None:
    ask(workers[0].url, str(uuid.uuid4()), "hi")
    client = redis.client()
    keys = client.keys("*")
    assert keys and all(0 < client.ttl(key) <= 30 * 60 for key in keys)
    assert client.config_get("save") == {"save": ""} and client.config_get("appendonly") == {"appendonly": "no"}


def test_without_redis_the_conversation_goes_on_and_nothing_is_lost_when_it_is_back(
    workers: list[Server], redis: RedisServer
) -> None:
    sender, (one, two) = str(uuid.uuid4()), workers
    assert "78%" in text(ask(one.url, sender, "how many of the victims were girls, in percent?"))
    redis.kill()
    assert "15%" in text(ask(one.url, sender, "and boys?"))
    assert "988" in text(ask(two.url, str(uuid.uuid4()), KILL_MYSELF))
    # Redis comes back empty
    redis.start()
    time.sleep(1.5)
    assert "Who are the child victims?" in text(ask(one.url, sender, "where is that from?"))
    # what was said while it was away is known to the other worker too
    events = [json.loads(row) for row in redis.client().lrange(f"lantern:talk:{sender}", 0, -1)]
    assert [event["event"] for event in events].count("user") == 3
    assert "Who are the child victims?" in text(ask(two.url, sender, "where is that from?"))


def test_a_hung_redis_costs_a_moment(workers: list[Server], redis: RedisServer) -> None:
    redis.process.send_signal(signal.SIGSTOP)
    try:
        assert "988" in text(ask(workers[0].url, str(uuid.uuid4()), KILL_MYSELF))
    finally:
        redis.process.send_signal(signal.SIGCONT)
    time.sleep(1.5)
    assert "78%" in text(ask(workers[0].url, str(uuid.uuid4()), "how many of the victims were girls, in percent?"))


def test_no_word_of_a_user_is_left_after_the_conversation_expired(workers: list[Server], redis: RedisServer) -> None:
    canary, sender = f"canary{uuid.uuid4().hex}", str(uuid.uuid4())
    ask(workers[0].url, sender, f"he threatens me {canary}")
    client = redis.client()
    key = f"lantern:talk:{sender}"
    assert canary in "".join(client.lrange(key, 0, -1))
    # half an hour later
    client.pexpire(key, 1)
    time.sleep(0.1)
    kept = [client.dump(key) for key in client.keys("*") if client.type(key) == "list"]
    assert not client.exists(key) and not [value for value in kept if value and canary in str(value)]
    assert not [line for line in client.execute_command("SLOWLOG", "GET", "128") if canary in str(line)]
    files = [path for worker in workers for path in worker.log.parent.rglob("*") if path.is_file()]
    assert not [path for path in files if canary.encode() in path.read_bytes()]


def test_the_proxy_refuses_with_the_contact_of_the_records() -> None:
    config = (DEPLOY / "nginx.conf").read_text()
    answers = [json.loads(found) for found in re.findall(r"return 200 '(.*)';", config)]
    assert len(answers) == 2
    for answer in answers:
        assert answer["contact"] == load_contacts().payload()
        assert answer["error"]["message"] == REFUSALS[answer["error"]["code"]][1]


def test_through_the_proxy(nginx: str) -> None:
    sender = str(uuid.uuid4())
    assert "78%" in text(ask(nginx, sender, "how many of the victims were girls, in percent?"))
    assert "15%" in text(ask(nginx, sender, "and boys?"))
    status, content = ask(nginx, sender, "x" * 40_000)
    assert status == 413 and content["contact"]["phone"] == "1-800-843-5678"
    assert ask(nginx, "me", "hi")[0] == 422


def test_a_worker_killed_in_mid_turn_loses_no_reply_behind_the_proxy(nginx: str, workers: list[Server]) -> None:
    """Last of this file: it leaves one worker."""
    figure = "how many of the victims were boys"
    senders = [str(uuid.uuid4()) for _ in range(6)]
    for sender in senders:
        assert ask(nginx, sender, figure)[0] == 200
    for worker in workers:
        worker.processes["actions"].send_signal(signal.SIGSTOP)
    answers: list[tuple[int, Any]] = []
    threads = [threading.Thread(target=lambda s=s: answers.append(ask(nginx, s, figure))) for s in senders]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    workers[0].processes["rasa"].kill()

    for worker in workers:
        worker.processes["actions"].send_signal(signal.SIGCONT)
    for thread in threads:
        thread.join()

    assert [status for status, _ in answers] == [200] * 6
    # the conversations go on at the worker that is left
    for sender in senders:
        assert "988" in text(ask(nginx, sender, KILL_MYSELF))

    workers[1].processes["rasa"].kill()
    status, content = ask(nginx, senders[0], "hi")

    assert status == 503 and content["contact"]["phone"] == "1-800-843-5678" and "988" in content["error"]["message"]
