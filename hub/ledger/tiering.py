# SPDX-License-Identifier: Apache-2.0
"""Work out by the day which tier each customer has, from what was bought or earned (SPEC J1, J11).

The sums are made in a few statements, the customers go through in some hundred at a time: tills
that post meanwhile wait no longer than for a frame.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from hub.ledger.dating import hour_of
from hub.ledger.evaluations import Evaluation
from hub.ledger.models import Customer, JournalEntry, Outcome
from hub.ledger.people import customer_items
from hub.ledger.reading import entry_of
from hub.ledger.tellings import About, Reminder
from hub.merchants import bulk, each, feed
from hub.merchants.models import Merchant
from hub.programmes.publish import published
from loyalty.entry import Refunded
from loyalty.module import Module
from loyalty.programme import LoyaltyProgramme
from loyalty.tier import (
    Criterion,
    Downgrade,
    Tier,
    TierPlan,
    by_segment,
    evaluated,
    reached,
    would_lose,
)

AT_ONCE: Final = 500
"""Customers in one hub transaction."""
_WRITE: Final = """
UPDATE ledger_customer SET tier = v.column2, figure = v.column3
FROM (VALUES {marks}) AS v WHERE ledger_customer.id = v.column1
"""
_SUMS: Final = {
    Criterion.AMOUNT: (("sold",), Sum("cents")),
    Criterion.POINTS: (("sold",), Sum("earned")),
    Criterion.VISITS: (("visited",), Count("pk")),
    Criterion.ORDERS: (("sold",), Count("pk")),
}
_BACK: Final = {Criterion.AMOUNT, Criterion.POINTS}
"""What refunds take off."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What counts for each customer today, and what of it will still count when it is warned of."""

    today: Counter[str]
    then: Counter[str]


def evaluate_due(*, now: datetime | None = None) -> int:
    """Evaluate whoever has tiers and was not evaluated today; gives how many customers changed."""
    now = now or timezone.now()
    return each.through(each.open_merchants(), lambda merchant: evaluate(merchant, now=now))


def evaluate(merchant: Merchant, *, now: datetime) -> int:
    """Evaluate a merchant's customers, once a day and when rules were published."""
    programme = published(merchant.pk)
    if programme is None or not programme.has(Module.TIERS):
        return 0  # who stood where stands there again when tiers are switched on
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    run = _run(merchant, programme, today)
    if run.done:
        return 0
    plan = programme.tiering
    figures = figures_of(merchant, plan, today)
    if run.again:
        plan = replace(plan, downgrade=Downgrade.NEVER)
    classes = _Classes(today, plan, programme.tiers, figures)
    return sum(iter(lambda: _some(run, classes, now=now), None))


def figures_of(merchant: Merchant, plan: TierPlan, today: date) -> Figures:
    """What counts for each customer under a plan, whoever is one person counted together."""
    if plan.criterion is Criterion.SEGMENT:
        return Figures(Counter(), Counter())
    heads = dict(
        Customer.objects.filter(merchant=merchant).exclude(head="").values_list("uuid", "head")
    )
    since, later = plan.since(today), plan.since(today + timedelta(days=plan.warn_days))
    back = list(_taken_back(merchant, _hour(merchant, since))) if plan.criterion in _BACK else []
    first = _counted(merchant, plan, since, heads, back)
    then = first if later == since else _counted(merchant, plan, later, heads, back)
    return Figures(first, then)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _run(merchant: Merchant, programme: LoyaltyProgramme, today: date) -> Evaluation:
    """The evaluation of today, begun or to be gone on with."""
    run = Evaluation.objects.filter(merchant=merchant).first()
    if run is None:
        done = not programme.tiers
        return Evaluation(merchant=merchant, day=today, version=programme.version, done=done)
    if run.day < today or (run.done and run.version != programme.version):
        again = run.day >= today
        run.day, run.version, run.upto = max(run.day, today), programme.version, 0
        run.again, run.done = again, False
    return run


@dataclass(frozen=True, slots=True)
class _Classes:
    """By what everybody is evaluated today."""

    day: date
    plan: TierPlan
    tiers: tuple[Tier, ...]
    figures: Figures

    def tier_of(self, one: Customer, figure: int) -> str:
        """Id of the tier they have from now on."""
        earned = reached(self.tiers, figure)
        if self.plan.criterion is Criterion.SEGMENT:
            earned = by_segment(self.tiers, {one.segment} - {""})
        return evaluated(self.plan, self.tiers, had=one.tier, earned=earned)

    def losing_on(self, one: Customer, tier: str) -> date | None:
        """The day on which they would lose it; one that was said before stays what it is."""
        plan = self.plan
        if not tier or not plan.warn_days or plan.criterion is Criterion.SEGMENT:
            return None
        then = self.figures.then[one.head or one.uuid]
        if would_lose(plan, self.tiers, tier=tier, figure_then=then) is None:
            return None
        said = one.losing_on if one.tier == tier else None
        return said if said and said > self.day else self.day + timedelta(days=plan.warn_days)

    def reminder(self, one: Customer, day: date, tier: str, now: datetime) -> Reminder:
        """What they are told of it."""
        name = next((known.name for known in self.tiers if known.id == tier), "")
        return Reminder(customer=one, about=About.TIER, day=day, name=name, made_at=now)


def _some(run: Evaluation, classes: _Classes, *, now: datetime) -> int | None:
    """Evaluate the next customers, and tell their tills what changed; None: all are done."""
    if run.done:
        return None
    with feed.writing(run.merchant_id) as out:
        people = Customer.objects.filter(merchant=out.merchant, forgotten_at=None)
        people = people.filter(pk__gt=run.upto).order_by("pk")
        some = list(people.only("uuid", "head", "segment", "tier", "figure", "losing_on")[:AT_ONCE])
        rows, losses, changed, reminders = [], [], [], []
        for one in some:
            figure = classes.figures.today[one.head or one.uuid]
            tier = classes.tier_of(one, figure)
            losing = classes.losing_on(one, tier)
            if losing and not one.losing_on and one.head in ("", one.uuid):
                reminders.append(classes.reminder(one, losing, tier, now))
            if losing != one.losing_on:
                losses.append((losing and losing.isoformat(), one.pk))
            if (tier, figure) != (one.tier, one.figure):
                rows.append((one.pk, tier, figure))
                changed.append(one.pk)
        _write(rows)
        bulk.update(Customer, ("losing_on",), losses)
        Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
        for item in customer_items(Customer.objects.filter(pk__in=changed)):
            out.say(item)
        run.upto, run.done = some[-1].pk if some else run.upto, len(some) < AT_ONCE
        run.save()
    return len(changed)


def _write(rows: list[tuple[int, str, int]]) -> None:
    """Write tiers and figures in one statement: the first night it is every customer's."""
    if rows:
        marks = ", ".join(["(%s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(_WRITE.format(marks=marks), [value for row in rows for value in row])


@dataclass(frozen=True, slots=True)
class _Back:
    """What a refund takes off."""

    customer: str
    cents: int
    points: int
    hour: int
    """Of the refund or its sale, whichever was first: both have to count."""


def _counted(
    merchant: Merchant,
    plan: TierPlan,
    since: date | None,
    heads: dict[str, str],
    back: Iterable[_Back],
) -> Counter[str]:
    kinds, sum_ = _SUMS[plan.criterion]
    hour = _hour(merchant, since)
    found: Counter[str] = Counter()
    for customer, amount in _entries(merchant, kinds, hour).values_list("customer").annotate(sum_):
        found[heads.get(customer, customer)] += amount
    for one in back:
        if hour is None or one.hour >= hour:
            amount = one.cents if plan.criterion is Criterion.AMOUNT else one.points
            found[heads.get(one.customer, one.customer)] += amount
    return found


def _taken_back(merchant: Merchant, hour: int | None) -> Iterable[_Back]:
    """What refunds take off, of sales that count: a part of an older sale takes nothing.

    The sales are found by their ids alone: narrowed by kind and hour, too, the database would read
    every sale for each few hundred refunds.
    """
    refunds = _entries(merchant, ("refunded",), hour)
    rows = list(refunds.values_list("customer", "cents", "earned", "hour", "raw"))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        sales = [_sale_of(raw) for *_, raw in some]
        named = JournalEntry.objects.filter(event_id__in=sales).order_by()
        told = named.values_list("event_id", "merchant", "kind", "outcome", "hour", "customer")
        known = {
            event_id: sold_hour
            for event_id, of, kind, outcome, sold_hour, customer in told
            if (of, kind, outcome) == (merchant.pk, "sold", Outcome.POSTED) and customer
        }
        for sale, (customer, cents, points, at_hour, _raw) in zip(sales, some, strict=True):
            if sale in known and (hour is None or known[sale] >= hour):
                yield _Back(customer, cents, points, min(at_hour, known[sale]))


def _sale_of(raw: bytes | memoryview) -> str:
    entry = entry_of(raw)
    return entry.facts.sale if entry and isinstance(entry.facts, Refunded) else ""


def _entries(
    merchant: Merchant, kinds: tuple[str, ...], hour: int | None
) -> QuerySet[JournalEntry]:
    counts = Q() if hour is None else Q(hour__gte=hour)
    return (
        JournalEntry.objects.filter(
            counts, merchant=merchant, kind__in=kinds, outcome=Outcome.POSTED
        )
        .exclude(customer="")
        .order_by()
    )


def _hour(merchant: Merchant, since: date | None) -> int | None:
    if since is None:
        return None
    return hour_of(datetime.combine(since, time(), ZoneInfo(merchant.zone)))
