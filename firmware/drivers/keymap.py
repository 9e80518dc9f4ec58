# SPDX-License-Identifier: Apache-2.0
"""What a key types: scanners send key codes, and each was set up for some country's keyboard."""

from typing import Final, Protocol

from firmware.drivers.address import Address, unknown
from firmware.drivers.keytable import LAYOUTS, TableKeymap
from firmware.drivers.xkb import XkbKeymap

DOWN: Final = 1
UP: Final = 0


class Keymap(Protocol):
    """The state of one keyboard: which layout, and what is held down."""

    def key(self, code: int, state: int) -> str:
        """Take one key event of the kernel (`state` is `UP` or `DOWN`); what it types, or ''."""


def keymap(address: Address) -> Keymap:
    """The keyboard that the scanner at this address imitates, with nothing held down.

    libxkbcommon knows every layout there is; without it there are ours.

    Raises:
        BadSetting: nobody here knows such a layout.
    """
    layout = address.options.get("layout", "us")
    known = XkbKeymap.of(layout)
    if known:
        return known
    if layout in LAYOUTS:
        return TableKeymap(layout)
    raise unknown(address.url, layout, LAYOUTS)
