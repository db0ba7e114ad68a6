"""Every setting there is: one table, from which all else about settings is made.

The command's options, those of the hosts, `[tool.tf2lint]`, its JSON schema, `--show-settings` and
the pages about them come from here.
"""

from __future__ import annotations

from typing import NamedTuple

# The kinds of values, with what the help and the pages call them.
KINDS = {
    "flag": "yes or no",  # an option of its own, and its contrary
    "yes": "yes or no",  # an option with a value
    "release": "a release, `2.15`",
    "keras": "2 or 3",
    "rules": "rules: codes, prefixes, names",
    "list": "a list",
    "aliases": "a list, or a table",
    "path": "a file or folder",
    "rules-by-file": "a table: patterns of files, and rules",
    "release-by-file": "a table: patterns of files, and releases",
    "format": "a format",
    "version": "versions, `>=0.1,<0.3`",
}
LISTS = frozenset(("rules", "list", "aliases", "rules-by-file", "release-by-file"))

_CODE = frozenset(("check", "fix", "baseline", "report"))  # commands that look at code
_SHOWN = frozenset(("explain", "rules"))  # and those that tell what would be said
_HOSTS = frozenset(("flake8", "pylint"))


class Setting(NamedTuple):
    """One setting: `name` as in `[tool.tf2lint]`, `where` it is an option.

    `default` is what the pages call it. In the hosts, and for what they have in common with the
    command, the option starts with `tf2-`.
    """

    name: str
    kind: str
    default: str
    help: str
    where: frozenset[str]

    @property
    def option(self) -> str:
        """The command's option, without its dashes."""
        return f"tf2-{self.name}" if "flake8" in self.where else self.name

    @property
    def attribute(self) -> str:
        """Where a parser keeps the value."""
        return self.option.replace("-", "_")


_ROWS: tuple[tuple[str, str, str, frozenset[str], str], ...] = (
    ("target-version", "release", "the newest known", _CODE | _SHOWN | _HOSTS,
     "The TensorFlow release that the code shall run on: decides what counts as removed and what "
     "a hint may name (default: the newest known)."),
    ("per-file-target-version", "release-by-file", "none", _CODE | _HOSTS,
     "Other releases for some files: legacy/*=2.3."),
    ("keras", "keras", "2 where the code sets TF_USE_LEGACY_KERAS, else 3",
     _CODE | _SHOWN | _HOSTS,
     "Which Keras tf.keras is on targets from 2.16 on: 2 (tf_keras) or 3 (default: 2 where the "
     "code sets TF_USE_LEGACY_KERAS, else 3)."),
    ("keras-modules", "flag", "no", _CODE | _HOSTS,
     "Look at modules, too, that import keras and do not name TensorFlow: keras is what TensorFlow "
     "brings there."),
    ("allow-compat-v1", "flag", "no", _CODE | _HOSTS | {"explain"},
     "Accept explicit tf.compat.v1 where it still works on the target (stage 1 of a migration)."),
    ("aliases", "aliases", "none", _CODE | _HOSTS,
     "Names that mean TensorFlow but cannot be seen: project.compat.tf=tensorflow.compat.v1."),
    ("enable", "rules", "none", _CODE | _HOSTS,
     "Rules that are off by default to turn on, by code or name."),
    ("report-guarded", "flag", "no", _CODE | _HOSTS,
     "Report code, too, that only runs under TF 1 (version tests, hasattr, except ImportError)."),
    ("unknown-receivers", "yes", "yes", _CODE | _HOSTS,
     "Report unmistakable TF 1 methods also where nothing is known of the receiver "
     "(default: yes)."),
    ("baseline", "path", "none", frozenset(("check", "fix", "baseline")) | _HOSTS,
     "File with the findings that are known already; see `tf2lint baseline`."),
    ("blanket-comments", "flag", "no", _CODE | _HOSTS,
     "Comments that silence everything (# flake8: noqa, # pylint: skip-file, a bare # noqa) "
     "silence fix, report and baseline, too."),
    ("select", "rules", "all that are on", _CODE, "The only rules to speak of."),
    ("extend-select", "rules", "none", _CODE,
     "More rules to speak of; turns on those that are off by default."),
    ("ignore", "rules", "none", _CODE, "Rules not to speak of."),
    ("extend-ignore", "rules", "none", _CODE, "More rules not to speak of."),
    ("per-file-ignores", "rules-by-file", "none", _CODE | {"pylint"},
     "Rules not to speak of in some files: tests/*=TF601."),
    ("extend-per-file-ignores", "rules-by-file", "none", _CODE,
     "More rules not to speak of in some files."),
    ("exclude", "list", "none", _CODE,
     "Files and folders to leave out: a name, or a path with `*`."),
    ("extend-exclude", "list", "none", _CODE, "More files and folders to leave out."),
    ("gitignore", "yes", "yes", _CODE, "Leave out what git ignores (default: yes)."),
    ("unused-noqa", "flag", "no", frozenset({"check"}),
     "Report codes of ours in # noqa comments that silence nothing."),
    ("output-format", "format", "text", frozenset({"check"}), "How findings are printed."),
    ("cache-dir", "path", "the project's .tf2lint_cache", frozenset({"check"}),
     "Where results are kept (default: .tf2lint_cache at the project's top)."),
    ("required-version", "version", "any", frozenset(),
     "The versions of tf2lint that these settings are for; any other one refuses to run."),
)  # fmt: skip

SETTINGS: dict[str, Setting] = {
    name: Setting(name, kind, default, text, frozenset(where))
    for name, kind, default, where, text in _ROWS
}


def settings_of(where: str) -> list[Setting]:
    """The settings that are options there: of a host, or of a command."""
    return [setting for setting in SETTINGS.values() if where in setting.where]
