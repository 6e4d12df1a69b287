"""Serves the demo page and its files. Rasa owns `/`, so the pages come in as a request middleware."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.contacts import load_contacts

HERE = Path(__file__).resolve().parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STATIC = {"/static/chat.css": "text/css; charset=utf-8", "/static/chat.js": "text/javascript; charset=utf-8"}


class Pages:
    """All pages, rendered once at start."""

    def __init__(self) -> None:
        templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
        )
        html = templates.get_template("demo.html").render(
            contacts={contact.key: contact for contact in load_contacts()}
        )
        self._bodies = {"/": (html, "text/html; charset=utf-8")}
        for path, content_type in STATIC.items():
            self._bodies[path] = ((HERE / path.lstrip("/")).read_text(encoding="utf-8"), content_type)

    async def serve(self, request: Request) -> HTTPResponse | None:
        """Answers requests for a page, and leaves all others (None) to Rasa."""
        if request.method not in ("GET", "HEAD") or request.path not in self._bodies:
            return None
        body, content_type = self._bodies[request.path]
        return response.HTTPResponse(body, headers=HEADERS, content_type=content_type)
