"""The installable app: its manifest, its service worker, and the one page it has without network."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from fagbrev.access.gate import open_page

COLOUR = "#0E5A63"
# All that a device keeps besides its owner's own drafts: the look, the two scripts, and the page «Ikke nett».
KEPT_FILES = (
    "app.css", "parts.css", "ds/theme.css", "ds/designsystemet.css", "fonts/inter-latin-wght-normal.woff2", "favicon.svg",
    "icons.svg", "device.js", "outbox.js", "icon-192.png",
)  # fmt: skip


@open_page
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the browser needs to put the app on the home screen."""
    icons = [
        {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (
            ("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-full-512.png", 512, "maskable"),
        )
    ]  # fmt: skip
    return JsonResponse(
        {
            "name": "Fagbrev", "short_name": "Fagbrev", "lang": "nb", "id": "/", "start_url": "/", "scope": "/",
            "display": "standalone", "background_color": "#ffffff", "theme_color": COLOUR, "icons": icons,
            "shortcuts": [{"name": "Utboks", "url": reverse("outbox")}],
        },
        content_type="application/manifest+json",
    )  # fmt: skip


@open_page
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told which files to keep; its text changes when one of them does."""
    urls = [static(name) for name in KEPT_FILES]
    told = json.dumps({"version": _version(settings.DEBUG and _touched()), "files": urls, "offline": reverse("offline")})
    response = HttpResponse(f"self.TOLD = {told};\n{_source('sw.js').read_text()}", content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@open_page
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page shown without network: the same for everybody, nobody's name on it."""
    return HttpResponse(render_to_string("drafts/offline.html"))


def _source(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(name)
    return Path(str(found))


def _touched() -> float:
    return max(_source(name).stat().st_mtime for name in (*KEPT_FILES, "sw.js"))


@lru_cache(maxsize=2)
def _version(touched: float | bool) -> str:
    """A short digest of the files kept; in development they may change while the server runs."""
    contents = b"".join(_source(name).read_bytes() for name in (*KEPT_FILES, "sw.js"))
    page = Path(settings.BASE_DIR / "templates/drafts/offline.html").read_bytes()
    return hashlib.sha256(contents + page).hexdigest()[:12]
