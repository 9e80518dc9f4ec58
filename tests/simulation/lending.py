# SPDX-License-Identifier: Apache-2.0
"""What the hub grants, judged at the commit that grants it: never what its person owes (RIGHTS 17).

It reads the books by other code than the product's.
"""

from collections.abc import Callable
from typing import Any

_GRANTED = (
    "SELECT terminal_id, ask, kind, owner, key FROM ledger_spendingright"
    " WHERE amount > 0 AND kind IN ('points', 'purse')"
)
_OF_PERSON = (
    "SELECT sum(CASE WHEN a.kind = ?2 AND a.key = ?3 THEN max(0, balance - held_total) END),"
    " sum(CASE WHEN a.kind = 'owed' AND a.key = ?2 THEN balance END)"
    " FROM ledger_account a WHERE a.owner = ?1 OR a.owner IN (SELECT other.uuid"
    " FROM ledger_customer one JOIN ledger_customer other ON other.head = one.head"
    " WHERE one.uuid = ?1 AND one.head <> '')"
)


class Lending:
    """Looks at each commit of a hub that grants something."""

    def __init__(self, read: Callable[..., list[tuple[Any, ...]]]) -> None:
        self._read = read
        self._grants = -1
        self._known: set[tuple[str, str]] = set()
        self.wrong = ""
        """What was granted and ought not to have been."""
        self.look()
        self.wrong = ""

    def look(self) -> None:
        """After a commit: what its grants leave free pays all that their person owes."""
        found = self._read("SELECT grants FROM merchants_hubepoch")
        if not found or found[0][0] == self._grants:
            return
        self._grants = found[0][0]
        for terminal, ask, kind, owner, key in self._read(_GRANTED):
            if (terminal, ask) in self._known:
                continue
            self._known.add((terminal, ask))
            ((free, owed),) = self._read(_OF_PERSON, owner, kind, key)
            if (free or 0) < (owed or 0):
                self.wrong = (
                    f"grant: {terminal} was granted {kind} of {owner}: {free} are left free,"
                    f" {owed} are owed"
                )
