"""Curricula into the database: those shipped, and newer ones from a file. A version that is there is never written over."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.grep import GrepError, ParsedCurriculum, parse_curriculum
from fagbrev.people.models import User
from programmes.models import CompetenceGoal, Curriculum, GoalSet, Trade

FOLDER = Path(__file__).parent / "data"
SOURCE = "Utdanningsdirektoratet, Grep (data.udir.no), lisens NLOD 2.0"
LARGEST_FILE = 4 * 1024 * 1024
# Nobody reads a goal of more than this; a file that has one is not a curriculum.
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Imported:
    """What came of an import: the curriculum, and whether it was new."""

    curriculum: Curriculum
    is_new: bool


def read_curriculum(files: Sequence[bytes]) -> ParsedCurriculum:
    """Gives the curriculum of one simplified file, or of one or more files with raw answers of the Grep API.

    A raw plan comes with its goal sets and, where they are there, its goals; each file holds one document, a list of
    documents or an object of such. Raises GrepError with a sentence.
    """
    documents = [document for content in files for document in _documents(_read(content))]
    if len(documents) == 1 and isinstance(documents[0].get("kode"), str) and "maal" not in documents[0]:
        parsed = parse_curriculum(documents[0])
        if parsed.goals:
            return _checked(parsed)
    plans = [each for each in documents if "kompetansemaal-kapittel" in each]
    if len(plans) != 1:
        raise GrepError("Filen er ikke en læreplan fra Udir." if not plans else "Hent inn én læreplan om gangen.")
    sets = [each for each in documents if isinstance(each.get("kompetansemaal"), list)]
    goals = [each for each in documents if str(each.get("kode", "")).startswith("KM")]
    parsed = parse_curriculum(plans[0], goal_sets=sets, goals=goals)
    if not parsed.goals:
        raise GrepError(f"Læreplanen {parsed.code} har ingen kompetansemål. Ta med filene med kompetansemålsettene.")
    return _checked(parsed)


@acting()
def import_curriculum(*, parsed: ParsedCurriculum, trade: Trade | None, by: User | None = None, source: str = SOURCE) -> Imported:
    """Adds a curriculum with its goals, or leaves all as it is where its code is known already.

    Short names follow a goal's code, or that of a goal it was taken from.
    """
    held = Curriculum.objects.filter(code=parsed.code).first()
    if held:
        return Imported(held, is_new=False)
    curriculum = Curriculum.objects.create(
        code=parsed.code,
        title=parsed.title[:200],
        language=parsed.language,
        adopted_on=parsed.adopted_on,
        valid_from=parsed.valid_from,
        valid_to=parsed.valid_to,
        trade=trade,
        source=source[:300],
        created_by=by,
    )
    names = _short_names() | dict(CompetenceGoal.objects.exclude(short_name="").values_list("code", "short_name"))
    sets = GoalSet.objects.bulk_create(
        [
            GoalSet(curriculum=curriculum, code=each.code, title=each.title[:200], intro=each.intro[:300], order=each.order)
            for each in parsed.goal_sets
        ]
    )
    CompetenceGoal.objects.bulk_create(
        [
            CompetenceGoal(
                goal_set=goal_set,
                code=goal.code,
                text=goal.text,
                language=goal.language or parsed.language,
                short_name=_name_of(goal.code, goal.taken_from, names),
                order=goal.order,
            )
            for goal_set, each in zip(sets, parsed.goal_sets, strict=True)
            for goal in each.goals
        ]
    )
    return Imported(curriculum, is_new=True)


def add_shipped_curricula(current: Mapping[str, str]) -> int:
    """Adds the shipped curricula that are missing; gives how many came.

    `current` has the curriculum new participants follow, by trade code: a trade without one gets it when it comes.
    """
    held = set(Curriculum.objects.values_list("code", flat=True))
    trades = {trade.code: trade for trade in Trade.objects.filter(code__in=current)}
    missing = [path for path in sorted((FOLDER / "grep").glob("*.json")) if path.stem not in held]
    for path in missing:
        trade = trades.get(path.stem[:3])
        import_curriculum(parsed=read_curriculum([path.read_bytes()]), trade=trade)
    for code, trade in trades.items():
        if trade.curriculum_id is None and current[code] not in held:
            trade.curriculum = Curriculum.objects.get(code=current[code])
            trade.save(update_fields=["curriculum"])
    return len(missing)


def _short_names() -> dict[str, str]:
    path = FOLDER / "goal_short_names.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _name_of(code: str, taken_from: Iterable[str], names: dict[str, str]) -> str:
    return next((names[each] for each in (code, *taken_from) if each in names), "")[:60]


def _read(content: bytes) -> Any:
    if len(content) > LARGEST_FILE:
        raise GrepError("Filen er for stor til å være en læreplan.")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise GrepError("Filen er ikke en læreplan fra Udir. Den skal være en JSON-fil.") from None


def _documents(read: Any) -> list[dict[str, Any]]:
    """The documents of a file: one, a list of them, or an object whose values are documents or lists."""
    if isinstance(read, list):
        return [each for each in read if isinstance(each, dict)]
    if not isinstance(read, dict):
        raise GrepError("Filen er ikke en læreplan fra Udir.")
    if "kode" in read:
        return [read]
    return [each for value in read.values() for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _checked(parsed: ParsedCurriculum) -> ParsedCurriculum:
    if any(len(goal.text) > LONGEST_TEXT or len(goal.code) > 12 for goal in parsed.goals) or len(parsed.code) > 12:
        raise GrepError("Læreplanen har tekster som er for lange til å være kompetansemål.")
    if len(parsed.goals) > 1000 or any("\x00" in goal.text for goal in parsed.goals):
        raise GrepError("Filen er ikke en læreplan fra Udir.")
    codes = [each.code for each in parsed.goal_sets]
    goals = [(each.code, goal.code) for each in parsed.goal_sets for goal in each.goals]
    if len(set(codes)) < len(codes) or len(set(goals)) < len(goals):
        raise GrepError("Det samme kompetansemålet står to ganger i filen.")
    return parsed
