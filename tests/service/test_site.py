"""The pages and their files over HTTP: headers, compression, caching; and which other sites may call the channel."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import uuid
from urllib.parse import urlsplit

import pytest

from lantern.site.assets import BUNDLE
from tests.conftest import Server

PAGES = ("/", "/embed", "/privacy")
WIDGET = "/widget/lantern-chat.js"
WEBHOOK = "/webhooks/website/webhook"
STRANGER = "https://evil.example"


def ask(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Returns status, headers in lower case and the raw body."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    try:
        sent = {"content-type": "application/json"} if body is not None else {}
        connection.request(method, path, body, sent | {key.replace("_", "-"): value for key, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def hello() -> bytes:
    return json.dumps({"sender": str(uuid.uuid4()), "message": "hi"}).encode()


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_their_security_headers(server: Server, school_origin: str, path: str) -> None:
    status, headers, body = ask(server, path)
    assert status == 200 and b"1-800-843-5678" in body
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == f"'self' {school_origin}"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_nothing_inline_and_load_only_hashed_files(server: Server, path: str) -> None:
    page = ask(server, path)[2].decode()
    page = re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    loaded = re.findall(r'(?:src|href)="((?:static|widget)/[^"]+)"', page)
    assert loaded
    for path in loaded:
        assert re.search(r"\.[0-9a-f]{16}\.\w+$", path)
        status, headers, _ = ask(server, f"/{path}")
        assert status == 200
        assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_element_is_served_as_built_after_one_line_of_the_school(server: Server, school_origin: str) -> None:
    body = ask(server, WIDGET)[2].decode()
    line, _, bundle = body.partition("\n")
    assert bundle == BUNDLE.read_text(encoding="utf-8")
    school = json.loads(line.removeprefix("globalThis.lanternSchool=").removesuffix(";"))
    assert school == {"counselor": None, "lines": [], "exit_url": f"{school_origin}/weather"}


def test_files_are_compressed_and_known_again(server: Server) -> None:
    status, headers, packed = ask(server, WIDGET, accept_encoding="gzip, br")
    assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
    plain = ask(server, WIDGET)
    assert "content-encoding" not in plain[1] and gzip.decompress(packed) == plain[2]
    assert headers["etag"] != plain[1]["etag"]
    again = ask(server, WIDGET, accept_encoding="gzip", if_none_match=headers["etag"])
    assert (again[0], again[2]) == (304, b"")
    assert "stale-if-error" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


def test_no_file_outside_is_served(server: Server) -> None:
    for path in ("/static/../pages.py", "/static/", "/widget/../../school.yml", "/static/%2e%2e/pages.py"):
        status, _, body = ask(server, path)
        assert status == 404 and b"CyberTipline" in body, path


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"host": "chat.lincoln.example", "x_forwarded_proto": "https"}, "https://chat.lincoln.example"),
        ({"host": "chat.lincoln.example:8443"}, "http://chat.lincoln.example:8443"),
        ({"host": "a.example", "x_forwarded_proto": "javascript"}, "http://a.example"),
        ({"host": 'x"><script>alert(1)</script>'}, "http://localhost"),
    ],
)
def test_the_snippet_names_the_address_of_this_server(server: Server, headers: dict, base: str) -> None:
    page = ask(server, "/embed", **headers)[2].decode()
    assert f"&lt;script src=&#34;{base}/widget/lantern-chat.js&#34;" in page
    assert "alert(1)" not in page


def test_only_sites_of_the_school_may_read_the_answers(server: Server, school_origin: str) -> None:
    status, headers, body = ask(server, WEBHOOK, "POST", hello(), origin=school_origin)
    assert status == 200 and json.loads(body)[-1]["custom"]["contact"]
    assert headers["access-control-allow-origin"] == school_origin
    for origin in (STRANGER, "null", f"{school_origin}.evil.example", school_origin + "0"):
        status, headers, _ = ask(server, WEBHOOK, "POST", hello(), origin=origin)
        assert "access-control-allow-origin" not in headers, origin
        assert headers["vary"] == "Origin"


def test_errors_can_be_read_by_the_schools_sites_too(server: Server, school_origin: str) -> None:
    status, headers, _ = ask(server, WEBHOOK, "POST", b"{", origin=school_origin)
    assert (status, headers["access-control-allow-origin"]) == (400, school_origin)


def test_the_question_before_a_request_is_answered(server: Server, school_origin: str) -> None:
    question = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}
    status, headers, body = ask(server, WEBHOOK, "OPTIONS", origin=school_origin, **question)
    assert (status, body) == (204, b"")
    assert headers["access-control-allow-origin"] == school_origin
    assert "POST" in headers["access-control-allow-methods"]
    assert headers["access-control-allow-headers"] == "content-type"
    assert "access-control-allow-credentials" not in headers
    status, headers, _ = ask(server, WEBHOOK, "OPTIONS", origin=STRANGER, **question)
    assert not [name for name in headers if name.startswith("access-control-")]


def test_answers_of_the_channel_are_not_kept_or_guessed_at(server: Server) -> None:
    headers = ask(server, WEBHOOK, "POST", hello())[1]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
