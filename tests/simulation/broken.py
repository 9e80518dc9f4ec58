# SPDX-License-Identifier: Apache-2.0
"""Breaks of the product that are known by name: each takes one rule out while a world is played."""

from collections.abc import Callable

import pytest

Patch = pytest.MonkeyPatch
Breaks = Callable[[Patch], None]

MUTANTS: dict[str, Breaks] = {}


def mutant(breaks: Breaks) -> Breaks:
    """Hunt this one too; the first sentence of its docstring says what is broken."""
    MUTANTS[breaks.__name__] = breaks
    return breaks


def says(name: str) -> str:
    """What a mutant breaks, in a sentence."""
    return (MUTANTS[name].__doc__ or name).partition("\n")[0].removesuffix(".")
