# SPDX-License-Identifier: Apache-2.0
"""Rules about cards that are not what their terminal last wrote: put back, copied, lied about."""

from dataclasses import replace
from typing import Any

from firmware.store import journal, own, replica, rights
from tests.simulation.broken import Patch, mutant

# ── at the terminal ─────────────────────────────────────────────────────────────────────────────


@mutant
def grant_in_any_segment(patch: Patch) -> None:
    """A grant works in another segment than the one it names."""
    begin = own.begin

    def keep_asks(db: Any, *, most: int) -> None:
        asks = db.rows("SELECT id, segment, owner, kind, key, amount FROM ask")
        begin(db, most=most)
        for ask in asks:
            db.run(
                "INSERT INTO ask (id, segment, owner, kind, key, amount) VALUES (?, ?, ?, ?, ?, ?)",
                *ask,
            )

    def grant(db: Any, granted: Any) -> None:
        asked = db.run(
            "UPDATE ask SET granted = ? WHERE id = ? AND granted IS NULL",
            *(granted.amount, granted.ask),
        )
        if asked and granted.amount > 0:
            own.change_right(db, granted.account, granted.amount, place=None)

    patch.setattr(own, "begin", keep_asks)
    patch.setattr(own, "grant", grant)


@mutant
def heard_by_any_word(patch: Patch) -> None:
    """A boot counts as heard by the hub's word about an earlier one."""
    hear = own.hear

    def any_word(db: Any, heard: Any, *, allowance_cents: int) -> None:
        (segment,) = db.row("SELECT id FROM segment ORDER BY seq DESC LIMIT 1")
        said = type(heard)(segment=segment, sound=heard.sound, stranger=heard.stranger)
        hear(db, said, allowance_cents=allowance_cents)

    patch.setattr(own, "hear", any_word)


@mutant
def reboot_refills_the_allowance(patch: Patch) -> None:
    """The allowance of a boot that nobody has heard of is refilled by a reboot."""
    begin = own.begin

    def refill(db: Any, *, most: int) -> None:
        begin(db, most=most)
        cents = replica.policy(db).terminal_cents
        db.run("INSERT OR REPLACE INTO setting VALUES ('allowance', ?)", cents)

    patch.setattr(own, "begin", refill)


@mutant
def no_ceiling(patch: Patch) -> None:
    """A till hands out as much as one likes before the hub has heard of any of it."""
    patch.setattr(rights, "unheard_room_cents", lambda _db: 10**9)


@mutant
def number_used_again(patch: Patch) -> None:
    """A card that was put back goes on in its segment: numbers are used again."""
    open_segment = journal.open_segment

    def go_on(db: Any, **told: Any) -> Any:
        last = journal.current_segment(db)
        due = db.row("SELECT 1 FROM setting WHERE name = 'report_due'")
        return last if last and last.gen == told["gen"] and not due else open_segment(db, **told)

    patch.setattr(journal, "open_segment", go_on)


# ── at the hub ──────────────────────────────────────────────────────────────────────────────────


@mutant
def late_entries_spend_what_was_taken_over(patch: Patch) -> None:
    """Entries after the place where their segment was followed spend what its follower holds."""
    from hub.ledger import calling
    from hub.ledger.posting import Posting

    begin = Posting.__init__

    def with_the_tip(self: Any, *given: Any, segment: Any = None, **told: Any) -> None:
        if segment is not None and segment.follower_id:
            told["holder"] = calling.tip(segment.pk)
        begin(self, *given, segment=segment, **told)

    patch.setattr(Posting, "__init__", with_the_tip)


@mutant
def unsound_header_frees_the_others(patch: Patch) -> None:
    """The hub takes a header that does not follow as the death of all boots before it."""
    from hub.ledger import calling
    from hub.ledger.models import Segment

    call_in = calling.call_in

    def at_once(out: Any, terminal: Any, board: str, *, now: Any) -> None:
        from hub.ledger.tally import Tally

        others = Segment.objects.filter(terminal=terminal, hw_id=board, dead=False)
        newest = others.order_by("-pk").first()
        tally = Tally(out.merchant.pk)
        for other in others.exclude(pk=newest.pk if newest else None):
            tally.free_all_of(other.pk)
        tally.store()
        call_in(out, terminal, board, now=now)

    patch.setattr(calling, "call_in", at_once)


@mutant
def last_header_is_current(patch: Patch) -> None:
    """Whichever header arrives last takes over what its terminal holds."""
    from hub.ledger import opening
    from hub.ledger.models import Held, Segment

    take_over = opening.take_over

    def from_anybody(segment: Any, opening_: Any, *, now: Any) -> None:
        take_over(segment, opening_, now=now)
        others = Segment.objects.filter(terminal=segment.terminal).exclude(pk=segment.pk)
        for held in Held.objects.filter(segment__in=others, amount__gt=0):
            Held.objects.filter(segment=segment, account=held.account).delete()
            Held.objects.filter(pk=held.pk).update(segment=segment)

    from hub.ledger import post

    patch.setattr(post, "take_over", from_anybody)


@mutant
def a_boot_that_heard_nothing_is_believed(patch: Patch) -> None:
    """A boot after one that did not follow is sound, though its card never heard of that."""
    from hub.ledger import post

    judge = post.judge

    def believing(merchant: Any, terminal: Any, header: Any, *, lost: bool) -> Any:
        return judge(merchant, terminal, replace(header, heard=True), lost=lost)

    patch.setattr(post, "judge", believing)


@mutant
def free_before_the_balance_is_lowered(patch: Patch) -> None:
    """What is held goes down, and free is looked at before the balance follows."""
    from hub.ledger.tally import Taken, Tally, loss_of, short_of

    def spend(self: Any, account: Any, amount: int, *, customer_pays: bool = True) -> Any:
        kept = self.of(account)
        within = min(amount, kept.held, kept.balance)
        kept.hold(kept.held - min(amount, kept.held))
        lacks = amount - within
        free = min(lacks, self.free(account)) if customer_pays else 0
        moves = self.move(account, -within - free)
        lacks -= free
        if lacks and (self.suspended or self.patient) and customer_pays:
            return Taken((*moves, *self.move(short_of(account), lacks)))
        return Taken((*moves, *self.move(loss_of(account), -lacks)), lacks)

    patch.setattr(Tally, "spend", spend)


@mutant
def loss_reserve_forgotten(patch: Patch) -> None:
    """What nobody can pay is dropped, and the loss reserve does not hear of it."""
    from hub.ledger.tally import Tally

    move = Tally.move

    def silent(self: Any, account: Any, amount: int) -> Any:
        return () if account.owner == "loss" else move(self, account, amount)

    patch.setattr(Tally, "move", silent)


@mutant
def late_earnings_are_no_right(patch: Patch) -> None:
    """What a lost till earned late goes to its customers; all it spent late, to the reserve."""
    from hub.ledger.posting import Posting

    begin = Posting.__init__

    def without(self: Any, *given: Any, segment: Any = None, **told: Any) -> None:
        if segment is not None and segment.retired:
            told["said"] = True
        begin(self, *given, segment=segment, **told)

    patch.setattr(Posting, "__init__", without)
