"""Work on risky input in a child process: limited in time and memory, without our secrets in its environment."""

import os
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent


class ChildFailed(Exception):
    """The child process gave no answer; the text is what it said, for the log."""


class ChildTooSlow(ChildFailed):
    """The child process was stopped because its time was up."""


def run_child(script: str, payload: bytes, *, seconds: float, megabytes: int) -> bytes:
    """Gives what the named script in this folder answers to the payload. Raises ChildFailed, ChildTooSlow."""
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE") if name in os.environ
    }
    try:
        done = subprocess.run(  # noqa: S603  (our own script, no shell)
            [sys.executable, "-I", str(_HERE / f"{script}.py"), str(megabytes), str(int(seconds) + 1)],
            input=payload,
            capture_output=True,
            timeout=seconds,
            env=environment | {"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildTooSlow(f"{script} took more than {seconds:g} seconds.") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ChildFailed(f"{script} ended with {done.returncode}: {said[-1][:500] if said else ''}")
    return done.stdout
