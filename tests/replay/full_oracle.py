# SPDX-License-Identifier: Apache-2.0
"""What must come out under the full rules: a notebook that shares no code with Comptoir."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.replay import full_rules as r
from tests.replay.shopping import Basket


@dataclass
class Person:
    """A household as a plain shopkeeper's notebook would have it."""

    points: int = 0
    """Less what is owed: below 0 after a refund of what was spent."""
    lots: list[list] = field(default_factory=list)
    """Day on which it is gone, and points; each spend takes from the oldest."""
    waiting: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    carry: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    purse: int = 0
    stamps: int = 0
    mugs: int | None = None
    """How many they may still have; None: never asked."""
    visits: int = 0
    bought: list[tuple[date, int]] = field(default_factory=list)
    tier: int = 0
    cards: list[str] = field(default_factory=list)
    """Gift cards that they were given."""


@dataclass
class Sale:
    """What one basket came to."""

    due: int
    base: int
    points: int
    steps_points: int
    per: int
    rate: int
    carry: int
    purse: int
    spent_points: int
    whole_points: int
    """Of these, those that come back with the last cent only."""
    spent_purse: int
    card: str
    by_card: int
    took: str
    gained_stamps: int
    lines: list[int]


@dataclass
class Books:
    """The whole year, basket by basket."""

    people: dict[int, Person] = field(default_factory=lambda: defaultdict(Person))
    cards: dict[str, int] = field(default_factory=dict)
    bought: str = ""
    """The gift card that was bought for whoever comes next."""
    mugs: int = field(default_factory=lambda: r.MUG_STOCK)
    middle_s: int = 0
    version: int = 0
    today: date = date.min
    at_s: int = 0
    used: Counter[str] = field(default_factory=Counter)
    """How often each thing happened: a replay that uses nothing shows nothing."""
    seen: dict[tuple[int, int], int] = field(default_factory=dict)

    # ── days ────────────────────────────────────────────────────────────────────────────────────

    def day(self, today: date) -> None:
        """What falls due when a day begins."""
        self.today = today
        for person in self.people.values():
            for day in sorted(day for day in person.waiting if day <= today):
                points = person.waiting.pop(day)
                self.award(person, points, _midnight_s(day), day)
                self.used["matured"] += points > 0
            gone = sum(left for day, left in person.lots if day <= today)
            person.lots = [lot for lot in person.lots if lot[0] > today]
            person.points -= gone
            self.used["expired"] += gone > 0
            a_year = _months(today, -12)
            figure = sum(cents for day, cents in person.bought if day >= a_year)
            person.tier = sum(figure >= threshold for _, threshold, _ in r.TIERS)

    def award(self, person: Person, points: int, at_s: float, on: date) -> None:
        """Points that are there from that moment on; what is owed is paid by them first."""
        debt = max(0, -person.points)
        person.points += points
        left = max(0, points - debt)
        if left:
            months = r.EXPIRY_MONTHS[at_s >= self.middle_s]
            person.lots.append([_months(on, months), left])
            person.lots.sort(key=lambda lot: lot[0])

    def spend(self, person: Person, points: int) -> None:
        """The oldest first."""
        person.points -= points
        for lot in person.lots:
            part = min(lot[1], points)
            lot[1] -= part
            points -= part
        person.lots = [lot for lot in person.lots if lot[1]]

    # ── a basket ────────────────────────────────────────────────────────────────────────────────

    def basket(self, number: int, basket: Basket) -> Sale | None:
        """A household comes, buys and perhaps brings back; None: it bought nothing."""
        person, wish = self.people[basket.household], r.wish(number)
        before = self.seen.get((basket.store, basket.household))
        if before is None or basket.at_s - before >= r.VISIT_DELAY_S:
            self.seen[basket.store, basket.household] = basket.at_s
            person.visits += 1
        if self.bought:
            person.cards.append(self.bought)
        self.bought = r.card_name(number) if wish.sells_card else ""
        if self.bought:
            self.cards[self.bought] = r.CARD_CENTS
        if not basket.items:
            return None
        sale = self._sale(person, basket, wish)
        if wish.back:
            total = basket.cents
            self._back(person, sale, total, total if wish.back == 1 else max(1, total // 2))
        return sale

    def _sale(self, person: Person, basket: Basket, wish: r.Wish) -> Sale:
        items = _merged(basket.items)
        left = [cents for _, _, cents in items]
        took, points, whole = self._reward(person, wish.reward, items, left)
        purse = 0
        if wish.purse and (purse := min(person.purse, sum(left))):
            _lower(left, purse)
            self.used["purse"] += 1
        due = sum(left)
        base = sum(
            c for c, (shelf, _, _) in zip(left, items, strict=True) if shelf != r.NOT_EARNING
        )
        steps_points, per = r.EARN[self.version]
        rate = 10_000 if not person.tier else r.TIERS[person.tier - 1][2]
        rate = rate * 2 if self.today.weekday() == r.DOUBLE_WEEKDAY else rate
        earned = base // per * steps_points * rate // 10_000
        card = next((name for name in person.cards if self.cards[name]), "")
        by_card = min(self.cards[card], due) if wish.pays_by_card and card else 0
        fruit = sum(n for shelf, n, _ in items if shelf == r.STAMPS_SHELF)
        sale = Sale(
            due=due, base=base, points=earned, steps_points=steps_points, per=per, rate=rate,
            carry=base % per, purse=_half_up(base * r.PURSE_BP, 10_000), spent_points=points,
            whole_points=whole, spent_purse=purse, card=card if by_card else "",
            by_card=by_card, took=took, gained_stamps=fruit - (took == "stamps"), lines=left,
        )  # fmt: skip
        self.spend(person, points)
        person.purse += sale.purse - purse
        person.stamps += sale.gained_stamps
        person.bought.append((self.today, due))
        if by_card:
            self.cards[card] -= by_card
            self.used["card"] += 1
        if earned:
            person.waiting[self.today + timedelta(days=r.PENDING_DAYS)] += earned
        self._carry(person, sale, sale.carry)
        self.used[took] += bool(took)
        self.used[f"tier {person.tier}"] += 1
        return sale

    def _reward(
        self, person: Person, wanted: str, items: list[tuple], left: list[int]
    ) -> tuple[str, int, int]:
        """What is used of what was wished for: its name, its points, and those that are whole."""
        have, total = max(0, person.points), sum(left)
        match wanted:
            case "discount" if have >= r.DISCOUNT_POINTS:
                _lower(left, _half_up(total * r.DISCOUNT_BP, 10_000))
                return wanted, r.DISCOUNT_POINTS, 0
            case "cafe" if have >= r.CAFE_POINTS:
                return wanted, r.CAFE_POINTS, r.CAFE_POINTS
            case "mug" if have >= r.MUG_POINTS and self.mugs and person.mugs != 0:
                person.mugs = (r.MUG_EACH if person.mugs is None else person.mugs) - 1
                self.mugs -= 1
                return wanted, r.MUG_POINTS, r.MUG_POINTS
            case "points" if have and total >= r.LEAST_CENTS:
                number = min(have, total // r.POINT_CENTS, r.MOST_POINTS)
                _lower(left, number * r.POINT_CENTS)
                return wanted, number, 0
            case "stamps" if person.stamps >= r.STAMPS_EVERY:
                ones = [
                    (_half_up(cents, n), place)
                    for place, ((shelf, n, _), cents) in enumerate(zip(items, left, strict=True))
                    if shelf == r.STAMPS_SHELF
                ]
                if ones:
                    cheapest, place = min(ones)
                    left[place] -= cheapest
                    person.stamps -= r.STAMPS_EVERY
                    return wanted, 0, 0
        return "", 0, 0

    # ── what comes back ─────────────────────────────────────────────────────────────────────────

    def _back(self, person: Person, sale: Sale, total: int, cents: int) -> None:
        whole = cents == total
        due = sale.due * cents // total
        kept = sale.base - sale.base * cents // total
        kept_points = kept // sale.per * sale.steps_points * sale.rate // 10_000
        by_card = min(sale.by_card, due)
        if by_card:
            self.cards[sale.card] += by_card
        day = self.today + timedelta(days=r.PENDING_DAYS)
        if sale.points:
            person.waiting[day] -= sale.points - kept_points
        fixed = sale.whole_points if whole else 0
        back = (sale.spent_points - sale.whole_points) * cents // total + fixed
        if back:
            self.award(person, back, self.at_s, self.today)
        person.purse += sale.spent_purse * cents // total - sale.purse * cents // total
        person.stamps -= sale.gained_stamps * cents // total
        if whole and sale.took == "mug":
            self.mugs += 1
            person.mugs = (person.mugs or 0) + 1
        if whole and sale.took == "stamps":
            person.stamps += r.STAMPS_EVERY
        person.bought.append((self.today, -due))
        self._carry(person, sale, kept % sale.per - sale.carry)
        self.used["back" if whole else "half back"] += 1

    def _carry(self, person: Person, sale: Sale, cents: int) -> None:
        """Full steps become points at the plain rate, there at once; missing ones are taken."""
        key = f"{sale.steps_points}/{sale.per}"
        steps, person.carry[key] = divmod(person.carry[key] + cents, sale.per)
        points = steps * sale.steps_points
        if points > 0:
            self.award(person, points, self.at_s, self.today)
        elif points:
            person.points += points
            for lot in reversed(person.lots):
                part = min(lot[1], -points)
                lot[1] -= part
                points += part
            person.lots = [lot for lot in person.lots if lot[1]]


def told(baskets: Iterable[Basket], *, middle_s: int) -> Books:
    """Live through the baskets in the order of time."""
    books = Books(middle_s=middle_s)
    for number, basket in enumerate(baskets):
        today = datetime.fromtimestamp(basket.at_s, UTC).date()
        if today != books.today:
            books.day(today)
        books.version, books.at_s = int(basket.at_s >= middle_s), basket.at_s
        books.basket(number, basket)
    return books


def _merged(items: Iterable) -> list[tuple[str, int, int]]:
    """Shelf, pieces and cents of each line; the same thing at the same price is one line."""
    lines: dict[tuple, list] = {}
    for item in items:
        key = (item.label, item.shelf, item.product, item.unit_cents)
        lines.setdefault(key, [item.shelf, 0, 0])
        lines[key][1] += item.quantity
        lines[key][2] += item.unit_cents * item.quantity
    return [tuple(line) for line in lines.values()]


def _lower(left: list[int], off: int) -> None:
    """Each line bears its part; the odd cents go to the largest remainders, the first one first."""
    total = sum(left)
    parts = [off * cents // total for cents in left]
    order = sorted(range(len(left)), key=lambda i: (-(off * left[i] % total), i))
    for i in order[: off - sum(parts)]:
        parts[i] += 1
    left[:] = [cents - part for cents, part in zip(left, parts, strict=True)]


def _midnight_s(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)
