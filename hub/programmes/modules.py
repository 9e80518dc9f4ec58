# SPDX-License-Identifier: Apache-2.0
"""Open modules to a merchant and switch them on: tills follow by a version of the rules (A7, A8)."""

from collections.abc import Collection

from hub.merchants import feed
from hub.programmes.publish import publish_again
from loyalty.module import Module


def open_to(merchant_id: str, modules: Collection[Module]) -> None:
    """Open just these to a merchant (their plan); one that was switched off stays off."""
    _keep(merchant_id, modules_closed=set(Module) - set(modules))


def switch_on(merchant_id: str, modules: Collection[Module]) -> None:
    """Switch on just these; what is not open stays as it was switched before."""
    with feed.writing(merchant_id) as out:
        merchant = out.merchant
        kept = {one for one in merchant.switched_off if one in merchant.closed}
        _write(out, modules_off=kept | (set(merchant.opened) - set(modules)))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _keep(merchant_id: str, **words: Collection[Module]) -> None:
    with feed.writing(merchant_id) as out:
        _write(out, **words)


def _write(out: feed.Writing, **words: Collection[Module]) -> None:
    for name, modules in words.items():
        setattr(out.merchant, name, " ".join(sorted(modules)))
    out.merchant.save(update_fields=list(words))
    publish_again(out)
