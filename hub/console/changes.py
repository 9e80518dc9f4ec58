# SPDX-License-Identifier: Apache-2.0
"""What one version of the rules changes to another, in words: read before it is published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.console.rulebook import Chapter


class Fate(StrEnum):
    """What becomes of a reward or of the rules."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is settled another way; empty: it was not, or is not any more."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one chapter."""

    title: str
    fate: Fate
    differences: tuple[Difference, ...]


def changes(before: Sequence[Chapter], after: Sequence[Chapter]) -> tuple[Change, ...]:
    """What differs, in the order of the later version; what is gone comes last."""
    old = {chapter.id: chapter for chapter in before}
    found = []
    for chapter in after:
        was = old.pop(chapter.id, None)
        differences = tuple(_differences(was, chapter))
        if differences:
            fate = Fate.CHANGED if was else Fate.NEW
            found.append(Change(title=chapter.title, fate=fate, differences=differences))
    gone = [Change(title=chapter.title, fate=Fate.GONE, differences=()) for chapter in old.values()]
    return (*found, *gone)


def _differences(before: Chapter | None, after: Chapter) -> Iterator[Difference]:
    was, now = dict(before.facts) if before else {}, dict(after.facts)
    # in the order of the later one, and what it does not say any more after that
    for name in [*now, *(name for name in was if name not in now)]:
        if was.get(name) != now.get(name):
            yield Difference(name=name, before=was.get(name, ""), after=now.get(name, ""))
