# SPDX-License-Identifier: Apache-2.0
"""Claim codes at the hub: a field tech types one at a board, and it becomes a terminal of ours."""

import hashlib
import os
import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils import timezone

from hub.merchants import authority, enrolment, feed
from hub.merchants.models import Claim, Person, Shop, Terminal
from loyalty import claim

LASTS: Final = timedelta(minutes=15)


class Reason(StrEnum):
    """Why a board is turned away."""

    UNKNOWN = "unknown"
    """No such code, or it is over: which of the two is nobody's business."""
    USED = "used"
    UNFIT = "unfit"
    """It knows the code and says what can't be."""


class Refused(Exception):
    """A board is turned away."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def make(shop: Shop, terminal_id: str, *, by: Person | None = None) -> str:
    """A code with which a board becomes that terminal within a quarter of an hour.

    It is told this once; an earlier one for the same terminal is over.

    Raises:
        BadTerminal: the id does not fit or is taken by another merchant.
    """
    enrolment.check(shop, terminal_id)
    now = timezone.now()
    Claim.objects.filter(expires_at__lt=now).delete()
    Claim.objects.filter(terminal=terminal_id).delete()
    code = claim.code(secrets.randbits(claim.RANDOM_BITS))
    made = claim.claim(code)
    Claim.objects.create(
        name=made.name,
        key=made.key,
        shop=shop,
        terminal=terminal_id,
        made_by=by,
        expires_at=now + LASTS,
    )
    return code


def answer(asked: bytes) -> bytes:
    """Make the board that asks a terminal; what it is answered, sealed for it alone.

    A board that did not hear the answer may ask the same again.

    Raises:
        Refused: it is turned away.
    """
    found = Claim.objects.select_related("shop").filter(pk=claim.name_of(asked)).first()
    if found is None or found.expires_at < timezone.now():
        raise Refused(Reason.UNKNOWN)
    key = bytes(found.key)
    try:
        told = claim.read_ask(key, asked)
    except claim.Forged as error:
        raise Refused(Reason.UNKNOWN) from error
    try:
        public = authority.key_of(told["csr"].encode())
        terminal = _enrolled(found, told["hw_id"], hashlib.sha256(asked).hexdigest())
    except (authority.BadRequest, enrolment.BadTerminal, KeyError) as error:
        raise Refused(Reason.UNFIT) from error
    ours = authority.here()
    facts = {
        "terminal": terminal.pk,
        "gen": str(terminal.gen),
        "at_ms": str(int(timezone.now().timestamp() * 1000)),
        "merchant": terminal.merchant_id,
        "shop": terminal.shop_id,
        "lookup_key": terminal.merchant.lookup_key,
        "host": settings.HUB_BROKER_NAME,
        "port": str(settings.HUB_BROKER_PORT),
        "certificate": ours.sign(public, terminal.pk, gen=terminal.gen).decode(),
        "authority": ours.pem.decode(),
    }
    authority.revoke(terminal, all_of_it=False)
    return claim.answer(key, asked, facts, nonce=os.urandom(claim.NONCE_BYTES))


def _enrolled(found: Claim, hw_id: str, digest: str) -> Terminal:
    """Use the claim, once: the merchant's row is held meanwhile."""
    with feed.writing(found.shop.merchant_id) as out:
        found.refresh_from_db()
        if not found.gen:
            if out.merchant.closed_at:
                raise Refused(Reason.UNKNOWN)
            terminal = enrolment.enrol_in(out, found.shop, found.terminal, hw_id=hw_id[:64])
            found.gen, found.used_by = terminal.gen, digest
            found.save(update_fields=["gen", "used_by"])
            return terminal
        terminal = Terminal.objects.select_related("merchant").get(pk=found.terminal)
        if (found.used_by, found.gen) != (digest, terminal.gen):
            raise Refused(Reason.USED)
        return terminal
