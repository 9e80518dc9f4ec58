# SPDX-License-Identifier: Apache-2.0
"""What can break on a counter, said in words a shopkeeper can act on."""

from typing import ClassVar


class Fault(Exception):
    """Something is broken; `permanent` says whether trying again can help.

    `text` is a French sentence saying what to do, and the key under which its translations are
    found: it names its facts in braces and never contains them. `str(fault)` fills them in.
    """

    default: ClassVar[str] = "Quelque chose est en panne."
    lasting: ClassVar[bool] = False

    def __init__(self, text: str = "", *, permanent: bool | None = None, **facts: object) -> None:
        self.text = text or self.default
        self.permanent = self.lasting if permanent is None else permanent
        self.facts = facts
        super().__init__(self.text)

    def __str__(self) -> str:
        return self.text.format(**self.facts)


class BadSetting(Fault):
    """The configuration asks for something that does not exist."""

    default = "Un réglage est refusé."
    lasting = True


class Unplugged(Fault):
    """The scanner or reader is not there."""

    default = "Le lecteur est débranché : rebranchez-le."


class Forbidden(Fault):
    """The system or another program keeps the hardware from us."""

    default = "Le lecteur est réservé à un autre programme : redémarrez le terminal."


class NotInstalled(Fault):
    """The system lacks a package that this piece of hardware needs."""

    default = "Il manque un paquet : tapez sudo apt-get install -y {package}"


class ServiceAway(Fault):
    """The system's own service for this hardware does not run."""

    default = "Le service des lecteurs sans contact est arrêté : tapez sudo systemctl restart pcscd"


class NoPins(Fault):
    """The board has no such pins, or another program holds them."""

    default = "Les broches {pins} manquent ou sont prises : vérifiez le câblage, terminal arrêté."


class PrinterOffline(Fault):
    """The printer does not answer, or stopped taking what it is sent."""

    default = "L’imprimante ne répond pas : vérifiez qu’elle est allumée et branchée."


class PaperOut(Fault):
    """The printer has no paper."""

    default = "Plus de papier : posez un rouleau."


class CoverOpen(Fault):
    """The printer's cover is open."""

    default = "Le capot de l’imprimante est ouvert : refermez-le."


class Unprintable(Fault):
    """This receipt can't be put on any paper; the next one can."""

    default = "Ce ticket ne peut pas être imprimé."
    lasting = True


class StoreFault(Fault):
    """The terminal's disk can't be read or written."""

    default = "Le terminal ne peut plus enregistrer : appelez l’assistance."


class DiskFull(StoreFault):
    """There is no room left for another entry."""

    default = "La mémoire du terminal est pleine : appelez l’assistance."


class StoreBusy(StoreFault):
    """Another program keeps the file from being written; it was waited for."""

    default = (
        "Un autre programme retient le fichier du terminal : fermez-le, ou redémarrez le terminal."
    )


class StoreDamaged(StoreFault):
    """The file does not read as it was written."""

    default = (
        "Le fichier du terminal est abîmé : appelez l’assistance. Rien n’est effacé, ne "
        "réinitialisez pas le terminal."
    )
    lasting = True


class StoreReplaced(StoreFault):
    """The file that was open is no longer the one that lies there."""

    default = (
        "Le fichier du terminal a été déplacé ou remplacé pendant qu’il servait. Le terminal "
        "redémarre ; si cela se répète, appelez l’assistance."
    )
    lasting = True


class Left(StoreFault):
    """This terminal has signed off: nothing is written any more under its enrolment."""

    default = "Ce terminal est sorti de service : inscrivez-le à nouveau pour vendre."


class AlreadyRunning(StoreFault):
    """Another process has this role."""

    default = "Le programme « {role} » tourne déjà sur ce terminal : arrêtez d’abord l’autre."
    lasting = True
