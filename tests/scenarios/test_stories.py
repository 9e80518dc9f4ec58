# SPDX-License-Identifier: Apache-2.0
"""Tell each story and compare what came of it, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from loyalty.account import Account, Kind
from loyalty.entry import Sold
from loyalty.refusal import Refusal
from tests.scenarios.hub import RealHub
from tests.scenarios.pure import Answer, Hub, PureHub, PureTill
from tests.scenarios.store import StoreTill
from tests.scenarios.story import Buy, LookAtHub, Network, Scan, SellCard, Step, Story, read

STORIES = sorted(Path(__file__).parent.glob("*.txt"))


def test_there_are_stories() -> None:
    assert len(STORIES) >= 7


@dataclass(frozen=True, slots=True)
class World:
    """Where a story is told: the pure till and hub, or the real ones in their place."""

    story: Story
    hub: Hub
    tills: Mapping[str, PureTill | StoreTill]


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_domain_tells_the_story(path: Path) -> None:
    story = read(path)
    hub = PureHub()
    tills = {name: PureTill(name, hub, story.programme) for name in story.tills}
    tell(World(story, hub, tills))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_till_over_sqlite_tells_the_story(path: Path, tmp_path: Path) -> None:
    story = read(path)
    hub = PureHub()
    tills = {name: StoreTill(name, hub, story.programme, tmp_path) for name in story.tills}
    tell(World(story, hub, tills))


@pytest.mark.django_db
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_hub_tells_the_story_through_the_wire(path: Path, settings, tmp_path: Path) -> None:
    settings.HUB_DATA = tmp_path
    story = read(path)
    hub = RealHub(story.tills)
    tills = {name: PureTill(name, hub, story.programme) for name in story.tills}
    tell(World(story, hub, tills))


@pytest.mark.django_db
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_till_and_hub_as_built_tell_the_story(path: Path, settings, tmp_path: Path) -> None:
    settings.HUB_DATA = tmp_path
    story = read(path)
    hub = RealHub(story.tills)
    tills = {name: StoreTill(name, hub, story.programme, tmp_path) for name in story.tills}
    tell(World(story, hub, tills))


def tell(world: World) -> None:
    for step in world.story.steps:
        answer = act(world, step)
        for wanted in step.expected:
            assert found(world, step, answer, wanted) == wanted, f"line {step.number}"
        for _ in range(2):  # everybody posts, then everybody hears of it
            for till in world.tills.values():
                till.sync()
        world.hub.check()


def act(world: World, step: Step) -> Answer:
    till = world.tills.get(step.till)
    match step.act:
        case Scan() as scan if till:
            return till.scan(step.at_s, scan)
        case Buy() as buy if till:
            return till.buy(step.at_s, buy)
        case SellCard() as sell if till:
            return till.sell_card(step.at_s, sell)
        case Network(up=up) if till:
            till.online = up
    return None


def found(world: World, step: Step, answer: Answer, wanted: str) -> str:
    """What came of it, in the words of what was wanted."""
    words = wanted.split()
    if isinstance(answer, Refusal):
        figures = [f" {k} {answer.facts[k]}" for k in words[2::2] if k in answer.facts]
        return f"refused {answer.reason}{''.join(figures)}"
    match words:
        case ["nothing"] if answer is None:
            return wanted
        case ["earns", _] if isinstance(answer, Sold):
            return f"earns {answer.points}"
        case ["pays", _] if isinstance(answer, Sold):
            return f"pays {euros(answer.paid_cents)}"
        case ["card", card, _]:
            return f"card {card} {euros(shown(world, step, Account(Kind.GIFT, card)))}"
        case [who, kind, _] if isinstance(step.act, LookAtHub):
            return f"{who} {kind} {amount(world, step, kind, who)}"
        case [kind, _] if isinstance(step.act, Scan | Buy):
            return f"{kind} {amount(world, step, kind, step.act.who)}"
    return f"something else: {answer}"


def amount(world: World, step: Step, kind: str, who: str) -> str:
    key = world.story.programme.earn.key if kind == "carry" else ""
    number = shown(world, step, Account(Kind(kind), who, key))
    return euros(number) if kind in {"carry", "purse"} else str(number)


def shown(world: World, step: Step, account: Account) -> int:
    return world.tills[step.till].shown(account) if step.till else world.hub.balance(account)


def euros(number: int) -> str:
    return f"{number // 100}.{number % 100:02}"


def test_a_story_that_lies_is_noticed(tmp_path: Path) -> None:
    lie = tmp_path / "lie.txt"
    lie.write_text("programme: 1 point per 1.00\n09:00  A: Ana buys 50.00  -> earns 51\n")
    with pytest.raises(AssertionError):
        test_the_domain_tells_the_story(lie)
