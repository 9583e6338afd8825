"""The addresses of participants: lists first, then one participant's pages."""

from django.urls import URLPattern, URLResolver, include, path

from participants.kinds import KINDS
from participants.pages import PAGES
from participants.views import access as access_views
from participants.views import acts, detail, practice, rows, sections

OWN_PAGES = {"oversikt", "historikk", "innsyn", "steg", "sperrer", "dokumenter"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("participants.urls_caseload")),
    path("", include("participants.urls_import")),
    path("", include("participants.urls_referrals")),
    path("", include("participants.urls_documents")),
    path("", include("participants.urls_papers")),
    path("", include("participants.urls_exam_windows")),
]
urlpatterns += [
    path("deltakere/skjermet/", access_views.find_protected, name="participant_find_protected"),
    path("deltakere/<slug:participant_id>/", detail.detail, name="participant_detail"),
    path("deltakere/<slug:participant_id>/historikk/", sections.history, name="participant_historikk"),
    path("deltakere/<slug:participant_id>/innsyn/", sections.looked, name="participant_innsyn"),
    path("deltakere/<slug:participant_id>/steg/rett-feil/", acts.correct, name="step_correct"),
    path("deltakere/<slug:participant_id>/steg/registrer-dato/", acts.fill_in_missing, name="fill_in"),
    path("deltakere/<slug:participant_id>/steg/<slug:key>/", acts.step, name="step"),
    path("deltakere/<slug:participant_id>/bytt-arbeidssted/", acts.workplace_change, name="change_workplace"),
    path("deltakere/<slug:participant_id>/bytt-fag/", acts.trade_change, name="change_trade"),
    path("deltakere/<slug:participant_id>/opptak/krav/", acts.eligibility, name="eligibility_edit"),
    path("deltakere/<slug:participant_id>/opptak/stemme/", acts.voice, name="voice_give"),
    path("deltakere/<slug:participant_id>/samtykker/svar/", acts.consent, name="consent_answer"),
    path("deltakere/<slug:participant_id>/person/vis-nummer/", sections.reveal_national_id, name="reveal_national_id"),
    path(
        "deltakere/<slug:participant_id>/arbeidssted/forslag/<slug:row_id>/godta/",
        sections.proposal_accept,
        name="proposal_accept",
    ),
    path(
        "deltakere/<slug:participant_id>/arbeidssted/ekstra-person/<slug:placement_id>/",
        practice.extra_person,
        name="extra_person",
    ),
    path("deltakere/<slug:participant_id>/tilgang/", access_views.invite, name="participant_invite"),
    path("deltakere/<slug:participant_id>/sperrer/", access_views.restrictions, name="participant_sperrer"),
    path("deltakere/<slug:participant_id>/sperrer/<slug:row_id>/slutt/", access_views.restriction_end, name="restriction_end"),
]
for _page in PAGES.values():
    if _page.key not in OWN_PAGES and not _page.is_contributed:
        urlpatterns.append(
            path(
                f"deltakere/<slug:participant_id>/{_page.slug}/",
                sections.section_page(_page.key),
                name=f"participant_{_page.key}",
            )
        )
for _kind in KINDS.values():
    _base = f"deltakere/<slug:participant_id>/{PAGES[_kind.page].slug}/{_kind.slug}/"
    if _kind.parent in {"placement", "agreement"} or _kind.slug in rows.TYPED:
        urlpatterns.append(path(f"{_base}ny/<slug:parent_id>/", rows.row_new(_kind), name=f"{_kind.slug}_new_on"))
    elif _kind.single:
        urlpatterns.append(path(_base, rows.row_new(_kind), name=f"{_kind.slug}_new"))
    else:
        urlpatterns.append(path(f"{_base}ny/", rows.row_new(_kind), name=f"{_kind.slug}_new"))
    if not _kind.single:
        urlpatterns.append(path(f"{_base}<slug:row_id>/", rows.row_edit(_kind), name=f"{_kind.slug}_edit"))
