"""Child process: HTML in, tagged PDF out. Run by `fagbrev.pdf`, which sends JSON with html, static_url, roots and logo."""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

HOST = "static.invalid"
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


class OwnFiles(URLFetcher):
    """Serves own static files and the logo; any other address ends the rendering."""

    def __init__(self, static_url: str, roots: list[str], logo: str) -> None:
        super().__init__()
        self.static_url = static_url
        self.roots = [Path(root).resolve() for root in roots]
        self.logo = Path(logo) if logo else None
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        path = self.path_of(url)
        if path is None:
            self.refused.append(url)
            raise FatalURLFetchingError(f"Not one of our static files: {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix.lower()]})

    def path_of(self, url: str) -> Path | None:
        """Gives the file behind an address, or none when it is not ours."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.netloc != HOST:
            return None
        if parts.path.startswith("/logo.") and self.logo and self.logo.suffix.lower() in {".svg", ".png"}:
            return self.logo
        if not parts.path.startswith(self.static_url):
            return None
        relative = unquote(parts.path.removeprefix(self.static_url))
        for root in self.roots:
            path = (root / relative).resolve()
            if path.is_relative_to(root) and path.suffix.lower() in TYPES and path.is_file():
                return path
        return None


def completed(content: bytes) -> bytes:
    """Gives the PDF with what WeasyPrint leaves out and PDF/UA demands.

    /Scope on table headers, page numbers marked as no content, links that print.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            add_scopes(tree, in_head=False)
            mark_page_furniture(pdf, tree)
        for page in pdf.pages:
            for annotation in page.get("/Annots", []):
                annotation.F = 4  # printed as shown
        made = io.BytesIO()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return made.getvalue()


def add_scopes(element: pikepdf.Object, *, in_head: bool) -> None:
    """Marks the headers below a structure element: columns within THead or a row of headers alone, else rows."""
    children = element.get("/K")
    if children is None:
        return
    listed = list(children) if isinstance(children, pikepdf.Array) else [children]
    elements = [child for child in listed if isinstance(child, pikepdf.Dictionary) and "/S" in child]
    kinds = {str(child.S) for child in elements}
    for child in elements:
        kind = str(child.S)
        if kind == "/TH":
            scope = "/Column" if in_head or (str(element.S) == "/TR" and kinds == {"/TH"} and len(elements) > 1) else "/Row"
            own = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=pikepdf.Name(scope))
            present = child.get("/A")
            if present is None:
                child.A = own
            elif isinstance(present, pikepdf.Array):
                present.append(own)
            else:
                child.A = pikepdf.Array([present, own])
        add_scopes(child, in_head=kind == "/THead" or (in_head and kind == "/TR"))


def mark_page_furniture(pdf: pikepdf.Pdf, tree: pikepdf.Object) -> None:
    """Marks what stands on a page outside the document's tree (footers, page numbers) as pagination, so it is not read aloud."""
    in_tree: set[tuple[tuple[int, int], int]] = set()
    collect_marks(tree, None, in_tree)
    furniture = pikepdf.Dictionary(Type=pikepdf.Name.Pagination)
    for page in pdf.pages:
        instructions: list[Any] = []
        outside = set()
        for instruction in pikepdf.parse_content_stream(page):
            operands = instruction.operands
            if str(instruction.operator) == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]:
                mark = int(operands[1].MCID)
                if (page.obj.objgen, mark) not in in_tree:
                    outside.add(mark)
                    instructions.append(([pikepdf.Name.Artifact, furniture], pikepdf.Operator("BDC")))
                    continue
            instructions.append(instruction)
        if outside:
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
            forget_marks(tree, int(page.obj.StructParents), outside)


def collect_marks(element: pikepdf.Object, page: tuple[int, int] | None, found: set[tuple[tuple[int, int], int]]) -> None:
    """Adds (page, mark) of all marked content below a structure element."""
    page = element.Pg.objgen if "/Pg" in element else page
    children = element.get("/K")
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, int) and page is not None:
            found.add((page, child))
        elif isinstance(child, pikepdf.Dictionary):
            if "/MCID" in child:
                own = child.Pg.objgen if "/Pg" in child else page
                if own is not None:
                    found.add((own, int(child.MCID)))
            else:
                collect_marks(child, page, found)


def forget_marks(tree: pikepdf.Object, page_key: int, marks: set[int]) -> None:
    """Empties the marks' places in the page's list of parents."""
    numbers = tree.ParentTree.Nums
    for index in range(0, len(numbers), 2):
        if int(numbers[index]) == page_key:
            for mark in marks:
                numbers[index + 1][mark] = None


def main() -> None:
    """Reads the order from standard input, writes the PDF to standard output."""
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    sys.setrecursionlimit(20_000)
    order = json.load(sys.stdin.buffer)
    fetcher = OwnFiles(order["static_url"], order["roots"], order["logo"])
    try:
        document = weasyprint.HTML(string=order["html"], base_url=f"https://{HOST}/", url_fetcher=fetcher)
        content = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, font_config=FontConfiguration())
    except FatalURLFetchingError as refused:  # a BaseException, which nothing else would catch
        sys.exit(f"refused: {refused}")
    if fetcher.refused:  # inside an SVG even the fatal error is swallowed
        sys.exit(f"refused: Not one of our static files: {fetcher.refused[0][:200]}")
    sys.stdout.buffer.write(completed(content))


if __name__ == "__main__":
    main()
