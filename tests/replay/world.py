# SPDX-License-Identifier: Apache-2.0
"""The merchant of the replay, opened at the real hub: shops, rules, customers, terminals."""

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.demo.broker import Broker
from provisioning.demo.house import point_at

if TYPE_CHECKING:
    from loyalty.programme import LoyaltyProgramme

MERCHANT = "une-annee"
EARN = ((3, 250), (1, 199))
"""Points, and the cents of a step, at first and after the merchant changed it."""
PURSE_BP = 200


HOUSEHOLDS = uuid.UUID("5c1c3d0e-7f6e-4b7e-9b39-0f0c8d3a9a51")


def customer_of(household: int) -> str:
    """The id of a household's customer."""
    return uuid.uuid5(HOUSEHOLDS, str(household)).hex


def shop_id(store: int) -> str:
    return f"store-{store}"


def terminal_id(store: int) -> str:
    return f"terminal-{store}"


def start_hub(folder: Path, broker: Broker) -> None:
    """Make the hub's database; from here on Django works in this process."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "HUB_DATA": str(folder),
        "HUB_DATABASE_URL": "",  # a file of its own, never the developer's database
        **broker.hub_environment,
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def open_shops(*, stores: Sequence[int], shelves: Sequence[str], pin: str) -> None:
    """One merchant with shops, somebody to serve and a catalogue; no rules yet."""
    from hub.merchants import registry
    from hub.programmes import publish
    from tests.replay.shop import PREFIX

    registry.open_merchant(MERCHANT, "Une année", zone="UTC", card_prefix=PREFIX)
    registry.hire(MERCHANT, "Camille", pin=pin)
    for store in stores:
        registry.open_shop(MERCHANT, f"Store {store}", id=shop_id(store))
    for rank, shelf in enumerate(shelves):
        publish.keep_category(MERCHANT, id=shelf, name=shelf.title(), rank=rank)


def open_business(
    *,
    stores: Sequence[int],
    households: Sequence[int],
    shelves: Sequence[str],
    pin: str,
    visit_delay_s: int,
) -> None:
    """That merchant with everything that terminals start from."""
    from hub.programmes.models import Reward, Rules

    open_shops(stores=stores, shelves=shelves, pin=pin)
    Reward.objects.create(
        merchant_id=MERCHANT, kind="cashback", title="Cagnotte", cost=0, rate_bp=PURSE_BP
    )
    Rules.objects.update_or_create(merchant_id=MERCHANT, defaults={"visit_delay_s": visit_delay_s})
    publish_rules(*EARN[0])
    add_customers(households)


def open_account(email: str, password: str) -> None:
    """Let the merchant sign in at the hub's pages."""
    from hub.merchants.models import Merchant, Person, Role

    merchant = Merchant.objects.get(pk=MERCHANT)
    Person.objects.open_account(
        email, password, name="Camille", role=Role.MERCHANT, merchant=merchant
    )


def publish_rules(points: int, per_cents: int) -> int:
    """The earning rule from now on; its version."""
    from hub.programmes import publish

    rules = publish.rules_of(MERCHANT)
    rules.earn_points, rules.earn_per_cents = points, per_cents
    rules.save()
    return publish.publish(MERCHANT).version


def publish(programme: "LoyaltyProgramme", *, at: datetime) -> None:
    """Rules from that moment on, whatever they say."""
    from hub.merchants import feed
    from hub.programmes.models import LoyaltyProgramme as Version
    from loyalty.feed import ProgrammeIs

    with feed.writing(MERCHANT) as out:
        body = out.say(ProgrammeIs(programme))
        Version.objects.create(
            merchant_id=MERCHANT, version=programme.version, published_at=at, body=body
        )


def work_of(day: date) -> None:
    """What the hub does by itself when a day begins."""
    from hub.ledger import expiring, maturing, tiering

    now = datetime.combine(day, time(), UTC)
    maturing.mature_due(now=now)
    expiring.expire_due(now=now)
    tiering.evaluate_due(now=now)


def read_lots() -> None:
    """Have the hub date everything that was awarded."""
    from hub.ledger import awards

    awards.read_all(MERCHANT)


def add_customers(households: Sequence[int]) -> None:
    """Every household joins, with the card that it will show."""
    from hub.ledger.acts import AT_ONCE
    from hub.ledger.own import post_own
    from hub.merchants import feed
    from loyalty.entry import Joined
    from tests.replay.shop import card_of

    joined = [
        Joined(
            customer=customer_of(household),
            code=card_of(household),
            first_name=f"Foyer {household}",
            initial="",
        )
        for household in households
    ]
    for start in range(0, len(joined), AT_ONCE):
        with feed.writing(MERCHANT) as out:
            some = joined[start : start + AT_ONCE]
            post_own(out, [(None, facts) for facts in some], shop=None)


def entries_at_hub() -> int:
    """How many entries the hub has posted, its own included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_journalentry")
        number: int = cursor.fetchone()[0]
        return number


def feed_position() -> int:
    """Of the newest item of the feed."""
    from hub.merchants import feed

    return feed.position(MERCHANT)


def enrol(
    ports: Mapping[int, int], folder: Path, broker: Broker, *, done: Callable[[], None]
) -> dict[int, Path]:
    """Enrol each store's terminal, write the settings it starts from: its line is at that port."""
    from firmware import enrol
    from firmware.heartbeat import this_machine
    from hub.merchants import claims
    from hub.merchants.models import Shop

    found, hw_id = {}, this_machine().hw_id
    for store, port in ports.items():
        path = found[store] = folder / terminal_id(store) / "terminal.toml"
        code = claims.make(Shop.objects.get(pk=shop_id(store)), terminal_id(store))
        enrol.enrol(path, code, ask=claims.answer, hw_id=hw_id)
        point_at(path, broker, port=port)
        done()
    return found
