# SPDX-License-Identifier: Apache-2.0
"""What could not be posted is kept, judged by a person, and counts once at most."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.ledger import audit, shelf
from hub.ledger.corrections import corrected, receipt_of
from hub.ledger.models import Incident, JournalEntry, Outcome, Why
from hub.ledger.post import post
from hub.ledger.rulings import Ruling, Verdict
from hub.ledger.shelf import AlreadyRuled, CannotPost, Obstacle
from hub.merchants.models import Person, Role
from loyalty.account import Holding, Kind, gift_of, owed_of, points_of, stamps_of
from loyalty.movements import carry_of
from loyalty.refund import refunded
from loyalty.wire import Ack, Nack, decode_entry, encode_entry
from tests.hub.ledger.test_post import balance
from tests.hub.till import Till, sale

LUCET = "maison-lucet"
BECAUSE = "Le ticket est au comptoir"


@pytest.fixture(autouse=True)
def sums_agree(db):
    yield
    assert audit.faults(LUCET) == []


@pytest.fixture
def odile(db) -> int:
    account = Person.objects.open_account
    person = account("odile@hub.example", "x", name="Odile Payet", role=Role.OPERATOR)
    return person.pk


@pytest.fixture
def misplaced(till) -> JournalEntry:
    """A sale of 12,50 € to Ana that says another number than it has."""
    till.joins("ana")
    till.keep(renumbered(till, sale(1250, "ana"), n=9, entry_id="misplaced"))
    till.send()
    return JournalEntry.objects.get(why=Why.PLACE)


def renumbered(till: Till, facts, *, n: int, entry_id: str) -> bytes:
    raw = till.write(facts, entry_id=entry_id)
    till.raws.pop()
    return encode_entry(replace(decode_entry(raw), n=n))


def judged(row: JournalEntry) -> shelf.Shelved:
    return shelf.read([row])[0]


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def test_it_says_what_the_entry_would_have_moved(misplaced):
    shelved = judged(misplaced)
    assert (shelved.obstacle, shelved.cents) == (None, 1250)
    assert shelved.stake == {Kind.POINTS: 12, Kind.CARRY: 50}


@pytest.mark.parametrize("raw", [b"", b"[" * 5000, b"\xff", b'{"id":"x","n":2,"kind":"sold"}'])
def test_bytes_that_are_no_entry_can_only_be_corrected_or_refused(till, raw):
    till.keep(raw)
    till.send()
    shelved = judged(JournalEntry.objects.get(why=Why.UNREADABLE))
    assert (shelved.obstacle, shelved.stake, shelved.cents) == (Obstacle.UNREADABLE, {}, None)


def test_what_no_till_could_have_decided_can_not_be_posted_as_it_is(till):
    till.sells(-100, "ana")
    till.send()
    assert judged(JournalEntry.objects.get(why=Why.ABSURD)).obstacle is Obstacle.ABSURD


def test_what_a_terminal_says_of_itself_moves_nothing(till):
    till.releases()
    till.send(1, 1)
    post(till.terminal.pk, *till.batch(2), poison=True)
    assert judged(JournalEntry.objects.get(why=Why.POISON)).obstacle is Obstacle.EMPTY


def test_what_came_twice_is_counted_already(till):
    till.write(sale(1000, "ana", receipt="R1"), entry_id="sold-once")
    till.send()
    till.reboot()
    till.write(sale(1000, "ana", receipt="R1"), entry_id="sold-once")
    till.send()
    assert judged(JournalEntry.objects.get(why=Why.REPEATED)).obstacle is Obstacle.COUNTED


# ── posting ─────────────────────────────────────────────────────────────────────────────────────


def test_posted_as_it_is_it_counts_and_the_shelf_keeps_who_decided(misplaced, odile):
    became = shelf.post_as_it_is(misplaced, reason=BECAUSE, person_id=odile)
    assert balance(points_of("ana")) == 12
    misplaced.refresh_from_db()
    assert (misplaced.outcome, became.outcome) == (Outcome.SHELVED, Outcome.POSTED)
    assert (became.event_id, bytes(became.raw)) == ("misplaced", bytes(misplaced.raw))
    assert (became.terminal, became.shop, became.person_id) == (None, misplaced.shop, odile)
    ruling = Ruling.objects.get(entry=misplaced)
    assert (ruling.verdict, ruling.reason, ruling.became) == (Verdict.POSTED, BECAUSE, became)
    incident = Incident.objects.get(kind="shelved")
    assert incident.closed_at
    assert incident.ruling.reason == BECAUSE
    assert not shelf.waiting_for_somebody(LUCET).exists()


def test_it_is_decided_once(misplaced, odile):
    shelf.post_as_it_is(misplaced, reason=BECAUSE, person_id=odile)
    with pytest.raises(AlreadyRuled):
        shelf.post_as_it_is(misplaced, reason=BECAUSE, person_id=odile)
    with pytest.raises(AlreadyRuled):
        shelf.refuse(misplaced, reason=BECAUSE, person_id=odile)
    assert balance(points_of("ana")) == 12


def test_the_terminal_that_sends_it_again_changes_nothing(misplaced, till, odile):
    shelf.post_as_it_is(misplaced, reason=BECAUSE, person_id=odile)
    till.reboot()
    till.write(sale(1250, "ana"), entry_id="misplaced")
    till.send()
    assert balance(points_of("ana")) == 12


def test_a_full_step_of_carry_becomes_points_at_once(misplaced, till, odile):
    till.sells(150, "ana")
    till.send()
    shelf.post_as_it_is(misplaced, reason=BECAUSE, person_id=odile)
    assert balance(points_of("ana")) == 14, "12 and 1, and 50 cents twice"


def test_what_takes_more_than_is_free_can_not_be_posted_as_it_is(till, other, odile):
    other.joins("ana")
    other.sells(500, "ana")
    other.send()
    till.sells(100, "ana", uses=4)
    till.send(1, 1)
    post(till.terminal.pk, *till.batch(2), poison=True)
    row = JournalEntry.objects.get(why=Why.POISON)
    with pytest.raises(CannotPost) as stopped:
        shelf.post_as_it_is(row, reason=BECAUSE, person_id=odile)
    assert stopped.value.obstacle is Obstacle.SHORT
    assert not Ruling.objects.exists()
    assert balance(points_of("ana")) == 5


def test_corrected_it_is_another_entry_under_the_same_id(misplaced, odile):
    became = shelf.post_corrected(
        misplaced, sale(1300, "ana"), reason="13 € sur le ticket", person_id=odile
    )
    assert balance(points_of("ana")) == 13
    assert (became.event_id, became.cents) == ("misplaced", 1300)
    assert bytes(became.raw) != bytes(misplaced.raw)
    assert became.at == misplaced.at
    assert Ruling.objects.get(incident=None).verdict == Verdict.CORRECTED


def test_what_rewards_took_goes_by_the_customer_and_the_figures_of_the_receipt(till, odile):
    """The till wrote it account by account, of the customer whom it took for the right one."""
    card = stamps_of("bob", "cafe")
    till.write(replace(sale(3000, "bob"), gained=(Holding(card, 12),)))
    till.releases(Holding(points_of("bob"), 30), Holding(card, 12))
    hers = stamps_of("ana", "cafe")
    told = replace(
        sale(1250, "ana", uses=20),
        spent=(Holding(points_of("ana"), 20), Holding(hers, 10)),
        gained=(Holding(hers, 1),),
        earns_cents=1000,
        points=10,
        carry_cents=0,
    )
    till.keep(renumbered(till, told, n=9, entry_id="misplaced"))
    till.send()
    right = replace(receipt_of(told), customer="bob", used_points=15)
    facts = corrected(told, right, earn=told.earn)
    shelf.post_corrected(
        JournalEntry.objects.get(why=Why.PLACE), facts, reason=BECAUSE, person_id=odile
    )
    assert (balance(points_of("bob")), balance(card)) == (30 - 15 + 10, 12 - 10 + 1)
    assert (balance(points_of("ana")), balance(hers)) == (0, 0)
    assert balance(carry_of("bob", told.earn)) == 0, "what earns nothing carries nothing"


def test_a_correction_can_not_be_absurd(misplaced, odile):
    with pytest.raises(CannotPost):
        shelf.post_corrected(misplaced, sale(-1, "ana"), reason=BECAUSE, person_id=odile)
    assert not Ruling.objects.exists()


def test_unreadable_bytes_become_what_a_person_reads_on_the_receipt(till, odile):
    till.joins("ana")
    till.keep(b"\x00torn")
    till.send()
    row = JournalEntry.objects.get(why=Why.UNREADABLE)
    became = shelf.post_corrected(row, sale(800, "ana"), reason=BECAUSE, person_id=odile)
    assert balance(points_of("ana")) == 8
    assert became.event_id
    assert abs(became.at - row.at) < timedelta(milliseconds=1)


def test_another_content_under_a_known_id_is_posted_under_its_own(till, odile):
    till.write(sale(1000, "ana"), entry_id="one-id")
    till.write(sale(900, "ana"), entry_id="one-id")
    till.send()
    row = JournalEntry.objects.get(why=Why.ALTERED)
    became = shelf.post_as_it_is(row, reason=BECAUSE, person_id=odile)
    assert became.event_id != "one-id"
    assert balance(points_of("ana")) == 19


def test_refused_it_stays_out_with_its_bytes(misplaced, odile):
    raw = bytes(misplaced.raw)
    shelf.refuse(misplaced, reason="Essai du technicien", person_id=odile)
    misplaced.refresh_from_db()
    assert (misplaced.outcome, bytes(misplaced.raw)) == (Outcome.SHELVED, raw)
    assert balance(points_of("ana")) == 0
    assert Ruling.objects.get(incident=None).verdict == Verdict.REFUSED


def test_a_refund_takes_back_what_there_is_and_the_rest_is_owed(till, other, odile):
    till.joins("ana")
    till.write(sale(1000, "ana"), entry_id="the-sale")
    till.releases(Holding(points_of("ana"), 10))
    till.send()
    assert other.ask(points_of("ana"), 8) == 8
    other.sells(100, "ana", uses=8)
    other.send()
    back = refunded(sale(1000, "ana"), sale="the-sale", left=1000, cents=1000, receipt="R9")
    till.keep(renumbered(till, back, n=99, entry_id="back"))
    till.send()
    row = JournalEntry.objects.get(why=Why.PLACE)
    shelved = judged(row)
    assert (shelved.obstacle, shelved.cents) == (None, -1000)
    shelf.post_as_it_is(row, reason=BECAUSE, person_id=odile)
    assert balance(points_of("ana")) == 1, "what the other till earned is its own right"
    assert balance(owed_of(points_of("ana"))) == 8
    assert not Incident.objects.filter(kind="loss").exists()


# ── forks ───────────────────────────────────────────────────────────────────────────────────────


def test_of_a_fork_each_real_sale_counts_once(till, odile):
    """Two programs wrote on copies of one file: one sale is in both, two are in the other only."""
    till.joins("ana")
    till.write(sale(100, "ana", receipt="A"), entry_id="both")
    till.sells_gift("f1", 2000)
    assert isinstance(till.send(), Ack)
    shared = decode_entry(till.raws[2])
    till.raws[2:] = []
    till.keep(renumbered(till, sale(500, "ana"), n=3, entry_id="only-1"))
    till.keep(encode_entry(replace(shared, n=4)))
    till.keep(renumbered(till, sale(700, "ana"), n=5, entry_id="only-2"))
    assert isinstance(till.send(3), Nack)
    rows = shelf.waiting_for_somebody(LUCET).order_by("n")
    assert [one.obstacle for one in shelf.read(list(rows))] == [None, Obstacle.COUNTED, None]
    assert shelf.post_branch(rows[0], reason=BECAUSE, person_id=odile) == 2
    assert balance(points_of("ana")) == 1 + 5 + 7
    assert balance(gift_of("f1")) == 2000
    assert Ruling.objects.get(entry=rows[1]).verdict == Verdict.REFUSED, "counted already"
    assert not shelf.waiting_for_somebody(LUCET).exists()
    assert Incident.objects.get(kind="fork").closed_at
    assert shelf.post_branch(rows[0], reason=BECAUSE, person_id=odile) == 0


def test_a_branch_from_a_test_on_a_desk_is_refused_whole(till, odile):
    till.sells(100, "ana")
    till.sells(200, "ana")
    till.send()
    till.raws[2:] = [renumbered(till, sale(9900, "ana"), n=3, entry_id="desk")]
    till.send(3)
    row = shelf.waiting_for_somebody(LUCET).get()
    assert shelf.refuse_branch(row, reason="Un essai", person_id=odile) == 1
    assert balance(points_of("ana")) == 3
    assert Incident.objects.get(kind="fork").closed_at
