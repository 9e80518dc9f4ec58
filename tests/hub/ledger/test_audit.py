# SPDX-License-Identifier: Apache-2.0
"""The daily equation shows 0, and shows it when it does not (I7)."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from hub.ledger import audit, counting
from hub.ledger.counts import Count
from hub.ledger.dating import hour_of
from hub.ledger.models import Account, Customer, Held, JournalEntry, Movement
from loyalty.account import MERCHANT
from tests.hub.till import NOON

LUCET = "maison-lucet"


@pytest.fixture
def busy(till, other):
    """A day with everything in it."""
    till.joins("ana")
    till.sells(1250, "ana", purse=50)
    till.sells(1270, "ana", uses=3, purse_used=20)
    till.scans("ana")
    till.sells_gift("f1", 3000)
    other.sells(2000)
    till.send()
    other.send()


def test_every_unit_adds_up(busy):
    lines = {line.unit: line for line in audit.equation(LUCET)}
    assert set(lines) == {"points", "purse", "carry", "visits", "gift"}
    assert all(line.difference == 0 for line in lines.values())
    points = lines["points"]
    assert points.balances == points.counterpart == points.flow.net == 12 + 12 + 1 - 3
    assert (points.flow.issued, points.flow.spent) == (25, 3)
    assert (lines["gift"].flow.issued, lines["gift"].held) == (3000, 3000)
    assert all(line.sound for line in lines.values())
    assert lines["gift"].by_entry == {"gift_sold": 3000}
    assert audit.faults(LUCET) == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Account.objects.filter(kind="points", owner="ana").update(balance=1000),
        lambda: Account.objects.filter(kind="points", owner=MERCHANT).update(balance=-1),
        lambda: Movement.objects.filter(account__owner="ana")[:1].get().delete(),
        lambda: Account.objects.filter(kind="points", owner="ana").update(held_total=1000),
        lambda: Held.objects.all().delete(),
        lambda: JournalEntry.objects.filter(kind="visited").update(n=99, segment=None),
        lambda: Account.objects.filter(kind="gift", owner=MERCHANT).update(balance=0),
    ],
    ids=["balance", "merchant's side", "movement", "held", "holds", "journal", "gift cards"],
)
def test_harm_is_seen(busy, harm):
    """Mutants of the stored ledger: one figure changed behind the writer's back."""
    harm()
    assert audit.faults(LUCET) != []


def test_more_held_than_there_is_is_not_sound(busy):
    Account.objects.filter(kind="points", owner="ana").update(held_total=1000)
    points = next(line for line in audit.equation(LUCET) if line.unit == "points")
    assert (points.difference, points.sound) == (0, False)


# ── kinds of accounts that stand against others ─────────────────────────────────────────────────


def test_what_a_customer_owes_and_what_the_merchant_bears_are_in_the_equation(busy):
    """12 points were taken back of which 3 were spent, and 4 were spent that nobody had."""
    ana = {"kind": "points", "owner": "ana", "key": ""}
    moved(taken_back := entry("refunded"), -9, **ana)
    moved(taken_back, 3, kind="owed", owner="ana", key="points")
    moved(entry("sold"), -4, kind="points", owner="loss", key="")
    points = next(line for line in audit.equation(LUCET) if line.unit == "points")
    assert (points.flow.reversed, points.owed, points.lost) == (12, 3, 4)
    assert (points.balances, points.difference) == (22 - 9, 0)
    assert "owed" not in {line.unit for line in audit.equation(LUCET)}


def test_what_waits_to_be_paid_after_a_restore_is_in_it_too(busy):
    moved(entry("sold"), 5, kind="short", owner="ana", key="points")
    points = next(line for line in audit.equation(LUCET) if line.unit == "points")
    assert (points.suspended, points.flow.spent, points.difference) == (5, 3 + 5, 0)
    moved(settled := entry("settled"), -5, kind="short", owner="ana", key="points")
    moved(settled, -5, kind="points", owner="loss", key="")
    points = next(line for line in audit.equation(LUCET) if line.unit == "points")
    assert (points.suspended, points.lost, points.difference) == (0, 5, 0)
    assert points.flow.reversed == 0, "to settle moves from one to the other"


def test_the_rests_of_sales_are_no_days_affair(busy, merchant):
    moved(JournalEntry.objects.filter(kind="sold").first(), 1250, kind="rest", owner="x", key="")
    assert audit.day_faults(merchant) == []
    assert {line.unit: line.difference for line in audit.equation(LUCET)}["rest"] == 0


def entry(kind: str) -> JournalEntry:
    at = JournalEntry.objects.latest("pk").at
    return JournalEntry.objects.create(
        merchant_id=LUCET,
        kind=kind,
        at=at,
        hour=hour_of(at),
        posted_at=at,
        raw=b"",
        outcome="posted",
    )


def moved(row: JournalEntry, amount: int, **account: str) -> None:
    for owner, change in ((account["owner"], amount), (MERCHANT, -amount)):
        kept, _ = Account.objects.get_or_create(merchant_id=LUCET, **(account | {"owner": owner}))
        kept.balance += change
        kept.save()
        if owner != MERCHANT:
            Movement.objects.create(entry=row, account=kept, amount=change)


# ── day by day ──────────────────────────────────────────────────────────────────────────────────


def test_each_day_ends_with_what_the_next_begins_with(till, merchant):
    till.joins("ana")
    for day, cents in ((0, 1000), (1, 500), (3, 700)):
        till.sells(cents, "ana", at=NOON + timedelta(days=day))
    till.send()
    first = NOON.date()
    found = audit.days(merchant, first, first + timedelta(days=3))
    points = [(one.flow.issued, one.closing) for one in found if one.unit == "points"]
    assert points == [(7, 22), (0, 15), (5, 15), (10, 10)]
    later = audit.days(merchant, first + timedelta(days=1), first + timedelta(days=1))
    assert [one.closing for one in later if one.unit == "points"] == [15]


def test_a_day_is_the_merchants_own(till, merchant):
    """It is the 22nd in La Réunion when it is 21:00 on the 21st in London."""
    till.sells(1000, "ana", at=NOON + timedelta(hours=13))
    till.send()
    (one,) = [
        one for one in audit.days(merchant, date(2026, 11, 22), date(2026, 11, 22))
        if one.unit == "points"
    ]  # fmt: skip
    assert one.flow.issued == 10


def test_a_day_that_the_terminals_bytes_do_not_bear_out_is_seen(busy, merchant):
    """A mutant that keeps every sum: a sale's movement and both balances are changed alike."""
    assert audit.day_faults(merchant) == []
    Movement.objects.filter(entry__kind="sold", account__kind="points", amount__gt=0).update(
        amount=F("amount") + 5
    )
    for owner, sign in (("ana", 1), (MERCHANT, -1)):
        mine = Account.objects.filter(kind="points", owner=owner)
        mine.update(balance=F("balance") + sign * 10)
    Customer.objects.update(own_points=F("own_points") + 10)
    assert audit.faults(LUCET) == []
    assert audit.day_faults(merchant) == [
        "2026-11-21 : points : écart de 10 avec les écritures d’origine"
    ]


# ── commands ────────────────────────────────────────────────────────────────────────────────────


def test_the_command_exits_with_what_it_found(busy, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("audit")
    assert ended.value.code == 0
    assert "points" in capsys.readouterr().out
    Account.objects.filter(kind="points", owner="ana").update(balance=1000)
    with pytest.raises(SystemExit) as ended:
        call_command("audit", LUCET)
    assert ended.value.code == 1
    assert "écart" in capsys.readouterr().out


def test_a_merchant_that_is_not_there_is_named(busy):
    with pytest.raises(CommandError, match="Aucun commerçant de ce nom : personne"):
        call_command("audit", "personne")


def test_what_was_counted_of_the_bytes_is_what_they_say(busy, merchant):
    first = NOON.date()
    afresh = audit.days(merchant, first, first, afresh=True)
    assert audit.days(merchant, first, first) == afresh
    counting.count_due()
    assert audit.days(merchant, first, first) == afresh
    Count.objects.filter(what="written", key="points", day=first).update(cents=F("cents") + 3)
    (points,) = (one for one in audit.days(merchant, first, first) if one.unit == "points")
    assert points.difference == 3
