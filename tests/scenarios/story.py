# SPDX-License-Identifier: Apache-2.0
"""Read stories: rules, then lines of who does what where, and what must come of it.

A file is a chapter; each line `scenario: …` begins a story of its own, under the chapter's rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.programme import LoyaltyProgramme
from tests.scenarios import rules
from tests.scenarios.rules import cents

NOBODY: Final = "somebody"
FIRST_DAY: Final = date(2026, 3, 2)
"""A Monday."""


@dataclass(frozen=True, slots=True)
class Scan:
    who: str
    card: int = 0
    """Which of their cards, from 0."""


@dataclass(frozen=True, slots=True)
class Compose:
    """An order is put together on the counter, and not saved yet."""

    who: str
    order: Order


@dataclass(frozen=True, slots=True)
class Save:
    pass


@dataclass(frozen=True, slots=True)
class Buy:
    """Both at once."""

    who: str
    order: Order
    name: str = ""
    """Under which it can be paid back."""


@dataclass(frozen=True, slots=True)
class BringBack:
    sale: str
    cents: int | None
    """None: all that is left of it."""


@dataclass(frozen=True, slots=True)
class Undo:
    """The sale that was saved a moment ago is made void, while the screen still says so."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A till gives the right to pay a sale back to whoever asks for it."""

    sale: str


@dataclass(frozen=True, slots=True)
class SellCard:
    card: str
    cents: int
    who: str = ""
    points: int = 0


@dataclass(frozen=True, slots=True)
class Join:
    who: str
    member: bool = True


@dataclass(frozen=True, slots=True)
class Enter:
    """Somebody who is known already joins the programme."""

    who: str


@dataclass(frozen=True, slots=True)
class Give:
    who: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Network:
    up: bool


@dataclass(frozen=True, slots=True)
class Clock:
    sure: bool


@dataclass(frozen=True, slots=True)
class Publish:
    programme: LoyaltyProgramme


@dataclass(frozen=True, slots=True)
class Stand:
    """The hub learns something of a customer."""

    who: str
    pro: bool | None = None
    born: str = ""
    """Month and day."""


@dataclass(frozen=True, slots=True)
class SecondCard:
    """Somebody is given another card."""

    who: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two customers turn out to be one person, who is served as the first."""

    who: str
    other: str


@dataclass(frozen=True, slots=True)
class Part:
    """They are two after all."""

    who: str
    other: str


@dataclass(frozen=True, slots=True)
class Block:
    """Nobody may use a gift card any more, or they may again."""

    card: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class CountStock:
    reward: str
    number: int


@dataclass(frozen=True, slots=True)
class Night:
    """A day is over: the hub does what is due by the day."""


@dataclass(frozen=True, slots=True)
class LookAtHub:
    pass


Act = (
    Scan
    | Compose
    | Save
    | Buy
    | BringBack
    | Undo
    | HandOver
    | SellCard
    | Join
    | Enter
    | Give
    | Network
    | Clock
    | Publish
    | Stand
    | CountStock
    | SecondCard
    | Merge
    | Part
    | Block
    | Night
    | LookAtHub
)


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    at: datetime
    till: str
    """Empty: at the hub."""
    act: Act
    expected: tuple[str, ...]


@dataclass(slots=True)
class Story:
    chapter: str
    title: str
    programme: LoyaltyProgramme
    steps: list[Step] = field(default_factory=list)
    hub_only: bool = False

    @property
    def tills(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.till for step in self.steps if step.till))

    def __str__(self) -> str:
        return f"{self.chapter}: {self.title}"


def read(path: Path) -> list[Story]:
    """The stories of a chapter."""
    return _Reading(path.stem).read(path.read_text())


def heading(path: Path) -> tuple[str, str]:
    """Title of a chapter, and the rule that it tells of: its first two lines."""
    title, rule, *_ = path.read_text().splitlines()
    return title.removeprefix("# "), rule.removeprefix("# ")


def told(path: Path) -> dict[str, str]:
    """Each story of a chapter as it stands there, by its title."""
    _, *stories = re.split(r"^scenario: ", path.read_text(), flags=re.MULTILINE)
    parts = (story.partition("\n") for story in stories)
    return {title: text.strip() for title, _, text in parts}


class _Reading:
    """Where the reading of a chapter stands."""

    def __init__(self, chapter: str) -> None:
        self._chapter = chapter
        self._rules = rules.PLAIN
        self._programme = rules.PLAIN
        self._story: Story | None = None
        self._stories: list[Story] = []
        self._at = datetime.combine(FIRST_DAY, time())

    def read(self, text: str) -> list[Story]:
        for number, line in enumerate(text.splitlines(), 1):
            said = line.strip()
            if said and not said.startswith("#"):
                try:
                    self._line(number, said)
                except ValueError as error:
                    raise ValueError(f"{self._chapter}:{number}: {said}") from error
        return self._stories

    def _line(self, number: int, said: str) -> None:
        if said.startswith("scenario: "):
            self._begin(said.removeprefix("scenario: "))
            return
        if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            self._at = datetime.fromisoformat(said)
            self._add(number, "", Night(), ())
            return
        now = said.removeprefix("now ")
        if (programme := rules.changed(self._programme, now)) is not None:
            self._programme = programme
            if said.startswith("now "):
                self._publish(number)
            elif self._story is None:
                self._rules = programme
            else:
                self._story.programme = programme
            return
        found = re.fullmatch(r"(?:(\d\d:\d\d)\s+)?(.+?)(?:\s+-> (.+))?", said)
        assert found
        if found[1]:
            self._at = datetime.combine(self._at.date(), time.fromisoformat(found[1]))
        till, act = _act(found[2])
        self._add(number, till, act, tuple(found[3].split("; ")) if found[3] else ())

    def _begin(self, title: str) -> None:
        self._programme = self._rules
        self._at = datetime.combine(FIRST_DAY, time())
        self._story = Story(self._chapter, title, self._rules)
        self._stories.append(self._story)

    def _publish(self, number: int) -> None:
        """Rules that change together are one version."""
        steps = self._story.steps if self._story else []
        if steps and isinstance(steps[-1].act, Publish):
            steps.pop()
        else:
            self._programme = replace(self._programme, version=self._programme.version + 1)
        self._add(number, "", Publish(self._programme), ())

    def _add(self, number: int, till: str, act: Act, expected: tuple[str, ...]) -> None:
        if self._story is None:
            self._begin(self._chapter)
        assert self._story
        self._story.steps.append(Step(number, self._at, till, act, expected))


def _act(text: str) -> tuple[str, Act]:
    if text == "hub":
        return "", LookAtHub()
    if found := re.fullmatch(r"(\w) (online|offline)", text):
        return found[1], Network(found[2] == "online")
    if found := re.fullmatch(r"(\w) (knows|doubts) the time", text):
        return found[1], Clock(found[2] == "knows")
    where, _, what = text.partition(": ")
    if where == "hub":
        return "", _at_hub(what)
    return where, _at_till(what)


def _at_hub(what: str) -> Act:
    if found := re.fullmatch(r"(\w+) is (not )?a professional", what):
        return Stand(found[1], pro=not found[2])
    if found := re.fullmatch(r"(\w+) is born on (\d\d-\d\d)", what):
        return Stand(found[1], born=found[2])
    if found := re.fullmatch(r"(\w+) is given a second card", what):
        return SecondCard(found[1])
    if found := re.fullmatch(r"(\w+) and (\w+) are one person", what):
        return Merge(found[1], found[2])
    if found := re.fullmatch(r"(\w+) and (\w+) are two again", what):
        return Part(found[1], found[2])
    if found := re.fullmatch(r"card (\w+) is (blocked|free again)", what):
        return Block(found[1], blocked=found[2] == "blocked")
    if found := re.fullmatch(r"there are (\d+) of (.+)", what):
        return CountStock(found[2], int(found[1]))
    if found := re.fullmatch(r"(\w+) gets (-?\d+) points for “(.*)”", what):
        return Give(found[1], int(found[2]), found[3])
    raise ValueError(what)


def _at_till(what: str) -> Act:
    if found := re.fullmatch(r"(\w+) is scanned( with the second card)?", what):
        return Scan(found[1], card=int(bool(found[2])))
    if found := re.fullmatch(r"card (\w+) is sold for (\S+?)(?: to (\w+) for (\d+) points)?", what):
        return SellCard(found[1], cents(found[2]), found[3] or "", int(found[4] or 0))
    if found := re.fullmatch(r"(\w+) becomes a customer(, without joining)?", what):
        return Join(found[1], member=not found[2])
    if found := re.fullmatch(r"(\w+) joins", what):
        return Enter(found[1])
    if found := re.fullmatch(r"(\w+) gets (-?\d+) points for “(.*)”", what):
        return Give(found[1], int(found[2]), found[3])
    if found := re.fullmatch(r"(?:(\S+) of )?(\w+) comes back", what):
        return BringBack(found[2], cents(found[1]) if found[1] else None)
    if found := re.fullmatch(r"hands (\w+) over", what):
        return HandOver(found[1])
    if what == "the sale is undone":
        return Undo()
    if what == "the order is saved":
        return Save()
    if found := re.fullmatch(r"(\w+) (buys|orders) (.+?)(?: \((\w+)\))?", what):
        who, order = found[1], _order(found[3])
        return Compose(who, order) if found[2] == "orders" else Buy(who, order, found[4] or "")
    raise ValueError(what)


def _order(text: str) -> Order:
    found = re.fullmatch(
        r"(.+?)(?: using (.+?))?(?: paying (\S+ with \w+(?:, \S+ with \w+)*))?", text
    )
    assert found
    gifts = (part.split(" with ") for part in found[3].split(", ")) if found[3] else ()
    return Order(
        tuple(map(_line, found[1].split(" + "))),
        tuple(_uses(found[2] or "")),
        tuple(GiftUse(card, cents(amount)) for amount, card in gifts),
    )


def _line(text: str) -> Line:
    found = re.fullmatch(r"(?:(\d+) x )?(-?[\d.]+)(?: (\w+))?", text)
    if not found:
        raise ValueError(text)
    what = found[3] or ""
    return Line(label=what, unit_cents=cents(found[2]), quantity=int(found[1] or 1), category=what)


def _uses(text: str) -> Iterator[Use]:
    for part in text.split(", ") if text else ():
        found = re.fullmatch(r"(.+?)(?: (\d+\.\d\d)| (\d+) points?)?", part)
        assert found
        amount = cents(found[2]) if found[2] else int(found[3] or 0)
        yield Use(found[1].casefold(), amount)
