# SPDX-License-Identifier: Apache-2.0
"""Bytes between terminal and hub: whole ones come through, all others are refused in time."""

import json
import zlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import topics, wire
from loyalty.account import points_of
from loyalty.entry import ClockQuality, Entry, Stamp, Visited
from loyalty.feed import ITEM_NAMES, ITEMS, BalanceIs, Covered, CustomerIs, Item
from loyalty.wire import Garbled
from tests.loyalty.strategies import ACCOUNTS, ENTRIES, WORDS

VISIT = Entry(
    id="e1",
    n=2,
    stamp=Stamp(boot_id="b", mono_ms=5, wall_ms=9, quality=ClockQuality.SYNCED),
    facts=Visited(customer="ana", code="29"),
)
BATCH = wire.Batch(terminal="saint-denis-1", gen=1, segment="s", lo=1)
PAGE = wire.Page(epoch="e", nonce="n", after=0, to=1, latest=1, hub_ms=0)

LINES = st.lists(st.binary(max_size=200).map(lambda b: b.replace(b"\n", b" ")), max_size=20)


# ── entries ─────────────────────────────────────────────────────────────────────────────────────


@given(ENTRIES)
def test_an_entry_comes_through_as_it_was(entry: Entry) -> None:
    raw = wire.encode_entry(entry)
    assert wire.decode_entry(raw) == entry
    assert b"\n" not in raw  # a frame carries entries one a line


def test_an_entry_looks_like_this_for_ever() -> None:
    """Golden: terminals in shops write these bytes and hash them."""
    assert wire.encode_entry(VISIT) == (
        b'{"id":"e1","n":2,"kind":"visited","ver":1,"boot":"b","mono":5,"wall":9,"q":"synced",'
        b'"body":{"customer":"ana","code":"29"},"staff":""}'
    )


def altered(**changes: object) -> bytes:
    return json.dumps(json.loads(wire.encode_entry(VISIT)) | changes).encode()


@pytest.mark.parametrize("changes", [{"kind": "teleported"}, {"ver": 2}])
def test_an_entry_of_a_newer_terminal_waits_and_is_not_lost(changes: dict[str, object]) -> None:
    got = wire.decode_entry(altered(**changes))
    assert isinstance(got, wire.UnknownEntry)
    assert (got.id, got.n, got.stamp) == ("e1", 2, VISIT.stamp)


def test_unknown_fields_are_no_obstacle() -> None:
    more = altered(mood="good", body={"customer": "ana", "code": "29", "weather": ["rain"]})
    assert wire.decode_entry(more) == VISIT


@pytest.mark.parametrize(
    "changes",
    [
        {"n": "2"},
        {"n": 2.5},
        {"n": None},
        {"n": True},
        {"q": "perhaps"},
        {"id": 7},
        {"body": []},
        {"body": "ana"},
        {"body": None},
        {"body": {"customer": "ana"}},
        {"body": {"customer": 7, "code": "29"}},
    ],
)
def test_an_entry_that_does_not_fit_its_kind_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Garbled):
        wire.decode_entry(altered(**changes))


BAD_JSON = [
    b"",
    b"\x00",
    b"null",
    b"[]",
    b"{",
    b'{"id":"e1"}',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"id":"e1","more":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    wire.encode_entry(VISIT)[:-1],
    wire.encode_entry(VISIT) + b"}",
    wire.encode_entry(VISIT).replace(b'"mono":5', b'"mono":NaN'),
    wire.encode_entry(VISIT).replace(b'"mono":5', b'"mono":Infinity'),
    wire.encode_entry(VISIT).replace(b'"mono":5', b'"mono":5e3'),
    wire.encode_entry(VISIT).replace(b'"ana"', b'"\\ud800"'),
    wire.encode_entry(VISIT).replace(b'"ana"', b'"\xed\xa0\x80"'),
]


@pytest.mark.parametrize("raw", BAD_JSON)
def test_bytes_that_are_no_entry_are_refused(raw: bytes) -> None:
    with pytest.raises(Garbled):
        wire.decode_entry(raw)


def test_of_two_equal_keys_the_last_counts_on_both_sides() -> None:
    raw = wire.encode_entry(VISIT).replace(b'"n":2', b'"n":2,"n":3')
    got = wire.decode_entry(raw)
    assert got.n == 3


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_of_entries(raw: bytes) -> None:
    with pytest.raises(Garbled):
        wire.decode_entry(raw)


@pytest.mark.parametrize("amount", [2**53, -(2**53), 2**63, 10**40])
def test_a_number_that_no_database_holds_is_refused(amount: int) -> None:
    with pytest.raises(Garbled):
        wire.decode_entry(altered(wall=amount))
    with pytest.raises(Garbled):
        wire.decode_entry(altered(body={"customer": "ana", "code": "29", "more": [amount]}))


def test_a_long_number_in_a_text_is_a_text() -> None:
    code = "9" * 40
    got = wire.decode_entry(altered(wall=2**53 - 1, body={"customer": "ana", "code": code}))
    assert isinstance(got, Entry)
    assert got.facts == Visited(customer="ana", code=code)


def test_the_chain_depends_on_every_byte_and_on_the_order() -> None:
    one, two = b"one", b"two"
    heads = {
        wire.chain(wire.chain(wire.GENESIS, first), second)
        for first, second in [(one, two), (two, one), (one, b"twp"), (b"", b"onetwo"), (two, two)]
    }
    assert len(heads) == 5


# ── feed items ──────────────────────────────────────────────────────────────────────────────────

SOME_ITEMS = st.one_of(
    st.builds(BalanceIs, ACCOUNTS, st.integers(1 - 2**53, 2**53 - 1)),
    st.builds(Covered, segment=WORDS, n=st.integers(0, 10**9)),
    st.builds(
        CustomerIs,
        id=WORDS,
        first_name=WORDS,
        initial=WORDS,
        codes=st.lists(WORDS, max_size=3).map(tuple),
    ),
)


@given(SOME_ITEMS)
def test_an_item_comes_through_as_it_was(item: Item) -> None:
    raw = wire.encode_item(item)
    assert wire.decode_item(raw) == item
    assert b"\n" not in raw


def test_every_kind_of_item_has_one_name() -> None:
    assert len(ITEMS) == len(ITEM_NAMES)


def test_an_item_looks_like_this_for_ever() -> None:
    assert wire.encode_item(BalanceIs(points_of("ana"), 12)) == (
        b'{"kind":"balance","body":{"account":{"kind":"points","owner":"ana","key":""},'
        b'"balance":12}}'
    )


def test_an_item_of_a_newer_hub_is_passed_over() -> None:
    assert wire.decode_item(b'{"kind":"horoscope","body":{"sign":"ram"}}') is None


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b'{"kind":"balance","body":{}}', b'{"kind":"balance"}', b"[" * 100_000]
)
def test_bytes_that_are_no_item_are_refused(raw: bytes) -> None:
    with pytest.raises(Garbled):
        wire.decode_item(raw)


# ── frames ──────────────────────────────────────────────────────────────────────────────────────


@given(LINES)
def test_a_frame_comes_through_as_it_was(lines: list[bytes]) -> None:
    assert wire.decode_up(wire.encode_frame(BATCH, lines)) == (BATCH, tuple(lines))
    assert wire.decode_down(wire.encode_frame(PAGE, lines)) == (PAGE, tuple(lines))


def test_a_frame_of_the_other_direction_is_refused() -> None:
    with pytest.raises(Garbled):
        wire.decode_down(wire.encode_frame(BATCH))
    with pytest.raises(Garbled):
        wire.decode_up(wire.encode_frame(PAGE))


def framed(rest: bytes) -> bytes:
    return wire.MAGIC + zlib.crc32(rest).to_bytes(4, "big") + rest


def with_message(message: bytes, body: bytes = b"") -> bytes:
    return framed(len(message).to_bytes(2, "big") + message + body)


GOOD = wire.encode_frame(BATCH, [b"one", b"two"])
MESSAGE = b'{"type":"batch","terminal":"saint-denis-1","gen":1,"segment":"s","lo":1}'
BOMB = zlib.compress(bytes(64 * 1024 * 1024), 9)


def test_a_frame_of_a_newer_terminal_may_say_more() -> None:
    more = MESSAGE.replace(b'"lo":1', b'"lo":1,"mood":"good"')
    assert wire.decode_up(with_message(more)) == (BATCH, ())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"LK1\x01",
        b"GET / HTTP/1.1\r\n\r\n",
        b"LK1\x02" + GOOD[4:],
        framed(b""),
        framed(b"\x00"),
        framed(b"\xff\xff{}"),
        with_message(b""),
        with_message(b"{}"),
        with_message(b'{"type":"horoscope"}'),
        with_message(b'{"type":"batch"}'),
        with_message(b'{"type":"batch","type":"poll"}'),
        with_message(b"[" * 60_000),
        with_message(MESSAGE, b"no zlib"),
        with_message(MESSAGE, zlib.compress(b"one\ntwo")[:-1]),
        with_message(MESSAGE, BOMB),
        bytes(wire.LARGEST_FRAME + 1),
        GOOD + bytes(wire.LARGEST_FRAME),
    ],
    ids=range(18),
)
def test_garbage_is_refused(raw: bytes) -> None:
    with pytest.raises(Garbled):
        wire.decode_up(raw)


def test_a_bomb_fits_into_a_frame_but_is_never_opened_whole() -> None:
    assert len(with_message(MESSAGE, BOMB)) < wire.LARGEST_FRAME + 8 * 1024


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_any_single_damaged_byte_is_noticed(place: int, by: int) -> None:
    damaged = bytearray(GOOD)
    damaged[place] = (damaged[place] + by) % 256
    with pytest.raises(Garbled):
        wire.decode_up(bytes(damaged))


@given(st.integers(0, len(GOOD) - 1))
def test_a_truncated_frame_is_noticed(length: int) -> None:
    with pytest.raises(Garbled):
        wire.decode_up(GOOD[:length])


@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reader_of_frames(raw: bytes) -> None:
    for read in (wire.decode_up, wire.decode_down):
        with pytest.raises(Garbled):
            read(framed(raw))


@given(st.lists(st.integers(1, 4_000), min_size=1, max_size=150), st.booleans())
def test_entries_go_into_frames_that_fit(sizes: list[int], chance: bool) -> None:
    """Those that repeat themselves by the hundred, those of pure chance fewer at a time."""
    luck = Random(len(sizes))
    alphabet = [bytes([c]) for c in range(256) if c != ord("\n")]
    left = [
        b"".join(luck.choices(alphabet, k=size)) if chance else bytes([65 + size % 26]) * size
        for size in sizes
    ]
    sent: list[bytes] = []
    while left:
        frame, count = wire.encode_fitting(BATCH, left)
        assert 1 <= count <= wire.MOST_ENTRIES
        assert chance or count == min(len(left), wire.MOST_ENTRIES)
        assert len(frame) <= wire.LARGEST_FRAME
        sent += wire.decode_up(frame)[1]
        left = left[count:]
    assert [len(line) for line in sent] == sizes


# ── topics ──────────────────────────────────────────────────────────────────────────────────────


def test_topics_are_those_of_the_protocol() -> None:
    assert topics.up_topic(7, "saint-denis-1") == "lk/1/up/7/saint-denis-1"
    assert topics.up_topic("+", "+") == "lk/1/up/+/+"
    assert topics.down_topic("saint-denis-1") == "lk/1/dn/saint-denis-1"
    assert topics.hub_topic(7) == "lk/1/hub/7"


@given(st.text(max_size=40))
def test_a_merchant_lives_in_one_shard_for_ever(merchant: str) -> None:
    assert 0 <= topics.shard_of(merchant) < topics.SHARDS
    assert topics.shard_of("maison-lucet") == 0


@pytest.mark.parametrize("name", ["short", "a" * 41, "saint denis 1", "../../etc", "a+b+c+d+e", ""])
def test_a_terminal_s_id_never_leaves_its_topic(name: str) -> None:
    assert not topics.TERMINAL_ID.fullmatch(name)
