"""The signed owner of a form: whose text it is and which page it belongs to."""

from typing import Any

from django.core import signing


def sign_owner(user: Any, path: str) -> str:
    """Gives a signed text that says whose form this is (the user's key) and its address; "" for one who is not signed in."""
    if not getattr(user, "is_authenticated", False):
        return ""
    return signing.dumps({"u": user.pk, "a": path}, salt="fagbrev.forms.owner")


def read_owner(text: str) -> tuple[int, str] | None:
    """Gives the user's key and the address that were signed, or None when the text was not signed here."""
    try:
        found = signing.loads(text, salt="fagbrev.forms.owner", max_age=24 * 3600)
        return int(found["u"]), str(found["a"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
