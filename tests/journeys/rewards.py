# SPDX-License-Identifier: Apache-2.0
"""Saving up and using points at a till, and what its screen promises while the network is away."""

import re
from itertools import count

from tests.hands import Till, Unexpected, until
from tests.journeys.world import World

COFFEE = "Café offert, 60 points"
CROISSANT = "Croissant offert, 80 points"
COFFEE_LATER = "Café offert, avec le réseau"
CROISSANT_LATER = "Croissant offert, avec le réseau"
COFFEE_POINTS = 60
_PHONES = count(639_990_001)


def newcomer(world: World, till: Till, name: str) -> str:
    """Somebody new joins at the counter; their card, once the hub has it."""
    till.open()
    till.tap("Nouveau client")
    for text in (name, "Payet", f"0{next(_PHONES)}", "", ""):
        till.answer(text)
    if till.outcome != "AtTill":
        raise Unexpected(till.words)
    world.settled()
    card = world.at_hub(
        "SELECT max(c.code) FROM ledger_card c JOIN ledger_customer u ON u.id = c.customer_id"
        " WHERE u.first_name = ?",
        name,
    )
    until(lambda: all(known(each, card) for each in world.tills), "the card at both tills")
    return card


def known(till: Till, card: str) -> bool:
    """Whether the till knows whose card it is."""
    till.open()
    till.scan(card)
    if till.outcome == "AtTill":
        return True
    till.tap_first("Retour")
    return False


def fill(till: Till, card: str, reward: str, *, cents: int = 1000) -> None:
    """An order of one line, with a reward in it, ready to be saved."""
    till.open()
    till.scan(card)
    till.line(cents)
    until(lambda: usable(till, reward), reward)
    till.tap(reward)


def usable(till: Till, reward: str) -> bool:
    """Whether the reward's badge is lit."""
    return any(w["label"] == reward and w["enabled"] for w in till.widgets)


def lit(till: Till) -> set[str]:
    """The rewards that the screen promises: those that it does not mark “with the network”."""
    badges = [w for w in till.widgets if w["kind"] == "badge" and w["enabled"]]
    return {w["label"] for w in badges if not w["label"].endswith("avec le réseau")}


def promised(till: Till) -> int:
    """How many points its screen says can be used here now; the order is refused with it."""
    found = re.search(r"(\d+) points? sur \d+ utilisables? ici maintenant", till.words)
    if till.outcome != "Refused" or found is None:
        raise Unexpected(till.words)
    return int(found[1])


def rests(world: World, card: str, points: int) -> bool:
    """Whether the hub counts that many of a card's points as entrusted to tills."""
    held = world.at_hub(
        "SELECT coalesce(sum(a.held_total), 0) FROM ledger_card c"
        " JOIN ledger_customer u ON u.id = c.customer_id"
        " JOIN ledger_account a ON a.owner = u.uuid AND a.kind = 'points' WHERE c.code = ?",
        card,
    )
    return held == points
