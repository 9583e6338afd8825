"""A paper of a meeting as an answer: the file, or back to its page with a word when it could not be made."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fagbrev.files import attachment_response
from fagbrev.pdf import PdfError

logger = logging.getLogger(__name__)


def paper_answer(request: HttpRequest, make: Callable[[], bytes], *, name: str, back_url: str) -> HttpResponse:
    """Gives the PDF that `make` gives, called `name`; leads to `back_url` and logs it when it raises PdfError."""
    try:
        content = make()
    except PdfError as error:
        logger.error("%s: %s", request.path, error)
        messages.error(request, "Vi fikk ikke laget PDF-en. Prøv igjen om litt.")
        return redirect(back_url)
    response: Any = attachment_response(content, name, "application/pdf")
    return response
