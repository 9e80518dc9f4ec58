# SPDX-License-Identifier: Apache-2.0
"""Every keyboard of the world, by libxkbcommon where the system has it."""

import ctypes
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from functools import cache
from typing import Final, Self

_LIBRARY: Final = "libxkbcommon.so.0"
_QUIET: Final = 0
_KERNEL_TO_XKB: Final = 8
"""X numbers its keys eight higher than the kernel."""
_NUM_LOCK: Final = 69
_UTF8_BYTES: Final = 16


class _RuleNames(ctypes.Structure):
    """`struct xkb_rule_names`: NULL stands for the library's own default."""

    _fields_ = [(name, c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


class XkbKeymap:
    """One keyboard of some layout, with nothing held down."""

    def __init__(self, xkb: ctypes.PyDLL, compiled: c_void_p) -> None:
        self._xkb = xkb
        self._state = c_void_p(xkb.xkb_state_new(compiled))
        # a scanner that types on the number pad means digits, not arrows
        for state in (1, 0):
            self.key(_NUM_LOCK, state)

    @classmethod
    def of(cls, layout: str) -> Self | None:
        """A keyboard of a layout such as "fr" or "fr(bepo)"; None when nobody here knows it."""
        xkb = _xkb()
        compiled = _compiled(layout) if xkb and layout else None
        return cls(xkb, compiled) if xkb and compiled else None

    def __del__(self) -> None:
        self._xkb.xkb_state_unref(self._state)

    def key(self, code: int, state: int) -> str:
        number = c_uint32(code + _KERNEL_TO_XKB)
        text = ""
        if state:
            typed = ctypes.create_string_buffer(_UTF8_BYTES)
            self._xkb.xkb_state_key_get_utf8(self._state, number, typed, c_size_t(_UTF8_BYTES))
            text = typed.value.decode(errors="replace")
        self._xkb.xkb_state_update_key(self._state, number, c_int(state))
        return text


@cache
def _xkb() -> ctypes.PyDLL | None:
    try:
        # PyDLL keeps Python's lock: the library counts references without one of its own
        library = ctypes.PyDLL(_LIBRARY)
    except OSError:
        return None
    for function in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_state_new"):
        getattr(library, function).restype = c_void_p
    return library


@cache
def _compiled(layout: str) -> c_void_p | None:
    """The keyboard's plan, kept for the life of the process: there are only a few."""
    xkb = _xkb()
    if xkb is None:
        return None
    context = c_void_p(xkb.xkb_context_new(c_int(0)))
    if not context:  # the library is here, its layouts (xkb-data) are not
        return None
    xkb.xkb_context_set_log_level(context, c_int(_QUIET))
    names = _RuleNames(layout=layout.encode())
    compiled = xkb.xkb_keymap_new_from_names(context, byref(names), c_int(0))
    xkb.xkb_context_unref(context)
    return c_void_p(compiled) if compiled else None
