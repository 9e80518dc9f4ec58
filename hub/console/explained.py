# SPDX-License-Identifier: Apache-2.0
"""Explain each kind of incident to who has never seen one: what happened, what it means, what next.

docs/operating.md says the same at length.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from hub.ledger.models import IncidentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One kind of incident in plain words."""

    title: str
    happened: str
    means: str
    """For customers and for money."""
    todo: str
    icon: str = "stop"


def explained(kind: str) -> Explained:
    """The words for a kind; one that has none yet is still shown, and can be closed."""
    words = KINDS.get(kind, _NEW)
    return Explained(
        title=gettext(words.title),
        happened=gettext(words.happened),
        means=gettext(words.means),
        todo=gettext(words.todo),
        icon=words.icon,
    )


def titles() -> dict[str, str]:
    """What each kind that this hub can note is called."""
    return {kind: explained(kind).title for kind in IncidentKind.values}


KINDS: Final = {
    "loss": Explained(
        title=_("Dépensé au-delà de ce qui restait"),
        happened=_(
            "Une caisse a accepté une récompense, une cagnotte ou une carte cadeau pour plus que ce"
            " qui restait. Cela arrive quand une carte mémoire est remise dans un état ancien, ou"
            " copiée, et que la caisse ne se souvient plus de ce qu’elle a déjà utilisé."
        ),
        means=_(
            "Le client n’y perd rien et son solde reste juste. Le montant est à la charge du"
            " commerce, dans la réserve pour pertes."
        ),
        todo=_(
            "Regardez le journal de la caisse : il dit si sa carte a été remise en arrière ou"
            " copiée. Si vous l’avez fait vous-même, classez."
        ),
    ),
    "overheld": Explained(
        title=_("Dépensé au-delà du droit accordé"),
        happened=_(
            "Une caisse a utilisé plus que ce que le hub lui avait confié de ce compte. Elle a"
            " sans doute perdu la mémoire d’une partie de son journal."
        ),
        means=_(
            "La vente est enregistrée comme le ticket le dit. Tant qu’il reste assez sur le"
            " compte, personne n’y perd rien."
        ),
        todo=_("Regardez le journal de la caisse : il dit ce qu’elle a oublié."),
    ),
    "unsound": Explained(
        title=_("Journal d’une caisse qui ne suit pas le précédent"),
        happened=_(
            "La caisse a redémarré sur un journal qui ne commence pas là où le précédent finissait."
            " Sa carte mémoire a été remise dans un état ancien, copiée, ou son fichier remplacé."
        ),
        means=_(
            "Toutes ses ventes sont enregistrées. Par prudence, ce que l’ancien journal pouvait"
            " encore dépenser ne peut plus l’être par cette caisse."
        ),
        todo=_("Ouvrez le journal de la caisse : chaque démarrage y est expliqué."),
        icon="terminal",
    ),
    "late": Explained(
        title=_("Écritures arrivées après la suite"),
        happened=_(
            "Une caisse était déjà repartie sur un nouveau journal, puis des écritures de l’ancien"
            " sont arrivées : la caisse les avait oubliées."
        ),
        means=_(
            "Elles sont enregistrées : ce qui a été gagné reste au client. Ce qu’elles ont dépensé"
            " sans droit est à la charge du commerce."
        ),
        todo=_("Ouvrez le journal de la caisse : il dit quelle carte a été remise en arrière."),
        icon="terminal",
    ),
    "stranger": Explained(
        title=_("Carte d’une caisse dans une autre machine"),
        happened=_(
            "La carte mémoire d’une caisse, ou une copie, a démarré dans une machine qui n’est pas"
            " la sienne."
        ),
        means=_(
            "Ses ventes sont enregistrées, mais cette machine ne peut rien dépenser : ce que la"
            " caisse tenait reste à la machine d’origine. Aucun client n’y perd."
        ),
        todo=_(
            "Si vous avez changé de machine, inscrivez la caisse à nouveau. Sinon, arrêtez l’une des"
            " deux et cherchez qui a copié la carte."
        ),
        icon="terminal",
    ),
    "intruder": Explained(
        title=_("Appareil qui parle sous un autre nom"),
        happened=_(
            "Un appareil a parlé au hub sous un nom qui n’est pas le sien, après avoir été retiré,"
            " ou depuis deux machines à la fois."
        ),
        means=_(
            "Ce qui venait d’un autre nom n’a pas été cru : aucun solde n’en vient. Ce qu’une"
            " caisse inscrite a vendu est enregistré."
        ),
        todo=_(
            "Si c’est une de vos caisses, inscrivez-la à nouveau. Sinon, trouvez cet appareil et"
            " retirez la caisse dont il porte le nom."
        ),
        icon="terminal",
    ),
    "lost": Explained(
        title=_("Écritures perdues par une caisse"),
        happened=_(
            "Une caisse a dit elle-même qu’une partie de son journal n’existe plus : le hub ne"
            " l’avait pas encore reçue."
        ),
        means=_(
            "Ce que ces ventes ont fait gagner n’est pas sur les comptes. Le ticket du client en"
            " est la preuve."
        ),
        todo=_(
            "Notez la période. À un client qui montre un ticket de ce moment-là, rendez ses points"
            " avec une écriture corrigée."
        ),
        icon="terminal",
    ),
    "restored": Explained(
        title=_("Hub remis depuis une sauvegarde"),
        happened=_("La base de données du hub a été remise dans un état plus ancien."),
        means=_(
            "Les caisses renvoient d’elles-mêmes leurs ventes depuis la sauvegarde : rien n’en est"
            " perdu. Ce qui a été fait sur le web entre-temps est à refaire. Jusqu’à ce que toutes"
            " les caisses aient parlé, aucun nouveau droit n’est accordé."
        ),
        todo=_("Mettez toutes les caisses en ligne. Si l’une ne reviendra pas, retirez-la."),
        icon="archive",
    ),
    "fork": Explained(
        title=_("Deux suites différentes d’un même journal"),
        happened=_(
            "Sous les mêmes numéros, le hub a reçu deux fois des écritures différentes : deux"
            " programmes ont écrit sur des copies d’un même fichier."
        ),
        means=_(
            "La première suite est enregistrée. La seconde est mise de côté, entière : rien n’en"
            " est perdu, et ce qui est dans les deux ne compte qu’une fois."
        ),
        todo=_("Ouvrez les écritures mises de côté, et enregistrez les vraies ventes."),
    ),
    "shelved": Explained(
        title=_("Écriture mise de côté"),
        happened=_("Une caisse a envoyé une écriture que le hub ne peut pas enregistrer seul."),
        means=_(
            "Elle est gardée telle quelle et n’a touché aucun solde. Les écritures suivantes sont"
            " enregistrées normalement."
        ),
        todo=_("Ouvrez-la : vous pouvez l’enregistrer, la corriger ou la refuser."),
        icon="archive",
    ),
    "waiting": Explained(
        title=_("Écriture d’un type que ce hub ne connaît pas encore"),
        happened=_(
            "Une caisse a été mise à jour avant le hub, et écrit ce qu’il ne sait pas lire."
        ),
        means=_(
            "Ces écritures sont gardées dans leur ordre. Elles seront enregistrées une fois, comme"
            " si le hub les avait comprises tout de suite."
        ),
        todo=_("Mettez le hub à jour : il les enregistre en démarrant, et classe ce point."),
        icon="hourglass",
    ),
    "early": Explained(
        title=_("Remboursement avant sa vente"),
        happened=_(
            "Une caisse a remboursé une vente que le hub n’a pas encore : il a été restauré depuis,"
            " et la caisse qui a fait cette vente n’a pas encore redonné de nouvelles."
        ),
        means=_(
            "Le remboursement est gardé. Dès que sa vente revient, il est enregistré, et les points"
            " du client suivent."
        ),
        todo=_(
            "Rallumez la caisse qui manque, ou mettez-la hors service si elle est perdue : le hub"
            " enregistre alors le remboursement, et classe ce point."
        ),
        icon="hourglass",
    ),
    "gift_twice": Explained(
        title=_("Carte cadeau vendue deux fois"),
        happened=_(
            "La même carte cadeau a été vendue par deux caisses, dont une au moins était hors ligne"
            " et ne pouvait pas le savoir."
        ),
        means=_("Les deux montants sont sur la carte : aucun acheteur ne perd ce qu’il a payé."),
        todo=_(
            "Si un des acheteurs attendait une carte à part, donnez-lui-en une nouvelle."
            " Sinon, classez."
        ),
        icon="giftcard",
    ),
    "gift_untold": Explained(
        title=_("Carte cadeau dont l’e-mail n’arrive pas"),
        happened=_("L’adresse du bénéficiaire n’existe pas, ou refuse le message."),
        means=_("La carte est chargée et peut servir ; le bénéficiaire ne le sait pas encore."),
        todo=_("Prévenez l’acheteur. Une fois ce point classé, le hub essaie une nouvelle fois."),
        icon="giftcard",
    ),
    "card_taken": Explained(
        title=_("Carte donnée à deux clients"),
        happened=_("Deux caisses ont donné le même numéro de carte à deux clients, hors ligne."),
        means=_(
            "Le numéro est à celui qui est arrivé le premier au hub. Le second a reçu un autre"
            " numéro ; ses points sont à lui."
        ),
        todo=_("Donnez au second client une carte avec son nouveau numéro."),
        icon="people",
    ),
    "unknown_customer": Explained(
        title=_("Vente à un client inconnu"),
        happened=_("Une vente nomme un client dont l’inscription n’est pas encore arrivée."),
        means=_("Ses points l’attendent. Il ne manque que son nom."),
        todo=_("Rien, si la caisse qui l’a inscrit revient en ligne. Sinon, complétez sa fiche."),
        icon="people",
    ),
    "sealed": Explained(
        title=_("Coordonnées illisibles"),
        happened=_("Le hub n’a pas pu ouvrir le nom, le téléphone ou l’e-mail saisis à la caisse."),
        means=_("Les points ou le montant sont enregistrés ; seules les coordonnées manquent."),
        todo=_(
            "Demandez-les à nouveau au client. Si cela se répète, la clé du hub a changé : inscrivez"
            " la caisse à nouveau."
        ),
        icon="people",
    ),
    "unequal": Explained(
        title=_("L’équation n’est pas à 0"),
        happened=_(
            "Le hub additionne chaque jour tout ce qui a bougé et le compare aux soldes, puis chaque"
            " jour à ce que les caisses ont écrit. Cette fois, il reste un écart."
        ),
        means=_(
            "Un solde, un mouvement ou une écriture a été changé autrement que par une vente ou une"
            " page du hub. Les caisses continuent ; aucune écriture d’origine n’est perdue."
        ),
        todo=_(
            "Ouvrez l’équation : elle dit quel compte ou quel jour. Prévenez l’exploitant du hub,"
            " qui relit les écritures d’origine, puis classez."
        ),
    ),
}

_NEW: Final = Explained(
    title=_("Point à voir"),
    happened=_("Quelque chose ne s’est pas passé comme prévu."),
    means=_("Rien n’est perdu : chaque écriture est gardée telle que la caisse l’a faite."),
    todo=_("Appelez l’assistance avec le détail ci-dessous."),
)
