# SPDX-License-Identifier: Apache-2.0
"""Tell a story in a world and say what came of each line, in the words of the line."""

from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.account import Kind, Movement, points_of
from loyalty.badge import BadgeState
from loyalty.entry import Adjusted, Cause, GiftSold, Refunded, Sold
from loyalty.refusal import Refusal
from tests.scenarios.books import Hub
from tests.scenarios.story import (
    Block,
    CountStock,
    Give,
    Merge,
    Night,
    Part,
    Publish,
    SecondCard,
    Stand,
    Step,
    Story,
)
from tests.scenarios.till import Answer, Till

MONEY = {"carry", "purse", "gift"}


@dataclass(frozen=True, slots=True)
class World:
    """Where a story is told: the pure till and hub, or the real ones in their place."""

    story: Story
    hub: Hub
    tills: Mapping[str, Till]


def tell(world: World) -> None:
    """Go through the lines; after each one everybody who can hears of everything.

    Raises:
        AssertionError: something else came of a line than it says.
    """
    for step in world.story.steps:
        world.hub.at = step.at
        answer = act(world, step)
        for wanted in step.expected:
            assert found(world, step, answer, wanted) == wanted, f"line {step.number}"
        for _ in range(2):  # everybody posts, then everybody hears of it
            for till in world.tills.values():
                till.sync()
        world.hub.check()


def act(world: World, step: Step) -> Answer:
    """Let somebody do it."""
    hub = world.hub
    if step.till:
        return world.tills[step.till].act(step.at, step.act)
    match step.act:
        case Publish(programme=programme):
            hub.publish(programme)
        case Night():
            hub.sleep(step.at)
        case Stand(who=who, pro=bool(pro)):
            hub.stand(who, pro=pro)
        case Stand(who=who, born=born):
            hub.born(who, born)
        case SecondCard(who=who):
            hub.second_card(who)
        case Merge(who=who, other=other):
            hub.merge(who, other)
        case Part(who=who, other=other):
            hub.part(who, other)
        case Block(card=card, blocked=blocked):
            hub.block(card, blocked=blocked)
        case CountStock(reward=title, number=number):
            hub.count_stock(title.casefold(), number, at=step.at)
        case Give(who=who, points=points, note=note):
            move = Movement(points_of(who), points)
            given = Adjusted(cause=Cause.BY_HAND, moves=(move,), customer=who, note=note)
            hub.own(given, at=step.at)
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
        case ["joins"] if answer is not None:
            return wanted
        case ["earns", _] if isinstance(answer, Sold):
            return f"earns {answer.points}"
        case ["pays", _] if isinstance(answer, Sold):
            return f"pays {euros(answer.paid_cents)}"
        case ["waits", "for", _] if isinstance(answer, Sold):
            return f"waits for {answer.matures}"
        case ["uses", *title] if isinstance(answer, Sold):
            used = [one.title for one in answer.applied]
            return wanted if " ".join(title) in used else f"uses {', '.join(used) or 'nothing'}"
        case ["gets", "back", _] if isinstance(answer, Refunded):
            return f"gets back {euros(money_of(answer))}"
        case ["loses", _, "points"] if isinstance(answer, Refunded):
            return f"loses {answer.points} points"
        case ["valid", "until", _] if isinstance(answer, GiftSold):
            return f"valid until {answer.expires_on}"
        case ["card", card, _]:
            return f"card {card} {euros(held(world, step, 'gift', card))}"
        case [who, "tier", _]:
            return f"{who} tier {tier(world, step, who)}"
        case [who, "sees", *reward]:
            return f"{who} sees {badge(world, step, who, ' '.join(reward))}"
        case [who, kind, _]:
            return f"{who} {kind} {amount(world, step, kind, who)}"
        case [kind, _] if who := getattr(step.act, "who", ""):
            return f"{kind} {amount(world, step, kind, who)}"
    return f"something else: {answer}"


def money_of(part: Refunded) -> int:
    """What is handed back in money: the rest goes back onto gift cards."""
    return part.due_cents - sum(gift.cents for gift in part.gifts)


def tier(world: World, step: Step, who: str) -> str:
    """Its name, where somebody looks; none: nothing."""
    known = {one.id: one for one in world.hub.known()}
    at = world.tills[step.till].situation(who).tier if step.till else known[who].tier
    return at.capitalize() or "none"


def badge(world: World, step: Step, who: str, wanted: str) -> str:
    """What the badge of the reward that is meant says."""
    till = world.tills[step.till]
    titles = [reward.title for reward in world.story.programme.rewards]
    title = next(title for title in titles if wanted.startswith(title))
    seen = till.badge(who, title)
    if seen is None:
        return f"{title} nowhere"
    if seen.state is not BadgeState.NOT_YET:
        return f"{title} {'usable' if seen.state is BadgeState.USABLE else 'in the order'}"
    lack = seen.lacks[0]
    return f"{title} lacking {lack.missing} {lack.need}"


def amount(world: World, step: Step, kind: str, who: str) -> str:
    """So much of it as somebody sees where the line is."""
    number = held(world, step, kind, who)
    return euros(number) if kind in MONEY else str(number)


def held(world: World, step: Step, kind: str, who: str) -> int:
    """The same as a number: all accounts of that kind together."""
    owner = who.casefold() if kind == Kind.STOCK else who
    if step.till:
        seen = world.tills[step.till].shown(owner)
        return sum(n for account, n in seen.items() if account.kind == kind)
    every = world.hub.every_balance()
    return sum(n for account, n in every.items() if (account.kind, account.owner) == (kind, owner))


def euros(number: int) -> str:
    """As money is written in stories."""
    return f"{'-' if number < 0 else ''}{abs(number) // 100}.{abs(number) % 100:02}"
