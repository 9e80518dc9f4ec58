# SPDX-License-Identifier: Apache-2.0
"""Whom the hub puts out leaves the broker too: a connection that is open does not ask again.

A broker that reads its list of the revoked anew refuses the next connection and keeps the one it
has. But it keeps one for each name: so we call in that name ourselves, and hang up.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

from hub.merchants.authority import Authority

log = logging.getLogger(__name__)

AGAIN_S: Final = 20.0
"""A broker may have read its list after the first call, and let somebody back in meanwhile."""


class Doorman:
    """Looks at the list of the revoked, and sees off who is new on it."""

    def __init__(self, authority: Authority, see_off: Callable[[str], None]) -> None:
        """Know nobody yet: who was put out while no bridge ran is seen off at the first look.

        Args:
            authority: whose list it is.
            see_off: closes the connection of that name, if there is one.
        """
        self._authority = authority
        self._see_off = see_off
        self._edition = 0
        self._known: frozenset[tuple[str, int]] | None = None

    def look(self) -> None:
        """See whether somebody was put out; costs nothing while the list is as it was."""
        edition = self._authority.edition
        if edition == self._edition:
            return
        self._edition = edition
        revoked = self._authority.revoked()
        if self._known is None:
            out = {name for name, gen in revoked if gen == self._authority.newest(name)}
        else:
            out = {name for name, _ in revoked - self._known}
        self._known = revoked
        if out:
            log.info("seeing off terminals=%s", ",".join(sorted(out)))
            threading.Thread(target=self._all_off, args=(sorted(out),), daemon=True).start()

    def _all_off(self, names: list[str]) -> None:
        for last in (False, True):
            for name in names:
                try:
                    self._see_off(name)
                except OSError as error:
                    log.warning("not seen off terminal=%s error=%s", name, error)
            if not last:
                threading.Event().wait(AGAIN_S)
