# SPDX-License-Identifier: Apache-2.0
"""Rules about a hub that was restored from a backup, and about what it can't know yet."""

from dataclasses import replace
from typing import Any

from firmware.sync.downlink import Downlink
from tests.simulation.broken import Patch, mutant


@mutant
def no_witness(patch: Patch) -> None:
    """A hub that starts on an older database does not ask what was granted since."""
    from hub.ledger import restored

    patch.setattr(restored, "check_witness", lambda: False)


@mutant
def only_ahead_counts(patch: Patch) -> None:
    """Only a position beyond the feed's end shows that the hub was restored, not another word."""
    from hub.ledger import restored
    from hub.merchants import feed

    def contradicts(merchant_id: str, *, epoch: str, after: int, word: str) -> bool:
        return epoch == feed.epoch() and after > feed.position(merchant_id)

    patch.setattr(restored, "contradicts", contradicts)


@mutant
def grants_resumed_early(patch: Patch) -> None:
    """A restored hub grants again as soon as one terminal has said what it holds."""
    from hub.ledger import restored

    patch.setattr(restored, "unheard", lambda _merchant: [])


@mutant
def short_is_lost_at_once(patch: Patch) -> None:
    """What a restored hub can't cover yet is charged to the loss reserve at once."""
    from hub.ledger.tally import Tally

    spend = Tally.spend

    def impatient(self: Any, account: Any, amount: int, *, customer_pays: bool = True) -> Any:
        suspended, self.suspended = self.suspended, False
        patient, self.patient = self.patient, False
        taken = spend(self, account, amount, customer_pays=customer_pays)
        self.suspended, self.patient = suspended, patient
        return taken

    patch.setattr(Tally, "spend", impatient)


@mutant
def own_acts_are_not_done_again(patch: Patch) -> None:
    """A restored hub does not do again what it had done by itself: carry stays carry."""
    from hub.ledger.posting import Posting

    convert = Posting._convert

    def once(self: Any, entry: Any, cause: Any) -> None:
        if not self._out.merchant.suspended_at:
            convert(self, entry, cause)

    patch.setattr(Posting, "_convert", once)


@mutant
def any_answer_counts(patch: Patch) -> None:
    """A page counts though nobody waits for it any more."""
    patch.setattr(Downlink, "_answers", lambda _self, _nonce: True)


@mutant
def header_does_not_wait(patch: Patch) -> None:
    """A segment is posted before the one that it follows is complete."""
    from hub.ledger import post

    judge = post.judge

    def at_once(merchant: Any, terminal: Any, header: Any, *, lost: bool) -> Any:
        return judge(merchant, terminal, header, lost=True)

    patch.setattr(post, "judge", at_once)


@mutant
def unknown_customer_is_shelved(patch: Patch) -> None:
    """A sale to a customer that the hub does not know goes to the shelf."""
    from hub.ledger import post
    from hub.ledger.models import Customer, Why
    from loyalty.entry import Sold

    read_line = post.read_line

    def strict(line: Any) -> Any:
        read = read_line(line)
        match read.facts:
            case Sold(customer=str(who)) if not Customer.objects.filter(uuid=who).exists():
                return replace(line, read=read.read, why=Why.ABSURD)
        return read

    patch.setattr(post, "read_line", strict)


@mutant
def a_refund_does_not_wait_for_its_sale(patch: Patch) -> None:
    """A refund of a sale that a restored hub has yet to hear of undoes nothing."""
    from hub.ledger.posting import Posting

    patch.setattr(Posting, "too_early", lambda *_: False)


@mutant
def more_of_a_sale_than_is_counted_is_believed(patch: Patch) -> None:
    """A header that states more of a sale's rest than the hub counts is sound."""
    from hub.ledger import opening

    states_more = opening._states_more

    def careless(header: Any, before: Any) -> bool:
        return states_more(replace(header, rests=None), before)

    patch.setattr(opening, "_states_more", careless)


@mutant
def lost_range_is_wanted_for_ever(patch: Patch) -> None:
    """The hub goes on wanting what its terminal has not any more."""
    from hub.ledger import post

    once = post.post

    def stubborn(terminal_id: str, batch: Any, lines: Any, **more: Any) -> Any:
        return once(terminal_id, replace(batch, lost=False, before=""), lines, **more)

    patch.setattr(post, "post", stubborn)


@mutant
def the_reserve_is_not_repaid(patch: Patch) -> None:
    """What the loss reserve paid for a sale that was unknown stays paid when the sale has come."""
    from hub.ledger.rests import Rests

    patch.setattr(Rests, "repaid", lambda _self: ())
