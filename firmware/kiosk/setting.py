# SPDX-License-Identifier: Apache-2.0
"""Setting words in lines: how wide they are, where they break, what is cut off."""

from dataclasses import dataclass
from typing import Protocol

from firmware.kiosk.scale import ASCENT, DESCENT, LETTERS, TIGHT_FROM, TRACKING, Role
from firmware.kiosk.ui import Text

ELLIPSIS = "…"
_NEVER_FIRST = "%€:;!?»"
_CLIPPED_EM = 4
"""A name is never cut to less than about so much."""


class Ruler(Protocol):
    """Measures words as they will be drawn."""

    def width(self, text: str, *, size_px: int, weight: int, tracking_px: float) -> float:
        """Width of one line, in pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Style:
    """How the words of one widget are drawn."""

    size_px: int
    weight: int
    tracking_px: float
    line_px: float
    """From one baseline to the next."""
    base_px: float
    """From the top of a line to its baseline."""


class Setting:
    """Sets words on one panel."""

    def __init__(
        self, ruler: Ruler, *, scale: float, portrait: bool = False, large: bool = False
    ) -> None:
        self._ruler, self._scale = ruler, scale
        self._portrait, self._large = portrait, large
        self._styles: dict[tuple[Role, int, float], Style] = {}

    def style(self, text: Text) -> Style:
        """How these words are drawn here."""
        key = (text.role, text.weight, text.leading)
        if key not in self._styles:
            self._styles[key] = self._style(text)
        return self._styles[key]

    def _style(self, text: Text) -> Style:
        letters = LETTERS[text.role]
        size = letters.size(portrait=self._portrait, large=self._large)
        size_px = round(size * self._scale)
        line_px = size_px * (text.leading or letters.leading)
        base_px = (line_px - size_px * (ASCENT + DESCENT)) / 2 + size_px * ASCENT
        tracking_px = TRACKING * size_px if size >= TIGHT_FROM else 0
        return Style(size_px, text.weight or letters.weight, tracking_px, line_px, base_px)

    def width(self, line: str, style: Style) -> float:
        """Width of one line."""
        return self._ruler.width(
            line, size_px=style.size_px, weight=style.weight, tracking_px=style.tracking_px
        )

    def size(self, text: Text, limit_px: float) -> tuple[float, float]:
        """Width and height of the words where a line may be so long."""
        style = self.style(text)
        lines = [text.text] if text.lines == 1 else self.lines(text, limit_px)
        wide = max(self.width(line, style) for line in lines)
        return wide, len(lines) * style.line_px

    def least(self, text: Text) -> float:
        """How narrow the words may be made."""
        style = self.style(text)
        if text.lines > 1 and not (text.clip or text.tail):
            words = _glued(text.text.replace("\n", " ").split(" "))
            return max((self.width(word, style) for word in words), default=0)
        whole = self.width(text.text, style)
        return min(whole, _CLIPPED_EM * style.size_px) if text.clip or text.tail else whole

    def lines(self, text: Text, limit_px: float) -> list[str]:
        """The words in lines; a name that needs more than its lines ends in …."""
        style = self.style(text)
        lines = self._broken(text.text, limit_px, style) if text.lines > 1 else [text.text]
        if text.tail:
            return self._end(text, lines, limit_px, style)
        wide = any(self.width(line, style) > limit_px for line in lines)
        if text.clip and (wide or len(lines) > text.lines):
            kept = lines[: text.lines - 1]
            rest = " ".join(lines[text.lines - 1 :])
            shown = [*kept, rest] if rest else kept
            return [self._cut(line, limit_px, style) for line in shown]
        if text.balance and 1 < len(lines) <= text.lines:
            return self._balanced(text.text, len(lines), limit_px, style)
        return lines

    def _broken(self, words: str, limit_px: float, style: Style) -> list[str]:
        lines = []
        for paragraph in words.split("\n"):
            line = ""
            for word in _glued(paragraph.split(" ")):
                longer = f"{line} {word}" if line else word
                if line and self.width(longer, style) > limit_px:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return lines

    def _balanced(self, words: str, count: int, limit_px: float, style: Style) -> list[str]:
        """The same number of lines, as even as they can be."""
        low, high = 0.0, limit_px
        while high - low > style.size_px / 4:
            middle = (low + high) / 2
            lines = self._broken(words, middle, style)
            fits = len(lines) <= count and all(self.width(x, style) <= middle for x in lines)
            low, high = (low, middle) if fits else (middle, high)
        return self._broken(words, high, style)

    def _end(self, text: Text, lines: list[str], limit_px: float, style: Style) -> list[str]:
        """The end of what is being typed."""
        kept = lines[-text.lines :]
        first = kept[0] if len(kept) == len(lines) else ELLIPSIS + kept[0]
        while len(first) > 1 and self.width(first, style) > limit_px:
            first = ELLIPSIS + first.removeprefix(ELLIPSIS)[1:]
        return [first, *kept[1:]]

    def _cut(self, line: str, limit_px: float, style: Style) -> str:
        if self.width(line, style) <= limit_px:
            return line
        while line and self.width(line.rstrip() + ELLIPSIS, style) > limit_px:
            line = line[:-1]
        return line.rstrip() + ELLIPSIS


def _glued(words: list[str]) -> list[str]:
    """Words between which a line may break: « 10 % » stays together however it was typed."""
    glued: list[str] = []
    for word in words:
        if glued and word and word[0] in _NEVER_FIRST:
            glued[-1] += f" {word}"
        else:
            glued.append(word)
    return glued
