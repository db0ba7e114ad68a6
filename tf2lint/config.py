"""Options from the settings of a host, with `[tool.tf2lint]` of pyproject.toml below them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache

from tf2lint.options import (
    OptionError,
    Options,
    nearest,
    parse_aliases,
    parse_keras,
    parse_target,
)
from tf2lint.selection import parse_enable

# Every option: its name without `tf2-`, how it is given, and what the hosts print of it.
SETTINGS: dict[str, tuple[str, str]] = {
    "target-version": (
        "text",
        "The TensorFlow release that the code shall run on: decides what counts as removed and "
        "what a hint may name (default: the newest known).",
    ),
    "keras": (
        "2|3",
        "Which Keras tf.keras is on targets from 2.16 on: 2 (tf_keras) or 3 (default: 2 where the "
        "code sets TF_USE_LEGACY_KERAS, else 3).",
    ),
    "allow-compat-v1": (
        "flag",
        "Accept explicit tf.compat.v1 where it still works on the target (stage 1 of a migration).",
    ),
    "aliases": (
        "list",
        "Names that mean TensorFlow but cannot be seen: project.compat.tf=tensorflow.compat.v1.",
    ),
    "enable": ("list", "Rules that are off by default to turn on, by code or name."),
    "report-guarded": (
        "flag",
        "Report code, too, that only runs under TF 1 (version tests, hasattr, except ImportError).",
    ),
    "unknown-receivers": (
        "yes",
        "Report unmistakable TF 1 methods also where nothing is known of the receiver "
        "(default: yes).",
    ),
    "baseline": ("path", "File with the findings that are known already; see `tf2lint baseline`."),
    "blanket-comments": (
        "flag",
        "Comments that silence everything (# flake8: noqa, # pylint: skip-file, a bare # noqa) "
        "silence fix, report and baseline, too.",
    ),
}


def make_options(
    given: Mapping[str, object], start: str | None = None, without: Iterable[str] = ()
) -> Options:
    """Options from `given` (names without `tf2-`; None or empty where a host was told nothing).

    What is not given comes from the pyproject.toml at or above the folder `start` (default:
    the current one), except for the names in `without`. Raises `OptionError` with one line
    for a bad value.
    """
    settings: dict[str, object] = dict(pyproject(os.path.abspath(start or os.getcwd())))
    for name in without:
        settings.pop(name, None)
    told = {name: value for name, value in given.items() if value not in (None, "", (), [])}
    settings.update(told)
    return options_of(settings)


def options_of(settings: Mapping[str, object]) -> Options:
    """Options from `settings` alone (names without `tf2-`). Raises `OptionError`."""
    for name in settings:
        if name not in SETTINGS:
            raise OptionError(f"[tool.tf2lint]: no option {name!r}{nearest(name, [*SETTINGS])}")
    default = Options()
    target = _text(settings, "target-version")
    keras = str(settings.get("keras", "")).strip()  # a number in pyproject.toml
    baseline = _text(settings, "baseline")
    if baseline:
        from tf2lint.baseline import load  # most runs have none

        load(baseline)  # read once more, from memory, when it is used
    return Options(
        target=parse_target(target) if target else default.target,
        keras=parse_keras(keras) if keras else default.keras,
        allow_compat_v1=_flag(settings, "allow-compat-v1", default.allow_compat_v1),
        aliases=parse_aliases(_list(settings, "aliases")),
        enable=parse_enable(_list(settings, "enable")),
        report_guarded=_flag(settings, "report-guarded", default.report_guarded),
        unknown_receivers=_flag(settings, "unknown-receivers", default.unknown_receivers),
        baseline=baseline,
        blanket_comments=_flag(settings, "blanket-comments", default.blanket_comments),
    )


@lru_cache(maxsize=64)
def pyproject(start: str) -> Mapping[str, object]:
    """The table `[tool.tf2lint]` of the nearest pyproject.toml, keys without `tf2-`.

    Raises `OptionError` where the file cannot be read or is no TOML.
    """
    at = start
    while True:
        path = os.path.join(at, "pyproject.toml")
        if os.path.isfile(path):
            return _table(path)
        up = os.path.dirname(at)
        if up == at:
            return {}
        at = up


def _table(path: str) -> Mapping[str, object]:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise OptionError(f"{path}: {error.strerror}") from error
    if b"tool.tf2lint" not in data.replace(b" ", b"").replace(b'"', b""):
        return {}
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise OptionError(f"{path}: nested too deeply") from error
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise OptionError(f"{path}: {error}") from error
    tool = document.get("tool", {})
    table = tool.get("tf2lint", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise OptionError(f"{path}: [tool.tf2lint] is not a table")
    settings = {name.removeprefix("tf2-"): value for name, value in table.items()}
    baseline = settings.get("baseline")
    if isinstance(baseline, str) and baseline:
        settings["baseline"] = os.path.join(os.path.dirname(path), baseline)
    return settings


def _text(settings: Mapping[str, object], name: str) -> str:
    value = settings.get(name, "")
    if not isinstance(value, str):
        raise OptionError(f"tf2-{name}: expected a string, got {value!r}")
    return value.strip()


def _flag(settings: Mapping[str, object], name: str, default: bool) -> bool:
    value = settings.get(name, default)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("y", "yes", "true", "on", "1"):
        return True
    if isinstance(value, str) and value.lower() in ("n", "no", "false", "off", "0"):
        return False
    raise OptionError(f"tf2-{name}: expected yes or no, got {value!r}")


def _list(settings: Mapping[str, object], name: str) -> list[str]:
    value = settings.get(name, [])
    if isinstance(value, str):
        value = value.replace("\n", ",").split(",")
    if isinstance(value, dict):
        value = [f"{key}={path}" for key, path in value.items()]
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise OptionError(f"tf2-{name}: expected a list of strings, got {value!r}")
    return [item.strip() for item in value if item.strip()]
