"""Udir's curricula (Grep, NLOD 2.0) as they come: the simplified files shipped here and raw answers of the Grep API."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

_DEFAULT = "default"  # the language a curriculum was adopted in
_LANGUAGES = frozenset({"nob", "nno", "eng", "sme", "sma", "smj"})
_PLAN_CODE = re.compile(r"[A-Z0-9]{3}\d{1,2}-\d{2}", re.ASCII)
_SET_CODE = re.compile(r"KV\d+", re.ASCII)
_GOAL_CODE = re.compile(r"KM?\d+", re.ASCII)


class GrepError(Exception):
    """A document that is no curriculum; its text is a sentence for the one who imports it."""


@dataclass(frozen=True)
class ParsedGoal:
    """A competence goal: code, text, the text's language ("nob", "nno", …, "" if unknown), its place, codes it was taken from."""

    code: str
    text: str
    language: str
    order: int
    taken_from: tuple[str, ...] = ()
    plan_code: str = ""
    set_code: str = ""


@dataclass(frozen=True)
class ParsedGoalSet:
    """A set of goals: code, title, the words that open the list, its goals in order."""

    code: str
    title: str
    intro: str
    goals: tuple[ParsedGoal, ...]
    order: int = 0
    plan_code: str = ""


@dataclass(frozen=True)
class ParsedCurriculum:
    """A curriculum in one version: the code tells the version, so goals of two versions are never mixed."""

    code: str
    title: str
    language: str
    adopted_on: date | None
    valid_from: date | None
    valid_to: date | None
    goal_sets: tuple[ParsedGoalSet, ...]
    trade_test_code: str = ""
    written_exam_code: str = ""
    programme_area: str = ""
    is_modular: bool = False
    goal_set_codes: tuple[str, ...] = field(default=())

    @property
    def goals(self) -> tuple[ParsedGoal, ...]:
        """Gives all goals in order."""
        return tuple(goal for goal_set in self.goal_sets for goal in goal_set.goals)


def parse_curriculum(
    document: Any, *, goal_sets: Iterable[Any] = (), goals: Iterable[Any] = (), language: str = "nob"
) -> ParsedCurriculum:
    """Gives the curriculum of a simplified file, or of a raw plan with its raw goal sets and raw goals.

    Texts are in the wanted language where they exist, else in the adopted one, and say which. Raises GrepError.
    """
    if isinstance(document, dict) and "kompetansemaal-kapittel" not in document and "kompetansemaalsett" in document:
        return _simplified(document)
    plan = parse_raw_plan(document, language=language)
    full_goals = {goal.code: goal for goal in (parse_raw_goal(each, language=language, adopted=plan.language) for each in goals)}
    sets = {each.code: each for each in (parse_raw_goal_set(raw, language=language, adopted=plan.language) for raw in goal_sets)}
    merged = []
    for order, code in enumerate(plan.goal_set_codes, 1):
        if code in sets:
            own = sets[code]
            merged.append(
                replace(own, order=order, goals=tuple(replace(full_goals.get(g.code, g), order=g.order) for g in own.goals))
            )
    return replace(plan, goal_sets=tuple(merged))


def parse_raw_plan(document: Any, *, language: str = "nob") -> ParsedCurriculum:
    """Gives a curriculum of `laereplaner-lk20/<code>`, without its goal sets but with their codes. Raises GrepError."""
    plan = _object(document)
    code = _code(plan, _PLAN_CODE)
    adopted = _at(plan, "fastsettelsesinformasjon", "fastsatt-spraak", "kode")
    adopted = adopted if adopted in _LANGUAGES else ""
    title, _spoken = _text(plan.get("tittel"), language, adopted)
    chapter = plan.get("kompetansemaal-kapittel")
    references = chapter.get("kompetansemaalsett") if isinstance(chapter, dict) else None
    return ParsedCurriculum(
        code=code,
        title=_required(title, code),
        language=adopted,
        adopted_on=_day(_at(plan, "fastsettelsesinformasjon", "fastsatt-dato")),
        valid_from=_day(_at(plan, "gyldighetsperiode", "gyldig-fra", "dato")),
        valid_to=_day(_at(plan, "gyldighetsperiode", "gyldig-til", "dato")),
        goal_sets=(),
        is_modular=str(_at(plan, "laereplanstruktur", "tittel") or "").lower().startswith("modul"),
        goal_set_codes=tuple(_code(each, _SET_CODE) for each in _list(references)),
    )


def parse_raw_goal_set(document: Any, *, language: str = "nob", adopted: str = "") -> ParsedGoalSet:
    """Gives a goal set of `kompetansemaalsett-lk20/<code>`; its goals have the references' plain texts. Raises GrepError."""
    goal_set = _object(document)
    code = _code(goal_set, _SET_CODE)
    title, _spoken = _text(goal_set.get("tittel"), language, adopted)
    intro, _spoken = _text(goal_set.get("kompetansemaal-ingress"), language, adopted)
    plan_code = str(_at(goal_set, "tilhoerer-laereplan", "kode") or "")
    goals = []
    for order, reference in enumerate(_list(goal_set.get("kompetansemaal")), 1):
        goal = parse_raw_goal(reference, language=language, adopted=adopted)
        goals.append(replace(goal, order=order, plan_code=plan_code, set_code=code))
    return ParsedGoalSet(
        code=code,
        title=_required(title, code),
        intro=intro,
        goals=tuple(goals),
        order=_order(goal_set),
        plan_code=plan_code,
    )


def parse_raw_goal(document: Any, *, language: str = "nob", adopted: str = "") -> ParsedGoal:
    """Gives a goal of `kompetansemaal-lk20/<code>`, or a reference to one. Raises GrepError.

    `adopted` names the language behind "default", which the goal itself does not tell.
    """
    goal = _object(document)
    code = _code(goal, _GOAL_CODE)
    text, spoken = _text(goal.get("tittel"), language, adopted)
    return ParsedGoal(
        code=code,
        text=_required(text, code),
        language=spoken,
        order=_order(goal),
        taken_from=tuple(
            dict.fromkeys(
                str(source["kode"])
                for key in ("hentet-fra", "gjenbruk-av")
                for source in _sources(goal.get(key))
                if isinstance(source.get("kode"), str)
            )
        ),
        plan_code=str(_at(goal, "tilhoerer-laereplan", "kode") or ""),
        set_code=str(_at(goal, "tilhoerer-kompetansemaalsett", "kode") or ""),
    )


# --- The simplified files --------------------------------------------------------------------------


def _simplified(document: dict[str, Any]) -> ParsedCurriculum:
    code = _code(document, _PLAN_CODE)
    language = document.get("spraak") if document.get("spraak") in _LANGUAGES else ""
    goal_sets, seen = [], set()
    for set_order, raw_set in enumerate(_list(document["kompetansemaalsett"]), 1):
        set_code = _code(raw_set, _SET_CODE)
        goals = []
        for order, raw_goal in enumerate(_list(raw_set.get("maal")), 1):
            goal_code = _code(raw_goal, _GOAL_CODE)
            if goal_code in seen:
                raise GrepError(_("Kompetansemålet %(code)s står to ganger i filen.") % {"code": goal_code})
            seen.add(goal_code)
            text = _required(_clean(raw_goal.get("tekst")), goal_code)
            goals.append(ParsedGoal(goal_code, text, str(language), order, plan_code=code, set_code=set_code))
        title = _required(_clean(raw_set.get("tittel")), set_code)
        goal_sets.append(ParsedGoalSet(set_code, title, _clean(raw_set.get("ingress")), tuple(goals), set_order, code))
    if not seen:
        raise GrepError(_("Læreplanen %(code)s har ingen kompetansemål.") % {"code": code})
    return ParsedCurriculum(
        code=code,
        title=_required(_clean(document.get("tittel")), code),
        language=str(language),
        adopted_on=_day(document.get("fastsatt")),
        valid_from=_day(document.get("gyldigFra")),
        valid_to=_day(document.get("gyldigTil")),
        goal_sets=tuple(goal_sets),
        trade_test_code=_clean(document.get("fagkode_fagproeve")),
        written_exam_code=_clean(document.get("fagkode_skriftlig_eksamen")),
        programme_area=_clean(document.get("programomraade")),
        is_modular=len(goal_sets) > 1,
        goal_set_codes=tuple(each.code for each in goal_sets),
    )


# --- Reading with care -----------------------------------------------------------------------------


def _object(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise GrepError(_("Filen er ikke en læreplan fra Udir."))
    return document


def _list(found: Any) -> Sequence[Any]:
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise GrepError(_("Læreplanen er bygd opp på en måte vi ikke kjenner."))
    return found


def _sources(found: Any) -> Sequence[dict[str, Any]]:
    """`hentet-fra` is one reference, a list of them, or null; each may be wrapped in `referanse`."""
    listed = found if isinstance(found, list) else [found]
    wrapped = [each for each in listed if isinstance(each, dict)]
    return [each["referanse"] if isinstance(each.get("referanse"), dict) else each for each in wrapped]


def _code(document: Any, shape: re.Pattern[str]) -> str:
    code = _object(document).get("kode")
    if not isinstance(code, str) or not shape.fullmatch(code):
        raise GrepError(_("Filen er ikke en læreplan fra Udir: koden «%(code)s» er ikke gyldig.") % {"code": str(code)[:40]})
    return code


def _order(document: dict[str, Any]) -> int:
    order = document.get("rekkefoelge")
    return order if isinstance(order, int) else 0


def _required(text: str, code: str) -> str:
    if not text:
        raise GrepError(_("Læreplanen mangler tekst for %(code)s.") % {"code": code})
    return text


def _clean(text: Any) -> str:
    return re.sub(r"\s+", " ", text).strip() if isinstance(text, str) else ""


def _text(titled: Any, language: str, adopted: str) -> tuple[str, str]:
    """Gives a text and its language from any of the three shapes: object with `tekst`, list of texts, plain string."""
    if isinstance(titled, str):
        return _clean(titled), adopted
    if isinstance(titled, dict):
        titled = titled.get("tekst")
    texts: dict[str, str] = {}
    for each in titled if isinstance(titled, list) else ():
        if isinstance(each, dict) and isinstance(each.get("spraak"), str) and _clean(each.get("verdi")):
            texts.setdefault(each["spraak"], _clean(each["verdi"]))
    if language in texts:
        return texts[language], language
    if _DEFAULT in texts:
        # The adopted language is often listed under its own name too, with the same text.
        named = [name for name, text in texts.items() if name in _LANGUAGES and text == texts[_DEFAULT]]
        return texts[_DEFAULT], adopted or (named[0] if len(named) == 1 else "")
    return next(((text, name) for name, text in texts.items()), ("", ""))


def _at(document: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document


def _day(written: Any) -> date | None:
    if written is None or written == "":
        return None
    try:
        return date.fromisoformat(written[:10])
    except (TypeError, ValueError):
        raise GrepError(_("Læreplanen har en dato vi ikke forstår: «%(text)s».") % {"text": str(written)[:40]}) from None
