# SPDX-License-Identifier: Apache-2.0
"""Rules that the hub breaks while it posts, grants and tells its feed."""

from dataclasses import replace
from typing import Any

import pytest

from loyalty.entry import CarryConverted, Entry
from loyalty.movements import movements
from loyalty.topics import down_topic
from loyalty.wire import Ack, Batch, chain, decode_entry, encode_frame
from tests.simulation.broken import Patch, mutant


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

    def careless(out, right, tally, **more):
        with pytest.MonkeyPatch.context() as meanwhile:
            meanwhile.setattr(Kept, "hold", lambda *_: None)
            return counted(out, right, tally, **more)

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


@mutant
def carry_follows_the_new_rule(patch: Patch) -> None:
    """What a sale left under an earning rule is converted under the one that is published now."""
    from hub.ledger import posting
    from hub.programmes import publish

    convert = posting.Posting._convert

    def by_the_newest(self: Any, entry: Entry, cause: Any) -> None:
        rule = publish.published(self._out.merchant.pk).earn
        convert(self, entry, replace(cause, earn=rule))

    patch.setattr(posting.Posting, "_convert", by_the_newest)


@mutant
def expiry_takes_what_tills_hold(patch: Patch) -> None:
    """Of what is free as much expires as is due, though a till may have spent that in time."""
    from hub.ledger import expiring

    expires = expiring.expires

    def greedy(lots: Any, *, balance: int, held: int, today: Any) -> int:
        return expires(lots, balance=balance, held=0, today=today)

    patch.setattr(expiring, "expires", greedy)


@mutant
def frozen_is_granted(patch: Patch) -> None:
    """A terminal that is frozen is granted what it asks for."""
    from hub.ledger import grant

    alive = grant._alive

    def careless(right: Any) -> Any:
        right.terminal.frozen = False
        return alive(right)

    patch.setattr(grant, "_alive", careless)
