"""What is delivered: pinned requirements, settings that are all described, and no word about the machine it was made on."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

BASE_DIR = Path(__file__).resolve().parents[2]
LEFT_OUT = {"var", "node_modules", "staticfiles", "__pycache__"}
PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*( +# via .+)?$")


def is_made_here(path):
    """Tells whether a path lies in a folder that tools make, such as .venv or a cache."""
    return any(part in LEFT_OUT or (part.startswith(".") and part != ".ci") for part in path.parts[:-1])


def tracked_files():
    """Gives the files of the project: those git knows or would take, or all when this is no checkout."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=BASE_DIR,
            capture_output=True,
            check=True,
        ).stdout.decode()
        names = [BASE_DIR / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = []
    if not names:
        names = [path for path in BASE_DIR.rglob("*") if not is_made_here(path.relative_to(BASE_DIR))]
    return [path for path in names if path.is_file()]


def text_of(path):
    """Gives the text of a file, or "" for one that is not text."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def pins(name):
    lines = (BASE_DIR / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


def variables(name):
    """Gives the names a file of NAME=value lines sets."""
    return set(re.findall(r"^([A-Z_]+)=", (BASE_DIR / name).read_text(), re.MULTILINE))


def variables_read_by_settings():
    source = (BASE_DIR / "fagbrev/settings.py").read_text()
    return set(re.findall(r"env\.(?:text|flag|number|words|choice|clock)\(\s*\"([A-Z_]+)\"", source))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned(name):
    assert [line for line in pins(name) if not PIN.match(line)] == []
    assert len(pins(name)) > 20


def test_development_builds_on_production_and_pins_nothing_twice():
    assert "-r requirements.txt" in (BASE_DIR / "requirements-dev.txt").read_text().splitlines()
    production = {line.split("==")[0].lower() for line in pins("requirements.txt")}
    development = {line.split("==")[0].lower() for line in pins("requirements-dev.txt")}
    assert production & development == set()
    assert not production & {"pytest", "playwright", "ruff", "mypy", "hypothesis"}


def test_lighthouse_is_pinned_with_all_it_builds_on_and_says_nothing_of_where_it_comes_from():
    folder = BASE_DIR / "tools/lighthouse"
    pinned = json.loads((folder / "package.json").read_text())["dependencies"]
    lock = (folder / "package-lock.json").read_text()
    packages = json.loads(lock)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in pinned} == pinned
    assert [name for name, package in packages.items() if name and ("integrity" not in package or "resolved" in package)] == []
    assert '"latest"' not in lock, "npm 9 cannot read such a lock, and it would not hold what was tested"


def test_the_example_of_the_environment_lists_every_variable_the_settings_read():
    read = variables_read_by_settings()
    assert len(read) > 30
    assert read - variables(".env.example") == set()


def test_the_example_of_the_environment_lists_no_variable_that_nothing_reads():
    container = text_of(BASE_DIR / "docker-compose.yml") + text_of(BASE_DIR / "tools/container.sh")
    unread = variables(".env.example") - variables_read_by_settings()
    assert {name for name in unread if f"{{{name}" not in container} == set()


def test_the_example_of_the_environment_holds_no_secret():
    lines = (BASE_DIR / ".env.example").read_text().splitlines()
    secrets = ("SECRET_KEY", "FIELD_KEYS", "HMAC_KEY", "EMAIL_PASSWORD", "POSTGRES_PASSWORD", "VIRUS_SCAN")
    assert [line for line in lines if line.startswith(secrets)] == [
        "SECRET_KEY=",
        "FIELD_KEYS=",
        "HMAC_KEY=",
        "VIRUS_SCAN=",
        "EMAIL_PASSWORD=",
        "POSTGRES_PASSWORD=",
    ]


def test_the_operations_handbook_describes_every_variable():
    handbook = (BASE_DIR / "docs/operations.md").read_text()
    described = set(re.findall(r"`([A-Z_]+)`", handbook))
    assert variables(".env.example") - described == set()


def test_no_file_names_the_machine_it_was_made_on_or_a_package_registry():
    # Written in two halves, so that this file is not found itself.
    words = [
        "/wo" + "rk/",
        "/ro" + "ot/",
        "/ho" + "me/",
        "/o" + "pt/",
        "pypi." + "org",
        "python" + "hosted",
        "npm" + "js",
        "extra-" + "index",
    ]
    words += ["shar" + f"ed/{folder}" for folder in ("design", "domain", "data", "hooks")]
    found = [f"{path.relative_to(BASE_DIR)}: {word}" for path in tracked_files() for word in words if word in text_of(path)]
    assert found == []


@pytest.mark.parametrize("name", [".ci/run", "tools/setup.sh", "tools/check.sh", "tools/container.sh", "tools/production_env.sh"])
def test_scripts_stop_at_faults_and_may_be_run(name):
    path = BASE_DIR / name
    assert re.search(r"^set -e?uo pipefail$", path.read_text(), re.MULTILINE)
    assert path.stat().st_mode & 0o111


def test_ci_runs_the_checks_and_demands_every_service():
    script = (BASE_DIR / ".ci/run").read_text()
    assert "\nmake check\n" in script
    assert "\nREQUIRE_SERVICES=1 make test\n" in script
    assert "make test" in (BASE_DIR / "README.md").read_text()


def test_links_between_documents_lead_somewhere():
    for document in [BASE_DIR / "README.md", *(BASE_DIR / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_glossary_names_models_that_exist_or_are_reserved():
    text = (BASE_DIR / "docs/glossary.md").read_text()
    table = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    reserved = set(re.findall(r"`([A-Z][A-Za-z]+)`", text.partition("Terms without a model yet")[2]))
    known = {model.__name__ for model in apps.get_models()}
    named = {name for name in re.findall(r"`([A-Z][A-Za-z]+)`", table) if not name.isupper()}
    assert named - known - reserved == set()
    assert reserved & known == set()
