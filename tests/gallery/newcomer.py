# SPDX-License-Identifier: Apache-2.0
"""Somebody who has never seen Comptoir, from signing up to the first sale, by visible labels alone.

The ten steps are a test, make the pictures, and are docs/getting-started.md: what the page promises
is what a person can do. Where this newcomer stumbles the product is mended, not the script.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.hands import until
from tests.reader import PATIENCE_MS, Reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZE: Final = (1200, 750)
PASSWORD: Final = "Pain-perdu-1962"
PIN: Final = "2468"
CARD: Final = "CARTE-0007"
"""Of somebody in the sample file."""
BARCODE: Final = "3760000000024"
CODE: Final = re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")


@dataclass(kw_only=True)
class Newcomer(Reader):
    """Eyes and hands: one tab shows the hub, another the terminal."""

    terminal: str
    """Where `./run virtual` has its page."""
    seen: "Callable[[Page, str], None]"
    """What is done with a picture, by its name."""
    downloads: Path
    domain: str
    """Of the addresses they give: nobody has two accounts."""
    counter: "Page | None" = None
    looked: list[str] = field(default_factory=list)

    def look(self, name: str, tab: "Page | None" = None) -> None:
        """Take a picture of the hub's page, or of another."""
        self.looked.append(name)
        self.seen(tab or self.tab, name)

    def touch(self, *labels: str) -> None:
        """What is on the terminal's screen, which speaks French to everybody."""
        assert self.counter
        for label in labels:
            self.counter.get_by_role("button", name=label, exact=True).click(timeout=PATIENCE_MS)

    def scan(self, code: str) -> None:
        """Hold a code before the terminal's scanner."""
        assert self.counter
        self.counter.get_by_label("Ou un code quelconque").fill(code)
        self.counter.get_by_role("button", name="Passer au lecteur").click()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a newcomer does, and what the guide says of it."""

    title: str
    told: str
    """Markdown."""
    pictures: tuple[str, ...]
    does: Callable[[Newcomer], None]


def sign_up(me: Newcomer) -> None:
    me.tab.goto(me.hub)
    me.follow("Créer un compte")
    me.type("Nom du commerce", "Boulangerie des Rivages")
    me.type("Votre nom", "Camille Rivière")
    me.type("Adresse e-mail", f"camille@{me.domain}")
    # a password has no role by which a page could name it
    me.tab.get_by_label(me.said("Mot de passe"), exact=True).fill(PASSWORD)
    me.look("01-sign-up")
    me.press("Créer mon compte")
    me.wait("Un e-mail est en route")


def follow_the_mail(me: Newcomer) -> None:
    me.follow("Courrier")
    letter = me.tab.get_by_role("heading", name=me.said("Activez votre compte Comptoir")).first
    until(lambda: letter.is_visible() or not me.tab.reload(), "the mail")
    me.look("02-mail")
    me.tab.get_by_role("link", name=re.compile("lien")).first.click()
    me.press("Activer mon compte")
    me.type("Adresse e-mail", f"camille@{me.domain}")
    me.tab.get_by_label(me.said("Mot de passe"), exact=True).fill(PASSWORD)
    me.press("Se connecter")
    me.wait("Ouvrez votre première boutique")
    me.look("02-dashboard")


def open_a_shop(me: Newcomer) -> None:
    me.open("Boutiques")
    me.follow("Ajouter")
    me.type("Nom", "Saint-Leu")
    me.type("Adresse", "12 rue du Port")
    me.type("Code postal", "97436")
    me.type("Ville", "Saint-Leu")
    me.type("Téléphone", "02 62 12 34 56")
    me.type("Adresse e-mail", f"saint-leu@{me.domain}")
    me.look("03-shop")
    me.press("Enregistrer")
    me.linked("Saint-Leu").wait_for()


def make_a_programme(me: Newcomer) -> None:
    me.open("Programmes")
    me.follow("Ajouter")
    me.tab.get_by_role("radio", name=me.said("Cadeau")).check()
    me.type("Titre lu par le client", "Café offert")
    me.type("Coût", "20")
    me.type("Cadeau", "Café")
    me.tab.get_by_text("Café", exact=True).first.wait_for()  # in the example
    me.look("04-programme")
    me.press("Publier la version %(number)s…", number=1)
    me.press("Publier la version %(number)s", number=1)
    me.tab.get_by_role("status").wait_for()


def add_a_category(me: Newcomer) -> None:
    me.open("Catalogue")
    me.type("Nom du rayon", "Gâteaux")
    me.look("05-category")
    me.press("Ajouter le rayon")


def add_a_product(me: Newcomer) -> None:
    me.follow("Ajouter un article")
    me.type("Nom", "Galette des rois")
    me.type("Prix, TVA comprise", "24,50")
    me.type("Code-barres", BARCODE, hint="facultatif")
    me.look("06-product")
    me.press("Enregistrer")
    me.linked("Galette des rois").wait_for()


def import_members(me: Newcomer) -> None:
    me.open("Clients")
    me.follow("Importer un fichier de clients")
    with me.tab.expect_download() as sample:
        me.follow("CSV")
    file = me.downloads / sample.value.suggested_filename
    sample.value.save_as(file)
    me.tab.get_by_label(me.said("Fichier CSV ou Excel")).set_input_files(file)
    me.press("Lire ce fichier")
    lines = me.words.ngettext("Importer %(lines)s ligne", "Importer %(lines)s lignes", 3)
    importing = me.tab.get_by_role("button", name=lines % {"lines": 3})
    importing.wait_for()
    me.look("07-members")
    importing.click()
    me.wait("L’import est terminé ; les caisses l’apprennent.")


def name_who_serves(me: Newcomer) -> None:
    me.open("Équipe")
    me.follow("Ajouter")
    me.type("Nom", "Camille")
    me.type("Code", PIN, hint="quatre chiffres")
    me.tab.get_by_role("checkbox", name=me.said("Responsable")).check()
    me.look("08-team")
    me.press("Enregistrer")
    me.linked("Camille").wait_for()


def enrol_the_terminal(me: Newcomer) -> None:
    me.open("Terminaux")
    me.follow("Enrôler")
    me.press("Donner un code")
    code = me.tab.get_by_text(CODE).first.inner_text()
    address = me.tab.get_by_text(re.compile(r"^http://[\w.:]+$")).first.inner_text()
    me.look("09-code")
    me.counter = me.tab.context.new_page()
    me.counter.goto(me.terminal)
    me.counter.get_by_label("Adresse du hub").fill(address)
    me.counter.get_by_label("Code du hub").fill(code)
    me.look("09-enrol", me.counter)
    me.counter.get_by_role("button", name="Enrôler").click()
    # its first words with the hub bring the name of the shop
    shop = me.counter.get_by_text("Boulangerie des Rivages · Saint-Leu")
    shop.wait_for(timeout=PATIENCE_MS)


def make_the_first_sale(me: Newcomer) -> None:
    assert me.counter
    me.touch("Déverrouiller", *PIN)
    me.scan(CARD)
    me.counter.get_by_role("button", name="Retirer le client").wait_for(timeout=PATIENCE_MS)
    me.scan(BARCODE)
    # an order that has something in it can be saved
    me.counter.get_by_role("button", name="Enregistrer", exact=True).wait_for(timeout=PATIENCE_MS)
    me.counter.get_by_role("heading", level=1).scroll_into_view_if_needed()
    me.look("10-order", me.counter)
    me.touch("Enregistrer")
    me.open("Tableau de bord")
    sold = me.tab.get_by_role("definition").filter(has_text=re.compile(r"24[,.]50"))
    sold.first.wait_for(timeout=PATIENCE_MS)
    me.look("10-dashboard")


STEPS: Final = (
    Step(
        title="Sign up",
        told="Open the hub and choose « Créer un compte ». Every field counts; the password’s rule"
        " stands beside it.",
        pictures=("01-sign-up",),
        does=sign_up,
    ),
    Step(
        title="Follow the mail",
        told="The mail has its link at the top. In the demo no mail leaves: « Courrier » shows it."
        " Activate the account and sign in. « À traiter » on the dashboard names what comes next.",
        pictures=("02-mail", "02-dashboard"),
        does=follow_the_mail,
    ),
    Step(
        title="Open a shop",
        told="« Boutiques », then « Ajouter ». The address is printed on receipts; the shop’s own"
        " e-mail address is sent a link to an account of its own.",
        pictures=("03-shop",),
        does=open_a_shop,
    ),
    Step(
        title="Make a programme",
        told="« Programmes », then « Ajouter »: a reward, here a coffee for 20 points. The example on"
        " the right follows what you type. Tills know it once you publish.",
        pictures=("04-programme",),
        does=make_a_programme,
    ),
    Step(
        title="Add a category",
        told="« Catalogue », on the right. A category is enough to sell: the till asks for the amount.",
        pictures=("05-category",),
        does=add_a_category,
    ),
    Step(
        title="Add a product",
        told="« Ajouter un article ». With a barcode it is sold by scanning it.",
        pictures=("06-product",),
        does=add_a_product,
    ),
    Step(
        title="Import members",
        told="« Clients », then « Importer un fichier de clients ». The page has a sample to fill in;"
        " here it is sent back as it came. Nothing counts before you have seen what each line does.",
        pictures=("07-members",),
        does=import_members,
    ),
    Step(
        title="Say who serves",
        told="« Équipe », then « Ajouter »: a name and four digits that unlock a till.",
        pictures=("08-team",),
        does=name_who_serves,
    ),
    Step(
        title="Enrol the terminal",
        told="« Terminaux », then « Enrôler », gives a code. On another command line start"
        " `./run virtual --sync`, open <http://127.0.0.1:8780/> and copy address and code there.",
        pictures=("09-code", "09-enrol"),
        does=enrol_the_terminal,
    ),
    Step(
        title="Make the first sale",
        told=f"Touch « Déverrouiller », type the four digits, pass the member’s card `{CARD}` and the"
        f" barcode `{BARCODE}` to the scanner, then « Enregistrer ». A moment later the sale is on the"
        " dashboard.",
        pictures=("10-order", "10-dashboard"),
        does=make_the_first_sale,
    ),
)


def walk(me: Newcomer) -> None:
    """Do the ten steps, each of which shows what it says it shows."""
    # what explains a section the first time is read and closed
    explanation = me.tab.get_by_role("dialog", name=me.said("À quoi sert cette page ?"))
    understood = explanation.get_by_role("button", name=me.said("J’ai compris"))
    me.tab.add_locator_handler(explanation, understood.click)
    for step in STEPS:
        me.looked.clear()
        step.does(me)
        assert tuple(me.looked) == step.pictures, step.title


HEAD: Final = """\
# Getting started

Made by `./run docs` from the steps of a scripted newcomer (`tests/gallery/newcomer.py`); do not edit by hand. A test takes the same steps in a browser, with a real hub, broker and terminal, by what its pages say alone; `./run gallery start` takes the pictures anew.

You need no hardware. `./run demo` starts a hub on <http://127.0.0.1:8000/> and says where it is if that port is taken; a sample bakery lives there already, and yours will stand beside it. Whoever has a real board enrols it in step 9 by the command that the page shows.
"""


def page() -> str:
    """docs/getting-started.md as it has to be today."""
    parts = [HEAD]
    for number, step in enumerate(STEPS, 1):
        shown = "\n\n".join(f"![{step.title}](screens/start/{name}.png)" for name in step.pictures)
        parts.append(f"## {number}. {step.title}\n\n{step.told}\n\n{shown}\n")
    parts.append(
        "What each page is for is on the hub’s own help page. What a till can do is in"
        " [screens.md](screens.md), every rule with an example in [rules.md](rules.md), how a hub is"
        " installed in [hub.md](hub.md).\n"
    )
    return "\n".join(parts)
