# SPDX-License-Identifier: Apache-2.0
"""The second factor: codes of a phone that change each half minute (RFC 6238), and what replaces it.

The secret rests sealed in its account's row. A code works once: the step it was of is kept, and
none of an earlier step is taken after it.
"""

import logging
import secrets
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils import timezone

from hub.merchants import resting
from hub.merchants.deeds import Did
from hub.merchants.doing import note
from hub.merchants.models import Person, Role
from hub.merchants.signing import RecoveryCode
from loyalty import claim
from loyalty.giftcard import normalise

log = logging.getLogger(__name__)

DIGITS: Final = 6
STEP_S: Final = 30
SECRET_BYTES: Final = 20
DRIFT: Final = (0, -1, 1)
"""Steps by which a phone's clock may differ."""
CODES: Final = 10
ISSUER: Final = "Comptoir"


def must_have(person: Person) -> bool:
    """An operator sees every merchant: a password alone is not enough (SPEC A9)."""
    return person.role == Role.OPERATOR


def may_have(person: Person) -> bool:
    """A shop's account is its team's: no one phone is theirs all."""
    return person.role in (Role.OPERATOR, Role.MERCHANT)


def new_secret() -> bytes:
    """A secret that a phone and the hub will share."""
    return secrets.token_bytes(SECRET_BYTES)


def address(secret: bytes, person: Person) -> str:
    """What a phone reads from a QR: `otpauth://totp/…`."""
    return _totp(secret).get_provisioning_uri(person.email, ISSUER)


def code_now(secret: bytes) -> str:
    """The code that a phone with this secret shows now."""
    return _code(secret, _step_now())


def demo_codes() -> list[tuple[Person, str]]:
    """What everybody's phone shows now: for the demo's visitors, who have none of these phones."""
    having = Person.objects.exclude(factor="").order_by("email")
    return [
        (person, code_now(resting.unseal(person.factor, about=_about(person)))) for person in having
    ]


def matching_step(secret: bytes, typed: str) -> int | None:
    """The step whose code was typed, if it is one of about now."""
    bare = "".join(typed.split())
    now = _step_now()
    for drift in DRIFT:
        if secrets.compare_digest(_code(secret, now + drift).encode(), bare.encode()):
            return now + drift
    return None


def set_up(person: Person, secret: bytes, typed: str) -> list[str] | None:
    """Give an account its second factor once a code shows that the phone has it.

    Gives ten recovery codes, which nobody can read again; None: the code is wrong.
    """
    step = matching_step(secret, typed)
    if step is None:
        return None
    with transaction.atomic():
        person.factor, person.factor_step = resting.seal(secret, about=_about(person)), step
        person.save(update_fields=["factor", "factor_step"])
        note(Did.FACTOR_SET, by=person, about=person)
        return _make_codes(person)


def proves(person: Person, typed: str) -> bool:
    """Whether somebody shows the account's second factor: a phone's code, or a recovery code."""
    if not person.factor:
        return False
    try:
        step = matching_step(resting.unseal(person.factor, about=_about(person)), typed)
    except resting.Unreadable:
        log.exception("second factor unreadable account=%s: its key is not the one here", person.pk)
        return False
    if step is None:
        return _recovers(person, typed)
    # of two at once with the same code, one is let in
    fresh = Person.objects.filter(pk=person.pk, factor_step__lt=step)
    return bool(fresh.update(factor_step=step))


def renew_codes(person: Person) -> list[str]:
    """Ten recovery codes in place of those there were."""
    with transaction.atomic():
        note(Did.CODES_MADE, by=person, about=person)
        return _make_codes(person)


def remove(person: Person, *, by: Person | None, reason: str = "") -> None:
    """Take an account's second factor away: its own person, or an operator who says why."""
    did = Did.FACTOR_REMOVED if by == person else Did.FACTOR_RESET
    with transaction.atomic():
        person.factor, person.factor_step = "", 0
        person.save(update_fields=["factor", "factor_step"])
        person.recovery_codes.all().delete()
        note(did, by=by, merchant=person.merchant, about=person, reason=reason)


def codes_left(person: Person) -> int:
    """How many recovery codes were not used."""
    return person.recovery_codes.filter(used_at=None).count()


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _recovers(person: Person, typed: str) -> bool:
    unused = RecoveryCode.objects.filter(person=person, digest=_digest(person, typed), used_at=None)
    with transaction.atomic():
        if not unused.update(used_at=timezone.now()):
            return False
        note(Did.CODE_USED, by=person, about=person)
        return True


def _make_codes(person: Person) -> list[str]:
    person.recovery_codes.all().delete()
    codes = [claim.code(secrets.randbits(claim.RANDOM_BITS)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=_digest(person, code)) for code in codes
    )
    return codes


def _digest(person: Person, code: str) -> str:
    return resting.digest(normalise(code), about=_about(person))


def _about(person: Person) -> str:
    return f"second factor of {person.pk}"


def _totp(secret: bytes) -> TOTP:
    # phones know no other hash; nothing but this construction rests on it
    return TOTP(secret, DIGITS, hashes.SHA1(), STEP_S)  # noqa: S303


def _code(secret: bytes, step: int) -> str:
    return _totp(secret).generate(step * STEP_S).decode()


def _step_now() -> int:
    return int(timezone.now().timestamp()) // STEP_S
