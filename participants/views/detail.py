"""One participant: løypa, the next step with what is missing, the facts at a glance, tabs, history, other enrolments."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fagbrev.duties.reading import Row, shown_on_record
from fagbrev.people.roles import ROLE_NAMES
from participants.access import Record, look, rank_in, record
from participants.caseload.gaps import gaps_of
from participants.contributed import acts_of, front_of, sections_of
from participants.duties.scope import duties_of
from participants.extras import url_for
from participants.facts import next_step_facts
from participants.glance import glance
from participants.pages import PAGES
from participants.track import track_of
from participants.views.acts import shown_conditions
from participants.views.sections import head_of
from participants.workflow import NEXT_STEP, STATUS_NAMES, STEPS, check, steps_from


@record("oversikt", methods=("GET", "HEAD"), log=False)
def detail(request: HttpRequest, found: Record) -> HttpResponse:
    """The front page of a record."""
    context = head_of(found, "oversikt", request)
    sees_way = found.reads("progress") and not found.sees_leave_only
    changes = list(found.enrolment.changes.order_by("at", "pk")) if sees_way else []
    known = glance(found)
    summaries, progress = front_of(found)
    context |= {
        "track": track_of(found, changes, known.window) if changes else None,
        "glance": known,
        "next": next_step(found) if found.is_coordinator else None,
        "more": more_acts(found) if found.is_coordinator else [],
        "gaps": gap_links(found) if found.is_coordinator else [],
        "others": other_enrolments(found),
        "duties": shown_duties(found),
        "summaries": summaries,
        "progress": progress,
        "history": [
            {
                "title": STATUS_NAMES[change.to_status],
                "text": change.reason if found.reads("status_reasons") else "",
                "meta": "" if change.kind == "step" else change.get_kind_display(),
                "when": change.happened_on,
            }
            for change in changes[::-1][:5]
        ],
    }
    if request.method == "GET":  # with what higher floors tell on the page
        look(found, "oversikt", shown=dict.fromkeys([*PAGES["oversikt"].sections, *sections_of(found)]))
    return render(request, "participants/detail.html", context)


def gap_links(found: Record) -> list[dict[str, str]]:
    """Gives what is not registered though it should be, each with a link to where it is put right."""
    return [
        {
            "words": str(gap.words)[:1].upper() + str(gap.words)[1:],
            "url": url_for("fill_in" if gap.page == "dato" else f"participant_{gap.page}", found),
        }
        for gap in gaps_of(found.enrolment)
        if all(found.reads(section) for section in gap.sections)
    ]


def shown_duties(found: Record) -> list[Row]:
    """Gives what is to be done about the enrolment: one's own, and for the koordinator whose it else is."""
    rows = shown_on_record(
        duties_of(found), found.today, participant=found.participant.public_id, enrolment=found.enrolment.public_id,
        own=found.is_own, back=quote(url_for("participant_detail", found), safe="/"),
    )  # fmt: skip
    for row in rows:
        if row.owner not in found.roles_here:  # somebody else's to do: said, not linked
            row.owner_words, row.url = str(ROLE_NAMES[row.owner]), ""
    return rows


def other_enrolments(found: Record) -> list[Any]:
    """Gives the other enrolments in scope, each knowing whether its phase may be shown."""
    others: list[Any] = [row for row in found.enrolments if row.pk != found.enrolment.pk]
    for row in others:
        row.shows_phase = bool(rank_in(row, "progress"))
    return others


def next_step(found: Record) -> dict[str, Any] | None:
    """Gives the next step on the straight way with its conditions; the button is always something that can be done."""
    key = NEXT_STEP.get(found.enrolment.status)
    if key is None:
        return None
    step = STEPS[key]
    checked = check(step, next_step_facts(found.enrolment, today=found.today))
    conditions = shown_conditions(found, checked)
    missing = [row for row in conditions if not row["met"]]
    ready = {"url": url_for("step", found, key.replace("_", "-")), "act": step.verb}
    act = {"url": missing[0]["url"], "act": missing[0]["act"]} if missing else ready
    return {
        "title": step.title,
        "conditions": conditions,
        "met": len(conditions) - len(missing),
        "total": len(conditions),
        **act,
        "step_url": ready["url"] if missing else "",
        "step_act": step.verb,
    }


def more_acts(found: Record) -> list[dict[str, str]]:
    """Gives the other acts from here, for «Flere valg»."""
    enrolment = found.enrolment
    acts = [
        {"label": step.verb, "url": url_for("step", found, step.key.replace("_", "-"))}
        for step in steps_from(enrolment.status)
        if step.key != NEXT_STEP.get(enrolment.status)
    ]
    if enrolment.is_open:
        acts += [
            {"label": "Registrer permisjon", "url": url_for("participant_permisjon", found)},
            {"label": "Bytt arbeidssted", "url": url_for("change_workplace", found)},
            {"label": "Bytt fag", "url": url_for("change_trade", found)},
            {"label": "Fag og gruppe", "url": url_for("participant_fag", found)},
        ]
    acts += acts_of(found)
    acts += [
        {"label": "Gi deltakeren tilgang", "url": url_for("participant_invite", found)},
        {"label": "Sperrer", "url": url_for("participant_sperrer", found)},
        {"label": "Rett feil", "url": url_for("step_correct", found)},
    ]
    return [act for act in acts if act["url"]]
