# SPDX-License-Identifier: Apache-2.0
"""Read a story: rules, then lines of who does what where, and what must come of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loyalty.programme import EarnRule, LoyaltyProgramme, Reward

NOBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Scan:
    who: str


@dataclass(frozen=True, slots=True)
class Buy:
    who: str
    cents: tuple[int, ...]
    uses: tuple[tuple[str, int], ...]
    """Title of the reward, and the cents typed for a purse or the points chosen."""
    gifts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SellCard:
    card: str
    cents: int


@dataclass(frozen=True, slots=True)
class Network:
    up: bool


@dataclass(frozen=True, slots=True)
class LookAtHub:
    pass


Act = Scan | Buy | SellCard | Network | LookAtHub


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    at_s: int
    till: str
    act: Act
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    programme: LoyaltyProgramme
    steps: tuple[Step, ...]

    @property
    def tills(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.till for step in self.steps if step.till))


def read(path: Path) -> Story:
    earn, delay_min, rewards, steps, at_s = EarnRule(), 60, [], [], 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if found := re.fullmatch(
            r"programme: (\d+) points? per (\S+?)(?:; visits every (\d+) min)?", text
        ):
            earn = EarnRule(int(found[1]), cents(found[2]))
            delay_min = int(found[3] or delay_min)
        elif found := re.fullmatch(
            r"reward (.+?): points as payment(?: up to (\d+))?(?: from (\S+))?", text
        ):
            terms = (("most_points", int(found[2] or 0)), ("least_cents", cents(found[3] or "0")))
            rewards.append(_of("points", found[1], terms))
        elif found := re.fullmatch(r"reward (.+?): one free for (\d+) stamps", text):
            rewards.append(_of("stamps", found[1], (("every", int(found[2])),)))
        elif found := re.fullmatch(r"reward (.+?): (.+) for (\d+)", text):
            rewards.append(_reward(found[1], found[2], int(found[3])))
        elif found := re.fullmatch(r"(?:(\d\d):(\d\d)\s+)?(.+?)(?:\s+-> (.+))?", text):
            at_s = int(found[1]) * 3600 + int(found[2]) * 60 if found[1] else at_s
            till, act = _act(found[3])
            expected = tuple((found[4] or "").split("; ")) if found[4] else ()
            steps.append(Step(number, at_s, till, act, expected))
        else:
            raise ValueError(f"{path.name}:{number}: {text}")
    programme = LoyaltyProgramme(
        version=1, earn=earn, rewards=tuple(rewards), visit_delay_s=delay_min * 60
    )
    return Story(programme, tuple(steps))


def cents(text: str) -> int:
    return round(float(text) * 100)


def _of(kind: str, title: str, terms: tuple[tuple[str, int], ...]) -> Reward:
    return Reward(id=title.casefold(), kind=kind, title=title, cost=0, terms=terms)


def _reward(title: str, what: str, cost: int) -> Reward:
    rate_bp = round(float(what.split(" %", maxsplit=1)[0]) * 100) if "%" in what else 0
    kind = "gift"
    if rate_bp:
        kind = "discount" if what.endswith("off") else "cashback"
    return Reward(id=title.casefold(), kind=kind, title=title, cost=cost, rate_bp=rate_bp)


def _act(text: str) -> tuple[str, Act]:
    if text == "hub":
        return "", LookAtHub()
    if found := re.fullmatch(r"(\w) (online|offline)", text):
        return found[1], Network(found[2] == "online")
    till, _, what = text.partition(": ")
    if found := re.fullmatch(r"(\w+) is scanned", what):
        return till, Scan(found[1])
    if found := re.fullmatch(r"card (\w+) is sold for (\S+)", what):
        return till, SellCard(found[1], cents(found[2]))
    if found := re.fullmatch(
        r"(\w+) buys (.+?)(?: using (.+?))?(?: paying (\S+) with (\w+))?", what
    ):
        lines = tuple(cents(part) for part in found[2].split(" + "))
        gifts = ((found[5], cents(found[4])),) if found[5] else ()
        return till, Buy(found[1], lines, tuple(_uses(found[3] or "")), gifts)
    raise ValueError(text)


def _uses(text: str) -> Iterator[tuple[str, int]]:
    for part in text.split(", ") if text else ():
        found = re.fullmatch(r"(.+?)(?: (\d+\.\d\d)| (\d+) points?)?", part)
        assert found
        yield found[1], cents(found[2]) if found[2] else int(found[3] or 0)
