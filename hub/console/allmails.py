# SPDX-License-Identifier: Apache-2.0
"""Find the mails that did not go out, of all merchants: what an operator needs of them, no more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, overload

from django.core.mail import EmailMessage
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
)
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from hub.console.filters import LONGEST_QUERY
from hub.console.templatetags.console import figure
from hub.ledger import notices
from hub.ledger.giftcards import GiftCard
from hub.ledger.tellings import PointsNotice, Reminder
from hub.merchants import letters, links
from hub.merchants.mailed import Link, Outgoing
from hub.merchants.models import Merchant

DAY: Final = timedelta(days=1)
LONGEST_KEY: Final = 18
"""Digits."""
WAITING, FAILING, GIVEN_UP, HELD = "waiting", "failing", "given-up", "held"
_STATES: Final = {
    WAITING: Q(failed_at=None, closed=False),
    FAILING: Q(failed_at__isnull=False, given_up=False, closed=False),
    GIVEN_UP: Q(given_up=True, closed=False),
    HELD: Q(closed=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of mail: where its rows are, and how one is read."""

    name: str
    job: str
    """That sends it."""
    rows: Callable[[], QuerySet[Any]]
    """All that were ever to go out."""
    unsent: Q
    """Of them, what has still to go out."""
    merchant: str
    address: str
    made: str
    day: str
    """Before which it does not go; empty: at once."""
    letter: Callable[[Any], EmailMessage]
    related: tuple[str, ...]


def _link_letter(link: Link) -> EmailMessage:
    return letters.letter(link, "")


def _kinds() -> Mapping[str, Kind]:
    """By the word that addresses have for each."""
    today = timezone.now().date()
    return {
        "gift": Kind(
            name=noted("Carte cadeau"),
            job="cartes",
            rows=lambda: GiftCard.objects.exclude(email=""),
            unsent=Q(sent_at=None),
            merchant="merchant",
            address="email",
            made="sold_at",
            day="send_on",
            letter=notices.letter,
            related=("merchant",),
        ),
        "points": Kind(
            name=noted("Points"),
            job="mots",
            rows=PointsNotice.objects.all,
            unsent=Q(sent_at=None),
            merchant="customer__merchant",
            address="customer__email",
            made="made_at",
            day="",
            letter=notices.points_letter,
            related=("customer__merchant",),
        ),
        "reminder": Kind(
            name=noted("Rappel"),
            job="rappels",
            rows=lambda: Reminder.objects.exclude(customer__email=""),
            unsent=Q(sent_at=None, day__gte=today),
            merchant="customer__merchant",
            address="customer__email",
            made="made_at",
            day="",
            letter=notices.reminding,
            related=("customer__merchant",),
        ),
        "link": Kind(
            name=noted("Compte"),
            job="liens",
            rows=Link.objects.all,
            unsent=Q(sent_at=None, used_at=None, made_at__gt=timezone.now() - links.LASTS),
            merchant="person__merchant",
            address="address",
            made="made_at",
            day="",
            letter=_link_letter,
            related=("person__merchant",),
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is narrowed to."""

    kind: str
    merchant: str
    state: str

    @property
    def any(self) -> bool:
        """Whether something is narrowed."""
        return bool(self.kind or self.merchant or self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as the list shows it: nothing that its reader alone is told."""

    about: str
    """`gift:12`: how the page names it."""
    kind: str
    subject: str
    address: str
    """Masked."""
    merchant: Merchant | None
    made_at: datetime
    day: date | None
    """Before which it does not go, where that is still to come."""
    state: str
    error: str
    """Why it did not go, in words; empty: nobody has tried."""
    failed_at: datetime | None


def asked_of(request: HttpRequest) -> Asked:
    """Read the address; what makes no sense narrows nothing."""
    given = request.GET
    kind, state = given.get("kind", ""), given.get("state", "")
    return Asked(
        kind=kind if kind in _kinds() else "",
        merchant=given.get("merchant", "")[:LONGEST_QUERY].replace("\0", ""),
        state=state if state in _STATES else "",
    )


class Found(Sequence[tuple[str, int]]):
    """The kind and the key of every mail that is asked for, the newest first; read by the page."""

    def __init__(self, asked: Asked) -> None:
        self._parts = [
            _keys(name, kind, asked) for name, kind in _kinds().items() if asked.kind in ("", name)
        ]

    def __len__(self) -> int:
        return sum(part.order_by().count() for part in self._parts)

    @overload
    def __getitem__(self, which: int) -> tuple[str, int]: ...
    @overload
    def __getitem__(self, which: slice) -> list[tuple[str, int]]: ...
    def __getitem__(self, which: int | slice) -> tuple[str, int] | list[tuple[str, int]]:
        first, *more = self._parts
        every = first.union(*more, all=True) if more else first
        rows = every.order_by("-at", "what", "-key")
        if isinstance(which, slice):
            return [(what, key) for _at, what, key in rows[which]]
        _at, what, key = rows[which]
        return what, key


def mails(keys: Sequence[tuple[str, int]]) -> list[Mail]:
    """What a page tells of these mails: one query for each kind."""
    kinds = _kinds()
    found: dict[tuple[str, int], Mail] = {}
    for name, kind in kinds.items():
        wanted = [key for what, key in keys if what == name]
        if wanted:
            rows = _with_state(kind).filter(pk__in=wanted).select_related(*kind.related)
            found |= {(name, row.pk): _mail(name, kind, row) for row in rows}
    return [found[key] for key in keys if key in found]


def counts(*, now: datetime) -> dict[str, int]:
    """How many of all mails are in each state, and how many went out within a day (`sent`)."""
    total = dict.fromkeys((*_STATES, "sent"), 0)
    for kind in _kinds().values():
        rows = _with_state(kind)
        every = {f"n_{i}": Count("pk", filter=state) for i, state in enumerate(_STATES.values())}
        some = rows.filter(kind.unsent).aggregate(**every)
        for i, name in enumerate(_STATES):
            total[name] += some[f"n_{i}"]
        total["sent"] += kind.rows().filter(sent_at__gt=now - DAY).count()
    return total


def one(about: str) -> tuple[Kind, Outgoing, Merchant | None] | None:
    """The mail that a page names, if it is still to go out."""
    name, _colon, key = about.partition(":")
    kind = _kinds().get(name)
    if kind is None or not (key.isascii() and key.isdecimal()) or len(key) > LONGEST_KEY:
        return None
    row = kind.rows().filter(kind.unsent, pk=int(key)).select_related(*kind.related).first()
    return (kind, row, _whose(kind, row)) if row else None


def kind_choices() -> list[tuple[str, str]]:
    """Name the kinds."""
    return [("", _("Tous les e-mails")), *((name, _(kind.name)) for name, kind in _kinds().items())]


def state_choices(many: Mapping[str, int]) -> list[tuple[str, str]]:
    """Name the states, and how many there are in each."""
    named = (
        (WAITING, _("À envoyer")),
        (FAILING, _("Seront réessayés")),
        (GIVEN_UP, _("Refusés")),
        (HELD, _("Retenus, commerce fermé")),
    )
    every = [("", _("Tous les états"))]
    return every + [(state, f"{words} · {figure(many[state])}") for state, words in named]


def merchant_choices() -> list[tuple[str, str]]:
    """All merchants."""
    rows = Merchant.objects.order_by("name", "pk").values_list("pk", "name")
    return [("", _("Tous les commerces")), *rows]


def masked(address: str) -> str:
    """An address that shows its server, and one letter of whom it is."""
    name, at, server = address.rpartition("@")
    return f"{name[:1]}…{at}{server}"


def reason(error: str) -> str:
    """Why a mail did not go, as a person can act on it."""
    kind, _blank, number = error.partition(" ")
    match kind:
        case "":
            return ""
        case "SMTPRecipientsRefused":
            said = _("le serveur du destinataire refuse cette adresse")
        case "SMTPSenderRefused" | "SMTPAuthenticationError" | "SMTPDataError" | "SMTPHeloError":
            said = _("notre serveur d’envoi refuse le hub")
        case "ValueError" | "BadHeaderError" | "UnicodeEncodeError" | "UnicodeError":
            said = _("l’adresse n’en est pas une")
        case _:
            said = _("notre serveur d’envoi ne répond pas")
    return f"{said} ({number or kind})"


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _with_state(kind: Kind) -> QuerySet[Any]:
    closed = Q(**{f"{kind.merchant}__closed_at__isnull": False})
    return kind.rows().annotate(closed=ExpressionWrapper(closed, BooleanField()))


def _keys(name: str, kind: Kind, asked: Asked) -> QuerySet[Any]:
    rows = _with_state(kind).filter(kind.unsent)
    if asked.merchant:
        rows = rows.filter(**{kind.merchant: asked.merchant})
    if asked.state:
        rows = rows.filter(_STATES[asked.state])
    told = rows.annotate(at=F(kind.made), what=Value(name, CharField()), key=F("pk"))
    return told.order_by().values_list("at", "what", "key")


def _mail(name: str, kind: Kind, row: Any) -> Mail:  # noqa: ANN401 (a row of any kind)
    day = getattr(row, kind.day) if kind.day else None
    address = row
    for part in kind.address.split("__"):
        address = getattr(address, part)
    return Mail(
        about=f"{name}:{row.pk}",
        kind=_(kind.name),
        subject=str(kind.letter(row).subject),
        address=masked(str(address)),
        merchant=_whose(kind, row),
        made_at=getattr(row, kind.made),
        day=day if day and day > timezone.localdate() else None,
        state=_state(row),
        error=reason(row.error),
        failed_at=row.failed_at,
    )


def _state(row: Any) -> str:  # noqa: ANN401 (a row of any kind)
    if row.closed:
        return HELD
    if row.given_up:
        return GIVEN_UP
    return FAILING if row.failed_at else WAITING


def _whose(kind: Kind, row: Any) -> Merchant | None:  # noqa: ANN401 (a row of any kind)
    found = row
    for part in kind.merchant.split("__"):
        found = getattr(found, part, None)
    return found
