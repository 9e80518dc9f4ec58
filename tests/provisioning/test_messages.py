# SPDX-License-Identifier: Apache-2.0
"""Every sentence has its English, and what is compiled is what is written."""

import gettext
from pathlib import Path

import polib
import pytest

from provisioning import messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    source = tmp_path / "firmware/kiosk/locale/en/LC_MESSAGES/kiosk.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + 'msgid "Carte inconnue"\nmsgstr "Unknown card"\n')
    return source


def english(source: Path) -> gettext.GNUTranslations:
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def test_a_compiled_sentence_is_spoken_in_english(catalogue: Path) -> None:
    messages.compile_messages()
    assert english(catalogue).gettext("Carte inconnue") == "Unknown card"


def test_a_catalogue_that_did_not_change_is_left_alone(catalogue: Path) -> None:
    messages.compile_messages()
    compiled = catalogue.with_suffix(".mo")
    compiled.write_bytes(b"")
    messages.compile_messages()
    assert compiled.read_bytes() == b""


@pytest.mark.parametrize("source", messages.catalogues(), ids=str)
def test_no_sentence_waits_for_its_translation(source: Path) -> None:
    catalogue = polib.pofile(str(source))
    assert not [entry.msgid for entry in catalogue.untranslated_entries()]
    assert not [entry.msgid for entry in catalogue.fuzzy_entries()]
