# SPDX-License-Identifier: Apache-2.0
"""The product with one rule taken out at a time: each has to be seen by the judge, and soon."""

import logging
import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from firmware.store import database, own
from loyalty import rights
from loyalty.entry import CarryConverted, Entry, Released, movements
from loyalty.topics import down_topic
from loyalty.wire import Ack, Batch, chain, decode_entry, encode_frame
from tests.firmware.sync import test_mutants as terminal_side
from tests.simulation.many import PROCESSES
from tests.simulation.play import STEPS, seeded, stage

Patch = pytest.MonkeyPatch
Breaks = Callable[[Patch], None]
MOST_SEEDS = 25


@dataclass(frozen=True, slots=True)
class Caught:
    """Whether a mutant was seen."""

    name: str
    says: str
    tried: int
    seeds: int
    """How many worlds it took; 0: none saw it."""
    broken: str = ""


MUTANTS: dict[str, Breaks] = {}


def mutant(breaks: Breaks) -> Breaks:
    """Hunt this one too."""
    MUTANTS[breaks.__name__] = breaks
    return breaks


def hunt(*, steps: int = STEPS, first: int = 1) -> list[Caught]:
    """Play each mutant until it is seen; a world counts only if it holds with all rules kept."""
    names = sorted(MUTANTS)
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        told = [(name, steps, first) for name in names]
        return list(pool.imap(_hunt_one, told, chunksize=1))


def seen_by(here: Any, name: str, *, steps: int = STEPS, first: int = 1) -> Caught:
    """How many worlds it takes to see one mutant."""
    breaks = MUTANTS[name]
    says = (breaks.__doc__ or name).partition(".")[0]
    for tried in range(1, MOST_SEEDS + 1):
        world = seeded(first + tried - 1, steps)
        with pytest.MonkeyPatch.context() as patch:
            breaks(patch)
            told = here.play(world)
        if told.broken and not here.play(world).broken:
            return Caught(name, says, tried, tried, told.broken)
    return Caught(name, says, MOST_SEEDS, 0)


def _hunt_one(told: tuple[str, int, int]) -> Caught:
    logging.disable(logging.CRITICAL)
    name, steps, first = told
    with stage() as here:
        found = seen_by(here, name, steps=steps, first=first)
    print(f"{name}: {found.seeds or 'not seen'} {found.broken[:100]}", flush=True)
    return found


# ── the terminal's side ─────────────────────────────────────────────────────────────────────────

for one in terminal_side.MUTANTS:
    # worlds so small are read by pages; tests/firmware/sync sees what only a snapshot meets
    if "snapshot" not in one.__name__ and one is not terminal_side.sweep_what_is_being_built:
        mutant(one)


@mutant
def flush_less(patch: Patch) -> None:
    """synchronous=NORMAL at the terminal."""
    lazy = tuple(p.replace("synchronous = FULL", "synchronous = NORMAL") for p in database.PRAGMAS)
    patch.setattr(database, "PRAGMAS", lazy)


@mutant
def own_right_survives_release(patch: Patch) -> None:
    """A right that was released can still be spent at the till."""

    def changes(facts: Any) -> Any:
        return {} if isinstance(facts, Released) else rights.changes(facts)

    patch.setattr(own, "rights", SimpleNamespace(changes=changes))


# ── the hub's side ──────────────────────────────────────────────────────────────────────────────


@mutant
def acknowledge_first(patch: Patch) -> None:
    """The hub acknowledges before its commit."""
    from hub.broker_bridge.inbox import Worker
    from hub.ledger import post
    from hub.merchants import feed

    reply = Worker._reply

    def early(self, terminal, message, lines, row):
        if isinstance(message, Batch) and message.lo == 1 + post.watermark(
            terminal.pk, message.segment
        ):
            known = post.Segment.objects.filter(terminal=terminal, uuid=message.segment).first()
            head = bytes.fromhex(known.head) if known and known.head else bytes(32)
            for line in lines:
                head = chain(head, line)
            ack = Ack(
                epoch=feed.epoch(),
                segment=message.segment,
                upto=message.lo + len(lines) - 1,
                head=head.hex(),
                latest=0,
                credit=post.CREDIT,
                hub_ms=0,
            )
            self.send(down_topic(terminal.pk), encode_frame(ack))
        return reply(self, terminal, message, lines, row)

    patch.setattr(Worker, "_reply", early)


@mutant
def covered_a_page_early(patch: Patch) -> None:
    """`covered` may come on a page before the balances that contain the entries."""
    from hub.merchants.feed import Writing

    store = Writing.store

    def apart(self) -> None:
        said = self._said
        first = [one for one in said if b'"covered"' in one[1][:40]]
        for part in (first, [one for one in said if one not in first]):
            self._said = part
            store(self)
        self._said = []

    patch.setattr(Writing, "store", apart)
    _short_pages(patch, whole=True)


@mutant
def page_ends_inside(patch: Patch) -> None:
    """A page of the feed may end inside a hub transaction."""
    _short_pages(patch, whole=False)


def _short_pages(patch: Patch, *, whole: bool) -> None:
    """Pages of few items, that end with a transaction or anywhere."""
    from hub.merchants import feed

    stretch = feed.stretch

    def short(terminal, after, *, most=200):
        if whole:
            return stretch(terminal, after, most=1)
        items = feed.FeedItem.objects.filter(
            merchant_id=terminal.merchant_id,
            position__gt=after,
            audience__in=("", f"shop:{terminal.shop_id}", f"terminal:{terminal.pk}"),
        ).order_by("position")
        some = list(items.values_list("position", "body")[:3])
        latest = feed.position(terminal.merchant_id)
        to = some[-1][0] if len(some) == 3 else latest
        return feed.Stretch(after, to, latest, tuple(bytes(body) for _, body in some))

    patch.setattr(feed, "stretch", short)


@mutant
def release_by_timeout(patch: Patch) -> None:
    """What a silent terminal holds is given to others after three minutes."""
    from hub.broker_bridge.answers import grant as granting
    from hub.broker_bridge.status import SILENT_AFTER
    from hub.ledger.models import Account, Held
    from hub.merchants.models import Terminal

    grant = granting.grant

    def forgetful(terminal_id, ask, **more):
        from django.utils import timezone

        silent = Terminal.objects.filter(last_contact__lt=timezone.now() - SILENT_AFTER)
        for held in Held.objects.filter(segment__terminal__in=silent).exclude(amount=0):
            account = Account.objects.get(pk=held.account_id)
            account.held_total -= held.amount
            account.save()
            held.amount = 0
            held.save()
        return grant(terminal_id, ask, **more)

    patch.setattr(granting, "grant", forgetful)


@mutant
def grant_not_counted(patch: Patch) -> None:
    """A grant is sent before it is counted as held."""
    from hub.ledger import grant
    from hub.ledger.tally import Kept

    counted = grant._answer

    def careless(out, right, tally):
        with pytest.MonkeyPatch.context() as meanwhile:
            meanwhile.setattr(Kept, "hold", lambda *_: None)
            counted(out, right, tally)

    patch.setattr(grant, "_answer", careless)


@mutant
def post_again(patch: Patch) -> None:
    """Entries that are delivered again move balances again."""
    from hub.ledger import post
    from hub.ledger.tally import Tally
    from hub.merchants import feed

    once = post.post

    def twice(terminal_id, batch, lines, **more):
        before = post.watermark(terminal_id, batch.segment)
        answer = once(terminal_id, batch, lines, **more)
        if isinstance(answer, Ack) and batch.lo + len(lines) - 1 <= before:
            with feed.writing(feed.merchant_of(terminal_id)) as out:
                tally = Tally(out.merchant.pk)
                moves = [m for raw in lines for m in movements(decode_entry(raw).facts)]
                tally.load([move.account for move in moves])
                for move in moves:
                    tally.move(move.account, move.amount)
                tally.store()
        return answer

    patch.setattr(post, "post", twice)


@mutant
def convert_twice(patch: Patch) -> None:
    """Carry becomes points and stays carry."""
    from hub.ledger import posting

    made = posting.own_line

    def own_line(entry: Entry) -> Any:
        line = made(entry)
        if not isinstance(entry.facts, CarryConverted):
            return line
        return posting.Line(line.n, line.raw, line.hash, entry, moves=line.moves[1:])

    patch.setattr(posting, "own_line", own_line)
