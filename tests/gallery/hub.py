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

from tests.gallery.accounts import PASSWORD
from tests.gallery.life import NOW, classes, leaves, live
from tests.gallery.pages import (
    ALL,
    BEGINNING,
    FOR_OPERATORS,
    FOR_SHOPS,
    LEAVING,
    PAGES,
    STRANGERS,
    WITH_TIERS,
    Page,
)

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs" / "screens" / "hub"
SIZES = {"": (1440, 900), "-phone": (360, 800)}
"""Of a desk and of a phone, by what the names of their pictures end in."""
THEMES = {"": "light", "-dark": "dark"}
Seen = Callable[[Any, str], None]
"""What is done with a page that is open in a browser, and the name of its pictures."""

LATER: tuple[tuple[tuple[Page, ...], Callable[[dict[str, Any]], None]], ...] = (
    (LEAVING, leaves),
    (WITH_TIERS, classes),
)
"""What happens once all else is pictured, given the keys, and the pages that show it."""
FIRST = {
    "isabelle@lucet": "/tableau/",
    "denis@lucet": "/caisse/",
    "camille@rivages": "/tableau/",
    "odile@hub": "/commerces/",
}
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
    """Open every page, as each kind of account; then what happens later."""
    wanted = {
        "": STRANGERS,
        "isabelle@lucet": PAGES,
        "denis@lucet": FOR_SHOPS,
        "camille@rivages": BEGINNING,
        "odile@hub": FOR_OPERATORS,
    }
    _open(address, keys, seen, wanted)
    for shown, happens in LATER:
        happens(keys)
        _open(address, keys, seen, {"isabelle@lucet": shown})


def _open(
    address: str, keys: dict[str, Any], seen: Seen, wanted: dict[str, tuple[Page, ...]]
) -> None:
    """Sign in as each of them and open their pages, in each size and theme."""
    with browsing() as browser:
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


@contextmanager
def browsing() -> Iterator[Any]:
    """Run a Chromium that speaks French, and draws its colours alike at each run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--force-color-profile=srgb", "--lang=fr-FR"],
            env={**os.environ, "LANGUAGE": "fr"},
        )
        yield browser
        browser.close()


def page() -> str:
    """Show some of the pictures, beside the drawing where there is one."""
    parts = [
        "# The hub's pages",
        (
            "Made by `./run gallery` from the demo's sample merchant; do not edit by hand. Where a"
            " drawing was approved it stands on the left. What the drawings show of later slices"
            " (campaigns) is left out until it exists. `./run gallery --out DIR` pictures"
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
