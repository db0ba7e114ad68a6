"""Writes what is made from the code: docs/rules, and parts of other pages.

python -m tools.make_docs            write
python -m tools.make_docs --check    change nothing; exit 1 where writing would

"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path

from tf2lint import selection
from tf2lint.baseline import check_new
from tf2lint.check.registry import rules
from tf2lint.cli import declare, make_parser, pages
from tf2lint.cli.completing import SHELLS
from tf2lint.cli.schema import schema
from tf2lint.config import options_of
from tf2lint.settings import KINDS, SETTINGS, settings_of
from tf2lint.source import Source
from tools import rule_facts
from tools.picture import picture

ROOT = Path(__file__).resolve().parent.parent
SPEED = "benchmarks/speed/RESULTS.md"
SHOWN = "examples/classifier.py"  # a page prints what is found in it
EXTENSION = "editors/vscode/package.json"  # its settings are ours
COMPLETION = "tf2lint/cli/completion"
CODES = "tf2lint/rules/codes.txt"
SCHEMA = "docs/tf2lint.schema.json"
PICTURE = "docs/check.svg"  # and shows some of it as a terminal does


def wanted(root: Path) -> dict[Path, str]:
    """Every file that is made, with its text; pages with their made parts replaced.

    Raises `ValueError` where a page lacks the markers.
    """
    folder = root / pages.FOLDER
    known = rule_facts.facts()
    made = {root / pages.path_of(rule): pages.page(rule, known) for rule in rules()}
    made[root / rule_facts.FILE] = rule_facts.dump(known)
    made[root / CODES] = selection.table(rules())
    made[folder / "README.md"] = pages.index(rules())
    made[root / PICTURE] = picture(root, SHOWN)
    extension = root / EXTENSION
    made[extension] = extension_settings(extension.read_text(encoding="utf-8"))
    made[root / SCHEMA] = json.dumps(schema(), indent=2) + "\n"
    for shell in SHELLS:
        made[root / COMPLETION / f"tf2lint.{shell}"] = completion(shell)
    for name, part, text in (
        ("install", "output", f"```text\n{example_output(root)}```"),
        ("settings", "options", option_table()),
        ("how", "speed", speed_table((root / SPEED).read_text(encoding="utf-8"))),
    ):
        page = root / "docs" / f"{name}.md"
        made[page] = with_part(page.read_text(encoding="utf-8"), part, text)
    return made


def with_part(text: str, name: str, part: str) -> str:
    """`text` with `part` between the markers of `name`. Raises `ValueError` without them."""
    begin = f"<!-- {name}: made by `python -m tools.make_docs` -->"
    end = f"<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the markers {begin} and {end} are missing")
    return f"{before}{begin}\n{part}\n{end}{after}"


def completion(shell: str) -> str:
    """What makes a shell complete our commands and options."""
    import shtab  # of the `dev` extra: what it makes is in the package

    parser, commands = make_parser()
    for name, command in commands.items():
        declare(name, command)
    with warnings.catch_warnings():  # of options without a short form
        warnings.simplefilter("ignore")
        text: str = shtab.complete(parser, shell)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def option_table() -> str:
    """The table of settings, Markdown."""
    lines = ["| setting | value | option of | what it does |", "|---|---|---|---|"]
    for setting in SETTINGS.values():
        hosts = [host for host in ("flake8", "pylint") if host in setting.where]
        places = [*(["command"] if setting.where else ["no one: the file alone"]), *hosts]
        about = setting.help.partition(" (default")[0].rstrip(".").replace("|", "\\|")
        lines.append(
            f"| `{setting.name}` | {KINDS[setting.kind]} | {', '.join(places)} "
            f"| {about} (default: {setting.default}). |"
        )
    return "\n".join(lines)


def extension_settings(manifest: str) -> str:
    """The manifest of the extension of VS Code with a setting for every option, JSON.

    What is not set is null there, so that the project's own settings count.
    """
    words = {"type": ["array", "null"], "items": {"type": "string"}}
    table = {"type": ["object", "null"]}
    yes = {"type": ["boolean", "null"]}
    shapes = {"flag": yes, "yes": yes, "list": words, "aliases": words, "rules": words}
    shapes |= {"rules-by-file": table, "release-by-file": table}
    shapes |= {"keras": {"enum": ["2", "3", None]}}
    text = "Command line of tf2lint (default: that of the Python environment)."
    about = {"path": (words, text)}
    for setting in settings_of("fix"):  # all but what is about runs and output
        if setting.name != "gitignore":  # what is open is looked at
            shape = shapes.get(setting.kind, {"type": ["string", "null"]})
            about[setting.name] = (shape, setting.help)
    document = json.loads(manifest)
    document["contributes"]["configuration"]["properties"] = {
        f"tf2lint.{camel(name)}": {
            **shape, "default": None, "description": text,
            # Each folder of several may have its own, but there is one server.
            "scope": "machine-overridable" if name == "path" else "resource",
        }
        for name, (shape, text) in about.items()
    }  # fmt: skip
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def camel(name: str) -> str:
    """The name of an option as editors write it: `targetVersion`."""
    first, *others = name.split("-")
    return first + "".join(word.capitalize() for word in others)


def speed_table(results: str) -> str:
    """What the results of the benchmark say of seconds, Markdown. Raises `ValueError` without."""
    _, found, rest = results.partition("\n## Seconds for 100,000 lines\n")
    if not found:
        raise ValueError(f"{SPEED} says nothing of seconds")
    return rest.partition("\n## ")[0].strip()


def example_output(root: Path) -> str:
    """What flake8 prints of the example that the README shows."""
    text = (root / SHOWN).read_text(encoding="utf-8")
    found = check_new(Source(text, SHOWN, path=str(root / SHOWN)), options_of({}))
    return "".join(f"{SHOWN}:{f.line}:{f.column + 1}: {f.code} {f.message}\n" for f in found)


def differences(root: Path) -> list[str]:
    """What `--check` complains of, a line each: stale or missing files, pages without a rule."""
    made = wanted(root)
    found = []
    for path, text in made.items():
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            found.append(f"{name}: missing")
        elif path.read_bytes() != text.encode("utf-8"):
            found.append(f"{name}: out of date")
    folder = root / pages.FOLDER
    extra = [path for path in folder.glob("*.md") if path not in made]
    found += [f"{path.relative_to(root).as_posix()}: no such rule" for path in extra]
    return sorted(found)


def write(root: Path) -> None:
    """Bring every made file up to date and remove pages without a rule."""
    made = wanted(root)
    folder = root / pages.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in made.items():
        path.write_bytes(text.encode("utf-8"))
    for path in folder.glob("*.md"):
        if path not in made:
            path.unlink()


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run with command line `arguments`; the exit status comes back."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    if not parser.parse_args(arguments).check:
        write(root)
        return 0
    found = differences(root)
    for line in found:
        print(line)
    if found:
        print("run `python -m tools.make_docs`")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
