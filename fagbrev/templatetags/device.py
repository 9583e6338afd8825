"""The tag by which a signed-in page tells the device whose drafts it may open."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fagbrev.drafts.device import device_lock, device_owner

register = template.Library()


@register.simple_tag
def device_key(user: Any) -> SafeString:
    """A meta element with the user's opaque id and the secret that opens their drafts on the device."""
    return format_html('<meta name="device-key" content="{}.{}">', device_owner(user), device_lock(user))
