# SPDX-License-Identifier: Apache-2.0
"""A bakery with a till on a real store, a clock that tests turn, and a hub that they speak for."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from firmware.config import Config
from firmware.drivers.base import Reading
from firmware.store import cursors, journal, replica, rights
from firmware.store.database import Database, Role
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.flow import Event
from firmware.till.outcome import Outcome
from firmware.till.till import Till
from loyalty import card
from loyalty.account import Account, points_of, purse_of
from loyalty.entry import ClockQuality, Entry, Stamp
from loyalty.feed import (
    BalanceIs,
    CardNumbers,
    CategoryIs,
    CustomerIs,
    Granted,
    Heard,
    Item,
    ProductIs,
    ProgrammeIs,
    ShopIs,
    StaffIs,
    TillMay,
)
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.rights import Policy
from tests.firmware.conftest import FillingDisk

ELODIE = CustomerIs(
    id="elodie", first_name="Élodie", initial="M", codes=(card.issue("2000417", 441),)
)
THEO = CustomerIs(id="theo", first_name="Théo", initial="M", codes=("THEO-TAG",))
BAGUETTE = ProductIs(
    id="baguette", category="pain", name="Baguette tradition", cents=135, ean="3760000000017"
)
REWARDS = (
    Reward(
        id="croissant",
        kind="gift",
        title="Croissant",
        cost=80,
        gift_title="Croissant offert",
    ),
    Reward(id="tenth", kind="discount", title="Remise de 10 %", cost=200, rate_bp=1000),
    Reward(id="purse", kind="cashback", title="Cagnotte", cost=0, rate_bp=200),
    Reward(id="elsewhere", kind="gift", title="Tarte", cost=1, not_in_shops=("saint-denis",)),
)
PIN = "2468"


def pin_stored(pin: str) -> str:
    """A PIN as the feed carries it."""
    salt = b"salt-of-a-test-0"
    key = hashlib.scrypt(pin.encode(), salt=salt, n=4096, r=8, p=1, dklen=32)
    return f"scrypt${salt.hex()}${key.hex()}"


@dataclass
class Hand:
    """A clock that only moves when it is told to."""

    wall_ms: int = 1_795_330_800_000
    mono_s: float = 1_000.0
    boot: str = "boot-1"

    def stamp(self) -> Stamp:
        return Stamp(
            boot_id=self.boot,
            mono_ms=int(self.mono_s * 1000),
            wall_ms=self.wall_ms,
            quality=ClockQuality.SYNCED,
        )

    def monotonic_s(self) -> float:
        return self.mono_s

    def pass_s(self, seconds: float) -> None:
        self.mono_s += seconds
        self.wall_ms += int(seconds * 1000)


@dataclass
class Bakery:
    """The till and everything around it."""

    db: Database
    clock: Hand
    till: Till
    outcome: Outcome
    ids: Iterator[int]
    bits: list[int] = field(default_factory=lambda: [0x123456789ABCDEF])
    disk: FillingDisk = field(default_factory=FillingDisk)
    hub_key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    def do(self, *events: Event) -> Outcome:
        for event in events:
            self.outcome = self.till.handle(event)
        return self.outcome

    def scan(self, code: str, *, too_long: bool = False) -> Outcome:
        return self.do(Reading(code, "mock:", too_long=too_long))

    def wait(self, seconds: float) -> Outcome:
        self.clock.pass_s(seconds)
        self.outcome = self.till.tick()
        return self.outcome

    def press(self, text: str) -> Outcome:
        return self.do(*(tap.Key(c) for c in text))

    def answer(self, text: str) -> Outcome:
        self.press(text)
        return self.do(tap.Enter())

    def unlock(self, pin: str = PIN) -> Outcome:
        self.do(tap.Unlock())
        return self.press(pin)

    def line(self, cents: int) -> Outcome:
        self.do(tap.AddLine())
        self.press(str(cents))
        return self.do(tap.Enter())

    def sell(self, cents: int, *, code: str = "") -> Outcome:
        if code:
            self.scan(code)
        self.line(cents)
        return self.do(tap.Save())

    def hub_says(self, *items: Item) -> None:
        with self.db.atomic():
            for item in items:
                replica.apply(self.db, item)

    def hears(self, *items: Item) -> Outcome:
        """The till asked what is new: this, and no more."""
        self.hub_says(*items)
        cursors.note_caught_up(self.db, cursors.to_catch_up(self.db))
        self.outcome = self.till.tick()
        return self.outcome

    def online(self, *, up: bool = True) -> None:
        cursors.set_link_state(self.db, cursors.LinkState(online=up, hub_up=up))

    def grants(self, share: float = 1.0) -> None:
        """The hub answers everything that is asked, in full or in part."""
        for ask in rights.asked(self.db):
            granted = Granted(
                ask=ask.id,
                segment=ask.segment,
                account=ask.account,
                amount=int(ask.amount * share),
            )
            self.hub_says(granted)

    def entries(self) -> list[Entry]:
        return [entry for _, entry in journal.entries_after(self.db, (0, 0))]

    def facts(self, kind: type) -> list[object]:
        return [entry.facts for entry in self.entries() if isinstance(entry.facts, kind)]

    def shown(self, account: Account) -> int:
        return replica.balances(self.db, account.owner).get(account, 0)


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[Bakery]:
    disk = FillingDisk()
    db = Database(tmp_path / "state", role=Role.KIOSK, measure=disk)
    clock, ids = Hand(), iter(range(1, 10**9))
    config = Config(
        terminal="saint-denis-1",
        gen=1,
        merchant="maison-lucet",
        shop="saint-denis",
        lookup_key=bytes(32),
        state=tmp_path / "state",
        host="127.0.0.1",
        port=1883,
        width=800,
        height=480,
        language="fr",
        scanners=("mock:",),
        printer="mock:",
        signal="mock:",
    )
    key = X25519PrivateKey.generate()
    bits = [0x123456789ABCDEF]
    opened = journal.open_segment(
        db, clock=clock, new_id=lambda: f"id-{next(ids)}", gen=1, hw_id="hw", software="test"
    )
    replica.apply(db, TillMay(Policy(card_cents=0)))
    replica.apply(db, Heard(segment=opened.id, sound=True))
    desk = Desk(
        db=db,
        clock=clock,
        config=config,
        new_id=lambda: f"id-{next(ids)}",
        random_bits=lambda _: bits[-1],
    )
    shop = Bakery(
        db=db,
        clock=clock,
        till=Till(desk),
        outcome=Outcome(),
        ids=ids,
        bits=bits,
        disk=disk,
        hub_key=key,
    )
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    shop.hub_says(
        ShopIs(
            merchant="Maison Lucet",
            shop="saint-denis",
            name="Saint-Denis",
            zone="Indian/Reunion",
            card_prefix="2000417",
            hub_key=public,
        ),
        ProgrammeIs(LoyaltyProgramme(version=3, earn=EarnRule(), rewards=REWARDS)),
        StaffIs(id="isabelle", name="Isabelle", pin=pin_stored(PIN)),
        StaffIs(id="gone", name="Parti", pin=""),
        CategoryIs(id="pain", name="Pain", rank=1),
        CategoryIs(id="patisserie", name="Pâtisserie", rank=2),
        BAGUETTE,
        ELODIE,
        THEO,
        BalanceIs(points_of("elodie"), 245),
        BalanceIs(purse_of("elodie"), 340),
        CardNumbers(first=1000, last=1001),
    )
    shop.online()
    shop.outcome = shop.till.tick()
    yield shop
    db.close()
