"""As `examine`, but what the cache knows is not looked at again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice

from tf2lint.cli.cache import Cache, Caches, Known, digest, folder_of, still
from tf2lint.cli.examine import MANY, Job, Outcome, examine, outcome_of, over
from tf2lint.cli.files import Unreadable
from tf2lint.cli.records import Record
from tf2lint.semantics.files import disk


def examine_all(
    paths: Iterable[str | Unreadable], job: Job, jobs: int | None, folder: str
) -> Iterator[Outcome]:
    """Outcomes in the order of `paths`; the cache is in `folder`, or the project's own."""
    caches = Caches(folder or folder_of(os.getcwd()))
    todo = iter(paths)
    while some := list(islice(todo, MANY)):  # what is known of them is held in memory
        yield from _with_cache(some, job, jobs, caches)


def _with_cache(
    paths: list[str | Unreadable], job: Job, jobs: int | None, caches: Caches
) -> Iterator[Outcome]:
    kept: dict[str, str] = {}
    for path in paths:
        found = _known(path, job, caches) if isinstance(path, str) else None
        if found is not None and isinstance(path, str):
            kept[path] = found
    fresh = over([path for path in paths if path not in kept], job, jobs, _examine_noting)
    try:
        for path in paths:
            if isinstance(path, str) and path in kept:
                yield _thawed(path, kept[path])
                continue
            _, done = next(fresh)
            if done is None or not isinstance(path, str):
                yield outcome_of(path, None)
                continue
            outcome, known = done
            if known is not None:
                _cache(path, job, caches).put(path, known)
            yield outcome
        for _ in fresh:  # its processes come to their end
            pass
    finally:
        caches.save()


def _cache(path: str, job: Job, caches: Caches) -> Cache:
    return caches.of(job.settings.of(path), lambda: job.key(path))


def _known(path: str, job: Job, caches: Caches) -> str | None:
    try:
        with open(path, "rb") as file:
            return _cache(path, job, caches).get(path, file.read())
    except OSError:
        return None  # said when it is looked at


def _examine_noting(path: str, job: Job) -> tuple[Outcome, Known | None]:
    """The outcome, and what of it may be kept: nothing where there was an error."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return examine(path, job), None
    with disk().noting() as noted:
        outcome = examine(path, job, data)
    asked = still(noted)
    if outcome.problems or asked is None:
        return outcome, None
    return outcome, Known(digest(data), asked, _frozen(outcome))


def _frozen(outcome: Outcome) -> str:
    """An outcome without problems, for the cache."""
    return json.dumps([outcome.records, outcome.silenced, outcome.is_python2, outcome.freed])


def _thawed(path: str, text: str) -> Outcome:
    records, silenced, is_python2, freed = json.loads(text)
    found = [Record(*fields) for fields in records]
    return Outcome(path, found, silenced=silenced, is_python2=is_python2, freed=freed)
