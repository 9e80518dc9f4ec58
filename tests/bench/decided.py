# SPDX-License-Identifier: Apache-2.0
"""How long one sale takes to decide under full rules: 20 rewards, 10 lines (issue 5)."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from loyalty.account import points_of, purse_of, stamps_of
from loyalty.basket import Line, Order, Use
from loyalty.calendar import Window
from loyalty.command import RecordSale
from loyalty.decide import Decided, decide
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.rewards import TYPES
from loyalty.situation import Situation
from loyalty.tier import Tier
from tests.bench.figure import Figure, quantile, timed_ms

SALES = 2_000
ALLOWED_MS = 0.5


def measure(folder: Path) -> list[Figure]:
    """Decide the same sale again and again; a purchase without rules is the floor."""
    situation, command = _full()
    bare = replace(situation, programme=LoyaltyProgramme(version=1, earn=EarnRule()))
    plain = replace(command, order=replace(command.order, uses=()))
    assert isinstance(decide(situation, command), Decided)
    full = [timed_ms(lambda: decide(situation, command)) for _ in range(SALES)]
    floor = [timed_ms(lambda: decide(bare, plain)) for _ in range(SALES)]
    return [
        Figure(
            name="a sale under 20 rewards is decided, p50",
            value=quantile(full, 50),
            unit="ms",
            floor=quantile(floor, 50),
            beside="the same ten lines without a reward",
            goal=f"≤ {ALLOWED_MS:g} ms",
            held=quantile(full, 50) <= ALLOWED_MS,
        )
    ]


def _full() -> tuple[Situation, RecordSale]:
    kinds = sorted(TYPES)
    rewards = tuple(
        Reward(
            id=f"r{n}",
            kind=kinds[n % len(kinds)],
            title=f"Récompense {n}",
            cost=10,
            rate_bp=500,
            terms=(("every", 5), ("most_points", 300)),
            options=Options(pro=n % 3 == 0, tiers=("gold",) if n % 4 == 0 else ()),
        )
        for n in range(20)
    )
    programme = LoyaltyProgramme(
        version=1,
        earn=EarnRule(5, 5_000),
        rewards=rewards,
        not_earning=("tobacco",),
        windows=(Window(weekdays=(1,)),),
        pending_days=14,
        tiers=(Tier(id="gold", name="Or", factor_bp=15_000),),
    )
    balances = {points_of("ana"): 9_000, purse_of("ana"): 900}
    balances |= {stamps_of("ana", reward.id): 9 for reward in rewards}
    lines = tuple(Line(label=f"{n}", unit_cents=500 + n, quantity=2) for n in range(10))
    chosen: dict[str, str] = {}
    for reward in rewards:
        chosen.setdefault(reward.kind, reward.id)
    uses = tuple(Use(reward, 50 if TYPES[kind].asks else 0) for kind, reward in chosen.items())
    situation = Situation(
        programme=programme,
        shop="centre",
        customer="ana",
        balances=balances,
        rights=balances,
        at=datetime(2026, 3, 31, 15, tzinfo=ZoneInfo("Europe/Paris")),
        pro=True,
        tier="gold",
    )
    return situation, RecordSale(receipt="1", code="", order=Order(lines, uses))
