"""The files that pages load: the chat element, a style sheet, an icon. Compressed once, cached by their hash."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.records import ROOT
from lantern.school import School

HERE = Path(__file__).resolve().parent
BUNDLE = ROOT / "widget" / "dist" / "lantern-chat.js"
# the address in the snippet on a school's page: it never changes, so browsers ask again after ten minutes
WIDGET = "widget/lantern-chat.js"
BRIEFLY = "public, max-age=600, stale-while-revalidate=86400, stale-if-error=604800"
FOR_EVER = "public, max-age=31536000, immutable"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # a school's page on another site loads these files
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file as it goes over the wire."""

    path: str
    body: bytes
    cache: str
    packed: bytes = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", gzip.compress(self.body, 9, mtime=0))
        object.__setattr__(self, "digest", hashlib.sha256(self.body).hexdigest()[:16])

    def answer(self, request: Request) -> HTTPResponse:
        """Returns the file, packed where the browser takes it, or 304 where it has it already."""
        packs = "gzip" in request.headers.get("accept-encoding", "")
        tag = f'"{self.digest}{"-gz" if packs else ""}"'
        headers = {**HEADERS, "ETag": tag, "Cache-Control": self.cache}
        if tag in request.headers.get("if-none-match", ""):
            return response.HTTPResponse(status=304, headers=headers)
        if packs:
            headers["Content-Encoding"] = "gzip"
        body = self.packed if packs else self.body
        return response.HTTPResponse(body, headers=headers, content_type=TYPES[Path(self.path).suffix])


def widget_source(school: School) -> str:
    """Returns the chat element as it is served: what the school filled in, then the bundle as it was built."""
    own = {"counselor": school.counselor and school.counselor.dict(), "lines": [line.dict() for line in school.lines]}
    own["exit_url"] = school.exit_url
    return f"globalThis.lanternSchool={json.dumps(own)};\n{BUNDLE.read_text(encoding='utf-8')}"


class Assets:
    """All files by path without the first slash, and their names with the hash in them."""

    def __init__(self, school: School) -> None:
        bodies = {f"static/{path.name}": path.read_bytes() for path in sorted((HERE / "static").iterdir())}
        bodies[WIDGET] = widget_source(school).encode()
        self._assets: dict[str, Asset] = {}
        self._hashed: dict[str, str] = {}
        for path, body in bodies.items():
            plain = Asset(path, body, BRIEFLY)
            stem, dot, suffix = path.rpartition(".")
            hashed = f"{stem}.{plain.digest}{dot}{suffix}"
            self._assets[path], self._assets[hashed] = plain, Asset(hashed, body, FOR_EVER)
            self._hashed[path] = hashed

    def get(self, path: str) -> Asset | None:
        """Returns the file at this path, or None."""
        return self._assets.get(path)

    def address(self, path: str) -> str:
        """Returns the path under which this very content can be cached for ever."""
        return self._hashed[path]
