"""From referral to intake: referral, interview, eligibility, the voices on admission, the intake conversation (V3, V8 rows 2 to 5)."""

from django.conf import settings
from django.db import models

from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment

REFERRED_BY = [("partner", "en samarbeidspartner"), ("self", "deltakeren selv"), ("staff", "vi i tjenesten")]
CANDIDATE_KINDS = [
    ("introduction", "i introduksjonsprogrammet"),
    ("jobbsjansen", "i Jobbsjansen"),
    ("single_provider", "enslig forsørger"),
    ("job_seeker", "arbeidssøker"),
    ("unskilled_employee", "ufaglært uten fast stilling"),
    ("other", "annet"),
]
DIGITAL_LEVELS = [("none", "trenger mye hjelp"), ("some", "klarer det vanligste"), ("good", "klarer seg godt")]
YES_NO = [("yes", "ja"), ("no", "nei"), ("unknown", "ikke avklart")]
ADVICE = [("admit", "bør tas opp"), ("wait", "bør stå på venteliste"), ("decline", "bør ikke tas opp")]


class Referral(VersionedRow):
    """Who proposed the participant, when, and whether the person knows (V8 row 2)."""

    SECTION = "referral"

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="referral")
    referred_by = models.CharField("henvist av", max_length=10, choices=REFERRED_BY, default="partner")
    partner = models.ForeignKey(
        "programmes.Partner", models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name="samarbeidspartner"
    )
    partner_text = models.CharField("hvem", max_length=120, blank=True)
    contact_person = models.CharField("kontaktperson", max_length=120, blank=True)
    referred_on = models.DateField("henvist dato", null=True, blank=True)
    knows_of_referral = models.BooleanField("deltakeren vet om henvisningen", null=True, blank=True)
    informed_on = models.DateField("informert", null=True, blank=True)
    candidate_kind = models.CharField("situasjon", max_length=20, choices=CANDIDATE_KINDS, blank=True)
    words = models.TextField("hvorfor deltakeren er aktuell", max_length=1000, blank=True)

    class Meta:
        verbose_name = "henvisning"
        verbose_name_plural = "henvisninger"

    def __str__(self) -> str:
        return str(self.partner or self.partner_text or self.get_referred_by_display())


class IntakeInterview(VersionedRow):
    """Interview and mapping before intake (V8 row 3)."""

    SECTIONS = {
        "enrolment": "intake_background",
        "held_on": "intake_background",
        "held_by": "intake_background",
        "norwegian_training": "intake_background",
        "norwegian_level": "intake_background",
        "society_course": "intake_background",
        "in_norway_since": "intake_background",
        "education": "intake_background",
        "right_to_upper_secondary": "intake_background",
        "experience": "intake_background",
        "experience_months": "intake_background",
        "experience_documented": "intake_background",
        "digital_level": "intake_background",
        "computer_course": "intake_background",
        "adviser": "intake_background",
        "motivation": "admission",
        "suitability": "admission",
    }

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="interview")
    held_on = models.DateField("holdt", null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av", editable=False
    )
    norwegian_training = models.TextField("norskopplæring", blank=True)
    norwegian_level = models.CharField("norsknivå omtrent", max_length=40, blank=True)
    society_course = models.CharField("samfunnskunnskap gjennomført", max_length=10, choices=YES_NO, blank=True)
    in_norway_since = models.PositiveSmallIntegerField("i Norge siden (år)", null=True, blank=True)
    education = models.TextField("utdanning", blank=True)
    right_to_upper_secondary = models.CharField("rett til videregående", max_length=10, choices=YES_NO, blank=True)
    experience = models.TextField("arbeidserfaring", blank=True)
    experience_months = models.PositiveSmallIntegerField("relevant erfaring (måneder)", null=True, blank=True)
    experience_documented = models.CharField("erfaringen er dokumentert", max_length=10, choices=YES_NO, blank=True)
    digital_level = models.CharField("digitale ferdigheter", max_length=10, choices=DIGITAL_LEVELS, blank=True)
    computer_course = models.CharField("har tatt datakurs", max_length=10, choices=YES_NO, blank=True)
    adviser = models.CharField("rådgiver i NAV eller introduksjonsprogrammet", max_length=160, blank=True)
    motivation = models.TextField("motivasjon", blank=True)
    suitability = models.TextField("egnethet", blank=True)

    class Meta:
        verbose_name = "intervju og kartlegging"
        verbose_name_plural = "intervjuer"

    def __str__(self) -> str:
        return f"intervju {self.enrolment_id}"


class EligibilityCheck(VersionedRow):
    """One criterion's answer for one enrolment (V3). An unmet one does not block; it is shown and needs a reason."""

    SECTION = "admission"
    ANSWERS = [("met", "oppfylt"), ("unmet", "ikke oppfylt"), ("unknown", "ikke avklart")]

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="eligibility")
    criterion = models.ForeignKey("programmes.Criterion", models.PROTECT, related_name="+", verbose_name="krav")
    answer = models.CharField("svar", max_length=8, choices=ANSWERS, default="unknown")
    words = models.CharField("merknad", max_length=300, blank=True)

    class Meta:
        verbose_name = "opptakskrav"
        verbose_name_plural = "opptakskrav"
        constraints = [models.UniqueConstraint(fields=["enrolment", "criterion"], name="eligibility_once")]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.answer}"


class AdmissionVoice(VersionedRow):
    """The koordinator's or the faglærer's voice on admission (V8 row 4); each writes only the own."""

    SECTION = "admission"
    VOICES = [("coordinator", "koordinator"), ("faglaerer", "faglærer")]

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="voices")
    voice = models.CharField("stemme", max_length=12, choices=VOICES)
    advice = models.CharField("råd", max_length=8, choices=ADVICE)
    words = models.TextField("begrunnelse", blank=True)
    given_on = models.DateField("gitt")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "stemme om opptak"
        verbose_name_plural = "stemmer om opptak"
        constraints = [models.UniqueConstraint(fields=["enrolment", "voice"], name="voice_once")]

    def __str__(self) -> str:
        return f"{self.voice}: {self.advice}"


class IntakeConversation(VersionedRow):
    """The intake conversation: expectations, absence rules, police certificate (V8 row 5)."""

    SECTION = "agreements"

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="conversation")
    held_on = models.DateField("holdt")
    expectations = models.TextField("gjensidige forventninger", blank=True)
    absence_rules_explained = models.BooleanField("fraværsreglene er gjennomgått", default=False)
    interpreter_used = models.BooleanField("tolk var med", default=False)

    class Meta:
        verbose_name = "inntakssamtale"
        verbose_name_plural = "inntakssamtaler"

    def __str__(self) -> str:
        return f"inntakssamtale {self.enrolment_id}"
