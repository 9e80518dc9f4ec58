# SPDX-License-Identifier: Apache-2.0
"""A segment as it is edited: a name, and blocks of conditions that come and go (SPEC K1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.campaigns.models import LONGEST_NAME, Audience
from hub.campaigns.tree import MOST_BLOCKS, MOST_CONDITIONS, Block, Join, Tree
from hub.console.forms.conditions import FORMS, ConditionForm, Offer
from hub.console.forms.parts import PartForm
from hub.merchants.models import Merchant

_BLOCK: Final = re.compile(r"^b(\d{1,2})-join$")
_CONDITION: Final = re.compile(r"^b(\d{1,2})-(\d{1,2})-kind$")
_ADD: Final = re.compile(r"^add-(\d{1,2})$")
_DROP: Final = re.compile(r"^drop-(\d{1,2})-(\d{1,2})$")
NEW_BLOCK: Final = "block"


class NameForm(PartForm):
    """What it is called, and how its blocks are read."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Comment s’appelle ce segment ?")},
    )
    join = forms.ChoiceField(
        label=_("Un client doit remplir"),
        choices=[(Join.ALL, _("tous les blocs")), (Join.ANY, _("au moins un bloc"))],
    )

    def clean_name(self) -> str:
        """Without blanks that nobody sees."""
        return " ".join(self.cleaned_data["name"].split())


class BlockForm(PartForm):
    """How the conditions of a block are read."""

    join = forms.ChoiceField(
        label=_("Un client doit remplir"),
        choices=[
            (Join.ALL, _("toutes ces conditions (et)")),
            (Join.ANY, _("au moins une de ces conditions (ou)")),
        ],
    )


@dataclass(slots=True)
class BlockRows:
    """A block on the page."""

    number: int
    form: BlockForm
    rows: list[ConditionForm]
    adding: bool = False
    """Whether the reader has just been here: they go on from its list of conditions."""

    @property
    def full(self) -> bool:
        """Whether it takes no more."""
        return len(self.rows) >= MOST_CONDITIONS


@dataclass(slots=True)
class Editor:
    """The whole form: its name, its blocks, and the offer that rows choose from."""

    offer: Offer
    form: NameForm
    blocks: list[BlockRows] = field(default_factory=list)

    @classmethod
    def of(cls, audience: Audience) -> "Editor":
        """What is kept; a new one begins with an empty block."""
        offer = Offer(audience.merchant)
        if not audience.asks:
            made = cls(offer, NameForm(initial={"join": Join.ALL}))
            made.begin_block()
            return made
        tree = audience.tree
        made = cls(offer, NameForm(initial={"name": audience.name, "join": tree.join}))
        for number, block in enumerate(tree.blocks):
            form = BlockForm(prefix=f"b{number}", initial={"join": block.join})
            rows = [
                FORMS[one.kind](None, prefix=f"b{number}-{n}", offer=offer, condition=one)
                for n, one in enumerate(block.conditions)
            ]
            made.blocks.append(BlockRows(number, form, rows))
        return made

    @classmethod
    def typed(cls, data: QueryDict, merchant: Merchant) -> "Editor":
        """What was typed, as far as it makes sense."""
        made = cls(Offer(merchant), NameForm(data))
        kinds = dict(_kinds(data))
        for number in sorted(_numbers(data, _BLOCK))[:MOST_BLOCKS]:
            places = sorted(n for of, n in kinds if of == number)[:MOST_CONDITIONS]
            rows = [
                FORMS[kinds[number, n]](data, prefix=f"b{number}-{n}", offer=made.offer)
                for n in places
            ]
            made.blocks.append(BlockRows(number, BlockForm(data, prefix=f"b{number}"), rows))
        return made

    @property
    def full(self) -> bool:
        """Whether it takes no more blocks."""
        return len(self.blocks) >= MOST_BLOCKS

    def act(self, asked: str, data: QueryDict) -> bool:
        """Add or take out what a button asks for; False: it asks for nothing of that."""
        if asked == NEW_BLOCK:
            if not self.full:
                self.begin_block().adding = True
            return True
        if told := _ADD.match(asked):
            self._add(int(told[1]), data.get(f"b{told[1]}-new", ""))
            return True
        if told := _DROP.match(asked):
            self._drop(int(told[1]), f"b{told[1]}-{told[2]}")
            return True
        return False

    def begin_block(self) -> BlockRows:
        """One more block, without conditions."""
        number = max((block.number for block in self.blocks), default=-1) + 1
        form = BlockForm(prefix=f"b{number}", initial={"join": Join.ALL})
        self.blocks.append(BlockRows(number, form, []))
        return self.blocks[-1]

    def is_valid(self, *, named: bool = True) -> bool:
        """Whether all of it makes sense, and something is asked.

        Args:
            named: whether it must have a name, too; who fits does not depend on it.
        """
        fine = [one.is_valid() for one in self._parts]
        if self.nothing_asked:
            return False
        return all(fine) if named else all(fine[1:]) and "join" not in self.form.errors

    def calm(self) -> None:
        """Say of nothing that it is wrong: its reader is still at it."""
        for part in self._parts:
            part.judged = False

    @property
    def nothing_asked(self) -> bool:
        """Whether there is no condition at all."""
        return not any(block.rows for block in self.blocks)

    @property
    def tree(self) -> Tree:
        """What was understood; empty blocks ask nothing."""
        return Tree(
            Join(self.form.cleaned_data["join"]),
            tuple(
                Block(
                    Join(block.form.cleaned_data["join"]),
                    tuple(row.condition for row in block.rows),
                )
                for block in self.blocks
                if block.rows
            ),
        )

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _parts(self) -> list[PartForm]:
        """Every form of it, its name first."""
        rows = [row for block in self.blocks for row in (block.form, *block.rows)]
        return [self.form, *rows]

    def _add(self, number: int, kind: str) -> None:
        block = next((one for one in self.blocks if one.number == number), None)
        if block is None or block.full or kind not in dict(self.offer.kinds):
            return
        places = [int(str(row.prefix).partition("-")[2]) for row in block.rows]
        row = FORMS[kind](None, prefix=f"b{number}-{max(places, default=-1) + 1}", offer=self.offer)
        next(iter(row.fields.values())).widget.attrs["autofocus"] = True
        block.rows.append(row)

    def _drop(self, number: int, prefix: str) -> None:
        for block in self.blocks:
            if block.number == number:
                block.rows = [row for row in block.rows if row.prefix != prefix]
                block.adding = True
        self.blocks = [one for one in self.blocks if one.rows or len(self.blocks) == 1]


def _numbers(data: QueryDict, pattern: re.Pattern[str]) -> set[int]:
    return {int(told[1]) for key in data if (told := pattern.match(key))}


def _kinds(data: QueryDict) -> Iterator[tuple[tuple[int, int], str]]:
    """By place, the kind of each condition that was sent."""
    for key in data:
        if (told := _CONDITION.match(key)) and data[key] in FORMS:
            yield (int(told[1]), int(told[2])), str(data[key])
