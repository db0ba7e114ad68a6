"""What the linter says: rules, findings, hints and edits.

Plain data; how it comes about is in `tf2lint.check.engine` and `tf2lint.rules`.
Lines are 1-based; columns are 0-based offsets in UTF-8 bytes, as `ast` counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Example:
    """Code that shows a rule, run by the tests and printed on its page.

    `bad` marks the place of its one finding with `«` and `»`; `good` gives no finding.
    `options` are the settings that the example needs, as in `[tool.tf2lint]`.
    """

    bad: str
    good: str
    options: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Rule:
    """One thing that is reported.

    `code` is stable and never used again; `category` is `E` where the spelling can only
    raise under TF 2, `W` where it may still run, `R` for idioms. `page` is Markdown.
    `in_patterns`: edits in several places at once (`tf2lint.fixes.patterns`) may take care of
    its findings. `ends_graph`: its own edits, where they are not proven, are of use to eager
    code alone, so that nothing else may need a graph. `compat_helps` is false where what
    compat.v1 has is no better. `speaks_for`: codes of findings on a call's own arguments, each
    with what their symbols start with, that say nothing beside one of this rule on the call.
    """

    code: str
    name: str
    category: str
    summary: str
    page: str
    examples: tuple[Example, ...]
    default: bool = True
    sources: tuple[str, ...] = ()
    in_patterns: bool = False
    ends_graph: bool = False
    compat_helps: bool = True
    speaks_for: tuple[tuple[str, str], ...] = ()

    @property
    def pylint_id(self) -> str:
        """The pylint message id: category, `7`, the code's digits."""
        return f"{self.category}7{self.code[2:]}"

    @property
    def pylint_symbol(self) -> str:
        """The pylint symbol: `tf1-` and the rule's name."""
        return f"tf1-{self.name}"


@dataclass(frozen=True)
class Edit:
    """One replacement of source text, from (line, column) up to (end_line, end_column)."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    safe: bool = False


@dataclass(frozen=True)
class Hint:
    """What to do instead: sentences for people, edits for `tf2lint fix`.

    `kind` names the kind of the edits, as the proofs do: the template that they come from.
    `advice` is what to do: use, delete, write, install or nothing.
    """

    text: str
    edits: tuple[Edit, ...] = ()
    kind: str = ""
    advice: str = "use"


@dataclass(frozen=True, order=True)
class Finding:
    """One place where `rule` applies.

    `message` is the whole line shown to the user, hint included. `status` is one of
    `removed`, `compat`, `changed`, `idiom`; `confidence` is `high` or `low`, low where the
    receiver of a method is not known.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str
    symbol: str
    status: str
    confidence: str = "high"
    hint: Hint | None = field(default=None, compare=False)
    rule: Rule | None = field(default=None, compare=False, repr=False)
