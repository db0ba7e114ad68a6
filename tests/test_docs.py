"""The pages under docs/rules, and parts of others, are what the code makes of them."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from tests.hosts import ROOT
from tf2lint.check.registry import registry, rules
from tf2lint.cli import pages
from tf2lint.finding import Rule
from tools import make_docs, rule_facts


def test_regenerating_changes_nothing() -> None:
    assert make_docs.differences(ROOT) == []


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    there = {path.stem for path in (ROOT / pages.FOLDER).glob("TF*.md")}
    assert there == {rule.code for rule in rules()}


def test_the_index_links_to_every_page() -> None:
    codes = {rule.code for rule in rules()}
    text = (ROOT / pages.FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\((TF\d{3})\.md\)", text)) == sorted(codes)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for file in (make_docs.SPEED, make_docs.EXTENSION):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / make_docs.COMPLETION).mkdir(parents=True)
    for file in (rule_facts.FILE, make_docs.CODES):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    make_docs.write(tmp_path)
    return tmp_path


def test_check_sees_a_stale_a_missing_and_a_spare_page(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_docs.main(["--check"], copy) == 0
    folder = copy / pages.FOLDER
    (folder / "TF101.md").write_text("old\n")
    (folder / f"{rules()[-1].code}.md").unlink()
    (folder / "TF099.md").write_text("spare\n")
    page = copy / "docs/settings.md"
    page.write_text(page.read_text(encoding="utf-8").replace("| `keras` |", "| x |"))
    assert make_docs.main(["--check"], copy) == 1
    assert capsys.readouterr().out.splitlines() == [
        "docs/rules/TF099.md: no such rule",
        *sorted(["docs/rules/TF101.md: out of date", f"docs/rules/{rules()[-1].code}.md: missing"]),
        "docs/settings.md: out of date",
        "run `python -m tools.make_docs`",
    ]
    assert make_docs.main([], copy) == 0
    assert make_docs.differences(copy) == []


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers"):
        make_docs.with_part("# no markers\n", "rules", "| table |")
    assert "new" in make_docs.with_part(
        "a\n<!-- x: made by `python -m tools.make_docs` -->\nold\n<!-- end of x -->\nb\n",
        "x",
        "new",
    )


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_page_says_all_there_is(rule: Rule) -> None:
    text = pages.page(rule)
    assert "«" not in text
    assert rule.summary.rstrip(".") in text
    assert rule.page.strip() in text
    assert registry().families[rule.code[:3]] in text
    assert f"`{rule.pylint_symbol}` ({rule.pylint_id})" in text
    assert ("| On by default | yes |" in text) is rule.default
    assert re.search(r"^\| Reported for \| TF 2\.\d+[^|]* \|$", text, re.M)
    assert re.search(r"^\| Fix \| (`tf2lint fix|by hand)[^|]* \|$", text, re.M)
    for example in rule.examples:
        assert pages.unmarked(example.bad).strip() in text
        assert example.good.strip() in text
        told = pages.messages(rule, example)
        assert len(told) == 1
        assert told[0] in text
    for block in re.findall(r"```python\n(.*?)```", text, re.S):
        ast.parse(block)
    assert text.count("```") % 2 == 0
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_summary_is_plain_text(rule: Rule) -> None:
    """It is Markdown on its page, where two asterisks would set what is between them apart."""
    assert rule.summary.count("*") < 2


def test_what_pages_say_of_targets_and_fixes() -> None:
    told = {code: (about["targets"], about["fix"]) for code, about in rule_facts.facts().items()}
    assert told["TF101"][0] == "TF 2.0 to 2.21"
    assert told["TF506"][0] == "TF 2.16 to 2.21"  # Keras 3
    assert told["TF101"][1].startswith("by hand, ")
    assert told["TF206"][1] == "`tf2lint fix`, proven to compute the same"
    assert told["TF501"][1].startswith("`tf2lint fix --unsafe`, to be read")
    assert "; `--to=compat-v1`" in told["TF201"][1]
