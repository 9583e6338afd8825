"""Names made ready for sorting and searching: sort keys, folded words and keys that forgive misspellings."""

import re
import unicodedata
from typing import NamedTuple

_LATIN = {
    "æ": "ae", "ø": "o", "ß": "ss", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "œ": "oe", "ŋ": "n", "ŧ": "t",
    "ə": "a",
}  # fmt: skip
# Ukrainian and Russian letters by the sound their usual Latin spelling has; soft and hard signs vanish.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y", "і": "i",
    "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ь": "", "ъ": "", "ы": "y",
    "э": "e", "ё": "io",
}  # fmt: skip
_TRANSLITERATION = {ord(letter): plain for letter, plain in (_LATIN | _CYRILLIC).items()}
# The alphabet ends æ, ø, å; ä, ö and ü sort as æ, ø and y in Norwegian lists.
_SORT_AS = str.maketrans({"æ": "\x01", "ä": "\x01", "ø": "\x02", "ö": "\x02", "å": "\x03", "ü": "y"})
_SORT_ENDS = {ord(" "): "0", 1: "zx", 2: "zy", 3: "zz"}
_JOINERS = re.compile(r"['’‘ʼ`´ʹ]")
_VOWELS = frozenset("aeiouyj")
# One sound, many spellings. Order matters: longer spellings first.
_SPELLINGS = (
    # Somali: c is the Arabic ʿayn and x a hard h; both vanish in other spellings of the same names.
    (re.compile(r"^c(?=a(?:bd|li|sh|ash|sha|wad|dan)|umar|isman|aal|aa)"), ""),
    (re.compile(r"^x(?=[aeiou])"), "h"),
    (re.compile(r"(?<=m[ao])x(?=[ao])"), "h"),
    (re.compile(r"^faa?d(?=um)"), "fat"),
    (re.compile(r"ch(?=m)"), "h"),
    (re.compile(r"tsj|tch|tj"), "k"),
    (re.compile(r"shch|sch|skj|sh|sj|zh|ts|tz"), "s"),
    (re.compile(r"^(?:dj|gj|hj|dzh)"), "j"),
    (re.compile(r"dj"), "j"),
    (re.compile(r"^hv"), "v"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ch|kh|kj|ck|q"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"w"), "v"),
    (re.compile(r"z"), "s"),
    (re.compile(r"^(?:y|i|j)(?=[aeou])"), "J"),  # Yusuf, Jusuf, Iuliia: a consonant only here
)
_FIRST_VOWEL = {"a": "a", "e": "i", "i": "i", "y": "i", "j": "j", "o": "o", "u": "o"}


class Term(NamedTuple):
    """One word of a search: what to look for in `search_name` and, when long enough to tell, in `name_skeleton`."""

    folded: str
    skeleton: str

    @property
    def in_search_name(self) -> str:
        """Gives the text that `search_name` contains when a word begins with this one."""
        return f" {self.folded}"

    @property
    def in_name_skeleton(self) -> str:
        """Gives the text that `name_skeleton` contains: a word's beginning, or a whole short word; "" to skip it."""
        if len(self.skeleton) < 2:
            return ""
        return f" {self.skeleton}" if len(self.skeleton) > 2 else f" {self.skeleton} "


def folded(text: str) -> str:
    """Gives a text in plain a to z and 0 to 9, words parted by one space, for searching: "Åse Sørli" → "ase sorli"."""
    return " ".join(re.findall(r"[0-9a-z]+", _plain(text)))


def sort_name(text: str) -> str:
    """Gives a key in 0-9a-z alone that puts names in Norwegian order on every database."""
    composed = unicodedata.normalize("NFC", text).lower()
    marked = re.sub("aa", "\x03", composed.translate(_SORT_AS))
    plain = " ".join(re.findall(r"[0-9a-z\x01-\x03]+", _plain(marked)))
    return plain.translate(_SORT_ENDS)


def skeleton(text: str) -> str:
    """Gives a key per word that is the same for the usual spellings of a name: "Mohammed", "Muhamad" → "mmt"."""
    return " ".join(_word_skeleton(word) for word in folded(text).split())


def search_name(*parts: str) -> str:
    """Gives the stored search text of a person's names: a space before every word."""
    return "".join(f" {word}" for word in folded(" ".join(parts)).split())


def name_skeleton(*parts: str) -> str:
    """Gives the stored skeletons of a person's names: a space on both sides of every word."""
    words = skeleton(" ".join(parts)).split()
    return f" {' '.join(words)} " if words else ""


def search_terms(query: str) -> list[Term]:
    """Gives the words of a typed search, each once, in any order: every one of them must be found, so join them with AND."""
    words = dict.fromkeys(folded(query).split())
    return [Term(folded=word, skeleton=_word_skeleton(word)) for word in words]


def _plain(text: str) -> str:
    lowered = unicodedata.normalize("NFC", text).lower().translate(_TRANSLITERATION)
    stripped = "".join(letter for letter in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(letter))
    return _JOINERS.sub("", stripped).translate(_TRANSLITERATION).lower()


def _word_skeleton(word: str) -> str:
    for spelling, sound in _SPELLINGS:
        word = spelling.sub(sound, word)
    word = word[:1] + word[1:].replace("h", "")
    word = re.sub(r"(.)\1+", r"\1", word)
    first = _FIRST_VOWEL.get(word[:1], word[:1].lower())
    rest = "".join(letter for letter in word[1:] if letter not in _VOWELS)
    return re.sub(r"(?<=.)d$", "t", first + rest)
