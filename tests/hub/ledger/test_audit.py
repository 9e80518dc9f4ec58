# SPDX-License-Identifier: Apache-2.0
"""The daily equation shows 0, and shows it when it does not (I7)."""

import pytest
from django.core.management import call_command

from hub.ledger import audit
from hub.ledger.models import Account, Held, JournalEntry, Movement
from loyalty.account import MERCHANT

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
    assert lines["points"].balances == lines["points"].owed == 12 + 12 + 1 - 3 - 0
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
    ],
    ids=["balance", "merchant's side", "movement", "held", "holds", "journal"],
)
def test_harm_is_seen(busy, harm):
    """Mutants of the stored ledger: one figure changed behind the writer's back."""
    harm()
    assert audit.faults(LUCET) != []


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
