"""What a device needs to keep a draft for one user: an opaque id, and the secret that opens what the device holds."""

from typing import Any

from fagbrev.sealed import blind_index


def device_owner(user: Any) -> str:
    """Gives an id for the user that says nothing about who it is: 32 hex digits."""
    return blind_index(user.public_id, "device owner")[:32]


def device_lock(user: Any) -> str:
    """Gives the user's secret for drafts on devices: 64 hex digits, on signed-in pages only."""
    return blind_index(user.public_id, "device lock")
