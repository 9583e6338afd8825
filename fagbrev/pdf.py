"""Accessible PDFs (PDF/UA-1) from templates, in the municipality's name."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from fagbrev.children import ChildFailed, ChildTooSlow, run_child

TIME_LIMIT_SECONDS = 30.0
_MEMORY_MB = 2048


class PdfError(Exception):
    """A PDF could not be made: it took too long, or asked for a file that is not ours. For the log, not for users."""


def render_pdf(template: str, context: dict[str, Any], *, title: str, seconds: float = TIME_LIMIT_SECONDS) -> bytes:
    """Gives the PDF of a template that extends `pdf/base.html`; `title` is the document's name in readers and lists.

    Nothing but own static files and the logo can be fetched. Raises PdfError, also when it takes longer than `seconds`.
    """
    logo = Path(settings.LOGO_FILE) if settings.LOGO_FILE else None
    html = render_to_string(
        template,
        {
            "municipality": settings.MUNICIPALITY,
            "service_name": settings.SERVICE_NAME,
            "logo_url": f"/logo{logo.suffix.lower()}" if logo and logo.is_file() else "",
            **context,
            "pdf_title": title,
        },
    )
    return pdf_of_html(html, logo=logo, seconds=seconds)


def pdf_of_html(html: str, *, logo: Path | None = None, seconds: float = TIME_LIMIT_SECONDS) -> bytes:
    """Gives the tagged PDF of a whole HTML document. Raises PdfError."""
    order = {
        "html": html,
        "static_url": settings.STATIC_URL,
        "roots": [str(root) for root in (*settings.STATICFILES_DIRS, settings.STATIC_ROOT) if root],
        "logo": str(logo) if logo else "",
    }
    try:
        content = run_child("render_pdf", json.dumps(order).encode(), seconds=seconds, megabytes=_MEMORY_MB)
    except ChildTooSlow as slow:
        raise PdfError(str(slow)) from None
    except ChildFailed as failed:
        raise PdfError(str(failed)) from None
    if not content.startswith(b"%PDF-"):
        raise PdfError("render_pdf gave something that is no PDF.")
    return content
