# SPDX-License-Identifier: Apache-2.0
"""Find every sentence of the hub; `python -m tests.hub.sentences` adds the new ones to the English.

GNU gettext's own programs are not needed: Python is read as syntax, templates by Django.
"""

import ast
import gc
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from loyalty.rewards import TYPES

ROOT = Path(__file__).parent.parent.parent
HUB = ROOT / "hub"
ENGLISH = HUB / "locale" / "en" / "LC_MESSAGES" / "django.po"
FRENCH = HUB / "locale" / "fr" / "LC_MESSAGES" / "django.po"
"""Only what differs by number: in French, none is singular."""
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "noted"}
PLURAL = {"ngettext", "ngettext_lazy"}

Sentence = tuple[str, str]
"""What is said of one, and of several where it differs."""


@cache
def sentences() -> dict[Sentence, str]:
    """Map each sentence to the first file that says it."""
    found: dict[Sentence, str] = {}
    for path in sorted(HUB.rglob("*.py")):
        for sentence in _of_python(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, path.relative_to(ROOT).as_posix())
    for kind in TYPES.values():
        for words in (kind.name, *(term.label for term in kind.terms)):
            found.setdefault((words, ""), f"loyalty/rewards/{kind.kind}.py")
    for path in sorted(HUB.rglob("templates/**/*.html")):
        source = templatize(path.read_text(encoding="utf-8"))
        for sentence in _of_template(source):
            found.setdefault(sentence, path.relative_to(ROOT).as_posix())
    return found


def english() -> dict[Sentence, polib.POEntry]:
    """What is translated."""
    catalogue = polib.pofile(str(ENGLISH))
    return {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}


def main() -> None:
    catalogue = polib.pofile(str(ENGLISH))
    said = sentences()
    french(said).save(str(FRENCH))
    known = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}
    for gone in known.keys() - said.keys():
        catalogue.remove(known[gone])
    for sentence in said.keys() - known.keys():
        catalogue.append(_entry(sentence))
    catalogue.sort(key=lambda entry: entry.msgid)
    catalogue.save(str(ENGLISH))
    print(f"{len(said)} sentences, {len(catalogue.untranslated_entries())} untranslated")


def french(said: dict[Sentence, str]) -> polib.POFile:
    """The French catalogue, which is made whole from the sentences themselves."""
    catalogue = polib.POFile(wrapwidth=96)
    catalogue.metadata = {
        "Language": "fr",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    for one, many in sorted(said):
        if many:
            both = {0: one, 1: many}
            catalogue.append(polib.POEntry(msgid=one, msgid_plural=many, msgstr_plural=both))
    return catalogue


def _entry(sentence: Sentence) -> polib.POEntry:
    one, many = sentence
    if many:
        return polib.POEntry(msgid=one, msgid_plural=many, msgstr_plural={0: "", 1: ""})
    return polib.POEntry(msgid=one)


def _tree(text: str) -> ast.AST:
    """Read Python, while nothing is collected.

    What the collector runs may let another thread read Python, too, of which 3.11 loses count.
    """
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        gc.enable()


def _of_python(text: str) -> Iterator[Sentence]:
    for node in ast.walk(_tree(text)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(one)), *rest]):
                if name in SINGLE:
                    yield one, ""
                elif name in PLURAL and isinstance(rest[0], ast.Constant):
                    yield one, str(rest[0].value)


def _of_template(text: str) -> Iterator[Sentence]:
    """Read what templatize leaves: gettext calls among filler."""
    for call in re.finditer(r"\b(_|gettext|ngettext)\((?=u?['\"])", text):
        arguments = _literals(text[call.end() :])
        if call[1] == "ngettext":
            yield arguments[0], arguments[1]
        elif arguments:
            yield arguments[0], ""


def _literals(text: str) -> list[str]:
    found: list[str] = []
    while match := re.match(r"\s*,?\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", text, re.DOTALL):
        found.append(str(ast.literal_eval(match[1])))
        text = text[match.end() :]
    return found


if __name__ == "__main__":
    main()
