# SPDX-License-Identifier: Apache-2.0
"""QR codes as rows of dark and light."""

from functools import lru_cache
from typing import Final

import segno

QUIET: Final = 4
"""Modules of white around a code, without which phones don't see it."""


@lru_cache(maxsize=8)
def modules(content: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, True where dark, without the quiet zone."""
    # a clean screen needs little repair, and fewer modules are larger ones;
    # make_qr: segno.make may answer with a Micro QR, which phones refuse
    code = segno.make_qr(content, error="l")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
