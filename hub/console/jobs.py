# SPDX-License-Identifier: Apache-2.0
"""Tell of the jobs in words: what each does, when it last ran, at whom it broke or is behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from hub.ledger.behind import Since, behind
from hub.ledger.jobs import JobFailure, JobRun
from hub.ledger.running import JOBS
from hub.merchants.models import Merchant

QUIET: Final = timedelta(minutes=10)
"""After which nobody seems to do them: they run each minute, and an import may take some."""
MOST: Final = 100
"""Merchants that are named for a job."""
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "rendez-vous": (noted("Points des rendez-vous"), noted("Crédite ceux qui ont eu lieu.")),
    "points": (noted("Points en attente"), noted("Les rend utilisables à leur jour.")),
    "anniversaires": (noted("Anniversaires"), noted("Ouvre et ferme leurs récompenses.")),
    "lues": (noted("Dates d’expiration"), noted("Lit dans les ventes quand chaque point expire.")),
    "expirés": (noted("Points qui expirent"), noted("Une fois par jour de chaque commerce.")),
    "cartes-expirées": (noted("Cartes cadeaux qui expirent"), noted("Quand aucune caisse n’en a.")),
    "chiffres": (noted("Chiffres"), noted("Compte ce que les caisses envoient, même d’un fermé.")),
    "équation": (
        noted("Équation"),
        noted("Chaque jour : ce qui ne s’additionne pas va dans « À voir »."),
    ),
    "achats": (noted("Achats"), noted("Garde qui a acheté quoi, pour les segments.")),
    "statuts": (noted("Statuts"), noted("Chaque nuit : qui monte, qui descend.")),
    "offres": (noted("Cartes contre des points"), noted("Les annonce aux caisses.")),
    "photos": (noted("Photos des récompenses"), noted("Les réduit pour les caisses.")),
    "cartes": (noted("E-mails des cartes cadeaux"), noted("À qui en reçoit une.")),
    "mots": (noted("E-mails de points"), noted("À qui on en a donné ou retiré à la main.")),
    "absents": (
        noted("Qui ne vient plus"),
        noted("Prévient, puis anonymise : c’est dû par la loi, même chez un commerce fermé."),
    ),
    "rappels": (noted("E-mails de rappel"), noted("Points, statut ou fiche bientôt perdus.")),
    "liens": (noted("E-mails des comptes"), noted("Liens pour entrer ou changer de mot de passe.")),
    "importées": (noted("Imports"), noted("Écrit les lignes des fichiers acceptés.")),
    "oubliées": (
        noted("Lignes des fichiers"),
        noted("Les efface après sept jours, même chez un commerce fermé."),
    ),
    "abandonnées": (
        noted("Ventes abandonnées"),
        noted("Efface celles d’hier qui n’ont pas abouti."),
    ),
    "essais": (noted("Essais de mot de passe"), noted("Efface ceux qui ne comptent plus.")),
    "sessions": (noted("Sessions"), noted("Efface celles qui sont passées.")),
    "visites": (
        noted("Visites d’exploitants"),
        noted("Note la fin de celles dont l’heure est passée."),
    ),
    "tables": (
        noted("Tailles des tables"),
        noted("Les regarde chaque heure, pour que SQLite choisisse bien ses index."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A job that broke at a merchant, or is behind there."""

    merchant: Merchant | None
    failure: JobFailure | None
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A job as the page shows it."""

    job: str
    title: str
    about: str
    run: JobRun | None
    troubles: list[Trouble]

    @property
    def broke(self) -> bool:
        """Whether it broke anywhere."""
        return any(one.failure for one in self.troubles)


def lines() -> list[Line]:
    """All jobs: those that broke, those that are behind, then the others in their order."""
    runs = JobRun.objects.in_bulk()
    broken: dict[str, list[JobFailure]] = {}
    for failure in JobFailure.objects.select_related("merchant").order_by("since", "pk"):
        broken.setdefault(failure.job, []).append(failure)
    late = behind()
    names = Merchant.objects.in_bulk({key for some in late.values() for key in some})
    every = [
        Line(
            job=job,
            title=_(_WORDS[job][0]),
            about=_(_WORDS[job][1]),
            run=runs.get(job),
            troubles=_troubles(broken.get(job, []), late.get(job, {}), names),
        )
        for job, _do in JOBS
    ]
    return sorted(every, key=lambda line: (not line.broke, not line.troubles))


def title_of(job: str) -> str:
    """What a job is called; one that is no more has its bare name."""
    return _(_WORDS[job][0]) if job in _WORDS else job


def last_round() -> datetime | None:
    """When any job last came to its end; None: never."""
    newest = JobRun.objects.filter(ended_at__isnull=False).order_by("-ended_at").first()
    return newest.ended_at if newest else None


def nobody_does_them(last: datetime | None) -> bool:
    """Whether their program seems not to be running."""
    return last is None or timezone.now() - last > QUIET


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _troubles(
    failures: list[JobFailure], late: Since, names: Mapping[str, Merchant]
) -> list[Trouble]:
    found = [
        Trouble(merchant=one.merchant, failure=one, since=one.since) for one in failures[:MOST]
    ]
    told = {one.merchant_id for one in failures}
    found += [
        Trouble(merchant=names[key], failure=None, since=since)
        for key, since in late.items()
        if key not in told
    ]
    return found
