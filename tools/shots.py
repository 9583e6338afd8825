"""Takes pictures of the main pages, by role, on a wide and a narrow screen, in light and dark, from a demo of its own.

The pictures go to var/shots; --readme also writes the few that the README shows to docs/pictures.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

BASE_DIR = Path(__file__).resolve().parent.parent
SHOTS, README_PICTURES = BASE_DIR / "var" / "shots", BASE_DIR / "docs" / "pictures"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--no-first-run", "--lang=nb-NO"]  # fmt: skip
WIDE, NARROW = (1280, 900), (390, 844)
# For each role: what the picture is called, and the address; «first:» follows the first link of a list, «>» goes on from there.
PAGES = {
    "": [("innlogging", "/konto/login/"), ("henvis", "/henvis/")],
    "koordinator": [
        ("idag", "/"), ("deltakere", "/deltakere/"), ("deltaker", "first:/deltakere/?fase=training"),
        ("deltaker-oppstart", "first:/deltakere/?fase=onboarding"), ("ny-henvisning", "/deltakere/ny/"), ("import", "/deltakere/import/"),
        ("henvisninger", "/henvisninger/"), ("fag", "/fag/BUA/"), ("arbeidssteder", "/laresteder/"), ("rutiner", "/rutiner/"),
        ("frister", "/frister/"), ("frister-andre", "/frister/?vis=andre"), ("regler", "/frister/regler/"),
        ("utsending", "/frister/utsending/"), ("overlat", "/frister/overlat/"), ("kalender", "/kalender/"),
        ("arshjul", "/kalender/arshjul/"), ("eksamen", "/eksamen/"), ("abonnement", "/kalender/abonnement/"), ("kalenderar", "/aret/"),
        ("brukere", "/brukere/"), ("hvem-ser-hva", "/personvern/hvem-ser-hva/"), ("meldinger", "/bekymringer/"),
        ("samtaler", "/deltakere/?q=Selma>vurderinger/"), ("planer", "/deltakere/?q=Selma>plan/"),
        ("moter", "/moter/"), ("mote", "first:/moter/"), ("saksliste", "first:/moter/?type=project_group>saksliste/"),
        ("nytt-mote", "/moter/nytt/"), ("moteserier", "/moter/serier/"), ("faste-punkter", "/moter/faste-punkter/"),
        ("rapporter", "/rapporter/"), ("rapport-mangler", "/rapporter/mangler/"),
    ],
    "faglaerer.bua": [
        ("faglaerer", "/"), ("faglaerer-deltaker", "first:/deltakere/"), ("besok", "/besok/"), ("logg-besok", "first:/besok/nytt/"),
        ("besok-deltaker", "/deltakere/?q=Selma>besok/"), ("mal", "/deltakere/?q=Selma>mal/"), ("oppgaver", "/oppgaver/"),
        ("temaer", "/temaer/"),
    ],
    "norsklaerer": [("norsklaerer", "/"), ("klassen", "first:/klassen/"), ("oppmote", "first:/klassen/>oppmote/"),
                    ("norsk", "/deltakere/?q=Selma>norsk/")],
    "fadder": [("fadder", "/"), ("fadder-tema", "first:/temaer/"), ("fadder-ukeplan", "/deltakere/?q=Selma>ukeplan/"),
               ("fadder-fravar", "/deltakere/?q=Selma>fravar/")],
    "leder": [("leder", "/"), ("leder-melding", "/deltakere/?q=Selma>meld-fra/ny/")],
    "deltaker": [("min-vei", "/"), ("mine-mal", "link:Mål"), ("mine-oppgaver", "link:Oppgaver"), ("min-ukeplan", "link:Ukeplan")],
    "styringsgruppe": [("styringsgruppe", "/"), ("styringsgruppe-mote", "first:/moter/"), ("rapport", "first:/rapporter/")],
}  # fmt: skip
FOR_README = {
    "idag-1280-light",
    "deltakere-1280-light",
    "deltaker-1280-light",
    "deltaker-1280-dark",
    "faglaerer-390-light",
    "min-vei-390-light",
    "logg-besok-390-light",
    "fadder-390-light",
    "arshjul-1280-light",
    "rapport-1280-light",
}
LARGEST = 200_000


@contextmanager
def demo_served() -> Iterator[str]:
    """Serves a fresh demo in a folder of its own, and gives its address."""
    with tempfile.TemporaryDirectory(prefix="fagbrev-shots-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "BROKER_URL"}
        }
        environment |= {
            "DEBUG": "1", "DEMO": "1", "VAR_DIR": folder, "BASE_URL": f"http://localhost:{port}", "LOG_LEVEL": "WARNING",
        }  # fmt: skip

        def manage(*arguments: str) -> list[str]:
            return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]

        for arguments in (["migrate", "--verbosity", "0"], ["createcachetable"], ["load_defaults"], ["seed_demo"]):
            subprocess.run(manage(*arguments), env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        server = subprocess.Popen(  # noqa: S603
            manage("runserver", "--noreload", f"127.0.0.1:{port}"),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://localhost:{port}/healthz")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit(f"{url} does not answer.")


def sign_in(page: Page, base: str, role: str) -> None:
    """Signs in as one of the demo's accounts."""
    page.goto(f"{base}/konto/login/")
    with page.expect_navigation():
        page.locator(f"button[name=email][value^='{role}']").click()


def _found(page: Page, base: str, address: str) -> str:
    """Gives the path that an address stands for."""
    kind, _, rest = address.rpartition(":")
    if kind == "link":
        page.goto(base)
        return page.locator("main").get_by_role("link", name=rest).first.get_attribute("href") or "/"
    listed, _, further = rest.partition(">")
    if kind != "first" and not further:
        return address
    page.goto(base + listed)
    first = page.locator("main :is(table.list tbody :is(th, td), ul.rows) a").first.get_attribute("href") or "/"
    return urlsplit(first).path + further if further else first


def take(page: Page, base: str, name: str, address: str) -> list[Path]:
    """Takes the four pictures of a page, and gives their files."""
    address = _found(page, base, address)
    files = []
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(base + address, wait_until="load")
        for scheme in ("light", "dark"):
            page.evaluate("scheme => { document.documentElement.dataset.colorScheme = scheme }", scheme)
            files.append(SHOTS / f"{name}-{width}-{scheme}.png")
            page.screenshot(path=files[-1], full_page=True, animations="disabled")
    return files


def shoot(browser: Browser, base: str, only: set[str]) -> list[Path]:
    """Takes all pictures, each role in a browser of its own."""
    taken = []
    for role, pages in PAGES.items():
        wanted = [(name, address) for name, address in pages if not only or name in only]
        if not wanted:
            continue
        context = browser.new_context(locale="nb-NO", reduced_motion="reduce")
        page = context.new_page()
        if role:
            sign_in(page, base, role)
        for name, address in wanted:
            taken += take(page, base, name, address)
        context.close()
    return taken


def write_for_readme(files: list[Path]) -> None:
    """Writes the README's pictures, small, and no taller than a screen and a half."""
    from PIL import Image

    README_PICTURES.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file.stem not in FOR_README:
            continue
        picture = Image.open(file).convert("RGB")
        picture = picture.crop(
            (0, 0, picture.width, min(picture.height, round(picture.width * (1.1 if picture.width > 800 else 2.2))))
        )
        fewer = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        for version in (picture, fewer):  # full colours when there is room
            small = BytesIO()
            version.save(small, "PNG", optimize=True)
            if small.tell() <= LARGEST:
                break
        (README_PICTURES / file.name).write_bytes(small.getvalue())


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures, such as idag deltaker")
    parser.add_argument("--readme", action="store_true", help="also write the pictures that the README shows")
    chosen = parser.parse_args()
    chromium = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    if not chromium:
        raise SystemExit("No Chromium on the path. CHROMIUM names one.")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with demo_served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        files = shoot(browser, base, set(chosen.names))
        browser.close()
    if chosen.readme:
        write_for_readme(files)
    print(f"{len(files)} pictures in {SHOTS.relative_to(BASE_DIR)}")


if __name__ == "__main__":
    main()
