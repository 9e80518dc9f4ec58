# SPDX-License-Identifier: Apache-2.0
"""How long each page of the hub takes with 100,000 customers and 1,000,000 entries (issue 6).

The pages are those of the walls' table, asked for one after another, warm, by one client for each
account that may open them; and the long lists once more, searched, sorted and turned over.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.bench import books
from tests.bench.books import CUSTOMERS, ENTRIES
from tests.bench.figure import Figure, median, timed_ms
from tests.bench.scene import database_name

if TYPE_CHECKING:
    from django.test import Client

TIMES: Final = 9
MOST_MS, MOST_BOARD_MS = 300.0, 500.0
BOARD: Final = "dashboard"
LISTS: Final = (
    "/clients/?q=hoareau",
    "/clients/?q=zzzz",
    "/clients/?sort=name",
    "/clients/?sort=-points",
    "/clients/?sort=-visits",
    "/clients/?least=100",
    "/clients/?page=200",
    "/transactions/?q=hoareau",
    "/transactions/?kind=gift_sold",
    "/transactions/?from={year}",
    "/transactions/?sort=-amount",
    "/transactions/?page=200",
    "/rapports/chiffres/?from={year}",
    "/rapports/points/?from={month}",
    "/rapports/points/?way=used",
    "/rapports/points/?q=hoareau",
    "/rapports/points/?page=200",
    "/rapports/clients/?from={month}",
    "/rapports/clients/?q=hoareau",
    "/rapports/clients/?sort=name",
    "/catalogue/?q=12",
)
"""Lists as people use them, besides as they open."""


def measure(folder: Path) -> list[Figure]:
    """Ask for each page in turn; for the sign-in page, which reads nothing, too."""
    keys, _hub = books.kept(folder.parent)
    times = {name: _median(ask) for name, ask in _pages(keys)}
    for name, took in sorted(times.items(), key=lambda row: -row[1]):
        print(f"{took:8.1f} ms  {name}", file=sys.stderr)
    floor = times.pop("sign-in, to nobody")
    board = max(took for name, took in times.items() if name.startswith(BOARD))
    others = {name: took for name, took in times.items() if not name.startswith(BOARD)}
    slowest = max(others, key=others.__getitem__)
    figure = partial(Figure, unit="ms", floor=floor, beside="the sign-in page, which reads nothing")
    with_ = f"{CUSTOMERS:,} customers and {ENTRIES:,} entries, {database_name()}"
    return [
        figure(
            name=f"the dashboard with {with_}, median",
            value=board,
            goal=f"≤ {MOST_BOARD_MS:g} ms",
            held=board <= MOST_BOARD_MS,
        ),
        figure(
            name=f"the slowest of {len(others)} other pages, `{slowest}`, {database_name()}",
            value=others[slowest],
            goal=f"≤ {MOST_MS:g} ms",
            held=others[slowest] <= MOST_MS,
        ),
    ]


def _pages(keys: dict[str, Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each page with the account that it is shown to, and how to ask for it."""
    from django.test import Client

    from hub.merchants.models import Person
    from tests.hub.console.test_walls import ADDRESSES, ask
    from tests.hub.console.things import mailed_link

    isabelle, bruno, odile = (_signed_in(name) for name in ("isabelle", "bruno", "odile"))
    keys = keys | {"link": mailed_link(Person.objects.get(name__startswith="Isabelle"))}
    keys["photo"] = tuple(keys["photo"])
    for address in ADDRESSES:
        if address.method != "get":
            continue
        shown = (
            ("nobody", Client(), address.nobody),
            ("the merchant", isabelle, address.merchant),
            ("the shop", bruno, address.shop),
            ("the operator", odile, 200 if address.merchant == 403 else 0),
        )
        for account, client, status in shown:
            if status == 200:
                name = f"{address.name}{'?' if address.query else ''}{address.query}, to {account}"
                yield name, partial(ask, client, address, keys.get(address.of))
    for url in LISTS:
        yield f"{url}, to the merchant", partial(isabelle.get, url.format(**keys))


def _signed_in(name: str) -> "Client":
    from django.test import Client

    from hub.merchants.models import Person

    client = Client()
    person = Person.objects.get(name__istartswith=name)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _median(ask: Callable[[], Any]) -> float:
    def page() -> None:
        answer = ask()
        _ = b"".join(answer)
        if answer.status_code != 200:
            message = f"{answer.request['PATH_INFO']}: {answer.status_code}"
            raise RuntimeError(message)

    page()
    return median(timed_ms(page) for _ in range(TIMES))
