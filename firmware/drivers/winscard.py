# SPDX-License-Identifier: Apache-2.0
"""Contactless readers by PC/SC, through libpcsclite where the system has it: nothing to build."""

import ctypes
from collections.abc import Collection, Mapping
from ctypes import byref, c_char_p, c_long, c_ulong, c_void_p
from functools import cache
from typing import Final

from firmware.faults import Fault, Forbidden, NotInstalled, ServiceAway

_LIBRARY: Final = "libpcsclite.so.1"

UNKNOWN: Final = 0
"""What is known of a reader that was not looked at yet."""

PRESENT: Final = 0x20
"""The bit of a reader's state that says: a card lies on it."""

COUNT_BITS: Final = 16
"""Above these bits of a state stands how many cards have come and gone."""

_CHANGED: Final = 0x2
_SYSTEM: Final = 2
_SHARED: Final = 2
_ANY_PROTOCOL: Final = 1 | 2
_LEAVE: Final = 0
_PCI_BYTES: Final = 2 * ctypes.sizeof(c_ulong)

_OK: Final = 0
_TIMEOUT: Final = 0x8010_000A
_NO_READER: Final = frozenset({0x8010_002E, 0x8010_0009, 0x8010_0017})
"""None is plugged in, or the one that was asked for is not any more."""
_SHARING: Final = 0x8010_000B
_REFUSED: Final = 0x8010_006A
"""pcscd hung up: it ends just now, or its policy keeps us out."""

_CARD: Final = frozenset({0x8010_000C, *range(0x8010_0065, _REFUSED), 0x8010_002F, 0x8010_0016})
"""The card is gone again, silent, or answers what nobody understands."""
_NO_SERVICE: Final = frozenset({0x8010_001D, 0x8010_001E, 0x8010_0013, 0x8010_0003})
"""pcscd does not run, ends, fell silent, or was started again under us."""

_GET_UID: Final = bytes.fromhex("FFCA000000")
_DONE: Final = bytes.fromhex("9000")
_ANSWER_BYTES: Final = 258


class Service:
    """One conversation with pcscd; for one thread.

    Every method raises `ServiceAway` when pcscd is not there or goes away.
    """

    def __init__(self) -> None:
        """Begin it.

        Raises:
            NotInstalled: the system has no libpcsclite.
        """
        self._call = _library()
        self._context = c_long()
        _check(self._call.SCardEstablishContext(_SYSTEM, None, None, byref(self._context)))

    def readers(self) -> list[str]:
        """The names of the readers that are plugged in."""
        size = c_ulong(0)
        if _check(self._call.SCardListReaders(self._context, None, None, byref(size)), _NO_READER):
            return []
        names = ctypes.create_string_buffer(size.value)
        if _check(self._call.SCardListReaders(self._context, None, names, byref(size)), _NO_READER):
            return []
        return [name.decode(errors="replace") for name in names.raw.split(b"\0") if name]

    def wait(self, known: Mapping[str, int], timeout_s: float) -> dict[str, int]:
        """The states of these readers that differ from what is known, once one does.

        Nothing when the time is over, or when one of them was pulled out.
        """
        states = (_State * len(known))(
            *(_State(reader=name.encode(), known=state) for name, state in known.items())
        )
        _check(
            self._call.SCardGetStatusChange(
                self._context, c_ulong(round(timeout_s * 1000)), states, c_ulong(len(known))
            ),
            _NO_READER | {_TIMEOUT},
        )
        return {
            name: state.found & ~_CHANGED
            for name, state in zip(known, states, strict=True)
            if state.found & _CHANGED
        }

    def uid(self, reader: str) -> bytes:
        """The number of the tag on a reader; nothing when it has none or left too soon.

        Raises:
            Forbidden: another program has the reader for itself.
        """
        card, protocol = c_long(), c_ulong()
        refused = _check(
            self._call.SCardConnect(
                self._context,
                reader.encode(),
                c_ulong(_SHARED),
                c_ulong(_ANY_PROTOCOL),
                byref(card),
                byref(protocol),
            ),
            _CARD | _NO_READER,
        )
        if refused:
            return b""
        try:
            return self._ask_uid(card, protocol)
        finally:
            self._call.SCardDisconnect(card, c_ulong(_LEAVE))

    def close(self) -> None:
        self._call.SCardReleaseContext(self._context)

    def _ask_uid(self, card: c_long, protocol: c_ulong) -> bytes:
        answer = ctypes.create_string_buffer(_ANSWER_BYTES)
        size = c_ulong(_ANSWER_BYTES)
        header = (c_ulong * 2)(protocol.value, _PCI_BYTES)
        refused = _check(
            self._call.SCardTransmit(
                card, header, _GET_UID, c_ulong(len(_GET_UID)), None, answer, byref(size)
            ),
            _CARD | _NO_READER,
        )
        said = answer.raw[: size.value]
        return b"" if refused or not said.endswith(_DONE) else said.removesuffix(_DONE)


class _State(ctypes.Structure):
    """`SCARD_READERSTATE` of pcsclite.h."""

    _fields_ = (
        ("reader", c_char_p),
        ("ours", c_void_p),
        ("known", c_ulong),
        ("found", c_ulong),
        ("atr_bytes", c_ulong),
        ("atr", ctypes.c_ubyte * 33),
    )


@cache
def _library() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(_LIBRARY)
    except OSError:
        raise NotInstalled(package="pcscd") from None


def _check(code: int, expected: Collection[int] = ()) -> bool:
    """Whether the answer is one of those that are no trouble but give nothing either."""
    said = code & 0xFFFF_FFFF
    if said == _OK:
        return False
    if said in expected:
        return True
    if said == _SHARING:
        raise Forbidden
    if said == _REFUSED:
        raise ServiceAway(
            "Le service des lecteurs sans contact refuse le terminal : appelez l’assistance."
        )
    if said in _NO_SERVICE:
        raise ServiceAway
    raise Fault(
        "Le lecteur sans contact répond {code} : débranchez-le et rebranchez-le.",
        code=f"{said:08X}",
    )
