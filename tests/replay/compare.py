# SPDX-License-Identifier: Apache-2.0
"""Lay the hub's books, read by plain SQL, beside the oracle's sums and the terminals' journals."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from loyalty.wire import GENESIS, chain
from tests.replay.oracle import Expected
from tests.replay.world import customer_of, shop_id, terminal_id

MERCHANT = "merchant"
STORE = "comptoir.sqlite3"


def differences(expected: Expected, hub: Path, states: Mapping[int, Path]) -> Iterator[str]:
    """Every sentence is something that should not be.

    Args:
        hub: its database.
        states: folder of each store's terminal.
    """
    with closing(opened(hub)) as books:
        yield from _households(books, expected)
        yield from _shops(books, expected)
    yield from of_any_books(hub, states)


def of_any_books(hub: Path, states: Mapping[int, Path]) -> Iterator[str]:
    """What must hold whatever the rules: sums, journals, and what terminals know."""
    with closing(opened(hub)) as books:
        yield from _sums(books)
        yield from _journals(books, states)
        yield from _replicas(books, states)


def left(hub: Path, states: Mapping[int, Path]) -> Iterator[str]:
    """A sentence for each terminal that has not sent everything and read the whole feed."""
    with closing(opened(hub)) as books:
        latest = _latest(books)
    for store, state in states.items():
        waiting = unsent(state)
        with closing(opened(state / STORE)) as file:
            cursor, held = file.execute(
                "SELECT (SELECT value FROM setting WHERE name = 'cursor'),"
                " (SELECT count(*) FROM pending) + (SELECT count(*) FROM held)"
            ).fetchone()
        if waiting or held or cursor != latest:
            yield (
                f"store {store}: {waiting} entries wait, {held} movements are not covered,"
                f" it has read up to {cursor} of {latest}"
            )


def unsent(state: Path) -> int:
    """Entries of a terminal that the hub has not acknowledged."""
    with closing(opened(state / STORE)) as file:
        number: int = file.execute("SELECT coalesce(sum(n - acked), 0) FROM segment").fetchone()[0]
        return number


def unanswered(hub: Path) -> int:
    """Frames in the inbox of the hub's bridge."""
    with closing(opened(hub)) as books:
        number: int = books.execute("SELECT count(*) FROM broker_bridge_inbox").fetchone()[0]
        return number


def caught_up(hub: Path, states: Mapping[int, Path]) -> int:
    """How many terminals have read the whole feed."""
    with closing(opened(hub)) as books:
        latest = _latest(books)
    number = 0
    for state in states.values():
        with closing(opened(state / STORE)) as store:
            where = store.execute("SELECT value FROM setting WHERE name = 'cursor'").fetchone()
            number += where[0] == latest
    return number


def _households(books: sqlite3.Connection, expected: Expected) -> Iterator[str]:
    """Points, purse, visits, and carry by earning rule."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for owner, kind, key, balance in books.execute(
        "SELECT owner, kind, key, balance FROM ledger_account WHERE owner <> ? AND balance <> 0",
        (MERCHANT,),
    ):
        found[owner][f"{kind} {key}".strip()] = balance
    for household, sums in expected.households.items():
        wanted = {"points": sums.points, "purse": sums.purse, "visits": sums.visits}
        wanted |= {f"carry {rule}": cents for rule, cents in sums.carry.items()}
        wanted = {name: number for name, number in wanted.items() if number}
        got = found.pop(customer_of(household), {})
        if got != wanted:
            yield f"household {household}: {got} instead of {wanted}"
    for owner, got in found.items():
        yield f"{owner}: {got} instead of nothing"


def _shops(books: sqlite3.Connection, expected: Expected) -> Iterator[str]:
    """Number of sales, cents, points awarded, visits."""
    found: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for shop, kind, *sums in books.execute(
        "SELECT shop_id, kind, count(*), sum(cents), sum(points) FROM ledger_journalentry"
        " WHERE outcome = 'posted' GROUP BY shop_id, kind"
    ):
        found[shop or ""][kind] = (sums[0], sums[1], sums[2])
    nothing = (0, 0, 0)
    for store, sums in expected.shops.items():
        kinds = found.get(shop_id(store), {})
        sold, visited = kinds.get("sold", nothing), kinds.get("visited", nothing)
        wanted = (sums.sales, sums.cents, sums.points, sums.visits)
        if (*sold, visited[0]) != wanted:
            yield f"store {store}: {(*sold, visited[0])} instead of {wanted}"
    made = sum(kinds.get("carry_converted", nothing)[2] for kinds in found.values())
    if made != expected.converted:
        yield f"points made of carry: {made} instead of {expected.converted}"


def _sums(books: sqlite3.Connection) -> Iterator[str]:
    """What must hold of any ledger: sums of zero, rights within balances, nothing set aside."""
    for kind, key, total in books.execute(
        "SELECT kind, key, sum(balance) FROM ledger_account GROUP BY kind, key"
        " HAVING sum(balance) <> 0"
    ):
        yield f"{kind} {key}: both sides sum to {total} instead of 0"
    for owner, kind, balance, moved in books.execute(
        "SELECT owner, kind, balance, coalesce(sum(amount), 0) FROM ledger_account a"
        " LEFT JOIN ledger_movement m ON m.account_id = a.id WHERE owner <> ?"
        " GROUP BY a.id, owner, kind, balance HAVING balance <> coalesce(sum(amount), 0)",
        (MERCHANT,),
    ):
        yield f"{owner}: {kind} {balance}, but its movements sum to {moved}"
    for owner, kind, balance, total, held in books.execute(
        "SELECT owner, kind, balance, held_total, coalesce(sum(amount), 0) FROM ledger_account a"
        " LEFT JOIN ledger_held h ON h.account_id = a.id GROUP BY a.id, owner, kind, balance,"
        " held_total HAVING held_total <> coalesce(sum(amount), 0) OR held_total < 0"
        " OR (held_total > balance AND owner <> 'merchant') OR min(amount) < 0"
    ):
        yield f"{owner}: {kind} {balance}, held {total}, of which by terminals {held}"
    for outcome, why, number in books.execute(
        "SELECT outcome, why, count(*) FROM ledger_journalentry WHERE outcome <> 'posted'"
        " GROUP BY outcome, why"
    ):
        yield f"{number} entries are {outcome}, {why}"
    for kind, number in books.execute("SELECT kind, count(*) FROM ledger_incident GROUP BY kind"):
        yield f"{number} incidents: {kind}"


def _journals(books: sqlite3.Connection, states: Mapping[int, Path]) -> Iterator[str]:
    """Every entry of every terminal is at the hub once, in its place, byte for byte.

    What has left a terminal's archive is there by the hash that its next entry continues: as many
    entries at the hub must lead to it.
    """
    posted: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    number = 0
    for terminal, *place in books.execute(
        "SELECT e.terminal_id, e.event_id, s.uuid, e.n, e.hash, e.raw"
        " FROM ledger_journalentry e JOIN ledger_segment s ON s.id = e.segment_id"
    ):
        posted[terminal].add((*place[:4], bytes(place[4])))
        number += 1
    for store, state in states.items():
        written, gone = _journal(state)
        all_got = posted.pop(terminal_id(store), set())
        left = {entry for entry in all_got if entry[2] <= gone.get(entry[1], (0, ""))[0]}
        got = all_got - left
        number -= len(written) + len(left)
        if lost := written - got:
            yield f"store {store}: {len(lost)} of {len(written)} entries are not at the hub"
        if more := got - written:
            yield f"store {store}: {len(more)} entries at the hub that it never wrote"
        if gone != _heads(left):
            yield f"store {store}: what left its archive is not what the hub has"
    if number or posted:
        yield f"{number} entries at the hub more often than once, or of nobody: {list(posted)}"


def _heads(entries: Iterable[tuple[Any, ...]]) -> dict[str, tuple[int, str]]:
    """How many there are of each segment, and the hash that their bytes lead to."""
    found: dict[str, tuple[int, str]] = {}
    for _, segment, _, _, raw in sorted(entries, key=lambda entry: entry[2]):
        n, head = found.get(segment, (0, GENESIS.hex()))
        found[segment] = (n + 1, chain(bytes.fromhex(head), raw).hex())
    return found


def _journal(state: Path) -> tuple[set[tuple[Any, ...]], dict[str, tuple[int, str]]]:
    """What a terminal has of its entries; and how many of which segment left, with the last hash."""
    with closing(opened(state / STORE)) as store:
        written = store.execute(
            "SELECT e.id, s.id, e.n, lower(hex(e.hash)), e.raw"
            " FROM entry e JOIN segment s ON s.seq = e.segment"
        )
        gone = store.execute("SELECT id, gone, lower(hex(gone_head)) FROM segment WHERE gone > 0")
        return set(written), {segment: (n, head) for segment, n, head in gone}


def _replicas(books: sqlite3.Connection, states: Mapping[int, Path]) -> Iterator[str]:
    """A terminal that has read the whole feed knows what the hub knows."""
    truth = {
        (owner, kind, key): balance
        for owner, kind, key, balance in books.execute(
            "SELECT owner, kind, key, balance FROM ledger_account"
            " WHERE owner <> ? AND kind <> 'rest'",
            (MERCHANT,),
        )
        if balance
    }
    latest = _latest(books)
    for store, state in states.items():
        with closing(opened(state / STORE)) as found:
            settings = dict(found.execute("SELECT name, value FROM setting"))
            if settings["cursor"] != latest:
                continue
            known = {
                (owner, kind, key): amount
                for owner, kind, key, amount in found.execute(
                    "SELECT owner, kind, key, amount FROM balance WHERE side = ? AND amount <> 0",
                    (settings["side"],),
                )
            }
            pending = found.execute("SELECT count(*) FROM pending").fetchone()[0]
            parked = found.execute("SELECT count(*) FROM feed_dead").fetchone()[0]
        if wrong := known.items() ^ truth.items():
            yield f"store {store}: {len(wrong)} balances on the terminal are not the hub's"
        if pending or parked:
            yield f"store {store}: {pending} movements not covered, {parked} items not understood"


def _latest(books: sqlite3.Connection) -> int:
    latest: int = books.execute("SELECT feed_position FROM merchants_merchant").fetchone()[0]
    return latest


def opened(path: Path) -> sqlite3.Connection:
    """Look, never write."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)
