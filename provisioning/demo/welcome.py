# SPDX-License-Identifier: Apache-2.0
"""What the demo says once it runs: where to go, who to be, how to stop."""

import json

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from provisioning.demo.house import House
from provisioning.demo.sample import BUSINESSES


def welcome(house: House) -> RenderableType:
    """Addresses and accounts, in two tables."""
    where = _table("Où aller")
    where.add_column("quoi", style="bold")
    where.add_column("adresse", no_wrap=True)
    where.add_row("Le hub, dans le navigateur", _link(house.web_url))
    for standing in house.standing:
        shape = "portrait" if standing.place.portrait else "paysage"
        name = f"Terminal {standing.business.name}, {standing.place.name} ({shape})"
        where.add_row(name, _link(standing.url))

    accounts = _table("Qui être")
    accounts.add_column("compte", style="bold")
    accounts.add_column("e-mail", no_wrap=True)
    accounts.add_column("mot de passe", no_wrap=True)
    for account in json.loads(house.layout.accounts.read_text(encoding="utf-8")):
        accounts.add_row(account["role"], account["email"], account["password"])

    pins = _table("Codes du personnel, au terminal")
    pins.add_column("commerce", style="bold")
    pins.add_column("nom")
    pins.add_column("code", no_wrap=True)
    for business in BUSINESSES:
        for place in business.places:
            for clerk in place.clerks:
                pins.add_row(
                    f"{business.name}, {place.name}",
                    clerk.name + (", responsable" if clerk.manager else ""),
                    clerk.pin,
                )

    notes = Text()
    notes.append(f"Courtier : {house.broker.title}, port {house.broker_port}. ")
    notes.append(f"Données : {house.layout.folder}\n")
    notes.append(
        "Aucun e-mail ne part : ils se lisent sur le hub, à /courrier/,\navec le code que l’exploitant tape après son mot de passe.\n"
    )
    notes.append("Ctrl-C arrête tout. ", style="bold")
    notes.append("La prochaine fois reprend ici ; --fresh repart de zéro.\n")
    notes.append("(In English: each page has a language switch. Ctrl-C stops everything.)", "dim")
    return Padding(Group(where, "", accounts, "", pins, "", notes), (1, 2))


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold green",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )


def _link(url: str) -> Text:
    return Text(url, style=f"link {url}")
