"""The handbook of routines (V8): what, who, when, how, and which forms."""

from typing import Any

from django.db import models

from fagbrev.fields import WebAddressField
from fagbrev.rows import VersionedRow


class RoutineStep(VersionedRow):
    """One row of the guide's table of routines, as the municipality has made it its own."""

    code = models.SlugField("kode", max_length=40, unique=True)
    number = models.PositiveSmallIntegerField("nummer")
    what = models.CharField("hva", max_length=120)
    who = models.CharField("hvem", max_length=200)
    roles = models.JSONField("roller", default=list)
    when = models.CharField("når", max_length=200)
    how = models.TextField("hvordan")
    phase = models.CharField("fase", max_length=20, blank=True)
    due_days = models.PositiveSmallIntegerField("frist i dager", null=True, blank=True)
    due_from = models.CharField("regnet fra", max_length=80, blank=True)
    is_required = models.BooleanField("må gjøres", default=True)
    trades: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Trade", blank=True, related_name="routines", verbose_name="bare for fagene"
    )
    page = models.CharField("side i Fagbrev", max_length=60, blank=True)
    is_active = models.BooleanField("i bruk", default=True)

    class Meta:
        verbose_name = "rutine"
        verbose_name_plural = "rutiner"

    def __str__(self) -> str:
        return self.what


class RoutineForm(VersionedRow):
    """A form or tool a routine uses, with a link where there is one."""

    step = models.ForeignKey(RoutineStep, models.CASCADE, related_name="forms", verbose_name="rutine")
    name = models.CharField("skjema eller verktøy", max_length=120)
    url = WebAddressField("lenke", blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "skjema"
        verbose_name_plural = "skjemaer"

    def __str__(self) -> str:
        return self.name
