# SPDX-License-Identifier: Apache-2.0
"""`python -m provisioning.demo.prepare FOLDER DAYS`: fill a new demo, telling how far it is.

A program of its own, because it has the whole hub and three tills inside. Each line it writes is a
step: how much is done, how much there is, and a sentence, separated by tabs.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from loyalty import giftcard
from provisioning.demo.diary import GiftBought, events
from provisioning.demo.layout import Layout
from provisioning.demo.people import Person, customers
from provisioning.demo.sample import BUSINESSES, Business

if TYPE_CHECKING:
    from hub.merchants.models import Shop
    from provisioning.demo.past import PastTill

SEED: Final = 974
SAMPLE_CUSTOMERS: Final = 5
SAMPLE_GIFTS: Final = (4000, 2500)
JUST_NOW: Final = timedelta(minutes=3)


def main() -> None:
    """Open both businesses and live through their last days."""
    folder, days = Path(sys.argv[1]), int(sys.argv[2])
    import hub.wsgi  # noqa: F401 - sets Django up, which the hub's modules need
    from provisioning.demo import opening

    layout = Layout(folder)
    accounts = [opening.open_operator()]
    total = days * len(BUSINESSES)
    for number, business in enumerate(BUSINESSES):
        say(number * days, total, business.name)
        _, shops, made = opening.open_business(business)
        accounts += made
        _live(business, shops, layout, days=days, told=(number * days, total))
    opening.write_accounts(layout.accounts, accounts)
    say(total, total, "Prêt")


def say(done: int, total: int, sentence: str) -> None:
    """Tell how far it is."""
    print(f"{done}\t{total}\t{sentence}", flush=True)


def _live(
    business: Business, shops: "list[Shop]", layout: Layout, *, days: int, told: tuple[int, int]
) -> None:
    from provisioning.demo import opening, past

    random = Random(f"{SEED} {business.id}")  # noqa: S311 - a story, no secret
    people = customers(business, random)
    gifts = [(giftcard.number(random.getrandbits(60)), cents) for cents in SAMPLE_GIFTS]
    cards = opening.sample_cards(business, people[:SAMPLE_CUSTOMERS], gifts=gifts)
    until = datetime.now(UTC) - JUST_NOW
    start = until - timedelta(days=days + 1)
    office = past.PostOffice()
    tills = [
        past.PastTill(
            opening.set_up_terminal(layout.terminal(place.terminal), place, shop, cards),
            office,
            random=random,
            start=start,
        )
        for place, shop in zip(business.places, shops, strict=True)
    ]
    for person in people[:SAMPLE_CUSTOMERS]:
        tills[person.home].join(person, start)
    first = until.date() - timedelta(days=days)
    past.live_through(
        events(business, people, random, days=days, until=until),
        tills,
        people,
        known=SAMPLE_CUSTOMERS,
        random=random,
        on_day=lambda day: say(
            told[0] + (day - first).days, told[1], f"{business.name}, {day:%d/%m}"
        ),
    )
    _sell_samples(tills[0], people, gifts, at=until)
    for till in tills:
        till.leave()


def _sell_samples(
    till: "PastTill", people: tuple[Person, ...], gifts: list[tuple[str, int]], *, at: datetime
) -> None:
    """The gift cards beside the virtual terminal, sold a moment ago."""
    for number, cents in gifts:
        bought = GiftBought(at=at, place=0, cents=cents, person=0)
        till.sell_gift(bought, people[0], people[1], number=number)


if __name__ == "__main__":
    main()
