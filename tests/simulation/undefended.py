# SPDX-License-Identifier: Apache-2.0
"""Defences of the product that a story takes out, beside those that every hunt looks for."""

from dataclasses import replace

import msgspec
import pytest

from firmware.store import database, journal, own
from firmware.store.database import Database, Role

Patch = pytest.MonkeyPatch


def nobody_notices(patch: Patch) -> None:
    """The hub goes on with an older database as if nothing had happened."""
    from hub.broker_bridge import answers

    patch.setattr(answers.restored, "begin", lambda *_, **__: None)


def every_header_is_sound(patch: Patch) -> None:
    """The hub believes what a card says it holds, whatever it says it follows, in any board."""
    from hub.ledger import post
    from hub.ledger.models import Segment

    judge = post.judge

    def believing(merchant, terminal, header, *, lost):
        found = judge(merchant, terminal, header, lost=lost)
        before = Segment.objects.filter(terminal=terminal, uuid=header.prev_segment).first()
        return replace(found, before=before, sound=True, stranger=False)

    patch.setattr(post, "judge", believing)


def late_grants_are_dropped(patch: Patch) -> None:
    """What nobody waits for any more is not kept."""
    grant = own.grant

    def punctual(db, granted):
        if db.row("SELECT 1 FROM ask WHERE id = ? AND NOT given_up", granted.ask):
            grant(db, granted)

    patch.setattr(own, "grant", punctual)


def enrolled_with_an_empty_queue(patch: Patch) -> None:
    """A terminal that is enrolled again begins its journal anew."""
    opening = journal.open_segment

    def begun(db, *, gen, **more):
        if db.rows("SELECT 1 FROM segment WHERE gen < ?", gen):
            db.run("UPDATE segment SET acked = n")
        return opening(db, gen=gen, **more)

    patch.setattr(journal, "open_segment", begun)


def take_a_gap(patch: Patch) -> None:
    """The hub posts what comes, whatever is missing before it."""
    from hub.ledger import post

    real = post.post

    def eager(terminal_id, batch, lines, **more):
        here = post.watermark(terminal_id, batch.segment)
        if batch.lo > here + 1:
            batch = msgspec.structs.replace(batch, lo=here + 1)
        return real(terminal_id, batch, lines, **more)

    patch.setattr(post, "post", eager)


def only_the_kiosk_reads_the_card(patch: Patch) -> None:
    """Sync takes the file as the system remembers it, and the kiosk reads the card under it."""
    opening = Database.__init__

    def opened(self, folder, *, role, **more):
        with pytest.MonkeyPatch.context() as here:
            here.setattr(database, "_first", lambda _users: role is Role.KIOSK)
            opening(self, folder, role=role, **more)

    patch.setattr(Database, "__init__", opened)
