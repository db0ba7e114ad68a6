"""`tf2lint report`: what the page says, in which order, and how it looks in a real browser."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.support import BAD, CLEAN, Run, notebook, put
from tf2lint.cli import report_page
from tf2lint.cli.records import Record
from tf2lint.cli.report_data import File
from tf2lint.cli.report_map import Box, squarify

COMPAT = "import tensorflow as tf\n\nx = tf.compat.v1.get_variable('x', [1])\n"
EVIL = "</code><script>alert(1)</script>&amp;\u202e"
RECORD = Record(
    "x.py", 1, 1, 1, 3, "TF101", "summary-merge-all", "tf.summary.merge_all", "removed",
    "high", "a message", None, [], "", "tf",
)  # fmt: skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._silent = self._joins = False
        self.feed(text)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")
        self._joins = tag == "wbr"

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data if self._joins else f" {data}"
        self._joins = False


def tree_of(folder: Path) -> None:
    """A project: one file of every kind, imports in layers and in a ring, names to beware of."""
    put(folder, {
        "lib/__init__.py": "",
        "lib/base.py": BAD,
        "lib/middle.py": f"from lib import base\n{COMPAT}",
        "lib/clean.py": f"from . import middle\n{CLEAN}",
        "lib/top.py": f"import os, lib.clean as c\n{BAD}",
        "lib/ring_a.py": f"from .ring_b import x\n{BAD}",
        "lib/ring_b.py": f"from . import ring_a\n{BAD}",
        "lib/fixable.py": "import tensorflow as tf\n\nx = tf.log(1.0)\n",
        "app/old.py": "import tensorflow\nprint 'x' y\n",
        "app/n.ipynb": notebook("import tensorflow as tf\nimport lib.base", "tf.Session()"),
        f"app/{'a_long_name_' * 12}.py": f"import tensorflow as tf\ntf.Session('{'x' * 300}')\n",
        "app/<b>&\u202e.py": f"import tensorflow as tf\n\ntf.Session('''{EVIL}''')\n",
    })  # fmt: skip


def report(run: Run, tree: Path, *more: str, status: int = 2) -> Page:
    done = run("report", ".", "--html", "r.html", *more)
    assert done.status == status, done
    return Page((tree / "r.html").read_text(encoding="utf-8"))


def test_what_it_says(run: Run, tree: Path) -> None:
    tree_of(tree)
    done = run("report", ".", "--html", "r.html")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith("tf2lint: ./app/old.py:2:1: cannot be parsed: ")
    assert done.out.startswith(
        "r.html: 12 files: 2 clean, 1 through compat.v1 only, 8 broken; 9 findings; 1 file not read\n"
    )
    text = Page((tree / "r.html").read_text(encoding="utf-8")).text
    assert f"TensorFlow 2 migration: {tree.name}" in text
    assert "17% of the files are done" in text
    for said in ("2 (17%) clean", "1 (8%) through compat.v1", "8 (67%) broken", "1 (8%) not read"):
        assert said in text
    assert "9 findings are left" in text
    assert "1 (11%) automatically" in text
    assert "TF1 Summaries and TensorBoard: 4 findings" in text
    assert "TF101 summary-merge-all" in text
    assert "4 findings in 4 files" in text
    assert "app/n.ipynb 1 finding " in text
    assert "app/old.py:2:1: cannot be parsed" in text
    assert "How it has gone" not in text


def test_order(run: Run, tree: Path) -> None:
    tree_of(tree)
    text = report(run, tree).text
    places = re.findall(r"\d+\. ([\w/<>&.\N{REPLACEMENT CHARACTER} ]+?\.(?:py|ipynb)) ", text)
    order = [place.rpartition("/")[2] for place in places]
    # The lowest layer, most imported first, then fewest findings, then by name.
    assert order[0] == "base.py"
    assert order.index("base.py") < order.index("middle.py") < order.index("top.py")
    assert order.index("base.py") < order.index("n.ipynb")
    assert order.index("ring_b.py") == order.index("ring_a.py") + 1
    assert "clean.py" not in order
    row = text.partition(". lib/top.py")[2]
    assert "on top of 2 layers with findings" in row[:120]  # clean.py in between is none
    assert "in a ring of 2 files that import each other" in text.partition("ring_a.py")[2][:160]


def test_it_stands_alone_and_escapes(run: Run, tree: Path) -> None:
    tree_of(tree)
    page = report(run, tree)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer",
        "script", "a", "h1", "h2", "p", "div", "span", "i", "b", "br", "wbr", "ul", "ol", "li",
        "code", "details", "summary",
    }  # fmt: skip
    for tag, attributes in page.tags:
        assert not {"src", "onload", "onerror", "srcset"} & attributes.keys()
        assert tag != "link"
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in (tree / "r.html").read_text(encoding="utf-8")
    assert "<script>alert(1)</script>&amp;" in page.text  # as text
    assert "\u202e" not in page.text
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        assert (attributes.get("href") or "#start")[1:] in ids


def test_history(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "b.py": COMPAT})
    (tree / "first.json").write_text(run("check", "--output-format=json", ".").out)
    put(tree, {"b.py": CLEAN})
    (tree / "second.jsonl").write_text(run("check", "--output-format=jsonl", ".").out)
    put(tree, {"a.py": CLEAN})
    text = report(run, tree, "--history", "first.json", "second.jsonl", status=0).text
    assert "Nothing is left to do." in text
    assert "first 2 findings in 2 files" in text
    assert "second 1 finding (-1) in 1 file" in text
    assert "now 0 findings (-1) in 0 files" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "No such file"), ("", "is no output of"), ("[1]", "is no output of"),
     ('{"a": 1}', "is no output of"), ('[{"path": "x"}]', "is no output of"),
     ("# tf2lint baseline 1\n", "is no output of"), ("[" * 9999, "is no output of")],
)  # fmt: skip
def test_bad_history(run: Run, tree: Path, text: str | None, said: str) -> None:
    put(tree, {"a.py": BAD, **({} if text is None else {"old.json": text})})
    done = run("report", ".", "--html", "r.html", "--history", "old.json")
    assert done.status == 2
    assert done.err.startswith("tf2lint: error: --history: old.json: ")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (tree / "r.html").exists()


def test_nothing_to_see_and_nowhere_to_write(run: Run, tree: Path) -> None:
    (tree / "empty").mkdir()
    done = run("report", "empty", "--html", "r.html")
    assert done.status == 0
    assert "There is no Python file." in (tree / "r.html").read_text()
    put(tree, {"e.py": ""})
    assert run("report", "e.py", "--html", "r.html").status == 0
    done = run("report", "e.py", "--html", "no/r.html")
    assert (done.status, done.err) == (
        2, "tf2lint: error: --html: no/r.html: No such file or directory\n",
    )  # fmt: skip
    assert run("report", "gone", "--html", "r.html").status == 2


def test_the_baseline_hides_nothing(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD})
    assert run("baseline", "a.py", "-o", "b.txt").status == 0
    assert run("check", "--tf2-baseline=b.txt", "a.py").status == 0
    put(tree, {"pyproject.toml": '[tool.tf2lint]\ntf2-baseline = "b.txt"\n'})
    assert run("check", "a.py").status == 0
    done = run("report", "a.py", "--html", "r.html")
    assert done.out.endswith(" 1 broken; 1 finding\n")


@pytest.mark.parametrize(
    "sizes", [[1], [5, 3, 1], [9] * 50, [1000, *[1] * 99], list(range(99, 0, -1))]
)
def test_squarify(sizes: list[float]) -> None:
    whole = Box(3, 4, 400, 300)
    boxes = squarify(sizes, whole)
    assert len(boxes) == len(sizes)
    for size, box in zip(sizes, boxes, strict=True):
        assert box.width * box.height == pytest.approx(120000 * size / sum(sizes))
        assert box.x >= 3 - 1e-6
        assert box.y >= 4 - 1e-6
        assert box.x + box.width <= 403 + 1e-6
        assert box.y + box.height <= 304 + 1e-6


# In the browser. Frames give widths that its windows do not go down to.

MEASURE = """
addEventListener("load", () => {
  const told = [...document.querySelectorAll("iframe")].map((frame) => {
    const page = frame.contentDocument, view = frame.contentWindow, cut = [];
    for (const details of page.querySelectorAll("details")) details.open = true;
    for (const e of page.body.querySelectorAll("*")) {
      if (e.tagName === "SCRIPT" || !e.textContent.trim() || !e.clientWidth) continue;
      if (view.getComputedStyle(e).display === "inline") continue;
      if (e.scrollWidth > e.clientWidth + 1) cut.push(e.tagName + " " + e.textContent.slice(0, 60));
    }
    const map = [...page.querySelectorAll(".map")].filter((m) => m.clientWidth);
    const tiles = [...map[0].querySelectorAll("a")];
    const stops = tiles.filter((t) => t.tabIndex === 0).length;
    tiles[0].focus();
    const seen = new Set();
    for (const key of ["ArrowRight", "ArrowDown", "End", "ArrowLeft", "ArrowUp", "Home"]) {
      const init = { key, bubbles: true, cancelable: true };
      page.activeElement.dispatchEvent(new view.KeyboardEvent("keydown", init));
      seen.add(page.activeElement.title);
    }
    return {
      width: view.innerWidth, whole: page.documentElement.scrollWidth, cut, maps: map.length,
      stops, seen: seen.size, said: map[0].parentElement.querySelector(".said").textContent,
      first: tiles[0].title, back: view.getComputedStyle(page.body).backgroundColor,
      labels: tiles.filter((t) => t.textContent).length,
    };
  });
  document.title = JSON.stringify(told);
});
"""


def browse(page: Path, scheme: str = "light", *more: str) -> str:
    """The title of a page after its scripts have run."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--user-data-dir={page.parent / 'profile'}", "--window-size=1400,900",
         f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}", *more,
         "--dump-dom", page.as_uri()],
        capture_output=True, check=False, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    found = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
    assert found, done.stderr
    return html.unescape(found[1])


@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_chromium(run: Run, tree: Path, scheme: str) -> None:
    tree_of(tree)
    put(tree, {f"many/m{n}.py": BAD + "\n" * n * n for n in range(30)})
    put(tree, {"old.json": '[{"path": "x.py", "status": "removed"}]'})
    report(run, tree, "--history", "old.json")
    page = (tree / "r.html").read_text(encoding="utf-8")
    frames = "".join(
        f'<iframe srcdoc="{html.escape(page)}" style="width:{width}px;height:900px;border:0">'
        "</iframe>" for width in (1280, 800, 400, 320)
    )  # fmt: skip
    (tree / "frames.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8>{frames}<script>{MEASURE}</script>", encoding="utf-8"
    )
    views = json.loads(browse(tree / "frames.html", scheme))
    assert [view["width"] for view in views] == [1280, 800, 400, 320]
    for view in views:
        assert view["whole"] <= view["width"]
        assert view["cut"] == []
        assert (view["maps"], view["stops"]) == (1, 1)
        assert view["seen"] >= 4
        assert view["said"] == view["first"]
        assert view["labels"]
        assert view["back"] == {"light": "rgb(251, 251, 250)", "dark": "rgb(20, 23, 26)"}[scheme]


def test_boxes_hold_names_and_numbers() -> None:
    def shown(name: str, width: float, height: float, findings: int = 1) -> str:
        file = File(f"a/{name}.py", [RECORD] * findings)
        return report_page._label(file, Box(0, 0, width, height))

    assert shown("model", 80, 40) == "<span>model<br><b>1</b></span>"
    assert shown("model", 80, 40, 0) == "<span>model</span>"
    assert shown("model", 80, 20, 12) == "<span>model</span>"
    assert shown("model", 30, 20, 12) == "<span><b>12</b></span>"
    assert shown("model", 30, 20, 0) == ""
    assert shown("model", 12, 90, 12) == ""
    assert shown("beam_search_test", 60, 80) == "<span>beam_<br>search_<br>test<br><b>1</b></span>"
    assert shown("beam_search_test", 60, 34) == "<span><b>1</b></span>"
    assert shown("<b>_x", 80, 40) == "<span>&lt;b&gt;_x<br><b>1</b></span>"


FOLLOW = """
addEventListener("load", () => {
  const tile = [...document.querySelectorAll(".map a")].find((a) => a.title.includes("last.py"));
  tile.click();
  setTimeout(() => {
    const row = document.activeElement, top = row.getBoundingClientRect().top;
    document.title = `${row.textContent.slice(0, 21)} ${top > 0 && top < innerHeight}`;
  }, 300);
});
"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")
def test_a_box_leads_to_its_file_in_the_folded_part(run: Run, tree: Path) -> None:
    put(tree, {f"f{n}.py": BAD for n in range(50)} | {"last.py": BAD + BAD})
    report(run, tree, status=0)
    page = (tree / "r.html").read_text(encoding="utf-8")
    assert page.count("<details>") == 2
    (tree / "f.html").write_text(page.replace("</body>", f"<script>{FOLLOW}</script></body>"))
    told = browse(tree / "f.html", "light", "--virtual-time-budget=3000")
    assert told == "51. last.py2 findings true"
