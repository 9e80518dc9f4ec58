# SPDX-License-Identifier: Apache-2.0
"""The log of what people and programs did, as rows: who, what, to what, when. Its rules: `doing`."""

from datetime import timedelta
from typing import ClassVar, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 400


class Did(models.TextChoices):
    """What somebody did; the word before the dot is what it is found by."""

    SIGNED_IN = "account.in", _("Connexion")
    SIGNED_OUT = "account.out", _("Déconnexion")
    SESSIONS_ENDED = "account.ended", _("Sessions fermées")
    ACTIVATED = "account.opened", _("Compte activé")
    NAMED = "account.named", _("Nom du compte changé")
    PASSWORD_CHOSEN = "account.password", _("Mot de passe changé")
    ADDRESS_ASKED = "account.asked", _("Nouvelle adresse demandée")
    ADDRESS_CHANGED = "account.address", _("Adresse du compte changée")
    FACTOR_SET = "account.factor", _("Second facteur activé")
    CODES_MADE = "account.codes", _("Codes de secours refaits")
    CODE_USED = "account.recovered", _("Entrée avec un code de secours")
    FACTOR_REMOVED = "account.plain", _("Second facteur retiré")
    FACTOR_RESET = "account.reset", _("Second facteur retiré par l’exploitant")

    SOLD = "till.sold", _("Vente enregistrée")
    REFUNDED = "till.refunded", _("Vente remboursée")

    CUSTOMER_ADDED = "customer.added", _("Client inscrit")
    CUSTOMER_CHANGED = "customer.changed", _("Fiche modifiée")
    CUSTOMER_JOINED = "customer.joined", _("Adhésion au programme")
    POINTS_ADJUSTED = "customer.points", _("Points ajoutés ou retirés à la main")
    CARD_GIVEN = "customer.card", _("Carte donnée")
    CARD_BLOCKED = "customer.lost", _("Carte bloquée")
    CARD_FOUND = "customer.found", _("Carte remise en service")
    CARDS_RESERVED = "customer.blanks", _("Cartes à imprimer réservées")
    MERGED = "customer.merged", _("Clients réunis")
    PARTED = "customer.parted", _("Clients séparés")
    TOLD_APART = "customer.apart", _("Doublon écarté")
    CONSENT_NOTED = "customer.consent", _("Consentement noté")
    FORGOTTEN = "customer.forgotten", _("Client anonymisé")
    ABSENCE_SET = "customer.absence", _("Délai d’anonymisation changé")

    BOOKED = "appointment.made", _("Rendez-vous pris")
    BOOKING_MOVED = "appointment.moved", _("Rendez-vous déplacé")
    BOOKING_CANCELLED = "appointment.off", _("Rendez-vous annulé")
    BOOKING_MISSED = "appointment.missed", _("Rendez-vous manqué")
    DELAY_CHANGED = "appointment.delay", _("Délai des points changé")
    SERVICE_KEPT = "appointment.service", _("Prestation enregistrée")

    GIFT_CARD_MADE = "giftcard.made", _("Carte cadeau créée")
    GIFT_CARD_BLOCKED = "giftcard.blocked", _("Carte cadeau bloquée")
    GIFT_CARD_FREED = "giftcard.freed", _("Carte cadeau remise en service")
    GIFT_BATCH_MADE = "giftcard.batch", _("Lot de cartes cadeaux fait")
    GIFT_OFFER_MADE = "giftcard.offer", _("Carte cadeau proposée contre des points")
    GIFT_OFFER_TURNED = "giftcard.turned", _("Proposition arrêtée ou reprise")
    GIFT_RULES_KEPT = "giftcard.rules", _("Règles des cartes cadeaux enregistrées")

    REWARD_KEPT = "programme.reward", _("Récompense enregistrée")
    RULES_KEPT = "programme.rules", _("Règles de gain enregistrées")
    LOYALTY_PRODUCT_CHOSEN = "programme.product", _("Produit de fidélité choisi")
    PAGE_WRITTEN = "programme.page", _("Page du programme écrite")
    PROVISION_KEPT = "programme.provision", _("Provision réglée")
    PUBLISHED = "programme.published", _("Version publiée")
    TIERING_KEPT = "programme.tiering", _("Critère des statuts enregistré")
    TIERS_BEGUN = "programme.begun", _("Statuts commencés")
    TIER_KEPT = "programme.tier", _("Statut enregistré")
    TIER_DROPPED = "programme.dropped", _("Statut supprimé")

    CATEGORY_KEPT = "catalogue.category", _("Rayon enregistré")
    CATEGORY_DROPPED = "catalogue.emptied", _("Rayon retiré")
    PRODUCT_KEPT = "catalogue.product", _("Article enregistré")
    PRODUCT_DROPPED = "catalogue.dropped", _("Article retiré de la vente")

    AUDIENCE_KEPT = "campaign.segment", _("Segment enregistré")
    AUDIENCE_DROPPED = "campaign.dropped", _("Segment supprimé")

    FILE_SENT = "file.sent", _("Fichier envoyé")
    FILE_APPLIED = "file.applied", _("Fichier importé")
    FILE_DROPPED = "file.dropped", _("Fichier écarté")
    EXPORTED = "file.taken", _("Données emportées dans un fichier")
    PRINTED = "file.printed", _("Cartes imprimées")

    SHOP_OPENED = "shop.opened", _("Boutique ouverte")
    SHOP_CHANGED = "shop.changed", _("Boutique modifiée")
    SHOP_CLOSED = "shop.closed", _("Boutique fermée")
    SHOP_REOPENED = "shop.reopened", _("Boutique rouverte")
    LOG_IN_OFFERED = "shop.invited", _("Lien du compte de la boutique envoyé")
    LOG_IN_OPENED = "shop.in", _("Compte de la boutique rouvert")
    LOG_IN_SHUT = "shop.out", _("Compte de la boutique fermé")
    HIRED = "shop.hired", _("Personne ajoutée à l’équipe")
    STAFF_CHANGED = "shop.staff", _("Personne de l’équipe modifiée")
    DISMISSED = "shop.left", _("Personne retirée de l’équipe")
    MODULES_SWITCHED = "shop.modules", _("Modules choisis")

    CLAIM_MADE = "terminal.claim", _("Code d’enrôlement donné")
    LIMITS_CHANGED = "terminal.limits", _("Limites des caisses changées")
    FRONT_KEPT = "terminal.front", _("Vitrine des caisses enregistrée")
    FROZEN = "terminal.frozen", _("Caisse gelée")
    THAWED = "terminal.thawed", _("Caisse dégelée")
    LEAVING = "terminal.leaving", _("Sortie de service demandée")
    STAYING = "terminal.staying", _("Sortie de service annulée")
    ADOPTED = "terminal.adopted", _("Nouvelle machine acceptée")
    RETIRED = "terminal.retired", _("Caisse retirée")
    TOKEN_MADE = "terminal.token", _("Jeton donné à un logiciel")
    TOKEN_REVOKED = "terminal.revoked", _("Jeton retiré à un logiciel")

    INCIDENT_CLOSED = "ruling.closed", _("Point classé")
    RESUMED = "ruling.resumed", _("Reprise après restauration acceptée")
    SHELVED_POSTED = "ruling.posted", _("Écriture mise de côté enregistrée")
    SHELVED_CORRECTED = "ruling.corrected", _("Écriture mise de côté corrigée")
    SHELVED_REFUSED = "ruling.refused", _("Écriture mise de côté refusée")

    ENTERED = "operator.entered", _("L’exploitant est entré dans l’espace")
    LEFT = "operator.left", _("L’exploitant a quitté l’espace")
    LAPSED = "operator.lapsed", _("L’heure de l’exploitant est passée")
    MERCHANT_CLOSED = "operator.closed", _("Commerce fermé")
    MERCHANT_REOPENED = "operator.reopened", _("Commerce rouvert")
    PLAN_CHANGED = "operator.plan", _("Forfait changé")
    CREDITS_GIVEN = "operator.credits", _("Crédits donnés")
    MAIL_RETRIED = "operator.mail", _("E-mail réessayé")
    JOB_ASKED = "operator.job", _("Travail redemandé")


class _Kept(models.QuerySet["Deed"]):
    """Rows that are only added and read."""

    def update(self, **_changes: object) -> NoReturn:
        """Refuse."""
        raise TypeError(self.update)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise TypeError(self.delete)


class Deed(models.Model):
    """One thing that somebody did on the web, or a program for them by the interface.

    Rows are only added, and the database refuses the rest (`kept`); they name people by id alone.

    Its reason is here only where what was done keeps none itself.
    """

    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, null=True, related_name="+")
    """In whose space; None: the hub's own affair."""
    person = models.ForeignKey("merchants.Person", models.PROTECT, null=True, related_name="+")
    """Who; None: a program, the command line of the hub's machine, or time itself."""
    token = models.ForeignKey("merchants.Token", models.PROTECT, null=True, related_name="+")
    """Which program, where none of them did it on a page."""
    did = models.CharField(max_length=24)
    """Of `Did`; the column knows no list, so that a new kind changes no table."""
    about = models.CharField(max_length=100, blank=True)
    """`customer:12`: what it was done to; empty: to nothing that has a number."""
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField()

    objects = _Kept.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "at"], name="deeds_of_merchant"),
            models.Index(fields=["person", "at"], name="deeds_of_person"),
            models.Index(fields=["about", "at"], name="deeds_about"),
            models.Index(fields=["at"], name="deeds_at"),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        """Add it, once."""
        if not self._state.adding:
            raise TypeError(self.save)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # as Django calls it

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse."""
        raise TypeError(self.delete)

    @property
    def label(self) -> str:
        """What was done, in words; of a kind that is no more, its bare name."""
        return str(Did(self.did).label) if self.did in Did.values else self.did


class Stay(models.Model):
    """An operator in a merchant's space: asked for with a reason, and over within the hour."""

    entered = models.OneToOneField(Deed, models.PROTECT, related_name="stay")
    """Who, where, since when and why."""
    until = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    """Of one that lapsed: `until`; None: it lasts, or nobody has written its end yet."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], name="stays_open", condition=models.Q(left_at=None))
        ]

    @property
    def lasts(self) -> bool:
        """Whether its operator may still look."""
        return self.left_at is None and self.until > timezone.now()

    @property
    def left(self) -> timedelta:
        """How long it still lasts."""
        return max(self.until - timezone.now(), timedelta())
