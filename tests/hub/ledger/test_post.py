# SPDX-License-Identifier: Apache-2.0
"""A batch is posted once, whatever the network and the terminal do to it."""

import zlib

import pytest

from hub.ledger import audit
from hub.ledger import post as posting
from hub.ledger.models import Account, Incident, JournalEntry, Outcome, Segment, Why
from hub.ledger.post import NotOurs, post
from hub.merchants.models import FeedItem
from loyalty.account import LOSS, gift_of, points_of, purse_of
from loyalty.entry import CarryConverted, Joined
from loyalty.feed import BalanceIs, Covered, CustomerIs, Heard, SaleSeen
from loyalty.programme import EarnRule
from loyalty.wire import (
    GENESIS,
    Ack,
    Garbled,
    Nack,
    chain,
    decode_entry,
    decode_item,
    decode_up,
    encode_entry,
    encode_frame,
)
from tests.hub.till import Till, fresh, sale


def balance(account, merchant="maison-lucet") -> int:
    row = Account.objects.filter(
        merchant=merchant, kind=account.kind, owner=account.owner, key=account.key
    ).first()
    return row.balance if row else 0


def outcomes(till: Till) -> list[tuple[int, str, str]]:
    rows = JournalEntry.objects.filter(segment__uuid=till.segment).order_by("n")
    return list(rows.values_list("n", "outcome", "why"))


def told(after: int = 0) -> list:
    bodies = FeedItem.objects.filter(position__gt=after).order_by("position")
    return [decode_item(bytes(body)) for body in bodies.values_list("body", flat=True)]


@pytest.fixture(autouse=True)
def sums_agree(db):
    yield
    assert audit.faults("maison-lucet") == []


def test_an_acknowledgement_names_the_head_of_what_is_committed(till):
    till.joins("ana")
    till.sells(1250, "ana")
    answer = till.send()
    assert isinstance(answer, Ack)
    assert (answer.segment, answer.upto, answer.head) == (till.segment, 3, till.head.hex())
    assert balance(points_of("ana")) == 12


def test_a_batch_sent_again_gets_the_same_answer_and_changes_nothing(till):
    till.sells(900, "ana")
    first = till.send(1)
    count, items = JournalEntry.objects.count(), FeedItem.objects.count()
    again = till.send(1)
    assert (again.upto, again.head) == (first.upto, first.head)
    assert (JournalEntry.objects.count(), FeedItem.objects.count()) == (count, items)
    assert balance(points_of("ana")) == 9


def test_a_batch_that_overlaps_what_is_known_posts_only_the_rest(till):
    till.sells(100, "ana")
    till.send(1)
    till.sells(100, "ana")
    till.sells(100, "ana")
    assert till.send(2).upto == 4
    assert balance(points_of("ana")) == 3


def test_an_older_batch_arriving_late_is_answered_as_far_as_it_goes(till):
    """A card that was put back has no entry after it to compare the hub's hash with."""
    for _ in range(5):
        till.sells(100, "ana")
    till.send(1)
    assert till.send(2, 3).upto == 3


def test_nothing_is_kept_of_a_segment_before_something_of_it_is_posted(till):
    """Else a snapshot would say that it is covered, and with it all before it."""
    till.send(1, 1)
    later = fresh("segment")
    batch, raws = till.batch(5, segment=later)
    assert isinstance(post(till.terminal.pk, batch, raws or till.raws), Nack)
    assert not Segment.objects.filter(uuid=later).exists()


def test_a_gap_is_refused_with_what_is_wanted(till):
    till.send()
    till.sells(100, "ana")
    till.sells(100, "ana")
    answer = till.send(3)
    assert isinstance(answer, Nack)
    assert (answer.want, answer.code) == (2, "gap")
    assert balance(points_of("ana")) == 0


def test_entries_of_two_terminals_add_up_in_any_order(till, other):
    till.joins("ana")
    till.sells(150, "ana")
    other.sells(150, "ana")
    other.send()
    till.send()
    assert balance(points_of("ana")) == 3, "two times 50 cents make a whole step"


def test_the_marker_comes_after_everything_that_it_covers(till):
    till.joins("ana")
    till.sells(1250, "ana")
    before = FeedItem.objects.latest("position").position
    till.send()
    items = told(before)
    assert [type(item) for item in items] == [
        Heard,
        CustomerIs,
        SaleSeen,
        BalanceIs,
        BalanceIs,
        Covered,
    ]
    assert items[-1] == Covered(segment=till.segment, n=3)
    ends = FeedItem.objects.filter(position__gt=before).values_list("end", flat=True)
    assert set(ends) == {before + len(items)}


# ── two journals under one number ───────────────────────────────────────────────────────────────


def test_a_fork_keeps_what_the_hub_has_and_shelves_the_other_branch(till):
    till.sells(100, "ana")
    till.send()
    kept = till.head
    till.raws[1:] = []
    till.raws.append(encode_entry(_entry(till, 2, "fork", sale(5000, "ana"))))
    till.raws.append(encode_entry(_entry(till, 3, "fork2", sale(5000, "ana"))))
    answers = [till.send(2), till.send(2)]
    assert [(a.code, a.want) for a in answers] == [("fork", 3)] * 2
    shelved = JournalEntry.objects.filter(why=Why.FORK)
    assert sorted(shelved.values_list("n", flat=True)) == [2, 3]
    assert Segment.objects.get(uuid=till.segment).head == kept.hex()
    assert balance(points_of("ana")) == 1
    assert Incident.objects.get(kind="fork").count == 2


def test_the_same_entry_in_another_segment_counts_once(till):
    sold = sale(1000, "ana")
    till.write(sold, entry_id="sold-once")
    till.send()
    till.reboot()
    till.write(sold, entry_id="sold-once")
    till.send()
    assert balance(points_of("ana")) == 10
    assert outcomes(till)[-1] == (2, Outcome.SHELVED, Why.REPEATED)


def test_another_entry_under_a_known_id_is_shelved(till):
    till.write(sale(1000, "ana"), entry_id="one-id")
    till.write(sale(9000, "ana"), entry_id="one-id")
    assert till.send().upto == 3
    assert balance(points_of("ana")) == 10
    assert outcomes(till)[-1] == (3, Outcome.SHELVED, Why.ALTERED)


# ── what no till of ours writes ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", Why.UNREADABLE),
        (b"\xff\x00", Why.UNREADABLE),
        (b"[" * 5000, Why.UNREADABLE),
        (b'{"id": NaN}', Why.UNREADABLE),
        (b'{"id":"\\ud800"}', Why.UNREADABLE),
        (b'{"id":"x","n":9,"kind":"opened"}', Why.UNREADABLE),
    ],
)
def test_bytes_that_are_no_entry_are_kept_aside_and_the_journal_goes_on(till, raw, why):
    till.keep(raw)
    till.sells(100, "ana")
    assert till.send().upto == 3
    assert outcomes(till)[1:] == [(2, Outcome.SHELVED, why), (3, Outcome.POSTED, "")]
    assert bytes(JournalEntry.objects.get(n=2, segment__uuid=till.segment).raw) == raw


def test_an_unknown_kind_waits_and_the_journal_goes_on(till):
    till.keep(encode_entry(_entry(till, 2, "new", sale(100))).replace(b'"sold"', b'"danced"'))
    till.sells(100, "ana")
    assert till.send().upto == 3
    assert outcomes(till)[1:] == [(2, Outcome.WAITING, ""), (3, Outcome.POSTED, "")]


@pytest.mark.parametrize(
    "facts",
    [
        sale(-100, "ana"),
        sale(100, "merchant"),
        sale(100, "a b"),
        sale(100, "x" * 65),
        sale(100, "ana", gifts=(("merchant", 5),)),
        sale(100, "ana", gifts=(("card", -5),)),
        sale(100, "ana", earn=EarnRule(points=-1)),
        sale(100, "ana", uses=-7),
        sale(100, "ana", gifts=tuple((f"card{i}", 1) for i in range(300))),
        CarryConverted(customer="ana", earn=EarnRule(), steps=9),
        Joined(customer="merchant", code="1", first_name="", initial=""),
    ],
)
def test_what_no_till_could_have_decided_is_shelved(till, facts):
    till.write(facts)
    assert till.send().upto == 2
    assert outcomes(till)[1] == (2, Outcome.SHELVED, Why.ABSURD)


def test_an_entry_out_of_its_place_is_shelved(till):
    till.keep(encode_entry(_entry(till, 7, "lost", sale(100))))
    till.send()
    assert outcomes(till)[1] == (2, Outcome.SHELVED, Why.PLACE)


def test_a_poisonous_line_is_shelved_unread(till):
    till.sells(100, "ana")
    till.send(1, 1)
    answer = post(till.terminal.pk, *till.batch(2), poison=True)
    assert answer.upto == 2
    assert outcomes(till)[1] == (2, Outcome.SHELVED, Why.POISON)


def test_a_frame_without_lines_or_with_too_many_is_refused(till):
    for _ in range(101):
        till.sells(100)
    batch, lines = till.batch(1)
    assert post(till.terminal.pk, batch, lines).code == "unreadable"
    assert post(till.terminal.pk, batch, []).code == "unreadable"


def test_a_bomb_of_zeros_never_gets_as_far_as_posting(till):
    batch, _ = till.batch(1)
    frame = encode_frame(batch, [b"x"])
    rest = frame[8 : 10 + int.from_bytes(frame[8:10], "big")] + zlib.compress(bytes(50_000_000))
    bomb = frame[:4] + zlib.crc32(rest).to_bytes(4, "big") + rest
    with pytest.raises(Garbled):
        decode_up(bomb)


# ── who may speak ───────────────────────────────────────────────────────────────────────────────


def test_a_terminal_speaks_for_itself_alone(till, other):
    till.sells(100, "ana")
    batch, lines = till.batch(1)
    with pytest.raises(NotOurs):
        post(other.terminal.pk, batch, lines)
    with pytest.raises(NotOurs):
        post("nobody-knows-me", batch, lines)
    assert not JournalEntry.objects.filter(kind="sold").exists()


def test_an_older_generation_is_not_heard(till):
    with pytest.raises(NotOurs):
        till.send(gen=0)
    assert not JournalEntry.objects.exists()


def test_a_merchants_customer_and_segment_ids_mean_nothing_to_another(till, stranger):
    till.joins("ana")
    till.sells(1000, "ana")
    till.send()
    stranger.segment = till.segment
    stranger.sells(500, "ana")
    assert stranger.send().upto == 2
    assert balance(points_of("ana")) == 10
    assert balance(points_of("ana"), "payet") == 5


# ── facts stand ─────────────────────────────────────────────────────────────────────────────────


def test_an_overspending_is_posted_and_opens_an_incident(till, other):
    other.joins("ana")
    other.sells(500, "ana")
    other.send()
    till.sells(100, "ana", uses=4)
    till.send()
    assert balance(points_of("ana")) == 5, "what the other till holds is not touched"
    assert balance(points_of(LOSS)) == -3, "the point that the same sale earned went first"
    assert Incident.objects.get(kind="loss", subject="ana").facts["amount"] == 3
    assert audit.faults("maison-lucet") == []


def test_a_sale_to_a_customer_nobody_knows_is_kept_for_them(till):
    till.sells(500, "ana")
    till.send()
    assert Incident.objects.get(kind="unknown_customer").subject == "ana"
    till.joins("ana")
    till.send()
    assert balance(points_of("ana")) == 5
    assert [i.first_name for i in told() if isinstance(i, CustomerIs)] == ["Ana"]


def test_a_gift_card_pays_in_parts_and_stays_a_bearers(till):
    till.sells_gift("f1", 4000)
    till.sells(2500, gifts=(("f1", 2500),))
    till.send()
    assert balance(gift_of("f1")) == 1500


def test_one_card_sold_twice_holds_both_amounts(till, other):
    till.sells_gift("f1", 2500)
    other.sells_gift("f1", 2500)
    till.send()
    other.send()
    assert balance(gift_of("f1")) == 5000
    assert Incident.objects.get(kind="gift_twice").facts["cents"] == [2500, 2500]


def test_cashback_is_earned_and_used(till):
    till.joins("ana")
    till.sells(2000, "ana", purse=100)
    till.sells(1000, "ana", purse_used=60)
    till.send()
    assert balance(purse_of("ana")) == 40


def test_a_crash_leaves_nothing_behind(till, monkeypatch):
    till.sells(100, "ana")
    monkeypatch.setattr(posting.Covered, "__init__", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        till.send(1)
    assert not JournalEntry.objects.exists()
    assert not Account.objects.exists()
    monkeypatch.undo()
    assert till.send(1).upto == 2


def _entry(till, n, entry_id, facts):
    from loyalty.entry import ClockQuality, Entry, Stamp

    stamp = Stamp(boot_id="b", mono_ms=0, wall_ms=1_795_000_000_000, quality=ClockQuality.SYNCED)
    return Entry(id=entry_id, n=n, stamp=stamp, facts=facts)


def from_the_future(till: Till) -> str:
    """A newer terminal's entry has a field that this hub does not know; the head that it acks."""
    raw = till.scans("ana")
    till.raws.pop()
    till.head = chain(GENESIS, till.raws[0])
    till.keep(raw.replace(b'"body":{', b'"body":{"mood":"good",'))
    return till.send().head


def test_what_this_hub_does_not_know_in_an_entry_is_hashed_as_it_came(till):
    assert from_the_future(till) == till.head.hex()


def test_hashing_what_was_encoded_again_would_be_seen(till, monkeypatch):
    """Mutant: the entry is decoded and encoded before it is hashed."""

    def again(head: bytes, raw: bytes) -> bytes:
        return chain(head, encode_entry(decode_entry(raw)))

    monkeypatch.setattr(posting, "chain", again)
    assert from_the_future(till) != till.head.hex()
