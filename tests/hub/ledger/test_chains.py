# SPDX-License-Identifier: Apache-2.0
"""A journal at the hub is, to the byte, what its terminal wrote, and shows it when it is not."""

from functools import reduce

import pytest
from django.core.management import call_command

from hub.ledger import audit, chains
from hub.ledger.models import JournalEntry, Segment, Why
from hub.ledger.post import post
from loyalty.wire import GENESIS, Ack, chain, encode_entry
from tests.hub.ledger.test_post import _entry
from tests.hub.till import sale

LUCET = "maison-lucet"


@pytest.fixture
def written(till):
    """Two segments, an entry on the shelf, another branch, and a conversion of the hub's own."""
    till.joins("ana")
    till.sells(150, "ana")
    till.sells(150, "ana")
    till.keep(b"torn")
    till.send()
    fork = encode_entry(_entry(till, 3, "fork", sale(1)))
    kept, till.raws = till.raws, [*till.raws[:2], fork]
    till.send(3)
    till.raws = kept
    till.reboot()
    till.sells(100, "ana")
    till.send()
    assert JournalEntry.objects.filter(kind="carry_converted").exists()
    assert JournalEntry.objects.filter(why=Why.FORK).exists()
    return till


def test_what_was_written_verifies(written):
    assert chains.breaks(LUCET) == []


def sold() -> JournalEntry:
    return JournalEntry.objects.filter(kind="sold", n=3).get()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            lambda: JournalEntry.objects.filter(pk=sold().pk).update(
                raw=bytes(sold().raw).replace(b"150", b"950")
            ),
            "l’écriture 3 n’est plus celle que la caisse a faite",
        ),
        (
            lambda: JournalEntry.objects.filter(pk=sold().pk).update(hash="0" * 64),
            "l’écriture 3 n’est plus celle que la caisse a faite",
        ),
        (
            lambda: JournalEntry.objects.filter(pk=sold().pk).update(segment=None),
            "l’écriture 3 manque",
        ),
        (
            lambda: JournalEntry.objects.filter(why=Why.UNREADABLE).update(segment=None),
            "5 écritures accusées, 4 gardées",
        ),
        (lambda: Segment.objects.all().update(head="0" * 64), "écritures accusées"),
        (
            lambda: JournalEntry.objects.filter(kind="carry_converted").update(raw=b"{}"),
            "n’est plus celle qui a été faite",
        ),
    ],
    ids=["bytes", "hash", "one taken out", "the last taken out", "head", "the hub's own"],
)
def test_harm_is_seen(written, harm, said):
    harm()
    assert any(said in sentence for sentence in chains.breaks(LUCET))


def test_what_a_terminal_has_lost_is_no_break_but_what_lacks_beside_it_is(till):
    till.sells(100, "ana")
    till.sells(200, "ana")
    till.send(1, 1)
    before = reduce(chain, till.raws[:2], GENESIS).hex()
    batch, lines = till.batch(3, lost=True, before=before)
    assert isinstance(post(till.terminal.pk, batch, lines), Ack)
    assert chains.breaks(LUCET) == []
    assert audit.faults(LUCET) == []
    Segment.objects.update(lost=0)
    assert chains.breaks(LUCET) != []
    assert audit.faults(LUCET) != []


def test_the_command_exits_with_what_it_found(written, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 0
    assert "écritures relues" in capsys.readouterr().out
    JournalEntry.objects.filter(kind="sold").update(raw=b"{}")
    with pytest.raises(SystemExit) as ended:
        call_command("verify", LUCET)
    assert ended.value.code == 1
