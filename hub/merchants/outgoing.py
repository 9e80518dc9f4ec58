# SPDX-License-Identifier: Apache-2.0
"""Send mails that are rows: each claimed first, so that two programs do not both send it.

Where one dies between sending and noting it, the mail goes out again: better than never.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final, TypeVar

from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet

from hub.merchants import each
from hub.merchants.mailed import LONGEST_ERROR, Outgoing

log = logging.getLogger(__name__)

AT_ONCE: Final = 50
CLAIM: Final = timedelta(minutes=10)
"""How long a process that began to send is waited for: sending takes seconds."""
FOR_GOOD: Final = 500
"""From here on a mail server's answer is final (RFC 5321 4.2.1); below, it may be another later."""

Row = TypeVar("Row", bound=Outgoing)


def unsent(now: datetime) -> Q:
    """Which rows nobody sent, nobody is sending and nobody gave up."""
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    return unclaimed & Q(sent_at=None, given_up=False)


def deliver(
    due: QuerySet[Row],
    letter: Callable[[Row], EmailMessage],
    *,
    whose: Callable[[Row], str | None],
    now: datetime,
    lost: Callable[[Row], None] = lambda _row: None,
) -> int:
    """Send some of what is due, at most AT_ONCE; gives how many.

    Args:
        due: in its order. It asks its own columns alone: what it was joined to, an update does not
            ask anew.
        letter: writes the mail of a row, which is claimed by then.
        whose: the merchant of a row.
        now: when.
        lost: told of a row that no other try will send.
    """
    sent = 0
    for row in list(due[:AT_ONCE]):
        with each.apart(whose(row)):
            one = due.model._base_manager.filter(pk=row.pk)  # noqa: SLF001 (Django's own way)
            if not due.order_by().select_related(None).filter(pk=row.pk).update(claimed_at=now):
                continue
            try:
                letter(row).send()
            except (OSError, ValueError) as error:
                given_up = _is_final(error)
                log.warning(
                    "mail not sent %s id=%s error=%s", one.model.__name__, row.pk, _why(error)
                )
                one.update(failed_at=now, error=_why(error), given_up=given_up)
                if given_up:
                    lost(row)
                continue
            one.update(sent_at=now, error="")
            sent += 1
    return sent


def try_again(row: Outgoing) -> bool:
    """Let a mail that could not be sent be due again, at once; False: it was sent meanwhile."""
    unsent_still = type(row)._base_manager.filter(pk=row.pk, sent_at=None)  # noqa: SLF001
    return bool(unsent_still.update(given_up=False, claimed_at=None))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _is_final(error: OSError | ValueError) -> bool:
    """Whether another try would end the same: no address, or nobody there."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in error.recipients.values())
    return isinstance(error, ValueError)


def _why(error: OSError | ValueError) -> str:
    """Its kind and the server's number: what the server wrote may name the address."""
    code: object = ""
    if isinstance(error, SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default="")
    elif isinstance(error, SMTPResponseException):
        code = error.smtp_code
    elif not isinstance(error, SMTPException) and isinstance(error, OSError):
        code = error.errno or ""
    return f"{type(error).__name__} {code}".strip()[:LONGEST_ERROR]
