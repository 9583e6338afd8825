"""System checks of the installation: the demo never meets real accounts, and production never the demo's."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

DEMO_DOMAIN = "@demo.example"


@register(Tags.database)
def demo_accounts_and_real_ones_never_meet(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Refuses DEMO=1 beside an account that is not @demo.example, and production beside one that is."""
    if not databases:
        return []
    from fagbrev.people.models import User

    try:
        has_real = User.objects.exclude(email__endswith=DEMO_DOMAIN).exists()
        has_demo = User.objects.filter(email__endswith=DEMO_DOMAIN).exists()
    except DatabaseError:
        return []
    if settings.DEMO and has_real:
        return [Error("DEMO=1, but there is an account that does not end in @demo.example.", id="fagbrev.E001")]
    if not settings.DEMO and not settings.DEBUG and has_demo:
        return [Error("This is not the demo, but there are accounts that end in @demo.example.", id="fagbrev.E002")]
    return []
