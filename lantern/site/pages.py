"""The pages beside the channel: `/`, `/embed`, `/privacy`. Rasa owns `/`, so they come in as a request middleware."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.contacts import load_contacts
from lantern.school import School, load_school
from lantern.site.assets import Assets

HERE = Path(__file__).resolve().parent
TEMPLATES = {"/": "home.html", "/embed": "embed.html", "/privacy": "privacy.html"}
# only what a host name can hold goes from the request into the page
HOST = re.compile(r"^[A-Za-z0-9.-]{1,250}(:\d{1,5})?$")


def page_headers(school: School) -> dict[str, str]:
    """Returns the headers of a page: nothing runs that is not ours, and only the school's sites may frame it."""
    framers = " ".join(["'self'", *school.origins])
    return {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {framers}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        # a shared computer keeps no copy of the page
        "Cache-Control": "no-store",
    }


class Pages:
    """All pages and their files. Templates are read once; what a page shows of the request is its host alone."""

    def __init__(self) -> None:
        school = load_school()
        self._assets = Assets(school)
        self._headers = page_headers(school)
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        contacts = load_contacts()
        environment.globals.update(
            asset=self._assets.address,
            contacts={contact.key: contact for contact in contacts},
            school=school,
        )
        self._pages = {path: environment.get_template(name) for path, name in TEMPLATES.items()}

    async def serve(self, request: Request) -> HTTPResponse | None:
        """Answers requests for a page or a file, and leaves all others (None) to Rasa."""
        if request.method not in ("GET", "HEAD"):
            return None
        asset = self._assets.get(request.path.lstrip("/"))
        if asset:
            return asset.answer(request)
        page = self._pages.get(request.path)
        if page is None:
            return None
        return response.html(page.render(base=address_of(request)), headers=self._headers)


def address_of(request: Request) -> str:
    """Returns the address under which the browser reached Lantern, such as `https://chat.example.org`."""
    host = request.headers.get("host", "")
    scheme = request.headers.get("x-forwarded-proto", "http")
    return f"{scheme if scheme in ('http', 'https') else 'http'}://{host if HOST.match(host) else 'localhost'}"
