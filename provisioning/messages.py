# SPDX-License-Identifier: Apache-2.0
"""Compile the translations, so that a fresh machine speaks English without gettext's programs."""

from pathlib import Path

import polib

ROOT = Path(__file__).parent.parent


def catalogues() -> list[Path]:
    """List the sources of the translations, one per program and language."""
    return [
        path
        for program in ("firmware", "hub")
        for path in sorted((ROOT / program).rglob("locale/*/LC_MESSAGES/*.po"))
    ]


def compile_messages() -> None:
    """Write the .mo beside each .po that is newer than it."""
    for source in catalogues():
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


if __name__ == "__main__":
    compile_messages()
