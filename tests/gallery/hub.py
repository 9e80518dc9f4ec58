# SPDX-License-Identifier: Apache-2.0
"""Take a picture of each page of the hub, on a desk and on a phone, by day and by night.

The sample merchant of the demo lives eight weeks in a folder that goes away; the clock stands at
the end of them, so that each run shows the same day.
"""

import os
import secrets
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from tests.gallery.life import NOW, PASSWORD, leaves, live

Page = tuple[str, str, str]
"""The name of its pictures, its address, its title."""

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs" / "screens" / "hub"
SIZES = {"": (1440, 900), "-phone": (360, 800)}
"""Of a desk and of a phone, by what the names of their pictures end in."""
THEMES = {"": "light", "-dark": "dark"}
Seen = Callable[[Any, str], None]
"""What is done with a page that is open in a browser, and the name of its pictures."""

PAGES: tuple[Page, ...] = (
    ("dashboard", "/tableau/", "Tableau de bord"),
    ("till", "/caisse/?shop={shop}", "La caisse d’une boutique"),
    ("till-shops", "/caisse/", "Dans quelle boutique"),
    ("till-order", "/caisse/{order}/", "Une vente à la caisse"),
    ("till-found", "/caisse/{order}/?q=mar", "Qui est là"),
    ("customers", "/clients/", "Clients"),
    ("customer-add", "/clients/ajouter/", "Un nouveau client"),
    ("member-import", "/clients/importer/", "Importer des clients"),
    ("customer", "/clients/{customer}/", "Un client"),
    ("customer-card", "/clients/{customer}/carte/", "Une autre carte pour lui"),
    ("card-batches", "/clients/cartes/imprimer/", "Cartes à imprimer"),
    ("customer-merged", "/clients/{merged}/", "Un client réuni de deux fiches"),
    ("lookalikes", "/clients/doublons/", "Doublons possibles"),
    ("customer-merge", "/clients/{one}/reunir/?other={other}", "Réunir deux clients"),
    ("customer-part", "/clients/separer/{merge}/", "Les séparer"),
    ("programme", "/programmes/{reward}/", "Une récompense"),
    ("programme-gift", "/programmes/{gift}/", "Un cadeau"),
    ("programme-stamps", "/programmes/{stamps}/", "Une carte à tampons"),
    ("programme-points", "/programmes/{points_reward}/", "Des points en paiement"),
    ("programmes", "/programmes/", "Programmes"),
    ("earning", "/programmes/gains/", "Les règles de gain"),
    ("loyalty-product", "/programmes/produit/", "Le produit de fidélité"),
    ("publish", "/programmes/publier/", "Ce que change une version"),
    ("versions", "/programmes/versions/", "Les versions"),
    ("version", "/programmes/versions/1/", "Une version"),
    ("explanation", "/programmes/page/", "La page du programme"),
    ("public-programme", "/p/{merchant}/fidelite/", "La même, que tout le monde lit"),
    ("catalogue", "/catalogue/", "Catalogue"),
    ("product", "/catalogue/{product}/", "Un article"),
    ("product-import", "/catalogue/importer/", "Importer des articles"),
    ("import", "/importer/{checked}/", "Ce que changera un fichier"),
    ("import-going", "/importer/{going}/", "Un long fichier, en cours"),
    ("import-done", "/importer/{imported}/", "Un fichier importé"),
    ("sales", "/transactions/", "Transactions"),
    ("sale", "/transactions/{sale}/", "Une transaction"),
    ("receipt", "/transactions/{web_sale}/ticket/", "Son ticket"),
    ("refund", "/transactions/{web_sale}/rembourser/", "La rembourser"),
    ("giftcards", "/cartes-cadeaux/", "Cartes cadeaux"),
    ("giftcard", "/cartes-cadeaux/{card}/", "Une carte cadeau"),
    ("giftcard-blocked", "/cartes-cadeaux/{blocked}/", "Une carte bloquée"),
    ("giftcard-batches", "/cartes-cadeaux/lots/", "Lots à imprimer"),
    ("giftcard-batch", "/cartes-cadeaux/lots/faire/", "Faire un lot"),
    ("giftcard-liability", "/cartes-cadeaux/par-mois/", "Cartes à honorer, par mois"),
    ("gift-offers", "/cartes-cadeaux/points/", "Des cartes contre des points"),
    ("gift-exchange", "/cartes-cadeaux/points/echanger/?customer={customer}", "En échanger"),
    ("giftcard-rules", "/cartes-cadeaux/regles/", "Durée et TVA des cartes"),
    ("giftcard-create", "/cartes-cadeaux/creer/", "Créer une carte cadeau"),
    ("appointments", "/rendez-vous/?shop={shop}", "La semaine d’une boutique"),
    ("appointment-list", "/rendez-vous/liste/", "Rendez-vous"),
    ("appointment", "/rendez-vous/{appointment}/", "Un rendez-vous"),
    ("appointment-create", "/rendez-vous/prendre/?customer={customer}", "En prendre un"),
    ("services", "/rendez-vous/prestations/", "Prestations et cours"),
    ("statistics", "/rapports/chiffres/", "Chiffres d’une boutique et d’une période"),
    ("points", "/rapports/points/", "Points gagnés et utilisés"),
    ("points-add", "/rapports/points/ajouter/?customer={customer}", "Ajouter des points"),
    ("points-by-customer", "/rapports/clients/", "Points par client"),
    ("provision", "/rapports/provision/", "Provision pour points"),
    ("help", "/aide/", "Aide"),
    ("first-help", "/clients/?aide", "Une rubrique ouverte pour la première fois"),
    ("credits", "/credits/", "Crédits"),
    ("shops", "/boutiques/", "Boutiques"),
    ("shop", "/boutiques/{shop}/", "Une boutique"),
    ("modules", "/modules/", "Modules"),
    ("terminals", "/terminaux/", "Terminaux"),
    ("terminal-enrol", "/terminaux/enroler/", "Enrôler un terminal"),
    ("terminal-journal", "/terminaux/saint-paul-1/journal/", "Le journal d’une caisse"),
    ("terminal-retire", "/terminaux/saint-paul-1/retirer/", "Retirer une caisse"),
    ("limits", "/terminaux/limites/", "Limites hors ligne"),
    ("staff", "/equipe/", "Équipe"),
    ("staff-add", "/equipe/ajouter/", "Ajouter quelqu’un à l’équipe"),
    ("tokens", "/terminaux/logiciels/", "Autres logiciels"),
    ("token", "/terminaux/logiciels/{token}/", "Le jeton d’un logiciel"),
    ("token-make", "/terminaux/logiciels/donner/", "Donner un jeton"),
    ("incidents", "/a-voir/", "À voir"),
    ("incident", "/a-voir/{incident}/", "Un point à voir"),
    ("shelf", "/a-voir/mises-de-cote/", "Mises de côté"),
    ("shelf-one", "/a-voir/mises-de-cote/{shelved}/", "Une écriture mise de côté"),
    ("shelf-correct", "/a-voir/mises-de-cote/{shelved}/corriger/", "La corriger"),
    ("equation", "/a-voir/equation/", "Équation du jour"),
    ("deeds", "/journal/", "Journal des actions"),
    ("profile", "/profil/", "Profil"),
    ("profile-address", "/profil/adresse/", "Changer d’adresse"),
    ("profile-password", "/profil/mot-de-passe/", "Changer de mot de passe"),
    ("factor", "/profil/second-facteur/", "Ajouter un second facteur"),
    ("sessions", "/profil/sessions/", "Sessions"),
)
FOR_OPERATORS: tuple[Page, ...] = (
    ("merchants", "/commerces/", "Commerces"),
    ("merchant", "/commerces/{merchant}/fiche/", "Un commerce et son forfait"),
    ("merchant-enter", "/commerces/{merchant}/entrer/", "Entrer chez un commerce"),
    ("merchant-close", "/commerces/{merchant}/fermer/", "Fermer un commerce"),
    ("deeds-all", "/commerces/journal/", "Journal des actions, tous commerces"),
    ("incidents-all", "/commerces/a-voir/", "À voir, tous commerces"),
    ("shelf-all", "/commerces/mises-de-cote/", "Mises de côté, tous commerces"),
    ("equation-all", "/commerces/equation/", "Équation, tous commerces"),
    ("factor-kept", "/profil/second-facteur/", "Le second facteur d’un exploitant"),
    ("accounts", "/commerces/comptes/", "Comptes"),
    ("account", "/commerces/comptes/{odile}/", "Un compte"),
)
LATER: tuple[tuple[Page, Callable[[Any], None]], ...] = (
    (
        ("terminal-leaving", "/terminaux/saint-denis-2/journal/", "Une caisse sort du service"),
        leaves,
    ),
)
"""What happens to the till once all else is pictured."""
STRANGERS: tuple[Page, ...] = (
    ("sign-in", "/connexion/", "Se connecter"),
    ("sign-up", "/inscription/", "Créer un compte"),
    ("ask-link", "/lien/", "Recevoir un lien"),
    ("missing", "/nulle-part/", "Une adresse qui n’existe pas"),
)
ALL = (STRANGERS, PAGES, FOR_OPERATORS, tuple(shown for shown, _happens in LATER))
FIRST = {"isabelle@lucet": "/tableau/", "odile@hub": "/commerces/"}
"""Where each gets to by signing in."""
SECOND = {"odile@hub"}
"""Who is asked for a second factor: the clock stands still, so a recovery code each time."""
ENDINGS = ("", "-dark", "-phone", "-phone-dark")
SHOWN = (
    *("sign-in", "sign-in-phone-dark", "dashboard", "dashboard-dark", "dashboard-phone"),
    *("till-order", "till-order-phone"),
    *("customers", "customers-phone", "customer", "customer-dark", "customer-phone-dark"),
    *("programme", "programme-phone", "programmes", "public-programme-phone"),
    *(
        "help",
        "first-help",
        "first-help-phone",
        "appointments",
        "giftcards",
        "sale-phone",
        "terminals",
        "incidents-all",
    ),
)
"""What the docs show: few, since each picture is kept for ever."""
DRAWN = {"dashboard": "h1-tableau", "customers": "h2-clients", "programme": "h3-programme"}


def write_all(out: Path) -> int:
    """Picture every page whole, in both sizes and themes, and renew those that the docs show.

    Returns:
        how many pictures there are.
    """
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (address, keys):
        visit(address, keys, pictured(out))
    (ROOT / "docs" / "screens-hub.md").write_text(page(), encoding="utf-8")
    return len(list(out.glob("*.png")))


def pictured(out: Path) -> Seen:
    """Write the whole page into a folder; what is in SHOWN goes to the docs too."""
    out.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(parents=True, exist_ok=True)

    def seen(tab: Any, name: str) -> None:
        tab.screenshot(path=out / f"{name}.png", full_page=True)
        if name in SHOWN:
            tab.screenshot(path=DOCS / f"{name}.png")

    return seen


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run the hub on sample data, with its clock standing still."""
    os.environ.update(HUB_DATA=str(folder), DJANGO_SETTINGS_MODULE="hub.settings")
    import django
    from django.core.management import call_command
    from django.utils import timezone

    django.setup()
    timezone.now = lambda: NOW
    # the same pictures at each run
    chance = Random(7)
    secrets.randbits = chance.getrandbits
    secrets.token_bytes = Random(8).randbytes
    secrets.token_urlsafe = lambda size: f"{chance.getrandbits(8 * size):x}"
    uuid.uuid4 = lambda: uuid.UUID(int=chance.getrandbits(128))
    call_command("migrate", verbosity=0)
    keys = live()

    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing: only the pictures matter."""

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", keys
    finally:
        server.shutdown()
        thread.join()


def visit(address: str, keys: dict[str, Any], seen: Seen) -> None:
    """Open every page, as the merchant and as an operator; then what happens to a till."""
    _open(address, keys, seen, {"": STRANGERS, "isabelle@lucet": PAGES, "odile@hub": FOR_OPERATORS})
    for shown, happens in LATER:
        happens(keys["till"])
        _open(address, keys, seen, {"isabelle@lucet": (shown,)})


def _open(
    address: str, keys: dict[str, Any], seen: Seen, wanted: dict[str, tuple[Page, ...]]
) -> None:
    """Sign in as each of them and open their pages, in each size and theme."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--force-color-profile=srgb", "--lang=fr-FR"],
            env={**os.environ, "LANGUAGE": "fr"},
        )
        for who, pages in wanted.items():
            context = browser.new_context(locale="fr-FR")
            tab = context.new_page()
            if who:
                tab.goto(f"{address}/connexion/")
                tab.fill("[name=username]", f"{who}.example")
                tab.fill("[name=password]", PASSWORD)
                tab.press("[name=password]", "Enter")
                if who in SECOND:
                    tab.wait_for_url(f"{address}/connexion/code/")
                    tab.fill("[name=code]", keys["codes"].pop())
                    tab.press("[name=code]", "Enter")
                tab.wait_for_url(address + FIRST[who])
            for name, path, _title in pages:
                tab.goto(address + path.format(**keys))
                for (of_size, (width, height)), (of_theme, theme) in product(
                    SIZES.items(), THEMES.items()
                ):
                    tab.set_viewport_size({"width": width, "height": height})
                    tab.emulate_media(color_scheme=theme)
                    tab.evaluate("document.fonts.ready")
                    seen(tab, f"{name}{of_size}{of_theme}")
            context.close()
        browser.close()


def page() -> str:
    """Show some of the pictures, beside the drawing where there is one."""
    parts = [
        "# The hub's pages",
        (
            "Made by `./run gallery` from the demo's sample merchant; do not edit by hand. Where a"
            " drawing was approved it stands on the left. What the drawings show of later slices"
            " (consents, campaigns) is left out until it exists. `./run gallery --out DIR` pictures"
            " every page whole, on a desk and on a phone, by day and by night."
        ),
    ]
    titles = {name: title for pages in ALL for name, _path, title in pages}
    for name in dict.fromkeys(
        shown.removesuffix("-dark").removesuffix("-phone") for shown in SHOWN
    ):
        shots = [f"drawn-{DRAWN[name]}"] if name in DRAWN else []
        shots += [shown for shown in SHOWN if shown in {name + e for e in ENDINGS}]
        head = "| " + " | ".join(_kind(shot) for shot in shots) + " |\n" + "|---" * len(shots) + "|"
        row = "| " + " | ".join(f"![](screens/hub/{shot}.png)" for shot in shots) + " |"
        parts += [f"## {titles[name]}", f"{head}\n{row}"]
    return "\n\n".join(parts) + "\n"


def _kind(shot: str) -> str:
    if shot.startswith("drawn-"):
        return "drawn"
    size = "360 × 800" if "-phone" in shot else "1440 × 900"
    return f"{size}, by night" if shot.endswith("-dark") else size
