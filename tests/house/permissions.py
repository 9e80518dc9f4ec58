# SPDX-License-Identifier: Apache-2.0
"""Write docs/permissions.md from the table that the walls are tested by: no cell is only a promise.

The hub's addresses are known to Django alone, so the page is made in a process of its own.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.hub.console.test_walls import Address

ROOT = Path(__file__).parent.parent.parent
FORBIDDEN: Final = 403
KINDS: Final = ("nobody", "customer", "shop", "merchant", "operator")
HEAD: Final = """\
# What each kind of account may do

Made by `./run docs` from `ADDRESSES` in `tests/hub/console/test_walls.py`; do not edit by hand. A test opens every address as each kind, as another merchant and as nobody, and compares; an address without a row fails it.

| | operator | merchant | shop | customer |
|---|---|---|---|---|
| is made by | an operator, at the command line first | signing up | its merchant; a link in a mail opens it | joining |
| sees | every merchant, one at a time | the business | its shop's customers, sales, gift cards, appointments | their own card and history |
| changes | terminals, incidents, modules, lost phones; of a merchant's offer nothing | everything of the business | what its till could do | their data, consents, password |
| password | by the one rule (`hub/merchants/passwords.py`) | the same | the same | the same |
| second factor | must | may | – | – |

A customer has no account in the hub itself: here they are nobody, and read what everybody reads. An operator looks at a merchant's pages after entering it. Whatever is another merchant's, or for a shop's account another shop's, answers 404, as if it did not exist.

*sees* opens it, *acts* may send its form, – is refused, *sign-in* is led to the sign-in page.
"""


def page() -> str:
    """The page as it has to be today."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "HUB_DATA": folder, "HUB_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "hub.settings"
        }  # fmt: skip
        made = subprocess.run(
            [sys.executable, "-m", "tests.house.permissions"],
            cwd=ROOT, env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
    return made.stdout


def main() -> None:
    import django

    django.setup()
    from django.urls import URLPattern

    from hub.console.urls import urlpatterns
    from tests.hub.console.test_walls import ADDRESSES

    print(HEAD)
    print("| address | " + " | ".join(KINDS) + " |")
    print("|---" * (len(KINDS) + 1) + "|")
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern):
            rows = [row for row in ADDRESSES if row.name == pattern.name and not row.query]
            cells = " | ".join(_cell(kind, rows) for kind in KINDS)
            print(f"| `/{pattern.pattern}` | {cells} |")


def _cell(kind: str, rows: "list[Address]") -> str:
    return ", ".join(dict.fromkeys(_words(kind, rows)))


def _words(kind: str, rows: "list[Address]") -> Iterator[str]:
    """What a kind is answered at an address, to a look and to its form."""
    seen = "nobody" if kind == "customer" else kind
    answers = {row.method: getattr(row, seen) for row in rows}
    if set(answers.values()) == {FORBIDDEN}:
        yield "–"
    for method, word in (("get", "sees"), ("post", "acts")):
        match answers.get(method):
            case "→":
                yield "sign-in"
            case 404 if method == "get":
                yield "only in a demo"
            case int(status) if status != FORBIDDEN:
                yield word


if __name__ == "__main__":
    main()
