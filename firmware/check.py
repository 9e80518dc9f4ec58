# SPDX-License-Identifier: Apache-2.0
"""`./run check`: how the card and each piece of hardware are, and what to do, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from threading import Thread
from typing import Final

from firmware.config import Config
from firmware.drivers import open_printer, open_scanner, open_signal
from firmware.drivers.base import Printer, PrinterStatus, Scanner, Signal
from firmware.drivers.paper import (
    Align,
    Block,
    Code,
    Columns,
    Cut,
    OpenDrawer,
    Paper,
    Rule,
    Size,
    Symbology,
    Text,
)
from firmware.faults import Fault, Forbidden, PrinterOffline
from firmware.store.inodes import set_aside
from firmware.store.room import Disk, Strain, percent_used, strain

_LOCALE: Final = Path(__file__).parent / "locale"

_PATIENCE_S: Final = 5.0
"""Longer than any driver needs to open what is there."""

_CARD: Final = "2000000000015"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one piece is: a French sentence, the key of its translations."""

    part: str
    url: str
    ok: bool
    text: str
    facts: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, part: str, url: str, fault: Fault) -> "Finding":
        """What is wrong, as the driver says it."""
        return cls(part, url, ok=False, text=fault.text, facts=dict(fault.facts))

    def said(self, language: str) -> str:
        """One line for a person: what it is, whether it is well, and what to do if not."""
        t = _catalogue(language).gettext
        mark = "✓" if self.ok else "✗"
        return f"{mark} {t(self.part):<11} {self.url}\n  {t(self.text).format(**self.facts)}"


def hardware(config: Config) -> Iterator[Finding]:
    """Look at each piece of hardware of the configuration, one after the other."""
    for url in config.scanners:
        yield _looked_at("lecteur", url, lambda url: scanner(url, open_scanner(url)))
    yield _looked_at("imprimante", config.printer, lambda url: printer(url, open_printer(url)))
    yield _looked_at("signal", config.signal, lambda url: signal(url, open_signal(url)))


def scanner(url: str, found: Scanner) -> Finding:
    """Whether a scanner can be listened to; it is let go at once."""
    faults: list[Fault] = []

    def listen() -> None:
        try:
            found.listen(lambda _: None, found.stop)
        except Fault as fault:
            faults.append(fault)

    thread = Thread(target=listen, daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)
    match faults:
        case [Forbidden() as fault] if fault.text == Forbidden.default:
            held = "Un autre programme le tient. Si le terminal tourne, c’est lui : tout va bien."
            return Finding("lecteur", url, ok=False, text=held)
        case [fault]:
            return Finding.of("lecteur", url, fault)
        case _ if thread.is_alive():
            text = "Il est là et ne répond pas : débranchez-le et rebranchez-le."
            return Finding("lecteur", url, ok=False, text=text)
    names = ", ".join(found.found)
    return Finding("lecteur", url, ok=True, text="Prêt à lire : {names}.", facts={"names": names})


def printer(url: str, found: Printer) -> Finding:
    """What a printer says of itself."""
    status = found.status()
    match status:
        case PrinterStatus.READY:
            text = "Prête à imprimer."
        case PrinterStatus.PAPER_LOW:
            text = "Prête à imprimer, mais le rouleau finit bientôt : préparez-en un."
        case PrinterStatus.UNKNOWN:
            text = "Branchée, mais elle ne dit pas comment elle va : essayez ./run check --print"
        case _:
            fault = found.fault if status is PrinterStatus.OFFLINE else status.fault
            return Finding.of("imprimante", url, fault or PrinterOffline())
    return Finding("imprimante", url, ok=True, text=text)


def signal(url: str, found: Signal) -> Finding:
    """Whether light and sound have their pins."""
    fault = found.check()
    if fault:
        return Finding.of("signal", url, fault)
    return Finding("signal", url, ok=True, text="Lumière et son sont prêts.")


def card(file: Path, disk: Disk) -> Iterator[Finding]:
    """How full the card is, and what was put aside beside the terminal's file."""
    level, percent = strain(disk), percent_used(disk)
    match level:
        case Strain.NONE:
            text = "Il y a de la place."
        case Strain.SCRAPS:
            text = "Pleine à {percent} % : elle suffit encore, prévoyez d’en changer."
        case Strain.ARCHIVE:
            text = "Pleine à {percent} % : les ventes déjà envoyées s’effacent. Faites de la place."
        case Strain.SALES:
            text = "Pleine à {percent} % : aucune vente n’est plus prise. Faites de la place."
    ok, where = level < Strain.ARCHIVE, str(file.parent)
    yield Finding("carte", where, ok=ok, text=text, facts={"percent": percent})
    if names := ", ".join(path.name for path in set_aside(file)):
        text = "Mis de côté, peut-être des ventes : gardez {names} et appelez l’assistance."
        yield Finding("carte", where, ok=False, text=text, facts={"names": names})


def slip(terminal: str, language: str, *, drawer: bool = False) -> Paper:
    """A trial receipt with all that receipts can have: what is missing on it, the printer lacks."""
    t = _catalogue(language).gettext
    blocks: list[Block] = [
        Text(t("Essai d’impression"), align=Align.CENTRE, size=Size.LARGE),
        Text(terminal, align=Align.CENTRE, bold=True),
        Rule(),
        Columns("Crème brûlée, œuf à la coque", "13,40 €"),
        Columns("ÀÂÇÉÈÊËÎÏÔÙÛÜ", "àâçéèêëîïôùûü"),
        Rule(),
        Text(t("Les deux codes se lisent avec un téléphone."), align=Align.CENTRE),
        Code(terminal),
        Code(_CARD, Symbology.EAN13),
        *([OpenDrawer()] if drawer else []),
        Cut(),
    ]
    return Paper(tuple(blocks))


def _looked_at(part: str, url: str, look: Callable[[str], Finding]) -> Finding:
    try:
        return look(url)
    except Fault as fault:  # the address itself makes no sense
        return Finding.of(part, url, fault)


@cache
def _catalogue(language: str) -> NullTranslations:
    return translation("terminal", _LOCALE, [language], fallback=True)
