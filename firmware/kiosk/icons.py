# SPDX-License-Identifier: Apache-2.0
"""Our own signs and drawings, as SVG that takes its colours when it is drawn."""

from collections.abc import Callable, Mapping
from typing import Final

from firmware.kiosk.theme import Tone
from loyalty.colour import Rgb, hexed

ICONS: Final[Mapping[str, str]] = {
    "add": '<path d="M12 4v16M4 12h16"/>',
    "back": '<path d="M21 12H4M10.5 5L3.5 12l7 7"/>',
    "barcode": '<rect x="2.5" y="5" width="19" height="14" rx="2"/>'
    '<path d="M6.5 9v6M9.5 9v6M12.5 9v6M14.5 9v6M17.5 9v6"/>',
    "capitals": '<path d="M12 3.5L3.5 12.5H8v7.5h8v-7.5h4.5z"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "contrast": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M12 3v18a9 9 0 0 0 0-18z" fill="currentColor"/>',
    "discount": '<path d="M19 5L5 19"/><circle cx="7" cy="7" r="2.7"/>'
    '<circle cx="17" cy="17" r="2.7"/>',
    "down": '<path d="M5 9l7 7 7-7"/>',
    "erase": '<path d="M8.5 5H20a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H8.5L2.5 12z'
    'M11.5 9.5l5 5M16.5 9.5l-5 5"/>',
    "euro": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M15.5 8.3a4.5 4.5 0 1 0 0 7.4M7 11h6M7 13.5h5"/>',
    "gift": '<path d="M4.5 11h15v9.5h-15zM3 7h18v4H3zM12 7v13.5'
    "M12 7C8 7 6.5 5.5 7.5 4S11 3.5 12 7z"
    'M12 7c4 0 5.5-1.5 4.5-3S13 3.5 12 7z"/>',
    "list": '<path d="M9 6h12M9 12h12M9 18h12M3.6 6h.8M3.6 12h.8M3.6 18h.8"/>',
    "lock": '<rect x="4.5" y="10.5" width="15" height="10" rx="1.5"/>'
    '<path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="1.5"/><path d="M3.5 6.5l8.5 7 8.5-7"/>',
    "next": '<path d="M2 12h18M13 4.5l7.5 7.5-7.5 7.5"/>',
    "offline": '<path d="M2 12h6M16 12h6M8 7v10M16 7v10"/>',
    "phone": '<rect x="6.5" y="2.5" width="11" height="19" rx="2"/><path d="M11 18.5h2"/>',
    "print": '<path d="M7 8V3h10v5M7 16H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1h16a1 1 0 0 1 1 1v6'
    'a1 1 0 0 1-1 1h-3"/><path d="M7 13h10v8l-2.5-1.5L12 21l-2.5-1.5L7 21z"/>',
    "product": '<path d="M4 8.5l8-4.5 8 4.5v8l-8 4.5-8-4.5zM4 8.5l8 4.5 8-4.5M12 13v8"/>',
    "qr": '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z'
    'M14 14h2.5v2.5M20 14v2M20 20h-3M13.8 20h.4"/>',
    "receipt": '<path d="M5 3.5h14v17l-3.5-2-3.5 2-3.5-2-3.5 2zM8.5 8.5h7M8.5 12.5h7"/>',
    "retry": '<path d="M8 4L3.5 8.5 8 13M4 8.5h10.5a6 6 0 0 1 0 12H8"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "tick": '<path d="M4 12.5l5.5 5.5L20 6.5"/>',
    "up": '<path d="M5 15l7-7 7 7"/>',
    "wait": (
        '<path d="M6 3h12M6 21h12M7.5 3c0 5 4.5 6 4.5 9s-4.5 4-4.5 9M16.5 3c0 5-4.5 6-4.5 9'
        's4.5 4 4.5 9"/>'
    ),
    "waves": '<path d="M7 8.5c1.3 2 1.3 5 0 7M11 6c2.3 3.5 2.3 8.5 0 12'
    'M15 3.5c3.2 5 3.2 12 0 17"/>',
}
"""By name, on a grid of 24: strokes of 2 with round ends."""

ARROWS: Final[Mapping[str, str]] = {
    "arrow_below": '<path d="M12 2v18M4.5 13l7.5 7.5 7.5-7.5"/>',
    "arrow_left": '<path d="M22 12H4M11 4.5L3.5 12l7.5 7.5"/>',
    "arrow_right": '<path d="M2 12h18M13 4.5l7.5 7.5-7.5 7.5"/>',
}
"""The arrow of the sign: heavier, with square ends."""

_LEAVES: Final = "".join(
    f'<path d="M20.5 {y}c-6 0-9-3.5-9.5-9.5 6 .5 9.5 4 9.5 9.5z'
    f'M23.5 {y}c6 0 9-3.5 9.5-9.5-6 .5-9.5 4-9.5 9.5z"/>'
    for y in (21, 30, 39)
)
_PETAL: Final = '<ellipse cx="22" cy="9.5" rx="6.5" ry="9" transform="rotate({turn} 22 22)"/>'

EMBLEMS: Final[Mapping[str, str]] = {
    "wheat": '<path d="M21 44h2V16h-2z"/><path d="M22 1c4 4 4 9 0 13-4-4-4-9 0-13z"/>' + _LEAVES,
    "bicycle": '<g fill="none" stroke="currentColor" stroke-width="2.6" stroke-linejoin="round">'
    '<circle cx="10" cy="28" r="8.5"/><circle cx="34" cy="28" r="8.5"/>'
    '<path d="M10 28l7-13h12l5 13M17 15l5 13 7-13M22 28H10M13.5 12H20M29 15l-1.5-4.5H33"/></g>',
    "leaf": '<path d="M6 40C2 18 14 4 40 4c1 24-10 36-28 34l-2 4-3-1 3-6C14 26 20 19 29 14'
    ' 18 17 10 25 6 40z"/>',
    "flower": "".join(_PETAL.format(turn=turn) for turn in range(0, 360, 60)),
}
"""What a shop may hang on its front, by name, on a grid of 44, filled."""

PICTURES: Final[Mapping[str, tuple[int, int, str]]] = {
    "paper": (
        240,
        216,
        (
            '<g fill="none" stroke="{ink}" stroke-width="4" stroke-linejoin="round">'
            '<path d="M52 92L66 8h132l14 84" fill="{tint}"/><path d="M82 30h102" stroke-width="3"/>'
            '<path d="M20 92h200l-8 112H28z" fill="{card}"/>'
            '<path d="M44 92h152v20H44z" fill="{ink}"/>'
            '<circle cx="120" cy="84" r="34" fill="{paper}"/>'
            '<circle cx="120" cy="84" r="11" fill="{card}"/>'
            '<path d="M92 103v54l7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6v-54" fill="{paper}"/>'
            '<circle cx="192" cy="182" r="7" fill="{stop}" stroke="{stop}"/>'
            '<path d="M46 182h60" stroke-width="3"/></g>'
        ),
    ),
    "cover": (
        240,
        216,
        (
            '<g fill="none" stroke="{ink}" stroke-width="4" stroke-linejoin="round">'
            '<path d="M30 92L58 12h150l12 80" fill="{tint}"/><path d="M80 34h106" stroke-width="3"/>'
            '<path d="M20 92h200l-8 112H28z" fill="{card}"/>'
            '<path d="M44 92h152v20H44z" fill="{ink}"/>'
            '<path d="M120 36v40M106 62l14 15 14-15" stroke-width="6" stroke-linecap="round"/>'
            '<circle cx="192" cy="182" r="7" fill="{stop}" stroke="{stop}"/>'
            '<path d="M46 182h60" stroke-width="3"/></g>'
        ),
    ),
    "away": (
        240,
        216,
        (
            '<g fill="none" stroke="{ink}" stroke-width="4" stroke-linejoin="round">'
            '<path d="M20 72h200l-8 92H28z" fill="{card}"/><path d="M44 72l8-44h136l8 44" fill="{tint}"/>'
            '<path d="M60 72h120v14H60z" fill="{ink}"/>'
            '<circle cx="192" cy="142" r="7" fill="{card}"/><path d="M46 142h60" stroke-width="3"/>'
            '<path d="M120 164v30h36" stroke-linecap="round"/>'
            '<path d="M156 178v32M180 178v32M180 194h44" stroke="{stop}" stroke-linecap="round"/></g>'
        ),
    ),
}
"""Drawings of several colours: width, height and what is drawn."""

_HEAD: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="{box}"'


def icon(name: str, size_px: int, colour: Rgb) -> str:
    """An icon or an arrow as SVG."""
    if name in ARROWS:
        stroke = 'stroke-width="2.6" stroke-linecap="butt" stroke-linejoin="miter"'
        drawn = ARROWS[name]
    else:
        stroke = 'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        drawn = ICONS[name]
    head = _HEAD.format(w=size_px, h=size_px, box="0 0 24 24")
    return f'{head} fill="none" stroke="currentColor" {stroke}>{drawn}</svg>'.replace(
        "currentColor", hexed(colour)
    )


def emblem(name: str, size_px: int, colour: Rgb) -> str:
    """A shop's sign as SVG."""
    head = _HEAD.format(w=size_px, h=size_px, box="0 0 44 44")
    return f'{head} fill="currentColor">{EMBLEMS[name]}</svg>'.replace(
        "currentColor", hexed(colour)
    )


def picture(name: str, width_px: int, height_px: int, colour: Callable[[Tone], Rgb]) -> str:
    """A drawing as SVG, filling the given size."""
    width, height, drawn = PICTURES[name]
    head = _HEAD.format(w=width_px, h=height_px, box=f"0 0 {width} {height}")
    colours = {tone.value: hexed(colour(tone)) for tone in Tone}
    return f"{head}>{drawn.format(**colours)}</svg>"
