"""The person: one row however many enrolments."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from fagbrev.names import name_skeleton, search_name, sort_name
from fagbrev.rows import VersionedRow
from fagbrev.sealed import SealedField

SEXES = [("", "ikke oppgitt"), ("woman", "kvinne"), ("man", "mann"), ("other", "annet")]
PROTECTIONS = [("", "ingen"), ("fortrolig", "fortrolig"), ("strengt_fortrolig", "strengt fortrolig")]


class Participant(VersionedRow):
    """A participant (deltaker). Every field belongs to one section of the access table: see SECTIONS."""

    SECTIONS = {
        "first_name": "identity",
        "last_name": "identity",
        "phone": "contact",
        "email": "contact",
        "birth_date": "person_details",
        "sex": "person_details",
        "country": "person_details",
        "mother_tongue": "person_details",
        "other_languages": "person_details",
        "interpreter_needed": "person_details",
        "address": "home_address",
        "postal_code": "home_address",
        "postal_place": "home_address",
        "next_of_kin": "home_address",
        "address_protection": "home_address",
        "national_id": "national_id",
        "national_id_key": "national_id",
        "life_situation": "life_situation",
        "obstacles": "life_situation",
        "has_bankid": "exams",
        "user": "contact",
    }

    first_name = models.CharField("fornavn", max_length=80)
    last_name = models.CharField("etternavn", max_length=80)
    sort_name = models.CharField(max_length=330, editable=False)
    search_name = models.CharField(max_length=200, editable=False)
    name_skeleton = models.CharField(max_length=200, editable=False)
    phone = models.CharField("telefon", max_length=20, blank=True)
    email = models.EmailField("e-post", blank=True)
    birth_date = models.DateField("fødselsdato", null=True, blank=True)
    sex = models.CharField("kjønn", max_length=5, choices=SEXES, blank=True)
    country = models.CharField("land", max_length=60, blank=True)
    mother_tongue = models.CharField("morsmål", max_length=60, blank=True)
    other_languages = models.CharField("andre språk", max_length=160, blank=True)
    interpreter_needed = models.BooleanField("trenger tolk", null=True, blank=True)
    address = models.CharField("adresse", max_length=160, blank=True)
    postal_code = models.CharField("postnummer", max_length=4, blank=True)
    postal_place = models.CharField("poststed", max_length=60, blank=True)
    next_of_kin = models.CharField("nærmeste pårørende", max_length=200, blank=True)
    address_protection = models.CharField("adressesperre", max_length=20, choices=PROTECTIONS, blank=True)
    national_id = SealedField("fødselsnummer", null=True, blank=True)
    national_id_key = models.CharField(max_length=64, blank=True, editable=False)
    life_situation = SealedField("livssituasjon", null=True, blank=True)
    obstacles = SealedField("hindringer for 80 % deltakelse", null=True, blank=True)
    has_bankid = models.BooleanField("har BankID som virker", null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="participant", verbose_name="bruker"
    )
    locked_at = models.DateTimeField("låst", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "deltaker"
        verbose_name_plural = "deltakere"
        indexes = [models.Index(fields=["sort_name"], name="participant_sort")]
        constraints = [
            models.UniqueConstraint(fields=["national_id_key"], condition=~Q(national_id_key=""), name="participant_national_id"),
            models.CheckConstraint(
                condition=~Q(address_protection="strengt_fortrolig") | Q(address=""), name="participant_strict_no_address"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name as people say it."""
        return f"{self.first_name} {self.last_name}".strip()

    def set_name_keys(self) -> None:
        """Computes what the name is sorted and searched by."""
        self.sort_name = sort_name(self.full_name)
        self.search_name = search_name(self.full_name)
        self.name_skeleton = name_skeleton(self.full_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the name keys in step with the name."""
        self.set_name_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_name", "search_name", "name_skeleton"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("participant_detail", args=[self.public_id])
