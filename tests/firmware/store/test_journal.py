# SPDX-License-Identifier: Apache-2.0
"""The journal: dense, chained, in segments; a token in RAM betrays an older file."""

import shutil
from pathlib import Path

import pytest

from firmware.store import journal, replica, sales
from firmware.store.database import Role
from loyalty.account import Holding, points_of
from loyalty.basket import GiftUse
from loyalty.entry import GiftSold, Joined, Opened, Visited
from loyalty.feed import CustomerIs
from loyalty.wire import GENESIS, chain
from tests.firmware.store.shelf import Shelf, chained, sold


def gift_sold(receipt: str = "0002") -> GiftSold:
    return GiftSold(
        receipt=receipt, fingerprint="f1", last4="7K2M", cents=4000, virtual=True, sealed="x"
    )


def token(shelf: Shelf) -> Path:
    return shelf.db.runtime / "journal.token"


def header(shelf: Shelf, segment: journal.Segment) -> Opened:
    batch = journal.batch_to_send(shelf.db, start=(segment.id, 1))
    assert batch
    [opened] = [e.facts for s, e in journal.entries_after(shelf.db, (segment.seq, 0)) if e.n == 1]
    assert isinstance(opened, Opened)
    return opened


def test_entries_are_numbered_without_gaps_and_chained(shelf: Shelf) -> None:
    for _ in range(5):
        shelf.write(sold())
    assert chained(shelf.db) == 6


def test_the_first_segment_follows_nothing(shelf: Shelf) -> None:
    opened = header(shelf, shelf.segment())
    assert (opened.prev_segment, opened.prev_n, opened.prev_head) == ("", 0, "")
    assert (opened.gen, opened.hw_id, opened.software, opened.heard) == (1, "hw", "test", False)


def test_fault_32_a_restart_in_the_same_boot_goes_on(shelf: Shelf) -> None:
    before = shelf.segment()
    shelf.write(sold())
    assert shelf.reopen().id == before.id
    assert shelf.write(sold()).n == 3


def test_sync_finds_the_segment_that_the_kiosk_opened(shelf: Shelf) -> None:
    sync = Shelf(shelf.folder, shelf.clock, shelf.new_id, role=Role.SYNC)
    assert sync.segment() == shelf.segment()
    sync.close()


def test_a_reboot_opens_a_segment_that_names_the_one_before_and_what_is_held(
    shelf: Shelf,
) -> None:
    shelf.write(sold(points=12))
    before = shelf.segment()
    shelf.hear(to=7)
    shelf.clock.reboot()
    after = shelf.reopen()
    assert (after.seq, after.n) == (2, 1)
    opened = header(shelf, after)
    assert (opened.prev_segment, opened.prev_n) == (before.id, 2)
    assert opened.prev_head == before.head.hex()
    assert opened.holds == (Holding(points_of("ana"), 12),)
    assert chained(shelf.db) == 3


def test_fault_32_without_the_token_in_memory_a_restart_opens_a_segment(shelf: Shelf) -> None:
    token(shelf).unlink()
    assert shelf.reopen().seq == 2


@pytest.mark.parametrize("spoiled", ["", "no token", "one two three four", "x 1 zz"])
def test_a_spoiled_token_opens_a_segment(shelf: Shelf, spoiled: str) -> None:
    token(shelf).write_text(spoiled)
    assert shelf.reopen().seq == 2


def test_a_new_enrolment_opens_a_segment(shelf: Shelf) -> None:
    after = journal.open_segment(
        shelf.db, clock=shelf.clock, new_id=shelf.new_id, gen=2, hw_id="hw", software="test"
    )
    assert (after.seq, header(shelf, after).gen) == (2, 2)


def test_an_older_file_put_back_is_betrayed_by_the_token(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write(sold())
    shelf.close()
    shutil.copytree(shelf.folder, tmp_path / "image", ignore=shutil.ignore_patterns("ram"))
    shelf.open()
    shelf.write(sold())
    shelf.write(sold())
    shelf.close()
    shutil.copytree(tmp_path / "image", shelf.folder, dirs_exist_ok=True)
    after = shelf.open()
    assert after.seq == 2, "numbers that the hub may have seen are never used again"
    assert header(shelf, after).prev_n == 2


def test_a_file_with_other_entries_than_the_token_knows_is_betrayed(shelf: Shelf) -> None:
    shelf.write(sold())
    segment, n, _ = token(shelf).read_text().split()
    token(shelf).write_text(f"{segment} {n} {bytes(32).hex()}")
    assert shelf.reopen().seq == 2


def test_a_token_that_lags_behind_is_no_reason(shelf: Shelf) -> None:
    early = token(shelf).read_text()
    shelf.write(sold())
    token(shelf).write_text(early)
    assert shelf.reopen().seq == 1


def test_a_token_that_can_not_be_written_costs_no_sale(shelf: Shelf) -> None:
    shutil.rmtree(shelf.db.runtime)
    shelf.write(sold())
    assert journal.waiting(shelf.db) == 2


def test_nothing_is_written_outside_a_segment(shelf: Shelf) -> None:
    shelf.db.run("DELETE FROM entry")
    shelf.db.run("DELETE FROM segment")
    with pytest.raises(ValueError, match="open_segment"):
        shelf.write(sold())


# ── to the hub ──────────────────────────────────────────────────────────────────────────────────


def test_the_hub_is_believed_only_where_its_hash_is_ours(shelf: Shelf) -> None:
    segment = shelf.segment()
    first = shelf.write(sold())
    shelf.write(sold())
    assert journal.waiting(shelf.db) == 3
    assert not journal.acknowledge(shelf.db, segment.id, upto=2, head="00" * 32)
    assert not journal.acknowledge(shelf.db, segment.id, upto=9, head=segment.head.hex())
    assert not journal.acknowledge(shelf.db, "other", upto=1, head=segment.head.hex())
    assert journal.waiting(shelf.db) == 3
    [(head,)] = shelf.db.rows("SELECT hash FROM entry WHERE id = ?", first.id)
    assert journal.acknowledge(shelf.db, segment.id, upto=2, head=head.hex())
    assert journal.waiting(shelf.db) == 1
    assert not journal.is_waiting(shelf.db, first.id)


def test_an_old_acknowledgement_takes_nothing_back(shelf: Shelf) -> None:
    segment = shelf.segment()
    shelf.write(sold())
    for upto in (2, 1, 2):
        [(head,)] = shelf.db.rows("SELECT hash FROM entry WHERE n = ?", upto)
        assert journal.acknowledge(shelf.db, segment.id, upto=upto, head=head.hex())
    assert journal.waiting(shelf.db) == 0


def test_the_oldest_segment_is_sent_first_and_in_order(shelf: Shelf) -> None:
    first = shelf.segment()
    shelf.write(sold())
    shelf.clock.reboot()
    second = shelf.reopen()
    batch = journal.batch_to_send(shelf.db)
    assert batch
    assert (batch.segment, batch.lo, len(batch.raws)) == (first.id, 1, 2)
    hashed = GENESIS
    for raw in batch.raws:
        hashed = chain(hashed, raw)
    journal.acknowledge(shelf.db, first.id, upto=2, head=hashed.hex())
    batch = journal.batch_to_send(shelf.db)
    assert batch
    assert (batch.segment, batch.lo, len(batch.raws)) == (second.id, 1, 1)
    journal.acknowledge(shelf.db, second.id, upto=1, head=second.head.hex())
    assert journal.batch_to_send(shelf.db) is None


def test_a_hub_that_lost_its_tail_is_given_acknowledged_entries_again(shelf: Shelf) -> None:
    segment = shelf.segment()
    for _ in range(4):
        shelf.write(sold())
    journal.acknowledge(shelf.db, segment.id, upto=5, head=shelf.segment().head.hex())
    batch = journal.batch_to_send(shelf.db, start=(segment.id, 3), most=2)
    assert batch
    assert (batch.lo, len(batch.raws)) == (3, 2)


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def listed(shelf: Shelf) -> Shelf:
    known = CustomerIs(id="ana", first_name="Élodie", initial="M", codes=("2000417004410",))
    shelf.hear(known)
    shelf.write(sold("ana", 12, receipt="0001"))
    shelf.write(gift_sold("0002"))
    paid = sold(None, 25, receipt="0003")
    object.__setattr__(paid, "gifts", (GiftUse("f1", 2500),))
    object.__setattr__(paid, "points", 0)
    shelf.write(paid)
    return shelf


def receipts(shelf: Shelf, query: str = "", **how: object) -> list[str]:
    return [sale.receipt for sale in sales.listed(shelf.db, query, **how)]  # type: ignore[arg-type]


def test_sales_and_gift_cards_are_listed_newest_first(listed: Shelf) -> None:
    assert receipts(listed) == ["0003", "0002", "0001"]
    first = sales.listed(listed.db)[-1]
    assert (first.name, first.cents, first.points) == ("Élodie M", 1200, 12)
    assert (first.gift, first.gift_used, first.waiting) == (False, False, True)
    assert sales.listed(listed.db)[1].name == "7K2M"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0002", ["0002"]),
        ("elodie", ["0001"]),
        ("ÉLODIE m", ["0001"]),
        ("12", ["0001"]),
        ("12,00", ["0001"]),
        ("12.0 €", ["0001"]),
        ("40", ["0002"]),
        ("7k2m", ["0002"]),
        ("levain", ["0003", "0001"]),
        ("nobody", []),
        ("  ", ["0003", "0002", "0001"]),
        ("%", []),
    ],
)
def test_a_sale_is_found_by_number_name_amount_or_article(
    listed: Shelf, typed: str, found: list[str]
) -> None:
    assert receipts(listed, typed) == found


def test_sales_are_filtered_and_read_on(listed: Shelf) -> None:
    assert receipts(listed, kind="sales") == ["0003", "0001"]
    assert receipts(listed, kind="gifts") == ["0003", "0002"]
    newest = sales.listed(listed.db, limit=1)
    assert [sale.receipt for sale in newest] == ["0003"]
    assert receipts(listed, before=newest[0].number) == ["0002", "0001"]


def test_a_sale_says_whether_the_hub_has_it(listed: Shelf) -> None:
    segment = listed.segment()
    [(head,)] = listed.db.rows("SELECT hash FROM entry WHERE n = 2")
    journal.acknowledge(listed.db, segment.id, upto=2, head=head.hex())
    assert [sale.waiting for sale in sales.listed(listed.db)] == [True, True, False]


def test_receipts_are_numbered_without_gaps(shelf: Shelf) -> None:
    assert sales.next_receipt(shelf.db) == "0001"
    shelf.write(sold())
    shelf.write(Visited(customer="ana", code="x"))
    assert sales.next_receipt(shelf.db) == "0002"
    shelf.clock.reboot()
    shelf.reopen()
    assert sales.next_receipt(shelf.db) == "0002"


# ── at once ─────────────────────────────────────────────────────────────────────────────────────


def test_who_joins_here_is_known_here_at_once(shelf: Shelf) -> None:
    joined = Joined(
        customer="new", code="2000417004410", first_name="Théo", initial="P", hashes=("h1", "h2")
    )
    shelf.write(joined)
    known = replica.customer_by_code(shelf.db, "2000417004410")
    assert known
    assert (known.id, known.first_name, known.initial) == ("new", "Théo", "P")
    assert [c.id for c in replica.customers_by_hash(shelf.db, "h2")] == ["new"]
    assert [c.id for c in replica.customers_by_name(shelf.db, "theo")] == ["new"]


def test_a_sale_is_among_the_last_ones_at_once(shelf: Shelf) -> None:
    for points in (1, 2, 3, 4):
        shelf.clock.pass_s(60)
        shelf.write(sold("ana", points))
    assert [sale.points for sale in replica.recent_sales(shelf.db, "ana")] == [4, 3, 2]


def test_a_gift_card_sold_here_is_known_here_at_once(shelf: Shelf) -> None:
    assert not replica.gift_known(shelf.db, "f1")
    shelf.write(gift_sold())
    assert replica.gift_known(shelf.db, "f1")


def test_the_last_visit_is_told_by_the_clock_that_can_not_jump(shelf: Shelf) -> None:
    def ago() -> float | None:
        return replica.last_visit(shelf.db, "ana", now=shelf.clock.stamp())

    assert ago() is None
    shelf.write(Visited(customer="ana", code="x"))
    shelf.clock.pass_s(90)
    shelf.clock.wall_ms -= 10 * 365 * 86_400_000
    assert ago() == 90
    shelf.clock.wall_ms += 10 * 365 * 86_400_000
    shelf.clock.reboot()
    shelf.clock.pass_s(10)
    assert ago() == 100
