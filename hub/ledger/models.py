# SPDX-License-Identifier: Apache-2.0
"""What the hub knows to have happened. Rows are written by `post`, `grant` and `notices` alone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.ledger.appointments import Appointment  # noqa: F401 (known to Django by being here)
from hub.ledger.cardbatches import CardBatch  # noqa: F401 (known to Django by being here)
from hub.ledger.consents import Consent  # noqa: F401 (known to Django by being here)
from hub.ledger.counts import Count, CountBook  # noqa: F401 (known to Django by being here)
from hub.ledger.daysums import DaySum, SumBook  # noqa: F401 (known to Django by being here)
from hub.ledger.evaluations import Evaluation  # noqa: F401 (known to Django by being here)
from hub.ledger.forgotten import Forgetting, Redaction  # noqa: F401 (known to Django by being here)
from hub.ledger.genders import Gender
from hub.ledger.giftcards import GiftCard  # noqa: F401 (known to Django by being here)
from hub.ledger.jobs import JobFailure, JobRun  # noqa: F401 (known to Django by being here)
from hub.ledger.lots import Lot, LotBook  # noqa: F401 (known to Django by being here)
from hub.ledger.meetings import Meeting  # noqa: F401 (known to Django by being here)
from hub.ledger.merges import Merge  # noqa: F401 (known to Django by being here)
from hub.ledger.orders import OpenOrder  # noqa: F401 (known to Django by being here)
from hub.ledger.purchases import Bought  # noqa: F401 (known to Django by being here)
from hub.ledger.rights import SpendingRight  # noqa: F401 (known to Django by being here)
from hub.ledger.rulings import Ruling  # noqa: F401 (known to Django by being here)
from hub.ledger.snapshots import Snapshot  # noqa: F401 (known to Django by being here)
from hub.ledger.staging import Import, ImportLine  # noqa: F401 (known to Django by being here)
from hub.ledger.tellings import PointsNotice, Reminder  # noqa: F401 (known to Django by being here)
from hub.merchants.models import ID_LENGTH, KEY_LENGTH, Merchant, Shop, Terminal


class Customer(models.Model):
    """Somebody with a card. `uuid` was made where they joined and is theirs for ever."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="customers", db_index=False)
    uuid = models.CharField(max_length=ID_LENGTH)
    first_name = models.CharField(_("prénom"), max_length=60, blank=True)
    initial = models.CharField(max_length=4, blank=True)
    """Of the family name: what terminals show."""
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    phone = models.CharField(_("téléphone"), max_length=24, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    hashes = models.CharField(max_length=140, blank=True)
    """Keyed hashes of phone and e-mail, a blank between them."""
    search = models.CharField(max_length=400, blank=True)
    """Names and e-mail without accents or capitals, phone in digits."""
    joined_at = models.DateTimeField()
    joined_shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    """When they were last here (`people.note_seen`)."""
    seen_shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    stub = models.BooleanField(default=False)
    """Met in a sale before they were heard to have joined."""
    head = models.CharField(max_length=ID_LENGTH, blank=True)
    """Uuid of whom the person is served as, also of that one; empty: nobody else is the same."""
    member = models.BooleanField(default=True)
    """They joined the programme: who has not earns nothing (SPEC C15)."""
    pro = models.BooleanField(_("professionnel"), default=False)
    birthday = models.CharField(max_length=5, blank=True)
    """Month and day, `12-24`; empty: not known."""
    birth_year = models.PositiveSmallIntegerField(null=True)
    """Known only with their birthday; no till is told."""
    gender = models.CharField(_("genre"), max_length=1, choices=Gender, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    """In capitals, without blanks."""
    segment = models.CharField(_("groupe"), max_length=40, blank=True)
    """Whom the merchant counts them among."""
    tier = models.CharField(max_length=ID_LENGTH, blank=True)
    """Id of their tier, as the last evaluation found; empty: none."""
    own_points = models.BigIntegerField(default=0)
    """What their own accounts hold, less owed ones: lists of everybody are sorted by it."""
    own_visits = models.BigIntegerField(default=0)
    figure = models.BigIntegerField(default=0)
    """What counted towards the tier then, in the criterion's unit."""
    losing_on = models.DateField(null=True)
    """Day on which they would lose it if they bought nothing more; None: not soon."""
    accepts_email = models.BooleanField(default=False)
    """They may be written to: what their last consent says (`Consent`)."""
    accepts_sms = models.BooleanField(default=False)
    warned_at = models.DateTimeField(null=True)
    """They did not come for years: when they were told that they will be forgotten."""
    forgotten_at = models.DateTimeField(null=True)
    """Set: nobody knows any more who they were (`Forgetting`)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "uuid"], name="customer_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "seen_at"]),
            # all that they are searched and narrowed by and nothing that a sale changes; in the order of
            # their rows, so that what else is read of all of them lies together
            models.Index(
                fields=["merchant", "forgotten_at", "head", "id", "uuid", "joined_shop", "search"],
                name="persons_listed",
            ),
            models.Index(fields=["merchant", "hashes", "id"], name="alike"),
            models.Index(fields=["merchant", "head"], name="one_person", condition=~Q(head="")),
            models.Index(fields=["merchant", "birthday"], name="born", condition=~Q(birthday="")),
        ]

    def __str__(self) -> str:
        if self.forgotten_at:
            return gettext("Client anonymisé")
        return f"{self.first_name} {self.last_name or self.initial}".strip() or self.uuid


class Card(models.Model):
    """A code that identifies a customer, on whatever medium."""

    merchant = models.ForeignKey(Merchant, models.PROTECT)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cards")
    code = models.CharField(max_length=64)
    blocked_at = models.DateTimeField(null=True)
    """It was lost: it leads to nobody, and is nobody else's (SPEC E11)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "code"], name="code_once")
        ]

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    """The balance of one unit: of a customer, a gift card, or the merchant on the other side."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8)
    owner = models.CharField(max_length=ID_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH, blank=True)
    balance = models.BigIntegerField(default=0)
    held_total = models.BigIntegerField(default=0)
    """Of all terminals: never above the balance."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merchant", "owner", "kind", "key"], name="account_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "kind", "key"], name="accounts_by_kind"),
            models.Index(
                fields=["merchant", "key"],
                name="points_waiting",
                condition=Q(kind="pending", balance__gt=0),
            ),
        ]


class Segment(models.Model):
    """A run of a terminal's journal: one boot of one board, and what it may spend."""

    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="segments")
    uuid = models.CharField(max_length=ID_LENGTH)
    gen = models.PositiveIntegerField(default=0)
    """Of the enrolment under which it was opened."""
    hw_id = models.CharField(max_length=64, blank=True)
    """The board that wrote it."""
    epoch = models.CharField(max_length=32, blank=True)
    """The hub's life that its header knew of."""
    opened_at = models.DateTimeField(null=True)
    """When its header was posted; None: it has none yet."""
    sound = models.BooleanField(default=False)
    """Whether its header followed the segment before: it took over what that one held."""
    prev = models.CharField(max_length=ID_LENGTH, blank=True)
    prev_n = models.BigIntegerField(default=0)
    sold_since = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """From which on its terminal holds what it sold itself; None: from the first."""
    follower = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """The sound segment after it."""
    followed_n = models.BigIntegerField(null=True)
    """The entry after which it was followed: there is no right in what comes later."""
    dead = models.BooleanField(default=False)
    """A later boot of its board has called in, or its terminal was retired: it holds nothing."""
    retired = models.BooleanField(default=False)
    """What it overspends is the loss reserve's alone (RIGHTS 16)."""
    signed_off = models.BooleanField(default=False)
    """Its generation left in good order: what comes after its last entry is shelved."""
    forked = models.BooleanField(default=False)
    """Its terminal has other entries than the hub from some place on: it will never be complete."""
    watermark = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    """Entries up to the watermark that its terminal has not any more."""
    head = models.CharField(max_length=64, blank=True)
    """Hex hash of the entry at the watermark."""
    wall_minus_mono_ms = models.BigIntegerField(null=True)
    """Learned from an entry with a trusted clock: dates the others."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terminal", "uuid"], name="segment_once")
        ]

    @property
    def may_be_alive(self) -> bool:
        """Whether a terminal may be in it: rights can be granted there."""
        return self.opened_at is not None and self.follower_id is None and not self.dead


class Held(models.Model):
    """What may still be spent of an account in one segment, as the hub counts it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="holds", db_index=False)
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="holds")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "segment"], name="hold_once")
        ]


class CallingIn(models.Model):
    """An order to a terminal: the boot that answers it is alive, the others of its board are not."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="+")
    segments = models.ManyToManyField(Segment, related_name="+")
    """Those of one board that may have been alive when it was given."""
    given_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)


class Outcome(models.TextChoices):
    """What became of an entry, once and for ever."""

    POSTED = "posted", _("enregistrée")
    WAITING = "waiting", _("en attente")
    SHELVED = "shelved", _("mise de côté")


class Why(models.TextChoices):
    """Why an entry was shelved."""

    UNREADABLE = "unreadable", _("illisible")
    PLACE = "place", _("numéro d’ordre incohérent")
    ABSURD = "absurd", _("montants impossibles")
    REPEATED = "repeated", _("déjà reçue ailleurs")
    ALTERED = "altered", _("déjà reçue avec un autre contenu")
    FORK = "fork", _("deux suites différentes d’un même journal")
    POISON = "poison", _("impossible à traiter")
    CLOSED = "closed", _("écrite après la sortie de service")


class JournalEntry(models.Model):
    """One entry, its original bytes, and what it came to.

    Every index is paid for by each sale of each till: only what a page or a rule reads by has one.
    """

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, db_index=False)
    terminal = models.ForeignKey(Terminal, models.PROTECT, null=True, db_index=False)
    """None: made by the hub."""
    segment = models.ForeignKey(Segment, models.PROTECT, null=True, db_index=False)
    n = models.BigIntegerField(default=0)
    event_id = models.CharField(max_length=ID_LENGTH, null=True, unique=True)  # noqa: DJ001
    """None where the entry has none that counts: unreadable, repeated, fork."""
    kind = models.CharField(max_length=24, blank=True)
    cause = models.CharField(max_length=12, blank=True)
    """Of what was given or taken: why."""
    at = models.DateTimeField()
    """When it happened, as well as can be known."""
    hour = models.IntegerField()
    """Whole hours of `at` since 1970 (UTC): what figures are grouped by."""
    dated = models.BooleanField(default=True)
    """Whether a trusted clock dated it."""
    posted_at = models.DateTimeField()
    customer = models.CharField(max_length=ID_LENGTH, blank=True)
    """Uuid."""
    staff = models.CharField(max_length=ID_LENGTH, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False)
    """Who did it on the web."""
    receipt = models.CharField(max_length=40, blank=True)
    cents = models.BigIntegerField(default=0)
    """Of a sale: due after rewards; of a gift card sold: loaded."""
    gift_cents = models.BigIntegerField(default=0)
    """Of a sale: the part that gift cards paid."""
    points = models.BigIntegerField(default=0)
    """Net of what was earned and used."""
    earned = models.BigIntegerField(default=0)
    """Of a sale: the points of its whole steps."""
    raw = models.BinaryField()
    hash = models.CharField(max_length=64)
    """Hex, of the chain."""
    outcome = models.CharField(max_length=8, choices=Outcome)
    why = models.CharField(max_length=12, choices=Why, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["segment", "n"],
                name="entry_once_in_its_place",
                condition=~Q(why="fork"),
            ),
            models.UniqueConstraint(
                fields=["segment", "hash"], name="branch_once", condition=Q(why="fork")
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["merchant", "kind", "hour", "outcome", "cents", "points", "receipt", "id"],
                name="entries_listed",  # and sorted, and looked for: no row is read for it
            ),
            models.Index(fields=["merchant", "at"]),
            models.Index(fields=["merchant", "customer", "at"]),
            # few rows, and no sale pays for it
            models.Index(
                fields=["outcome", "merchant"],
                name="entry_not_posted",
                condition=~Q(outcome="posted"),
            ),
        ]


class Movement(models.Model):
    """So much to an account, from the merchant's side of it; an entry's are in their order."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="movements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="movements", db_index=False)
    amount = models.BigIntegerField()
    by_account = models.BooleanField(default=False)
    """Of a gift card, or of the rest of a sale: a customer's are found by their entries, in the order
    of time.

    An index of all would dirty a page for each movement of each sale, the more the older the books.
    """

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["account"],
                name="movement_by_account",
                condition=Q(by_account=True),
            )
        ]


class IncidentKind(models.TextChoices):
    """What a person should look at."""

    OVERHELD = "overheld", _("Dépensé au-delà du droit accordé")
    INTRUDER = "intruder", _("Terminal inconnu")
    UNSOUND = "unsound", _("Journal d’un terminal qui ne suit pas le précédent")
    LATE = "late", _("Suite d’un journal qu’un terminal avait oubliée")
    STRANGER = "stranger", _("Carte d’un terminal dans un autre appareil")
    LOSS = "loss", _("Dépense payée par la réserve de pertes")
    LOST = "lost", _("Écritures qu’un terminal n’a plus")
    RESTORED = "restored", _("Hub restauré d’une sauvegarde")
    FORK = "fork", _("Deux suites différentes d’un même journal")
    SHELVED = "shelved", _("Écriture mise de côté")
    WAITING = "waiting", _("Écriture d’un type inconnu de ce hub")
    EARLY = "early", _("Remboursement avant sa vente")
    GIFT_TWICE = "gift_twice", _("Carte cadeau vendue deux fois")
    GIFT_UNTOLD = "gift_untold", _("Carte cadeau dont l’e-mail n’arrive pas")
    CARD_TAKEN = "card_taken", _("Carte donnée à deux clients")
    UNKNOWN_CUSTOMER = "unknown_customer", _("Vente à un client inconnu")
    SEALED = "sealed", _("Coordonnées illisibles")
    UNEQUAL = "unequal", _("Équation qui n’est pas à 0")


class Incident(models.Model):
    """Something that a person should look at; while open, the same again only counts."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, null=True)
    terminal = models.ForeignKey(Terminal, models.PROTECT, null=True)
    kind = models.CharField(max_length=20, choices=IncidentKind)
    subject = models.CharField(max_length=ID_LENGTH, blank=True)
    """Which customer, card, segment or entry."""
    facts = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["merchant", "closed_at", "kind", "subject"], name="incidents_open")
        ]
