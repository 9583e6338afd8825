"""PDFs: that they are accessible, and that they fetch nothing but our own files."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest

from fagbrev.pdf import PdfError, pdf_of_html, render_pdf

TEMPLATES = Path(__file__).parent / "templates"
SIGNATURES = [{"role": "Deltaker", "name": "Mehret Prøvestad"}, {"role": "Fagbrevkoordinator", "name": ""}]
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#0E5A63"/></svg>'


@pytest.fixture(autouse=True)
def _sample_templates(settings) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], TEMPLATES]}]


def sample(rows: int = 39, name: str = "Mehret Prøvestad") -> bytes:
    context = {"name": name, "rows": [f"Uke {n}" for n in range(rows)], "signatures": SIGNATURES}
    return render_pdf("ground/sample_pdf.html", context, title="Avtale om deltakelse")


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory, django_db_blocker) -> Iterator[Path]:
    from django.conf import settings
    from django.test import override_settings

    with override_settings(
        TEMPLATES=[{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], TEMPLATES]}], LOGO_FILE=""
    ):
        path = tmp_path_factory.mktemp("pdf") / "sample.pdf"
        path.write_bytes(sample())
        yield path


def test_the_sample_passes_the_accessibility_checks(sample_file: Path) -> None:
    found = outloud.check(str(sample_file)).findings
    assert [f"{finding.rule}: {finding.message}" for finding in found if finding.severity != "info"] == []
    report = pdfua.validate(str(sample_file))
    assert [str(finding) for finding in report.findings] == []


def test_the_sample_says_its_language_title_and_standard(sample_file: Path) -> None:
    with pikepdf.open(sample_file) as pdf:
        assert str(pdf.Root.Lang) == "nb"
        assert str(pdf.docinfo["/Title"]) == "Avtale om deltakelse"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()
        assert len(pdf.pages) == 3
        width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (595, 842)


def test_every_table_header_says_what_it_heads(sample_file: Path) -> None:
    scopes = []
    with pikepdf.open(sample_file) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary) and str(found.get("/S")) == "/TH":
                listed = found.A if isinstance(found.A, pikepdf.Array) else [found.A]
                scopes += [str(each.Scope) for each in listed if "/Scope" in each]
    assert scopes.count("/Column") == 3 * 2  # the head is repeated on the second page
    assert scopes.count("/Row") == 2 + 39


def test_letters_outside_latin_1_are_shown() -> None:
    content = sample(rows=1, name="Łukasz Šž Ŋuorbmá Æøå")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {str(each.FontName) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each}
    assert all("Inter" in font for font in fonts)


def test_typed_markup_is_text() -> None:
    assert sample(rows=1, name='<img src="file:///etc/passwd"><script>x</script>').startswith(b"%PDF-")


def test_the_logo_is_printed_with_the_municipality_as_its_text(settings, tmp_path: Path) -> None:
    settings.LOGO_FILE = str(tmp_path / "logo.svg")
    Path(settings.LOGO_FILE).write_text(LOGO)
    path = tmp_path / "a.pdf"
    path.write_bytes(sample(rows=5))
    assert [finding.message for finding in outloud.check(str(path)).findings if finding.severity == "error"] == []
    with pikepdf.open(path) as pdf:
        alts = [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert settings.MUNICIPALITY in alts


def test_a_logo_that_reaches_out_is_refused(settings, tmp_path: Path) -> None:
    settings.LOGO_FILE = str(tmp_path / "logo.svg")
    Path(settings.LOGO_FILE).write_text(LOGO.replace("<rect", '<image href="file:///etc/hostname" width="4" height="4"/><rect'))
    with pytest.raises(PdfError, match="Not one of our static files"):
        sample(rows=1)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://x.example/a.png",
        "http://127.0.0.1:1/a.png",
        "data:image/png;base64,AAAA",
        "//x.example/a.png",
        "/a.png",
        "/static/../manage.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/app.js",
        "/static/absent.png",
        "/logo.svg",
        "https://static.invalid:443/static/pdf.css",
        "https://user@static.invalid/static/pdf.css",
    ],
)
def test_nothing_but_own_static_files_is_fetched(address: str) -> None:
    with pytest.raises(PdfError, match="Not one of our static files"):
        pdf_of_html(f'<html lang="nb"><title>x</title><p><img alt="" src="{address}">')


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" href="{}">',
        "<style>@import url({})</style>",
        '<p style="background:url({})">x</p>',
        '<object data="{}"></object>',
        '<link rel="attachment" href="{}">',
        "<style>@font-face{{font-family:A;src:url({})}}p{{font-family:A}}</style><p>x",
    ],
)
def test_no_connection_is_made_by_any_kind_of_reference(html: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        with pytest.raises(PdfError, match="Not one of our static files"):
            pdf_of_html(html.format(f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"))
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_rendering_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(PdfError, match=r"more than 0\.05 seconds"):
        pdf_of_html("<p>x", seconds=0.05)


def test_a_pdf_can_be_made_in_any_thread() -> None:
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(pdf_of_html('<html lang="nb"><title>x</title><p>x')))
    thread.start()
    thread.join(20)
    assert made and made[0].startswith(b"%PDF-")


def test_the_child_knows_no_secrets(monkeypatch) -> None:
    seen = {}

    def run(command, **options):
        seen.update(options["env"])
        raise RuntimeError

    monkeypatch.setenv("SECRET_KEY", "hemmelig")
    monkeypatch.setattr("fagbrev.children.subprocess.run", run)
    with pytest.raises(RuntimeError):
        pdf_of_html("<p>x")
    assert seen and "SECRET_KEY" not in seen


def test_files_beside_the_static_folder_are_not_served(settings, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.svg").write_text(LOGO)
    (tmp_path / "static" / "link.svg").symlink_to(tmp_path / "secret.svg")
    (tmp_path / "static" / "own.svg").write_text(LOGO)
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    html = '<html lang="nb"><title>x</title><p><img alt="x" src="/static/{}">'
    assert pdf_of_html(html.format("own.svg")).startswith(b"%PDF-")
    for address in ("%2e%2e/secret.svg", "link.svg", f"/{tmp_path}/secret.svg"):
        with pytest.raises(PdfError, match="Not one of our static files"):
            pdf_of_html(html.format(address))
