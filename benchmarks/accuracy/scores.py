"""What is counted, and what is left out of the count."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from benchmarks.accuracy.fetch import Package

# Names whose TF 1 home was a copy of another package: there changing the import is all, and
# the finding at the import says so. Their uses are counted apart.
DROP_IN = {
    "tensorflow.app": "absl.app",
    "tensorflow.flags": "absl.flags",
    "tensorflow.logging": "absl.logging",
    "tensorflow.contrib.cluster_resolver": "tensorflow.distribute.cluster_resolver",
    "tensorflow.contrib.framework.nest": "tensorflow.nest",
    "tensorflow.contrib.distributions": "tensorflow_probability.distributions",
    "tensorflow.contrib.distributions.bijectors": "tensorflow_probability.bijectors",
}


@dataclass
class Score:
    """Counts of one package."""

    package: Package
    files: int = 0
    lines: int = 0
    findings: int = 0
    names: int = 0
    names_found: int = 0
    refused: int = 0
    refused_found: int = 0
    drop_in: int = 0
    refused_by_both: list[str] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)
    findings_by_rule: Counter[str] = field(default_factory=Counter)
    compat: Counter[str] = field(default_factory=Counter)
    read: set[tuple[str, str]] = field(default_factory=set)  # verdicts by hand that were used
    misses: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    by_spelling: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


@dataclass
class PlaceScore:
    """The labelled places of one method: found and not, by what they are."""

    found: int = 0
    missed: int = 0
    wrong: int = 0
    silent: int = 0
