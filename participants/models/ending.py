"""The end of an enrolment: checklist, certificate, and what came after (V8 rows 15 and 16)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment

ENDING_TASKS = [
    ("closing_meeting", "avslutningsmøte med deltaker, faglærer og fadder"),
    ("attest", "attest med referanse fra arbeidsstedet"),
    ("certificate", "deltakerbevis"),
    ("county_form", "heveskjema til fylkeskommunen"),
    ("loans", "utlånt utstyr levert"),
]
WORK_STATES = [
    ("permanent", "fast jobb i faget"),
    ("temporary", "vikariat eller midlertidig i faget"),
    ("other_job", "jobb i noe annet"),
    ("education", "videre utdanning"),
    ("seeking", "søker jobb"),
    ("other", "annet"),
    ("unknown", "ikke fått kontakt"),
]


class EndingTask(VersionedRow):
    """One point of the ending checklist: done on a day, or waived with a reason."""

    SECTION = "progress"
    SECTIONS = {"waived_reason": "status_reasons"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="ending_tasks")
    kind = models.CharField("oppgave", max_length=20, choices=ENDING_TASKS)
    done_on = models.DateField("gjort", null=True, blank=True)
    waived_reason = models.CharField("hvorfor det ikke gjøres", max_length=200, blank=True)

    class Meta:
        verbose_name = "avslutningsoppgave"
        verbose_name_plural = "avslutningsoppgaver"
        constraints = [models.UniqueConstraint(fields=["enrolment", "kind"], name="endingtask_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class ParticipationCertificate(VersionedRow):
    """The participation certificate (deltakerbevis) the service gives."""

    SECTION = "progress"

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    issued_on = models.DateField("utstedt")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    words = models.TextField("hva deltakeren har gjort", blank=True)

    class Meta:
        verbose_name = "deltakerbevis"
        verbose_name_plural = "deltakerbevis"

    def __str__(self) -> str:
        return f"deltakerbevis {self.issued_on}"


class WorkStatus(VersionedRow):
    """Work status 3, 6 or 12 months after completion."""

    SECTION = "work_status"
    MONTHS = [(3, "3 måneder etter"), (6, "6 måneder etter"), (12, "12 måneder etter")]

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="work_statuses")
    months = models.PositiveSmallIntegerField("når", choices=MONTHS)
    asked_on = models.DateField("spurt")
    state = models.CharField("situasjon", max_length=12, choices=WORK_STATES)
    employer = models.CharField("arbeidsgiver", max_length=120, blank=True)
    words = models.CharField("merknad", max_length=200, blank=True)

    class Meta:
        verbose_name = "arbeidsstatus"
        verbose_name_plural = "arbeidsstatus"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "months"], name="workstatus_once"),
            models.CheckConstraint(condition=Q(months__in=[3, 6, 12]), name="workstatus_months"),
        ]

    def __str__(self) -> str:
        return f"{self.months}: {self.state}"
