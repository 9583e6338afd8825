"""Progress reports: the koordinator's texts, the numbers of a draft, and what was published, which never changes."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from fagbrev.dates import semester_of
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, STYRINGSGRUPPE, roles_of
from fagbrev.rows import PublicRow, VersionedRow
from meetings.models.meetings import Meeting

DRAFT, PUBLISHED = "draft", "published"
REPORT_STATES = [(DRAFT, "utkast"), (PUBLISHED, "publisert")]
TEXTS = ("short", "asks", "status", "resources", "challenges", "plans")


def private_storage() -> Storage:
    """Gives the storage outside the web root."""
    return storages["private"]


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    """Choices of reports."""

    def visible_to(self, user: User, today: date) -> ProgressReportQuerySet:
        """Gives the reports the user may open: a koordinator all, the steering group what is published, others none."""
        held = roles_of(user, today)
        if COORDINATOR in held:
            return self.all()
        return self.filter(state=PUBLISHED) if STYRINGSGRUPPE in held else self.none()

    def newest_first(self) -> ProgressReportQuerySet:
        """Gives the reports by semester and then by edition, the newest first; the whole one before those cut to a few."""
        return self.order_by("-first_on", "funder", "trade", "-edition", "-pk")


class ProgressReport(VersionedRow):
    """A report on a semester, for everyone or cut to a trade or to those a funder pays for. A mistake is mended by a new edition."""

    first_on = models.DateField("semesterets første dag")
    last_on = models.DateField("semesterets siste dag")
    as_of = models.DateField("tall per")
    trade = models.CharField("fag", max_length=10, blank=True)  # a trade's code; "" is all
    funder = models.CharField("betalt av", max_length=20, blank=True)  # a code of who funds, or of a programme; "" is all
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="møte i styringsgruppa"
    )
    state = models.CharField("status", max_length=10, choices=REPORT_STATES, default=DRAFT, editable=False)
    short = models.TextField("kort fortalt", blank=True)
    asks = models.TextField("vi ber styringsgruppa om", blank=True)  # one a line
    status = models.TextField("status", blank=True)
    resources = models.TextField("ressurser", blank=True)
    challenges = models.TextField("utfordringer", blank=True)
    plans = models.TextField("planer", blank=True)
    shows_closed = models.BooleanField("styringsgruppa får se de skjulte tallene", default=False, editable=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", editable=False
    )  # the edition this one stands in place of
    edition = models.PositiveSmallIntegerField(default=1, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = "framdriftsrapport"
        verbose_name_plural = "framdriftsrapporter"
        indexes = [models.Index(fields=["state", "-first_on"], name="progressreport_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[code for code, _ in REPORT_STATES]), name="progressreport_known_state"),
            models.CheckConstraint(condition=Q(as_of__gte=F("first_on"), as_of__lte=F("last_on")), name="progressreport_as_of"),
            models.CheckConstraint(
                condition=~Q(state=PUBLISHED) | Q(published_at__isnull=False, published_by__isnull=False),
                name="progressreport_published_by",
            ),
            models.CheckConstraint(
                condition=Q(state=PUBLISHED) | Q(shows_closed=False), name="progressreport_closed_is_published"
            ),
            models.UniqueConstraint(
                fields=["first_on", "trade", "funder"], condition=Q(state=DRAFT), name="progressreport_one_draft"
            ),
            models.UniqueConstraint(fields=["first_on", "trade", "funder", "edition"], name="progressreport_one_of_each_edition"),
        ]

    def __str__(self) -> str:
        return f"Framdriftsrapport {self.semester_words}"

    def get_absolute_url(self) -> str:
        return reverse("report_detail", args=[self.public_id])

    @property
    def semester_words(self) -> str:
        """The semester in words: "høsten 2026"."""
        return str(semester_of(self.first_on))

    def lacks_the_end(self, today: date) -> bool:
        """True when the semester is over, and its numbers were counted to a day before its last."""
        return self.as_of < self.last_on < today

    @property
    def is_published(self) -> bool:
        """True when it has been published and stands."""
        return self.state == PUBLISHED


class ReportNumbers(models.Model):
    """The numbers of a draft, counted once and kept until they are counted anew."""

    report = models.OneToOneField(ProgressReport, models.CASCADE, related_name="numbers")
    content = models.JSONField()
    counted_at = models.DateTimeField()
    worded = models.JSONField(default=dict)  # the same with the words of what is hidden, held against `held_against`
    held_against = models.CharField(max_length=64, blank=True)
    revealed = models.PositiveIntegerField(default=0)  # small numbers that can be worked out with what is published already
    unreached = models.PositiveIntegerField(default=0)  # those of which it was not found out

    class Meta:
        verbose_name = "tall i et utkast"
        verbose_name_plural = "tall i utkast"

    def __str__(self) -> str:
        return f"{self.report_id}"

    @property
    def stamp(self) -> str:
        """What tells these numbers from those counted at another moment."""
        return f"{self.counted_at.timestamp():.6f}"


class NeverChanged(TypeError):
    """Somebody tried to change or delete what was published."""


class FrozenReport(PublicRow):
    """A published report as it was: figures, definitions, labels and texts, and the files made of them. A trigger keeps it."""

    report = models.OneToOneField(ProgressReport, models.PROTECT, related_name="frozen")
    closed_content = models.TextField()  # canonical JSON with every number
    open_content = models.TextField()  # canonical JSON without what is hidden
    closed_hash = models.CharField(max_length=64)
    open_hash = models.CharField(max_length=64)
    pdf = models.FileField(storage=private_storage, upload_to="reports", max_length=200)
    pdf_hash = models.CharField(max_length=64)
    sheet = models.FileField(storage=private_storage, upload_to="reports", max_length=200)
    sheet_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        verbose_name = "publisert innhold"
        verbose_name_plural = "publisert innhold"

    def __str__(self) -> str:
        return f"{self.report_id} {self.open_hash[:8]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves it the first time. Raises NeverChanged after that."""
        if not self._state.adding:
            raise NeverChanged
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises NeverChanged."""
        raise NeverChanged

    def content(self, *, closed: bool) -> dict[str, Any]:
        """Gives what was published, with or without what is hidden in it."""
        found: dict[str, Any] = json.loads(self.closed_content if closed else self.open_content)
        return found


def canonical(content: dict[str, Any]) -> str:
    """Gives content as JSON that is the same text for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: str | bytes) -> str:
    """Gives the SHA-256 of a text or of bytes, in hex."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
