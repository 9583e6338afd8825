"""Written exam, readiness, trade test and Norwegian tests: dated rows, several attempts (V8 rows 12 and 13)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.periods import period_constraint
from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment
from participants.models.person import Participant

EXAM_STATES = [
    ("planned", "planlagt"),
    ("registered", "meldt på"),
    ("taken", "tatt, venter på resultat"),
    ("passed", "bestått"),
    ("failed", "ikke bestått"),
    ("absent", "møtte ikke"),
    ("credited", "godskrevet"),
]
REGISTERED_BY = [("participant", "deltakeren selv (privatist)"), ("company", "lærebedriften")]
READINESS_KINDS = [
    ("written_exam", "klar for skriftlig eksamen"),
    ("trade_test", "anbefalt for fagprøven"),
    ("norwegian_test", "klar for norskprøve"),
]
TRADE_TEST_RESULTS = [
    ("", "ikke avlagt"),
    ("passed_merit", "bestått meget godt"),
    ("passed", "bestått"),
    ("failed", "ikke bestått"),
]
PARTS = [("reading", "lese"), ("listening", "lytte"), ("writing", "skriftlig"), ("oral", "muntlig")]
NORWEGIAN_STATES = [("planned", "planlagt"), ("registered", "meldt på"), ("taken", "tatt"), ("known", "kjent fra før")]
LEVELS = [("under_a1", "under A1"), ("a1", "A1"), ("a2", "A2"), ("b1", "B1"), ("b2", "B2"), ("c1", "C1")]


class WrittenExam(VersionedRow):
    """An attempt at, or a credit for, the central written exam; belongs to the person and the exam code."""

    SECTION = "exams"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="written_exams")
    exam_code = models.CharField("fagkode", max_length=10)
    window = models.ForeignKey(
        "programmes.ExamWindow", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="eksamensvindu"
    )
    state = models.CharField("status", max_length=12, choices=EXAM_STATES, default="planned")
    registered_by = models.CharField("meldt på av", max_length=12, choices=REGISTERED_BY, default="participant")
    said_registered_on = models.DateField("deltakeren sier «jeg har meldt meg på»", null=True, blank=True)
    registered_on = models.DateField("påmelding bekreftet", null=True, blank=True)
    fee_paid_on = models.DateField("avgift betalt", null=True, blank=True)
    exam_on = models.DateField("eksamensdag", null=True, blank=True)
    result_on = models.DateField("resultat", null=True, blank=True)
    grade = models.PositiveSmallIntegerField("karakter", null=True, blank=True)
    source = models.CharField("kilde", max_length=120, blank=True)

    class Meta:
        verbose_name = "skriftlig eksamen"
        verbose_name_plural = "skriftlige eksamener"
        indexes = [models.Index(fields=["participant", "exam_code"], name="exam_person_code")]
        constraints = [
            models.CheckConstraint(condition=Q(grade__isnull=True) | (Q(grade__gte=1) & Q(grade__lte=6)), name="exam_grade"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True)
                | ~Q(state__in=["passed", "failed"])
                | Q(state="passed", grade__gte=2)
                | Q(state="failed", grade=1),
                name="exam_grade_agrees",
            ),
            period_constraint("exam_dates", "exam_on", "result_on"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_code} {self.state}"


class Readiness(VersionedRow):
    """A teacher's word that someone is ready, with words to the participant; the newest not withdrawn stands."""

    SECTION = "readiness"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="readiness")
    kind = models.CharField("hva", max_length=15, choices=READINESS_KINDS)
    given_on = models.DateField("dato")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    by_role = models.CharField(max_length=12, editable=False)
    words = models.TextField("til deltakeren", blank=True)
    withdrawn_on = models.DateField("trukket", null=True, blank=True)

    class Meta:
        verbose_name = "vurdering av om deltakeren er klar"
        verbose_name_plural = "vurderinger av om deltakeren er klar"
        constraints = [period_constraint("readiness_period", "given_on", "withdrawn_on")]

    def __str__(self) -> str:
        return f"{self.kind} {self.given_on}"


class TradeTest(VersionedRow):
    """An attempt at the trade test: registration, site, days, result; one new attempt after a fail (ofo § 9-66)."""

    SECTION = "exams"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="trade_tests")
    attempt = models.PositiveSmallIntegerField("forsøk", default=1, editable=False)
    registered_on = models.DateField("meldt opp", null=True, blank=True)
    test_site = models.CharField("ønsket prøvested", max_length=160, blank=True)
    site_contact = models.CharField("kontakt på prøvestedet", max_length=160, blank=True)
    lead_told_on = models.DateField("fagansvarlig har fått beskjed", null=True, blank=True)
    starts_on = models.DateField("første prøvedag", null=True, blank=True)
    ends_on = models.DateField("siste prøvedag", null=True, blank=True)
    result = models.CharField("resultat", max_length=12, choices=TRADE_TEST_RESULTS, blank=True)
    result_on = models.DateField("resultatdato", null=True, blank=True)

    class Meta:
        verbose_name = "fagprøve"
        verbose_name_plural = "fagprøver"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "attempt"], name="tradetest_attempt"),
            period_constraint("tradetest_period"),
            period_constraint("tradetest_result", "starts_on", "result_on"),
        ]

    def __str__(self) -> str:
        return f"fagprøve {self.attempt}"


class NorwegianTest(VersionedRow):
    """One part of a Norwegian test, with its level and date; also a level known from before (kilde)."""

    SECTION = "exams"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="norwegian_tests")
    part = models.CharField("delprøve", max_length=10, choices=PARTS)
    state = models.CharField("status", max_length=12, choices=NORWEGIAN_STATES, default="taken")
    level = models.CharField("nivå", max_length=8, choices=LEVELS, blank=True)
    window = models.ForeignKey(
        "programmes.NorwegianTestWindow", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prøvevindu"
    )
    said_registered_on = models.DateField("deltakeren sier «jeg har meldt meg på»", null=True, blank=True)
    registered_on = models.DateField("meldt på", null=True, blank=True)
    taken_on = models.DateField("prøvedato", null=True, blank=True)
    source = models.CharField("kilde", max_length=120, blank=True)

    class Meta:
        verbose_name = "norskprøve"
        verbose_name_plural = "norskprøver"
        indexes = [models.Index(fields=["participant", "part"], name="norwegiantest_part")]

    def __str__(self) -> str:
        return f"{self.part} {self.level}"
