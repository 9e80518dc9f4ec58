# SPDX-License-Identifier: Apache-2.0
"""Two keyboards by heart, for a terminal without libxkbcommon."""

from collections.abc import Mapping
from typing import Final

# The rows of a keyboard, left to right, as the kernel numbers them (linux/input-event-codes.h).
_DIGITS: Final = range(2, 14)
_UPPER: Final = range(16, 28)
_HOME: Final = (*range(30, 41), 43)
_LOWER: Final = (86, *range(44, 54))
_KEYPAD: Final = (*range(71, 84), 55, 98)
_GRAVE: Final = 41
_SPACE: Final = 57

_SHIFTS: Final = frozenset({42, 54})
_ALT_GR: Final = 100
_CAPS_LOCK: Final = 58
_CONTROLS: Final = {15: "\t", 28: "\r", 96: "\r"}


def _layer(grave: str, digits: str, upper: str, home: str, lower: str) -> Mapping[int, str]:
    rows = ((_DIGITS, digits), (_UPPER, upper), (_HOME, home), (_LOWER, lower))
    keys = {code: text for row, texts in rows for code, text in zip(row, texts, strict=True)}
    keypad = dict(zip(_KEYPAD, "789-456+1230.*/", strict=True))
    typed = {**keys, **keypad, **_CONTROLS, _GRAVE: grave, _SPACE: " "}
    return {code: text for code, text in typed.items() if text != "\0"}


LAYOUTS: Final[Mapping[str, tuple[Mapping[int, str], ...]]] = {
    "us": (
        _layer("`", "1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "<zxcvbnm,./"),
        _layer("~", "!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"|', ">ZXCVBNM<>?"),
    ),
    "fr": (
        _layer("²", "&é\"'(-è_çà)=", "azertyuiop\0$", "qsdfghjklmù*", "<wxcvbn,;:!"),
        _layer("~", "1234567890°+", "AZERTYUIOP\0£", "QSDFGHJKLM%µ", ">WXCVBN?./§"),
        _layer("\0", "\0~#{[|`\\^@]}", "\0\0€" + "\0" * 9, "\0" * 12, "\0" * 11),
    ),
}
"""Layers of each layout: alone, with Shift, with AltGr. Dead keys type nothing."""


class TableKeymap:
    """One keyboard of `LAYOUTS`."""

    def __init__(self, layout: str) -> None:
        self._layers = LAYOUTS[layout]
        self._held: set[int] = set()
        self._caps = False

    def key(self, code: int, state: int) -> str:
        if not state:
            self._held.discard(code)
            return ""
        if code in _SHIFTS or code == _ALT_GR:
            self._held.add(code)
            return ""
        if code == _CAPS_LOCK:
            self._caps = not self._caps
            return ""
        return self._typed(code)

    def _typed(self, code: int) -> str:
        if _ALT_GR in self._held and len(self._layers) > 2:  # noqa: PLR2004 (the third layer)
            return self._layers[2].get(code, "")
        plain = self._layers[0].get(code, "")
        shifted = bool(self._held & _SHIFTS)
        if self._caps and plain.isascii() and plain.isalpha():
            shifted = not shifted
        return self._layers[1].get(code, "") if shifted else plain
