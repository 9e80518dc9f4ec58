# SPDX-License-Identifier: Apache-2.0
"""Which modules a call passes through, in the order in which it first enters each part of the house.

A part is a folder of the tree (or a module beside folders); the module by which a part is entered
from another one is a door, and the doors in their order are the path.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "architecture.md"
BEGIN: Final = "<!-- path:begin -->"
WRITE: Final = "COMPTOIR_WRITE_DOCS"
"""Set by `./run docs`: the test that follows the scan writes the path instead of comparing."""

END: Final = "<!-- path:end -->"
MADE: Final = "<string>"
"""Where dataclasses keep the functions they write: building a value is no visit."""

OURS: Final = ("firmware.", "loyalty.", "hub.")


def followed(act: Callable[[], None]) -> list[str]:
    """The doors that an act goes through, each once, in order."""
    doors: dict[str, None] = {}

    def seen(frame: FrameType, event: str, _arg: object) -> None:
        if event != "call" or frame.f_code.co_filename == MADE:
            return
        module = frame.f_globals.get("__name__", "")
        if not module.startswith(OURS) or module in doors:
            return
        caller = _caller(frame)
        if _part(module) != _part(caller):
            doors[module] = None

    sys.setprofile(seen)
    try:
        act()
    finally:
        sys.setprofile(None)
    return list(doors)


def page_path() -> list[str]:
    """The path that docs/architecture.md shows."""
    text = PAGE.read_text()
    inside = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    return [line.split("`")[1] for line in inside.splitlines() if "`" in line]


def write_page(path: list[str]) -> None:
    """Put a path into docs/architecture.md, each module with the sentence it opens with."""
    text = PAGE.read_text()
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    lines = [f"{i}. `{name}` · {_sentence(name)}" for i, name in enumerate(path, 1)]
    PAGE.write_text(before + "\n" + "\n".join(lines) + "\n" + after)


def _caller(frame: FrameType) -> str:
    """The nearest module of ours below this frame."""
    below = frame.f_back
    while below:
        name: str = below.f_globals.get("__name__", "")
        if name.startswith(OURS):
            return name
        below = below.f_back
    return ""


def _part(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _sentence(module: str) -> str:
    doc = sys.modules[module].__doc__ or ""
    return doc.strip().splitlines()[0].rstrip(".")
