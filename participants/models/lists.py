"""What belongs to lists rather than to one record: the referral inbox, import batches, saved filters."""

from django.conf import settings
from django.db import models

from fagbrev.rows import PublicRow, VersionedRow
from participants.models.documents import private_storage


class ReferralInboxItem(VersionedRow):
    """A referral sent by the open form: becomes a participant, or is declined. No health, no national id, no files."""

    STATES = [("new", "ny"), ("accepted", "registrert"), ("declined", "avslått")]

    received_at = models.DateTimeField("mottatt", auto_now_add=True)
    first_name = models.CharField("fornavn", max_length=80)
    last_name = models.CharField("etternavn", max_length=80)
    phone = models.CharField("telefon", max_length=20, blank=True)
    email = models.EmailField("e-post", blank=True)
    trade = models.ForeignKey("programmes.Trade", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fag")
    sender_name = models.CharField("navnet ditt", max_length=120)
    sender_organisation = models.CharField("hvor du jobber", max_length=120, blank=True)
    sender_email = models.EmailField("din e-post", blank=True)
    sender_phone = models.CharField("telefonen din", max_length=20, blank=True)
    is_self = models.BooleanField("jeg henviser meg selv", default=False)
    knows_of_referral = models.BooleanField("personen vet om henvisningen", default=False)
    words = models.TextField("hvorfor personen er aktuell", max_length=1000, blank=True)
    state = models.CharField("status", max_length=10, choices=STATES, default="new", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    decline_reason = models.CharField("hvorfor avslått", max_length=200, blank=True, editable=False)
    enrolment_id_made = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = "henvisning fra skjemaet"
        verbose_name_plural = "henvisninger fra skjemaet"
        indexes = [models.Index(fields=["state", "-received_at"], name="inbox_state")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class SavedFilter(PublicRow):
    """A filter of the caseload saved under a name, by one user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_filters")
    name = models.CharField("navn", max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="savedfilter_once")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(PublicRow):
    """One uploaded spreadsheet on its way in: its file and error file are the uploader's alone, for 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    file = models.FileField(storage=private_storage, upload_to="imports", max_length=200)
    columns = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)
    error_file = models.FileField(storage=private_storage, upload_to="imports", max_length=200, blank=True)

    def __str__(self) -> str:
        return self.public_id
