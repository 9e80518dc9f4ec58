# SPDX-License-Identifier: Apache-2.0
"""Fault 11 from the card to the ledger: what it altered waits on the shelf, all else is posted."""

from pathlib import Path

import pytest

from firmware.store import journal
from hub.ledger.models import Account, JournalEntry, Outcome, Why
from hub.ledger.post import post
from loyalty.account import Kind
from loyalty.wire import Ack, Batch
from tests.firmware.store.shelf import Shelf, sold
from tests.firmware.store.test_mend import digit_of_points, flip
from tests.hub.till import Till

pytestmark = pytest.mark.django_db


def test_fault_11_a_sale_that_the_card_altered_is_on_the_shelf_and_moves_nothing(
    till: Till, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path)
    for points in (1, 20, 300):
        shelf.write(sold(points=points))
    flip(shelf, "raw", 3, digit_of_points(shelf, 3))
    while batch := journal.batch_to_send(shelf.db, most=2):
        said = Batch(terminal=till.terminal.pk, gen=1, segment=batch.segment, lo=batch.lo)
        ack = post(till.terminal.pk, said, batch.raws)
        assert isinstance(ack, Ack)
        assert journal.acknowledge(shelf.db, ack.segment, upto=ack.upto, head=ack.head)
    [aside] = JournalEntry.objects.filter(outcome=Outcome.SHELVED)
    assert (aside.n, aside.why) == (3, Why.UNREADABLE)
    assert JournalEntry.objects.filter(outcome=Outcome.POSTED).count() == 3
    assert Account.objects.get(owner="ana", kind=Kind.POINTS).balance == 301
    shelf.close()
