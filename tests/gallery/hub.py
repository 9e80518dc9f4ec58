# SPDX-License-Identifier: Apache-2.0
"""Take a picture of each page of the hub, on a desk and on a phone: `python -m tests.gallery.hub`.

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
from pathlib import Path
from random import Random
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from tests.gallery.life import NOW, PASSWORD, leaves, live

Page = tuple[str, str, str]
"""The name of its pictures, its address, its title."""

ROOT = Path(__file__).parent.parent.parent
OUT = ROOT / "docs" / "screens" / "hub"
DESK, PHONE = (1440, 900), (390, 844)

PAGES: tuple[Page, ...] = (
    ("dashboard", "/tableau/", "Tableau de bord"),
    ("customers", "/clients/", "Clients"),
    ("customer", "/clients/{customer}/", "Un client"),
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
    ("sales", "/transactions/", "Transactions"),
    ("sale", "/transactions/{sale}/", "Une transaction"),
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
    ("shops", "/boutiques/", "Boutiques"),
    ("shop", "/boutiques/{shop}/", "Une boutique"),
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
    ("sign-up", "/inscription/", "Créer un compte"),
    ("ask-link", "/lien/", "Recevoir un lien"),
    ("missing", "/nulle-part/", "Une adresse qui n’existe pas"),
)
FOR_OPERATORS: tuple[Page, ...] = (
    ("merchants", "/commerces/", "Commerces"),
    ("incidents-all", "/commerces/a-voir/", "À voir, tous commerces"),
    ("shelf-all", "/commerces/mises-de-cote/", "Mises de côté, tous commerces"),
    ("equation-all", "/commerces/equation/", "Équation, tous commerces"),
)
LATER: tuple[tuple[Page, Callable[[Any], None]], ...] = (
    (
        ("terminal-leaving", "/terminaux/saint-denis-2/journal/", "Une caisse sort du service"),
        leaves,
    ),
)
"""What happens to the till once all else is pictured."""
FIRST = {"isabelle@lucet": "/tableau/", "odile@hub": "/commerces/"}
"""Where each gets to by signing in."""
DRAWN = {"dashboard": "h1-tableau", "customers": "h2-clients", "programme": "h3-programme"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (address, keys):
        shoot(address, keys, OUT)
    (ROOT / "docs" / "screens-hub.md").write_text(page(), encoding="utf-8")
    print("docs/screens-hub.md")


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


def shoot(address: str, keys: dict[str, Any], out: Path) -> None:
    """Picture every page, as the merchant and as an operator; then what happens to a till."""
    out.mkdir(parents=True, exist_ok=True)
    picture(address, keys, out, {"isabelle@lucet": PAGES, "odile@hub": FOR_OPERATORS})
    for shown, happens in LATER:
        happens(keys["till"])
        picture(address, keys, out, {"isabelle@lucet": (shown,)})


def picture(
    address: str, keys: dict[str, Any], out: Path, wanted: dict[str, tuple[Page, ...]]
) -> None:
    """Sign in as each of them and picture their pages, wide and narrow."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--force-color-profile=srgb", "--lang=fr-FR"],
            env={**os.environ, "LANGUAGE": "fr"},
        )
        for suffix, (width, height) in (("", DESK), ("-phone", PHONE)):
            for who, pages in wanted.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, locale="fr-FR"
                )
                tab = context.new_page()
                tab.goto(f"{address}/connexion/")
                tab.screenshot(path=out / f"sign-in{suffix}.png")
                tab.fill("[name=username]", f"{who}.example")
                tab.fill("[name=password]", PASSWORD)
                tab.press("[name=password]", "Enter")
                tab.wait_for_url(address + FIRST[who])
                for name, path, _title in pages:
                    tab.goto(address + path.format(**keys))
                    tab.evaluate("document.fonts.ready")
                    tab.screenshot(path=out / f"{name}{suffix}.png")
                context.close()
        browser.close()


def page() -> str:
    """Show the pictures, beside the drawing where there is one."""
    parts = [
        "# The hub's pages",
        (
            "Made by `python -m tests.gallery.hub` from the demo's sample merchant; do not edit by"
            " hand. Where a drawing was approved it stands on the left. What the drawings show of"
            " later slices (credits, consents, tiers, campaigns) is left out until it exists."
        ),
        "## Se connecter",
        (
            "| 1440 × 900 | 390 × 844 |\n|---|---|\n"
            "| ![](screens/hub/sign-in.png) | ![](screens/hub/sign-in-phone.png) |"
        ),
    ]
    for name, _path, title in (*PAGES, *FOR_OPERATORS, *(shown for shown, _ in LATER)):
        drawn = f"| ![](screens/hub/drawn-{DRAWN[name]}.png) " if name in DRAWN else ""
        head = "| drawn | 1440 × 900 | 390 × 844 |" if drawn else "| 1440 × 900 | 390 × 844 |"
        ruled = "|---" * (3 if drawn else 2) + "|"
        shots = f"| ![](screens/hub/{name}.png) | ![](screens/hub/{name}-phone.png) |"
        parts += [f"## {title}", f"{head}\n{ruled}\n{drawn}{shots}"]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
