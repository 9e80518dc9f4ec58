# SPDX-License-Identifier: Apache-2.0
"""The feed is numbered in commit order, and a page never ends inside a hub transaction."""

import threading
from contextlib import closing
from itertools import chain

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.merchants import enrolment, feed, registry
from hub.merchants.models import FeedItem, Merchant, Terminal
from loyalty.feed import CategoryIs, Covered
from loyalty.wire import LARGEST_FRAME, Page, decode_item, encode_frame


def say(merchant: Merchant, *names: str, to: str = feed.ALL, size: int = 0) -> None:
    """One hub transaction."""
    with feed.writing(merchant.pk) as out:
        for name in names:
            out.say(CategoryIs(id=name, name=name + "x" * size, rank=0), to=to)


def names(lines) -> list[str]:
    items = [decode_item(line) for line in lines]
    return [item.id for item in items if isinstance(item, CategoryIs)]


def read(terminal: Terminal, *, most: int) -> list[list[str]]:
    """Every page from the beginning."""
    pages, after = [], 0
    while after < feed.position(terminal.merchant_id):
        found = feed.stretch(terminal, after, most=most)
        assert found.after == after < found.to <= found.latest
        pages.append(names(found.lines))
        after = found.to
    return pages


def test_a_page_ends_where_a_transaction_ends(terminal, merchant):
    start = feed.position(merchant.pk)
    say(merchant, "a1", "a2", "a3")
    say(merchant, "b1")
    say(merchant, "c1", "c2")
    found = feed.stretch(terminal, start, most=2)
    assert names(found.lines) == ["a1", "a2", "a3"]
    assert (found.to, found.latest) == (start + 3, start + 6)
    assert names(feed.stretch(terminal, found.to, most=2).lines) == ["b1", "c1", "c2"]


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=8),
    mine=st.lists(st.booleans(), min_size=8, max_size=8),
    most=st.integers(1, 9),
)
def test_every_item_is_read_once_and_no_transaction_in_two_parts(
    terminal, merchant, sizes, mine, most
):
    FeedItem.objects.all().delete()
    Merchant.objects.update(feed_position=0)
    told = []
    for n, size in enumerate(sizes):
        audience = feed.to_terminal(terminal.pk if mine[n] else "somebody-else")
        said = [f"{n}-{i}" for i in range(size)]
        say(merchant, *said, to=audience)
        told += said if mine[n] else []
    pages = read(terminal, most=most)
    assert list(chain(*pages)) == told
    for n, size in enumerate(sizes):
        in_page = [sum(name.startswith(f"{n}-") for name in page) for page in pages]
        assert {count for count in in_page if count} <= {size}


def test_a_page_fits_into_a_frame(terminal, merchant):
    for n in range(30):
        say(merchant, f"{n}", size=4000)
    pages = read(terminal, most=200)
    assert list(chain(*pages)) == [str(n) for n in range(30)]
    assert len(pages) > 1
    found = feed.stretch(terminal, 0)
    page = Page(epoch="e" * 32, nonce="n" * 32, after=0, to=found.to, latest=9, hub_ms=9)
    assert len(encode_frame(page, found.lines)) < LARGEST_FRAME


def test_a_terminal_hears_all_its_shop_and_itself(merchant, shop, terminal):
    elsewhere = registry.open_shop(merchant.pk, "Saint-Paul", id="saint-paul")
    far = enrolment.enrol(elsewhere, "saint-paul-1")
    start = feed.position(merchant.pk)
    say(merchant, "everybody")
    say(merchant, "shop", to=feed.to_shop(shop.pk))
    say(merchant, "me", to=feed.to_terminal(terminal.pk))
    assert names(feed.stretch(terminal, start).lines) == ["everybody", "shop", "me"]
    assert names(feed.stretch(far, start).lines) == ["everybody"]
    assert feed.stretch(far, start).to == start + 3


def test_nothing_new_is_an_empty_page(terminal, merchant):
    latest = feed.position(merchant.pk)
    found = feed.stretch(terminal, latest)
    assert (found.lines, found.to, found.latest) == ((), latest, latest)


def test_merchants_have_feeds_of_their_own(terminal, merchant, stranger):
    before = feed.position("payet")
    say(merchant, "ours")
    assert feed.position("payet") == before
    assert "ours" not in chain(*read(stranger.terminal, most=9))


def test_what_fails_says_nothing(merchant, terminal):
    before = feed.position(merchant.pk)
    with pytest.raises(ZeroDivisionError), feed.writing(merchant.pk) as out:
        out.say(Covered(segment="s", n=1 // (out.say(Covered(segment="s", n=1)) == b"")))
    assert feed.position(merchant.pk) == before
    assert FeedItem.objects.filter(position__gt=before).count() == 0


@pytest.mark.django_db(transaction=True)
def test_it_can_not_be_opened_inside_another_transaction(merchant):
    with transaction.atomic(), pytest.raises(RuntimeError), feed.writing(merchant.pk):
        pass


@pytest.mark.django_db(transaction=True)
def test_fault_50_writers_at_the_same_time_leave_no_gap_for_a_reader_to_miss(terminal, merchant):
    start = feed.position(merchant.pk)
    seen: list[str] = []
    writing = threading.Event()

    def write(who: int) -> None:
        with closing(connection):
            for n in range(15):
                say(merchant, f"{who}-{n}a", f"{who}-{n}b")

    def follow() -> None:
        after = start
        with closing(connection):
            while writing.is_set() or after < feed.position(merchant.pk):
                found = feed.stretch(terminal, after, most=3)
                seen.extend(names(found.lines))
                after = found.to

    writing.set()
    writers = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    reader = threading.Thread(target=follow)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    reader.join()
    assert sorted(seen) == sorted(f"{w}-{n}{x}" for w in range(3) for n in range(15) for x in "ab")


def test_a_page_that_cuts_transactions_would_be_seen(terminal, merchant):
    """Mutant: every item ends a transaction of its own."""
    say(merchant, "a1", "a2", "a3")
    assert ["a1", "a2", "a3"] in read(terminal, most=1)
    FeedItem.objects.update(end=F("position"))
    assert ["a1", "a2", "a3"] not in read(terminal, most=1)


def test_the_epoch_is_one_random_word(db):
    assert feed.epoch() == feed.epoch()
    assert len(feed.epoch()) == 32
