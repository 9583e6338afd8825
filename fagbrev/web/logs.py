"""What the logs leave out: query strings, which may hold names, and tokens in addresses; and logs that machines read."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_QUERY = re.compile(r"\?[^\s\"']*")
_TOKEN = re.compile(r"(/kalender/|/password/reset/key/|/lenke/|/svar/)[^\s/\"']+")


class WithoutQueryStrings(logging.Filter):
    """Cuts the query string and any token from every address in a log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the arguments and message; always lets the line through."""
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(arg) if isinstance(arg, str) else arg for arg in record.args)
        if isinstance(record.msg, str) and "/" in record.msg:
            record.msg = without_secrets(record.msg)
        return True


def without_secrets(text: str) -> str:
    """Gives a log line's text without query strings and tokens."""
    return _TOKEN.sub(r"\1…", _QUERY.sub("", text))


class WithoutRowContents(logging.Formatter):
    """Writes tracebacks without the lines in which the database repeats what a row held."""

    def formatException(self, ei: Any) -> str:
        """Gives the traceback's text, less DETAIL lines."""
        return "\n".join(line for line in super().formatException(ei).splitlines() if not line.lstrip().startswith("DETAIL:"))


# What may stand beside the message in a log line for machines: counts and times, never anything about anybody.
FIGURES = ("day", "seconds", "notices", "mails", "duties", "added", "changed", "removed", "attempt", "status_code")


class AsJson(WithoutRowContents):
    """One JSON object a line: when, how grave, who says it, the message, and the figures that go with it."""

    def format(self, record: logging.LogRecord) -> str:
        """Gives the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIGURES if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
