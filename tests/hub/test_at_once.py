# SPDX-License-Identifier: Apache-2.0
"""Several writers at once, as PostgreSQL lets them be and SQLite never does."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.db.models import F
from django.utils import timezone

from hub.ledger import acts, audit, counter, notices
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Account, Customer, JournalEntry
from hub.merchants import bulk, enrolment, feed
from hub.merchants.models import FeedItem, Merchant, Person, Role, Terminal
from loyalty.account import Kind
from loyalty.basket import Line
from loyalty.feed import CategoryIs
from loyalty.wire import decode_item
from tests.hub.till import Till

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

PATIENCE_S = 20

Writing = Callable[[str], object]


def waits_or_ended(act: Future) -> None:
    """Return when somebody waits for a row that another one holds, or has nothing more to do."""
    deadline = time.monotonic() + PATIENCE_S
    while not act.done():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < deadline, "it neither waits nor ends"
        time.sleep(0.01)


def category(name: str) -> CategoryIs:
    return CategoryIs(id=name, name=name, rank=0)


def say(merchant_id: str, *names: str) -> None:
    with feed.writing(merchant_id) as out:
        for name in names:
            out.say(category(name))


def gaps(merchant: Merchant) -> bool:
    """Whether a number is missing in the feed, or is there twice."""
    positions = FeedItem.objects.filter(merchant=merchant).order_by("position")
    numbers = list(positions.values_list("position", flat=True))
    return numbers != list(range(1, feed.position(merchant.pk) + 1))


def test_the_run_is_on_what_it_says() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",)


# ── one merchant, two writers ───────────────────────────────────────────────────────────────────


def post_and_register(till: Till, beside: Callable[..., Future]) -> list[str]:
    """The web registers a customer while the bridge posts a sale to her; what came out wrong."""
    merchant, shop = till.terminal.merchant, till.terminal.shop
    till.joins("elodie")
    till.send()
    till.sells(4200, "elodie")

    def on_the_web() -> None:
        with feed.writing(merchant.pk) as out:
            out.say(category("fruits"))
            posted = beside(till.send)
            waits_or_ended(posted)
            out.say(category("pains"))
        posted.result(PATIENCE_S)

    found = []
    try:
        on_the_web()
    except Exception as error:  # noqa: BLE001 (whatever the database says of it)
        found.append(str(error))
    if gaps(merchant):
        found.append("the feed has gaps")
    points = Account.objects.filter(owner="elodie", kind=Kind.POINTS)
    if [account.balance for account in points] != [42]:
        found.append("a sale was lost")
    acts.register_customers(shop, [acts.NewCustomer(first_name="Ana")])
    return found + audit.faults(merchant.pk)


def test_the_bridge_waits_until_the_web_has_written(
    till: Till, beside: Callable[..., Future]
) -> None:
    assert post_and_register(till, beside) == []
    in_order = FeedItem.objects.filter(merchant=till.terminal.merchant).order_by("position")
    told = [type(decode_item(bytes(item.body))).__name__ for item in in_order]
    at = told.index("CategoryIs")
    assert told[at + 1] == "CategoryIs", "nobody writes in between"
    assert "SaleSeen" in told[at + 2 :]


@pytest.mark.usefixtures("unlocked")
def test_writers_that_do_not_wait_would_be_seen(till: Till, beside: Callable[..., Future]) -> None:
    assert post_and_register(till, beside)


def test_two_tills_of_a_merchant_never_lose_each_others_points(
    till: Till, other: Till, beside: Callable[..., Future]
) -> None:
    till.joins("elodie")
    till.send()
    for number in range(20):
        till.sells(100 + number, "elodie")
        other.sells(200 + number, "elodie")

    def entry_by_entry(terminal: Till) -> None:
        while terminal.acked < len(terminal.raws):
            terminal.send(hi=terminal.acked + 1)

    for sending in [beside(entry_by_entry, terminal) for terminal in (till, other)]:
        sending.result(PATIENCE_S)
    assert audit.faults(till.terminal.merchant_id) == []
    assert not gaps(till.terminal.merchant)
    points = Account.objects.get(owner="elodie", kind=Kind.POINTS).balance
    carry = sum(100 + n + 200 + n for n in range(20)) % 100
    assert points * 100 + carry == sum(100 + n + 200 + n for n in range(20))


def test_a_number_on_a_card_is_given_once(shop, beside: Callable[..., Future]) -> None:
    people = [acts.NewCustomer(first_name=f"Client {n}") for n in range(10)]
    register = partial(acts.register_customers, shop)
    for registering in [beside(register, people) for _ in range(3)]:
        registering.result(PATIENCE_S)
    codes = Customer.objects.values_list("cards__code", flat=True)
    assert len(set(codes)) == len(codes) == 30


def test_an_order_that_is_saved_by_two_at_once_is_sold_once(
    shop, beside: Callable[..., Future]
) -> None:
    person = Person.objects.open_account(
        "bruno@lucet.example", "", name="Bruno", role=Role.SHOP, shop=shop
    )
    order = counter.begin(shop, person, order_id="")
    with counter.changing(order, pressed="once") as (_out, row):
        row.order = row.order.adding(Line(label="Pain", unit_cents=500))
    save = partial(counter.save, order, person_id=person.pk, turn=1, to_pay_cents=500)
    ended = [one.exception(PATIENCE_S) for one in [beside(save) for _ in range(4)]]
    assert [type(error) for error in ended].count(counter.Stale) == 3
    assert JournalEntry.objects.filter(kind="sold").count() == 1
    assert counter.sold_as(shop.merchant, order.pk)


def in_two_bridges(till: Till, beside: Callable[..., Future]) -> list[str]:
    """Two bridges post the same frame at the same time; what is wrong then."""
    till.joins("elodie")
    till.sells(4200, "elodie")
    with feed.writing(till.terminal.merchant_id):  # nobody begins before both are there
        posting = [beside(till.send, 1) for _ in range(2)]
        waits_or_ended(posting[0])
    try:
        heads = {one.result(PATIENCE_S).head for one in posting}
    except Exception as error:  # noqa: BLE001 (whatever the database says of it)
        return [str(error)]
    points = Account.objects.filter(owner="elodie", kind=Kind.POINTS)
    assert [account.balance for account in points] == [42]
    return audit.faults(till.terminal.merchant_id) + ([] if len(heads) == 1 else ["two answers"])


def test_fault_53_two_bridges_at_once_post_a_frame_once(
    till: Till, beside: Callable[..., Future]
) -> None:
    assert in_two_bridges(till, beside) == []


# ── commit order ────────────────────────────────────────────────────────────────────────────────


@contextmanager
def numbered_beforehand(merchant_id: str) -> Iterator[feed.Writing]:
    """A feed numbered by a bare sequence: each takes its number at once and commits when it can."""
    Merchant.objects.filter(pk=merchant_id).update(feed_position=F("feed_position") + 1)
    merchant = Merchant.objects.get(pk=merchant_id)
    said: list[CategoryIs] = []
    out = feed.Writing(merchant)
    out.say = said.append  # type: ignore[method-assign]
    yield out
    (item,) = said
    body = feed.encode_item(item)
    row = (merchant_id, merchant.feed_position, merchant.feed_position, feed.ALL, "", body)
    bulk.insert(FeedItem, ("merchant_id", "position", '"end"', "audience", "word", "body"), [row])


def read_while_they_write(terminal: Terminal, beside: Callable[..., Future], writing) -> list[str]:
    """One writer begins, another one writes and commits, then the first commits; what is read."""
    after = feed.position(terminal.merchant_id)
    begun, go_on = threading.Event(), threading.Event()
    seen: list[str] = []

    def follow() -> None:
        nonlocal after
        found = feed.stretch(terminal, after)
        seen.extend(decode_item(line).id for line in found.lines)
        after = found.to

    def slow() -> None:
        with writing(terminal.merchant_id) as out:
            out.say(category("slow"))
            begun.set()
            go_on.wait(PATIENCE_S)

    def quick() -> None:
        with writing(terminal.merchant_id) as out:
            out.say(category("quick"))

    first = beside(slow)
    begun.wait(PATIENCE_S)
    second = beside(quick)
    waits_or_ended(second)
    follow()
    go_on.set()
    first.result(PATIENCE_S)
    second.result(PATIENCE_S)
    follow()
    return seen


def test_fault_50_a_reader_misses_nobody_who_is_slow_to_commit(
    terminal: Terminal, beside: Callable[..., Future]
) -> None:
    assert read_while_they_write(terminal, beside, feed.writing) == ["slow", "quick"]


def test_fault_50_without_the_order_of_commits_a_reader_misses_one(
    terminal: Terminal, beside: Callable[..., Future]
) -> None:
    """Mutant: a bare sequence."""
    assert "slow" not in read_while_they_write(terminal, beside, numbered_beforehand)


@contextmanager
def numbered_before_the_lock(merchant_id: str) -> Iterator[feed.Writing]:
    """The merchant is read first, and locked only then: another one may have written meanwhile."""
    before = Merchant.objects.get(pk=merchant_id)
    with feed.writing(merchant_id) as out:
        out.merchant.feed_position = before.feed_position
        yield out


def two_at_once(terminal: Terminal, beside: Callable[..., Future], writing) -> bool:
    """A second writer begins while the first holds the row; whether both were given numbers."""

    def second() -> None:
        with writing(terminal.merchant_id) as out:
            out.say(category("second"))

    with feed.writing(terminal.merchant_id) as out:
        out.say(category("first"))
        begun = beside(second)
        waits_or_ended(begun)
    try:
        begun.result(PATIENCE_S)
    except IntegrityError:
        return False
    return not gaps(terminal.merchant)


def test_two_writers_are_given_numbers_one_after_the_other(
    terminal: Terminal, beside: Callable[..., Future]
) -> None:
    assert two_at_once(terminal, beside, feed.writing)


def test_a_position_read_before_the_lock_would_be_seen(
    terminal: Terminal, beside: Callable[..., Future]
) -> None:
    """Mutant: the position is read before the lock is held."""
    assert not two_at_once(terminal, beside, numbered_before_the_lock)


# ── two merchants ───────────────────────────────────────────────────────────────────────────────


def test_merchants_do_not_wait_for_each_other(
    till: Till, stranger: Till, beside: Callable[..., Future]
) -> None:
    till.sells(1250)
    with feed.writing(stranger.terminal.merchant_id) as out:
        out.say(category("fruits"))
        assert beside(till.send).result(PATIENCE_S).upto == 2


def test_a_web_page_is_saved_while_the_bridge_writes(
    merchant: Merchant, beside: Callable[..., Future]
) -> None:
    """A row that points to the merchant needs no more than the merchant's key."""
    person = merchant.staff.model(merchant=merchant, name="Camille")
    with feed.writing(merchant.pk):
        beside(person.save).result(PATIENCE_S)


def test_a_terminal_that_two_merchants_enrol_at_once_is_one_s(
    shop, stranger: Till, beside: Callable[..., Future], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = stranger.terminal.shop
    enrolling: list[Future] = []
    give = enrolment.give_numbers

    def slowly(out: feed.Writing, terminal: Terminal) -> None:
        if not enrolling:
            enrolling.append(beside(enrolment.enrol, elsewhere, terminal.pk))
            waits_or_ended(enrolling[0])
        give(out, terminal)

    monkeypatch.setattr(enrolment, "give_numbers", slowly)
    enrolment.enrol(shop, "caisse-neuve")
    with pytest.raises(enrolment.BadTerminal):
        enrolling[0].result(PATIENCE_S)
    assert Terminal.objects.get(pk="caisse-neuve").merchant_id == shop.merchant_id


def test_two_processes_tell_a_recipient_once(
    shop, beside: Callable[..., Future], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    acts.create_gift_card(shop, cents=2500, **given)
    for telling in [beside(notices.send_due) for _ in range(3)]:
        telling.result(PATIENCE_S)
    assert len(mail.outbox) == 1
    assert GiftCard.objects.filter(sent_at__lte=timezone.now()).count() == 1
