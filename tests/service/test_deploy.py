"""The files of deploy/: right in form by the published schemas, and true to what the code does.

nginx checks its own file in test_many_workers.py.
"""

from __future__ import annotations

import importlib.util
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lantern.service.contract import MAX_BODY
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
OBJECTS = [
    (path.name, content)
    for path in sorted((DEPLOY / "kubernetes").glob("*.yml"))
    for content in yaml.safe_load_all(path.read_text())
]
# its code needs a newer package than Rasa allows; the schemas that it carries are what counts
SCHEMAS = Path(importlib.util.find_spec("kubernetes_validate").submodule_search_locations[0])  # type: ignore
SCHEMAS = SCHEMAS / "kubernetes-json-schema" / "v1.33.0-local-strict"


@lru_cache(maxsize=1)
def definitions() -> dict[str, Any]:
    return json.loads((SCHEMAS / "_definitions.json").read_text())


def problems(content: dict[str, Any]) -> list[str]:
    """Returns what Kubernetes' own schema finds wrong."""
    group, _, version = content["apiVersion"].rpartition("/")
    parts = (content["kind"].lower(), group.split(".")[0], version)
    schema = json.loads((SCHEMAS / ("-".join(part for part in parts if part) + ".json")).read_text())
    base = "https://kubernetes.io/api/"
    resolver = jsonschema.RefResolver(base, schema, store={base + "_definitions.json": definitions()})
    return [
        f"{list(error.path)}: {error.message[:200]}"
        for error in jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(content)
    ]


@pytest.mark.parametrize(("file", "content"), OBJECTS, ids=[f"{file}-{c['kind']}" for file, c in OBJECTS])
def test_a_manifest_is_right_in_form(file: str, content: dict[str, Any]) -> None:
    assert problems(content) == []


def test_the_check_of_the_form_can_fail() -> None:
    wrong = yaml.safe_load((DEPLOY / "kubernetes" / "redis.yml").read_text().split("---")[1])
    wrong["spec"]["template"]["spec"]["containers"][0]["limits"] = {}
    assert problems(wrong)


def deployments() -> dict[str, dict[str, Any]]:
    return {c["metadata"]["name"]: c["spec"] for _, c in OBJECTS if c["kind"] == "Deployment"}


def test_every_container_is_limited_probed_and_cannot_write() -> None:
    assert set(deployments()) == {"rasa", "actions", "redis"}
    for spec in deployments().values():
        (container,) = spec["template"]["spec"]["containers"]
        assert {"cpu", "memory"} <= set(container["resources"]["limits"])
        assert "livenessProbe" in container and "readinessProbe" in container
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert spec["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_workers_are_replaced_one_by_one_and_grow_with_the_cpu() -> None:
    rolling = deployments()["rasa"]["strategy"]["rollingUpdate"]
    assert rolling == {"maxUnavailable": 0, "maxSurge": 1}
    scaled = {c["spec"]["scaleTargetRef"]["name"] for _, c in OBJECTS if c["kind"] == "HorizontalPodAutoscaler"}
    assert scaled == {"rasa", "actions"}


def test_the_probes_ask_addresses_of_the_channel() -> None:
    (container,) = deployments()["rasa"]["template"]["spec"]["containers"]
    paths = {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"/webhooks/website/live", "/webhooks/website/ready"}


def settings(text: str) -> dict[str, str]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return dict(line.split(" ", 1) for line in lines)


def test_redis_writes_nothing_anywhere() -> None:
    own = settings((DEPLOY / "redis.conf").read_text())
    assert own["save"] == '""' and own["appendonly"] == "no" and own["slowlog-log-slower-than"] == "-1"
    config = next(c for _, c in OBJECTS if c["kind"] == "ConfigMap")
    # in a cluster the network policy says who may connect
    assert settings(config["data"]["redis.conf"]) == {**own, "protected-mode": "no"}
    for service in ("redis", "rasa", "actions", "nginx"):
        assert COMPOSE["services"][service]["read_only"] is True


def test_compose_names_files_and_modules_that_exist() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            assert (DEPLOY / volume.split(":")[0]).exists(), volume
        command = service.get("command", [])
        if "-m" in command:
            assert importlib.util.find_spec(command[command.index("-m") + 1])
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["nginx"]["ports"])
    assert "ports" not in COMPOSE["services"]["redis"]


def test_nginx_takes_bodies_as_large_as_the_channel() -> None:
    config = (DEPLOY / "nginx.conf").read_text()
    (size,) = re.findall(r"client_max_body_size (\d+)k;", config)
    (buffer,) = re.findall(r"client_body_buffer_size (\d+)k;", config)
    assert int(size) * 1024 == MAX_BODY and int(buffer) >= int(size)
    assert "access_log off;" in config and "proxy_max_temp_file_size 0;" in config


def test_the_image_starts_what_exists() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert importlib.util.find_spec("lantern.rasa_server") and "lantern.rasa_server" in text
    assert "deploy/endpoints.redis.yml" in text and (DEPLOY / "endpoints.redis.yml").exists()
    assert "USER 10001" in text
