"""Check a built site offline: ``python docs/check_site.py site``.

Every internal link leads to a file that is there, every anchor to an element that has that id, and no page
loads anything from the network. Exit code 1, with one line a fault, otherwise.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

__all__ = ["faults"]

#: Attributes by which a page makes a browser fetch something. A link to follow (a href) is none.
_LOADS = (("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("link", "href"))
_CSS_URL = re.compile(r"(?:@import\s+|url\()\s*[\"']?((?:https?:)?//[^\"')\s]+)")


def faults(site: Path) -> list[str]:
    """What is wrong in the built pages of ``site``, one line each; empty when all is well."""
    site = site.resolve()
    pages = {path: html.parse(path).getroot() for path in sorted(site.rglob("*.html"))}
    anchors = {path: _anchors(root) for path, root in pages.items()}
    found = [] if pages else [f"{site}: no pages"]
    for path, root in pages.items():
        name = path.relative_to(site).as_posix()
        found += [f"{name}: loads {url}" for url in _loaded(root) if _is_remote(url)]
        found += [f"{name}: {url}: {fault}" for url, fault in _broken(site, path, root, anchors)]
    for path in sorted(site.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        found += [f"{path.relative_to(site)}: loads {url}" for url in _CSS_URL.findall(text)]
    return found


def _anchors(root: html.HtmlElement) -> set[str]:
    return set(root.xpath("//@id")) | set(root.xpath("//a/@name"))


def _loaded(root: html.HtmlElement) -> Iterator[str]:
    for tag, attribute in _LOADS:
        for element in root.iter(tag):
            if element.get(attribute) and element.get("rel") not in {"canonical", "next", "prev"}:
                yield element.get(attribute)
    for style in root.iter("style"):
        yield from _CSS_URL.findall(style.text or "")


def _is_remote(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.netloc) or parts.scheme in {"http", "https"}


def _broken(
    site: Path, page: Path, root: html.HtmlElement, anchors: dict[Path, set[str]]
) -> Iterator[tuple[str, str]]:
    """Links of one page that lead nowhere, each with what is missing."""
    targets = {element.get("href") for element in root.iter("a")} | set(_loaded(root))
    for url in sorted(target for target in targets if target):
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            continue
        target = _file(site, page, unquote(parts.path))
        if target.is_dir():
            target /= "index.html"
        if not target.exists():
            yield url, "no such file"
        elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
            yield url, "no such anchor"


def _file(site: Path, page: Path, path: str) -> Path:
    """The file that a link's path names; the error page's are counted from the root of the site."""
    if not path:
        return page
    return (site / path.lstrip("/") if path.startswith("/") else page.parent / path).resolve()


def main() -> int:
    """Check the site named on the command line; returns the exit code."""
    found = faults(Path(sys.argv[1]))
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
