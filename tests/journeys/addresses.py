"""Every address of the product with an example of each of its parts, so that no page is left unlooked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver

from fagbrev.access.models import RecordRestriction
from fagbrev.duties.engine import refresh
from fagbrev.people.models import User
from participants.models import Document, ImportBatch, ReferralInboxItem, SavedFilter
from participants.workflow import STEPS
from programmes.views.year import KINDS as YEAR_ROWS
from tests.access import followup, meetings
from tests.access.filled import Marks, fill_enrolment, fill_person, fill_placement
from tests.cast import Cast

# The model behind <public_id>, by the first word of the address' name.
MODELS = {
    "user": "fagbrev.User", "lead": "programmes.TradeLead", "cohort": "programmes.Cohort", "session": "programmes.TeachingSession",
    "assignment": "programmes.TeachingAssignment", "approval": "programmes.WorkplaceApproval", "person": "programmes.WorkplacePerson",
    "workplace": "programmes.Workplace", "contact": "programmes.PartnerContact", "partner": "programmes.Partner",
    "tool": "programmes.RoutineForm", "routine": "programmes.RoutineStep", "criterion": "programmes.Criterion",
    "setting": "programmes.Setting",
}  # fmt: skip
# «New» pages hang on another row than the one their name speaks of.
PARENTS = {
    "session_new": "cohort",
    "approval_new": "workplace",
    "person_new": "workplace",
    "contact_new": "partner",
    "tool_new": "routine",
}
TYPED = {"vedlegg_new_on": "cv", "punkt_new_on": "attest"}
# What has no page of its own: sign-out, files, lines and pictures of other pages, pages of the demo, links that come by e-mail, acts.
NOT_PAGES = re.compile(
    r"^(invitation_link|account_(logout|inactive|reset_password_from_key.*|login.*|confirm_login_code|reauthenticate|set_password)|mfa_(?!index).*|"
    r"demo_.*|healthz|logo|feed|fravar_line|topic_picture|theme_switch|confidentiality|paper_.*|.*_export|document_file|agenda_pdf|minutes_pdf|minutes_others|report_pdf|report_sheet|participant_import_(?!preview|columns).*|"
    r"saved_filter_.*|exam_(un)?said|norwegian_(said|confirm)|exam_(confirm|fee_paid)|proposal_accept|restriction_end|reveal_national_id|user_(deactivate|reactivate|invite_again|"
    r"reset_factors)|mail_again|user_assignment_end|user_role_end|.*_redirect)$"
)


def patterns(nodes: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Gives every address as it is written in the code, with its name."""
    for node in get_resolver().url_patterns if nodes is None else nodes:
        if hasattr(node, "url_patterns"):
            yield from patterns(node.url_patterns, prefix + str(node.pattern))
        elif node.name:
            yield prefix + str(node.pattern), node.name


def fill(world: Cast) -> Marks:
    """Fills Selma's record with one row of every kind, and the lists around it."""
    marks, selma = Marks(), world.enrolments["selma"]
    world.placements["selma"].refresh_from_db()
    fill_person(world, marks, selma.participant)
    fill_enrolment(world, marks, "selma")
    fill_placement(world, marks, "selma", "selma")
    kari, today = world.users["koordinator"], world.today
    RecordRestriction.objects.create(
        participant_id=selma.participant_id, user=world.users["annen_leder"], kind="deny", reason="slektning", starts_on=today
    )
    ReferralInboxItem.objects.create(first_name="Inna", last_name="Innboksen", phone="+4791111111", sender_name="Nils Naversen")
    SavedFilter.objects.create(user=kari, name="BUA i opplæring", query="?fag=BUA&fase=training")
    _ensure("programmes.TeachingSession", cohort=_first("programmes.Cohort"), weekday=1, starts_at=time(9), hours=3)
    _ensure("programmes.TradeLead", trade=world.trades["BUA"], name="Frida Fagansvarlig")
    _ensure("programmes.PartnerContact", partner=_first("programmes.Partner"), name="Kontakt Personsen")
    _ensure("programmes.CalendarBreak", name="Høstferie", starts_on=today, ends_on=today + timedelta(days=4))
    _ensure(
        "fagbrev.HandOver", role="faglaerer", from_user=world.users["faglaerer"], to_user=world.users["annen_faglaerer"],
        starts_on=today, ends_on=today + timedelta(days=7),
    )  # fmt: skip
    refresh(today=today)
    _upload(kari)
    return marks


def _upload(kari: User) -> None:
    client = Client()
    client.force_login(kari, backend=settings.AUTHENTICATION_BACKENDS[0])
    rows = "Navn;Fag;Mobil\nArne Arksen;BUA;91234567\nRar Radsen;ROT;1\n"
    answer = client.post("/deltakere/import/", {"file": ContentFile(rows.encode(), name="liste.csv")})
    assert answer.status_code == 302, answer.content.decode()


def _first(label: str) -> Any:
    return apps.get_model(label)._default_manager.order_by("pk").first()


def _ensure(label: str, **values: Any) -> None:
    model = apps.get_model(label)
    if not model._default_manager.exists():
        model._default_manager.create(**values)


def examples(world: Cast, marks: Marks) -> tuple[list[str], list[str]]:
    """Gives an address for every page, and the names of those no example was found for."""
    found, lacking = [], []
    for pattern, name in patterns():
        if NOT_PAGES.match(name):
            continue
        parts = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        for values in _values(world, marks, name, parts):
            if None in values.values():
                lacking.append(name)
                continue
            found.append("/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part.group(1)]), pattern))  # noqa: B023
    return list(dict.fromkeys(found)), lacking


def _values(world: Cast, marks: Marks, name: str, parts: list[str]) -> list[dict[str, Any]]:
    base = {part: _value(world, marks, name, part) for part in parts}
    if name == "step":
        return [base | {"key": key.replace("_", "-")} for key in STEPS]
    if name == "participant_detail":
        return [{"participant_id": row.participant.public_id} for row in world.enrolments.values()]
    if "kind" in parts:
        rows = [(slug, kind["model"]._default_manager.first()) for slug, kind in YEAR_ROWS.items()]
        return [{"kind": slug} | ({"public_id": row.public_id} if "public_id" in parts else {}) for slug, row in rows if row]
    return [base]


def _value(world: Cast, marks: Marks, name: str, part: str) -> Any:
    slug = name.removesuffix("_edit").removesuffix("_new_on")
    if part == "participant_id":
        return world.enrolments["selma"].participant.public_id
    followed = {key: thing for module in (*followup.modules(), *meetings.modules()) for key, thing in module.THINGS.items()}
    if name in followed:
        return followed[name](world).get(part)
    if part in {"row_id", "parent_id"}:
        if part == "parent_id" and name in TYPED:
            return TYPED[name]
        wanted = {"underskrift_new_on": "avtale", "fadder_new_on": "plass", "forslag_new_on": "plass"}.get(name, slug)
        kinds = (wanted, name.partition("_")[0])  # acts and parts of a row are named after it: "vurdering_part"
        row = next((row for kind in kinds for key in ("selma", "") if (row := marks.rows.get((kind, key)))), None)
        return row.public_id if row else None
    if part == "child_id":  # a row on a row: "oppgave.svar"
        row = marks.rows.get((f"{name.partition('_')[0]}.{name.rpartition('_')[2]}", "selma"))
        return row.public_id if row else None
    if part == "code":
        if name in {"curriculum_detail", "goal_names"}:
            return getattr(_first("programmes.Curriculum"), "code", None)
        return "BUA"
    if part == "document_id":
        return getattr(Document.objects.filter(section="agreements").first(), "public_id", None)
    if part == "duty_id":
        return getattr(_first("fagbrev.Duty"), "public_id", None)
    if part == "hand_over_id":
        return getattr(_first("fagbrev.HandOver"), "public_id", None)
    if part == "placement_id":
        return world.placements["selma"].public_id
    if part == "key" and name == "rule_detail":
        return "interview"
    if part == "key":
        return getattr(_first("programmes.Setting"), "key", None) if name.startswith("setting") else None
    if part == "item_id":
        return getattr(ReferralInboxItem.objects.first(), "public_id", None)
    if part == "window_id":
        return getattr(_first("programmes.ExamWindow"), "public_id", None)
    if part == "batch_id":
        return getattr(ImportBatch.objects.filter(done_at__isnull=True).order_by("-pk").first(), "public_id", None)
    if part == "public_id":
        first = PARENTS.get(name, name.split("_")[0])
        if first == "user":
            return User.objects.get(email=world.users["fadder"].email).public_id
        row = _first(MODELS[first]) if first in MODELS else None
        return row.public_id if row else None
    return ""
