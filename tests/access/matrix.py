"""Who gets what from every address: one row per address, written by hand from docs/access.md, never computed from the code.

Letters: K koordinator, F faglærer, N norsklærer, A fadder, L leder, S styringsgruppe, D deltaker, I signed in without a role,
X superuser without a role, U signed out. A row says who gets in by GET and by POST; everybody else is refused.
"""

from __future__ import annotations

from tests.access import followup, meetings
from tests.access.rows import Row, act, form, look, page

ACTORS = {
    "K": "koordinator", "F": "faglaerer", "N": "norsklaerer", "A": "fadder", "L": "leder", "S": "styringsgruppe", "D": "deltaker",
    "I": "ingen", "X": "drift", "U": "",
}  # fmt: skip
ROLES = "KFNALSD"
SIGNED_IN = "KFNALSDIX"
EVERYONE = "KFNALSDIXU"
IN_SCOPE = "KFNALD"  # those with the cast's own participant in scope

# The sections of the record: who reads them (capital) and who also writes them, by letter.
SECTIONS = {
    # section: (readers, writers)
    "identity": ("KFNALD", "K"),
    "contact": ("KFNALD", "KD"),
    "person_details": ("KND", "K"),
    "home_address": ("KD", "KD"),
    "national_id": ("KD", "K"),
    "referral": ("KD", "K"),
    "intake_background": ("KFND", "K"),
    "life_situation": ("K", "K"),
    "admission": ("KFD", "KF"),
    "income_funding": ("KD", "K"),
    "consents": ("KD", "KD"),
    "agreements": ("KLD", "KLD"),
    "police_certificate": ("KD", "K"),
    "progress": ("KFNALD", "K"),
    "status_reasons": ("KD", "K"),
    "placement": ("KFNALD", "KL"),
    "training_contract": ("KFLD", "K"),
    "application_pack": ("KFD", "K"),
    "readiness": ("KFND", "KFN"),
    "exams": ("KFND", "KND"),
    "exam_dates": ("KFNALD", "K"),
    "training_plan": ("KFNALD", "KFNA"),
    "competence": ("KFNALD", "KFAD"),
    "accommodations": ("KFNALD", "K"),
    "visit_plan": ("KFNALD", "KFAD"),
    "visits": ("KFNAD", "KF"),
    "visit_internal_note": ("KF", "F"),
    "assignments": ("KFNAD", "KFND"),
    "weekly_plan": ("KFNALD", "KAD"),
    "language": ("KFNAD", "KN"),
    "absence": ("KFNALD", "KFNALD"),
    "absence_reasons": ("KD", "K"),
    "reviews": ("KFAD", "KFAD"),
    "actions": ("KFNALD", "KFNALD"),
    "meeting_items": ("KFNAL", "KFN"),
    "concerns": ("KFNALD", "KFNALD"),
    "guidance_notes": ("K", "K"),
    "contact_log": ("K", "K"),
    "equipment": ("KD", "K"),
    "work_status": ("KD", "KD"),
    "access_log": ("KD", ""),
}
PERSON_SECTIONS = {
    "identity", "contact", "person_details", "home_address", "national_id", "life_situation", "consents", "exams", "language",
    "equipment", "access_log",
}  # fmt: skip


RECORD_ROWS = [
    # --- pages that show -------------------------------------------------------------------------------
    look("participant_detail", "KFNALD"),
    look("participant_person", "KFNALD"),
    look("participant_inntak", "KFND"),
    look("participant_opptak", "KFD"),
    look("participant_avtaler", "KLD"),
    look("participant_samtykker", "KD"),
    look("participant_politiattest", "KD"),
    look("participant_arbeidssted", "KFNALD"),
    look("participant_soknad", "KFD"),
    look("participant_kontrakt", "KFLD"),
    look("participant_permisjon", "KFNALD"),
    look("participant_klar", "KFND"),
    look("participant_eksamen", "KFNALD"),
    look("participant_okonomi", "KD"),
    look("participant_tilrettelegging", "KFNALD"),
    look("participant_utlan", "KD"),
    look("participant_kontaktlogg", "K"),
    look("participant_avslutning", "K"),
    look("participant_etterpa", "KD"),
    look("participant_historikk", "KFNALD"),
    look("participant_innsyn", "KD"),
    look("participant_fag", "K"),
    look("participant_dokumenter", "KFNLD"),
    look("document_file", "KFD", GET_N=404, GET_L=404),  # a document of the application pack
    form("document_new", "KNLD"),
    form("document_edit", "K", GET_N=404, GET_L=404, POST_N=404, POST_L=404),
    # --- acts ------------------------------------------------------------------------------------------
    form("step", "K"),
    form("step_correct", "K"),
    form("fill_in", "K"),
    form("change_workplace", "K"),
    form("change_trade", "K"),
    form("eligibility_edit", "K"),
    form("voice_give", "KF"),
    form("consent_answer", "KD"),
    act("exam_said", "D"),
    act("norwegian_said", "D"),
    act("exam_unsaid", "D"),
    act("exam_confirm", "K"),
    act("exam_fee_paid", "K"),
    act("norwegian_confirm", "KN"),
    Row("reveal_national_id", "KD", "KD"),
    act("proposal_accept", "K"),
    form("extra_person", "KL"),
    form("participant_invite", "K"),
    form("participant_sperrer", "K"),
    act("restriction_end", "K"),
    # --- rows ------------------------------------------------------------------------------------------
    form("navn_new", "K"),
    form("kontakt_new", "KD"),
    form("detaljer_new", "K"),
    form("adresse_new", "KD"),
    form("fodselsnummer_new", "K"),
    form("henvisning_new", "K"),
    form("intervju_new", "K"),
    form("livssituasjon_new", "K"),
    form("ko_new", "K"),
    form("fag_new", "K"),
    form("gruppe_new", "K"),
    form("gruppe_edit", "K"),
    form("samtale_new", "K"),
    form("avtale_new", "K"),
    form("avtale_edit", "K"),
    form("underskrift_new_on", "K"),
    form("underskrift_edit", "K"),
    form("attest_new", "K"),
    form("plass_new", "K"),
    form("plass_edit", "K"),
    form("fadder_new_on", "KL"),
    form("fadder_edit", "KL"),
    form("forslag_new_on", "L"),
    form("forslag_edit", "L"),
    form("vedlegg_new_on", "K"),
    form("vedlegg_edit", "K"),
    form("sending_new", "K"),
    form("sending_edit", "K"),
    form("kontrakt_new", "K"),
    form("kontrakt_edit", "K"),
    form("permisjon_new", "K"),
    form("permisjon_edit", "K"),
    form("klar_new", "FN"),
    form("klar_edit", "FN"),
    form("skriftlig_new", "K"),
    form("skriftlig_edit", "K"),
    form("fagprove_new", "K"),
    form("fagprove_edit", "K"),
    form("norskprove_new", "KN"),
    form("norskprove_edit", "KN"),
    form("bankid_new", "KD"),
    form("inntekt_new", "K"),
    form("inntekt_edit", "K"),
    form("betaling_new", "K"),
    form("betaling_edit", "K"),
    form("tiltak_new", "K"),
    form("tiltak_edit", "K"),
    form("lan_new", "K"),
    form("lan_edit", "K"),
    form("notat_new", "K"),
    form("notat_edit", "K"),
    form("punkt_new_on", "K"),
    form("punkt_edit", "K"),
    form("bevis_new", "K"),
    form("jobb_new", "KD"),
    form("jobb_edit", "KD"),
    # --- papers ----------------------------------------------------------------------------------------
    look("paper_contract", "KD"),
    look("paper_agreement", "KLD"),
    look("paper_certificate", "KD"),
    look("paper_purpose_form", "KD"),
    *(row for module in (*followup.modules(), *meetings.modules()) for row in module.RECORD_ROWS),
]
OF_BATCH = {"GET_K": 404, "POST_K": 404}  # the batch of another koordinator
PAGE_ROWS = [
    # --- lists of people -------------------------------------------------------------------------------
    page("home", SIGNED_IN),
    page("calendar_month", SIGNED_IN),
    page("calendar_wheel", SIGNED_IN),
    page("feed_settings", SIGNED_IN, SIGNED_IN),
    page("participant_list", "KFNAL"),
    page("duty_list", SIGNED_IN),
    page("notice_choice", SIGNED_IN, SIGNED_IN),
    page(
        "duty_snooze",
        SIGNED_IN,
        SIGNED_IN,
        **{  # a koordinator's duty: to everybody else it is not there
            f"{verb}_{letter}": 404 for letter in SIGNED_IN.replace("K", "") for verb in ("GET", "POST")
        },
    ),
    page("hand_over_list", "K", "K"),
    page("hand_over_end", "K", "K"),
    page("rule_list", "K"),
    page("rule_detail", "K", "K"),
    page("dispatch", "KX"),
    Row("mail_again", "KX", "KX", of_record=False, no_get=True),
    page("participant_search", "KFNAL"),
    page("caseload_export", "KFN"),
    page("exam_window_list", "KFN"),
    page("exam_window", "KFN"),
    page("participant_find_protected", "K", "K"),
    Row("saved_filter_add", "KFNAL", "KFNAL", of_record=False, no_get=True),
    Row(
        "saved_filter_delete",
        "KFNAL",
        "KFNAL",
        of_record=False,
        no_get=True,
        differs={f"POST {letter}": 404 for letter in "KFNAL"},
    ),  # another user's filter
    page("participant_import", "K", "K"),
    page("participant_import_preview", "K", "K", **OF_BATCH),
    page("participant_import_columns", "K", "K", **OF_BATCH),
    Row("participant_import_discard", "K", "K", of_record=False, no_get=True, differs={"POST K": 404}),
    page("participant_import_errors", "K", GET_K=404),
    page("referral_new", "K", "K"),
    page("participant_new", "K", "K"),
    page("referral_public", EVERYONE, EVERYONE),
    page("referral_thanks", EVERYONE, EVERYONE),
    page("referral_inbox", "K"),
    page("referral_item", "K", "K"),
    # --- users -----------------------------------------------------------------------------------------
    page("user_list", "KX", "KX"),
    page("user_invite", "KX", "KX"),
    page("user_detail", "KX", "KX"),
    page("user_edit", "KX", "KX"),
    page("user_role_add", "KX", "KX"),
    page("user_role_end", "KX", "KX"),
    page("user_assignment_end", "KX", "KX", GET_K=404, GET_X=404, POST_K=404, POST_X=404),  # an assignment that is not there
    page("user_deactivate", "KX", "KX"),
    page("user_reactivate", "KX", "KX"),
    page("user_invite_again", "KX", "KX"),
    page("user_reset_factors", "KX", "KX"),
    # --- the frame -------------------------------------------------------------------------------------
    page("trade_list", ROLES),
    page("trade_detail", ROLES),
    page("curriculum_detail", ROLES),
    page("routine_list", ROLES),
    page("workplace_list", "KFNL"),
    page("workplace_detail", "KFNL"),
    page("partner_list", "KFN"),
    page("partner_detail", "KFN"),
    page("year_list", "KFN"),
    page("setting_list", "K"),
    page("setting_detail", "K"),
    *(
        page(name, "K", "K")
        for name in (
            "trade_new",
            "trade_edit",
            "curriculum_import",
            "goal_names",
            "lead_new",
            "lead_edit",
            "lead_remove",
            "criterion_new",
            "criterion_edit",
            "cohort_new",
            "cohort_edit",
            "cohort_remove",
            "session_new",
            "session_edit",
            "session_remove",
            "assignment_new",
            "assignment_edit",
            "workplace_new",
            "workplace_edit",
            "approval_new",
            "approval_edit",
            "person_new",
            "person_edit",
            "person_remove",
            "partner_new",
            "partner_edit",
            "contact_new",
            "contact_edit",
            "contact_remove",
            "routine_new",
            "routine_edit",
            "tool_new",
            "tool_edit",
            "tool_remove",
            "year_row_new",
            "year_row_edit",
            "year_row_remove",
            "setting_new",
            "setting_edit",
            "setting_remove",
        )
    ),
    # --- open to all -----------------------------------------------------------------------------------
    page("healthz", EVERYONE, EVERYONE),
    page("who_sees_what", EVERYONE),
    page("accessibility", EVERYONE),
    Row("theme_switch", EVERYONE, EVERYONE, of_record=False, no_get=True),
    page("logo", EVERYONE, **{f"GET_{letter}": 404 for letter in EVERYONE}),  # no logo is set in the tests
    page("feed", EVERYONE, **{f"GET_{letter}": 404 for letter in EVERYONE}),  # an address that nobody was given
    *(  # the demo's pages are not there outside the demo
        page(name, "", "", **{f"{verb}_{letter}": 404 for letter in EVERYONE for verb in ("GET", "POST")})
        for name in ("demo_login", "demo_mail_list", "demo_mail_detail", "demo_mail_html")
    ),
    # --- one's own account -----------------------------------------------------------------------------
    page("account_home", SIGNED_IN),
    page("confidentiality", SIGNED_IN, SIGNED_IN),
    *(row for module in (*followup.modules(), *meetings.modules()) for row in module.PAGE_ROWS),
]
# allauth's own addresses, each wrapped in a gate: those for one who is signed out, and those for one who is signed in.
ALLAUTH_OPEN = {
    "account_login", "account_request_login_code", "account_confirm_login_code", "account_logout", "account_inactive",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
}  # fmt: skip
ALLAUTH_SIGNED_IN = {
    "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "mfa_edit_webauthn", "usersessions_list",
}  # fmt: skip
ROWS = {row.name: row for row in [*RECORD_ROWS, *PAGE_ROWS]}


def expected(row: Row, letter: str, verb: str, relation: str = "own") -> str:
    """Gives what must be answered: "ok", "login", or a status. `relation` is own, other or ended."""
    if f"{verb} {letter}" in row.differs and relation == "own":
        return str(row.differs[f"{verb} {letter}"])
    allowed = row.get if verb == "GET" else row.post
    if letter == "U" and "U" not in row.get:
        return "login"
    if row.of_record:
        if letter not in IN_SCOPE or (relation != "own" and letter != "K"):
            return "404"
        if letter not in (allowed if allowed else row.get):
            return "403"
    elif letter not in row.get:
        return "403"
    if (verb == "GET" and row.no_get) or (verb == "POST" and not row.post):
        return "405"
    return "ok"


def answered(response: object) -> str:
    """Gives the answer in the table's words."""
    status, headers = response.status_code, response.headers  # type: ignore[attr-defined]
    if headers.get("HX-Redirect", "").startswith("/konto/login/"):
        return "login"
    if status == 302:
        return "login" if headers["Location"].startswith("/konto/login/") else "ok"
    return "ok" if status in {200, 409, 422, 429} else str(status)
