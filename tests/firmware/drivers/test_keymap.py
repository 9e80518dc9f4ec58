# SPDX-License-Identifier: Apache-2.0
"""Our two keyboards type what the system's library types."""

import pytest

from firmware.drivers import keymap as keymaps
from firmware.drivers.address import Address
from firmware.drivers.keytable import LAYOUTS, TableKeymap
from firmware.drivers.xkb import XkbKeymap
from firmware.faults import BadSetting

SHIFT, ALT_GR, CAPS_LOCK = 42, 100, 58
MAIN_KEYS = (*range(2, 14), *range(16, 29), *range(30, 42), *range(43, 54), 57, 86)


@pytest.fixture
def without_library(monkeypatch):
    monkeypatch.setattr(keymaps.XkbKeymap, "of", lambda _layout: None)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("held", [(), (SHIFT,), (CAPS_LOCK,)], ids=["plain", "shift", "caps"])
def test_our_tables_agree_with_the_library(layout, held):
    ours = TableKeymap(layout)
    theirs = XkbKeymap.of(layout) or TableKeymap(layout)  # where there is a library to ask
    for keys in (ours, theirs):
        for code in held:
            keys.key(code, 1)
        if CAPS_LOCK in held:
            keys.key(CAPS_LOCK, 0)
    typed = {code: (ours.key(code, 1), theirs.key(code, 1)) for code in MAIN_KEYS}
    # capitals of French accents, and the dead keys, are beyond what a card can have
    assert {c: pair for c, pair in typed.items() if pair[0] != pair[1] and pair[1].isascii()} == {}


@pytest.mark.usefixtures("without_library")
def test_without_the_library_french_and_american_scanners_work():
    keys = keymaps.keymap(Address.parse("hid://any?layout=fr", options=("layout",)))
    assert keys.key(3, 1) == "é"
    keys.key(SHIFT, 1)
    assert keys.key(3, 1) == "2"
    keys.key(SHIFT, 0)
    keys.key(ALT_GR, 1)
    assert keys.key(11, 1) == "@"


@pytest.mark.usefixtures("without_library")
def test_without_the_library_other_layouts_are_refused_naming_ours():
    with pytest.raises(BadSetting, match="Possible : fr, us"):
        keymaps.keymap(Address.parse("hid://any?layout=bepo", options=("layout",)))
