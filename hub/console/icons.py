# SPDX-License-Identifier: Apache-2.0
"""Hold the hub's icons: drawn by us on a grid of 24, in one colour, always beside a word."""

from typing import Final

ICONS: Final = {
    "bell": '<path d="M3 17.5h18M5 17.5a7 7 0 0 1 14 0M12 10.5V7.5M10 7.5h4M3 20.5h18"/>',
    "shop": (
        '<path d="M4 10v10.5h16V10M3 9.5L5 3.5h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0'
        ' 3 3 0 0 1-6 0zM9.5 20.5v-6h5v6"/>'
    ),
    "badge": (
        '<path d="M4 6.5h16v14H4zM9.5 6.5v-3h5v3M7.5 17.5a3 3 0 0 1 6 0M16 12h1.5M16 15.5h1.5"/>'
        '<circle cx="10.5" cy="12" r="1.8"/>'
    ),
    "people": (
        '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.4-4 2.7-5.7 6.5-5.7s6.1 1.7 6.5 5.7'
        'M15.5 5.2a3.5 3.5 0 0 1 0 6.6M17.8 14.7c2.2.7 3.4 2.4 3.7 5.3"/>'
    ),
    "filter": '<path d="M3 5h18M6.5 12h11M10 19h4"/>',
    "gift": (
        '<path d="M4.5 11h15v9.5h-15zM3 7h18v4H3zM12 7v13.5M12 7C8 7 6.5 5.5 7.5 4S11 3.5 12 7z'
        'M12 7c4 0 5.5-1.5 4.5-3S13 3.5 12 7z"/>'
    ),
    "giftcard": (
        '<rect x="2.5" y="5" width="19" height="14" rx="2"/>'
        '<path d="M6.5 9v6M9.5 9v6M12.5 9v6M14.5 9v6M17.5 9v6"/>'
    ),
    "till": (
        '<path d="M3.5 14.5h17v6h-17zM5.5 14.5l1.5-6h10l1.500 6M9 8.500v-5h6v5'
        'M10 11.500h.01M14 11.500h.01M10 17.500h4"/>'
    ),
    "ticket": '<path d="M5 3.5h14v17l-3.5-2-3.5 2-3.5-2-3.5 2zM8.5 8.5h7M8.5 12.5h7"/>',
    "terminal": (
        '<rect x="3" y="4" width="18" height="12" rx="1.5"/><path d="M12 16v4M7 20.5h10"/>'
    ),
    "scanner": '<path d="M4 8V4.5h4M16 4.5h4V8M20 16v3.5h-4M8 19.5H4V16M3 12h18"/>',
    "offline": '<path d="M2 12h6M16 12h6M8 7v10M16 7v10"/>',
    "hourglass": (
        '<path d="M6 3h12M6 21h12M7.5 3c0 5 4.5 6 4.5 9s-4.5 4-4.5 9M16.5 3c0 5-4.5 6-4.5 9'
        's4.5 4 4.5 9"/>'
    ),
    "pencil": '<path d="M4 20l1-5L16.5 3.5l4 4L9 19zM14 6l4 4"/>',
    "percent": (
        '<path d="M19 5L5 19"/><circle cx="7" cy="7" r="2.7"/><circle cx="17" cy="17" r="2.7"/>'
    ),
    "euro": (
        '<circle cx="12" cy="12" r="9"/><path d="M15.5 8.3a4.5 4.5 0 1 0 0 7.4M7 11h6M7 13.5h5"/>'
    ),
    "stamp": (
        '<path d="M5 20.5h14M5 16.5h14v-2.5a2 2 0 0 0-2-2h-3c-.8-2.5 1.5-4 1.5-6'
        'a3.5 3.5 0 0 0-7 0c0 2 2.3 3.5 1.5 6H7a2 2 0 0 0-2 2z"/>'
    ),
    "medal": (
        '<circle cx="12" cy="14.5" r="6"/><path d="M8.5 9.500L5 2.500h5l2 4 2-4h5l-3.500 7M12 12v5"/>'
    ),
    "help": (
        '<circle cx="12" cy="12" r="9"/><path d="M9.300 9.500a2.700 2.700 0 1 1 4.200 2.300'
        'c-1 .7-1.500 1.200-1.500 2.400M12 17.200v.1"/>'
    ),
    "sms": '<path d="M3.500 4.500h17v12H12l-4.500 4v-4h-4zM8 10.500h.01M12 10.500h.01M16 10.500h.01"/>',
    "mail": '<path d="M3 5.500h18v13H3zM3 6.500l9 7 9-7"/>',
    "check": '<path d="M4 12.5l5.5 5.5L20 6.5"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "down": '<path d="M6 9l6 6 6-6"/>',
    "sorted-down": '<path d="M12 2v18M4.5 13l7.5 7.5 7.5-7.5"/>',
    "sorted-up": '<path d="M12 22V4M4.5 11L12 3.5l7.5 7.5"/>',
    "left": '<path d="M21 12H4M10.5 5L3.5 12l7 7"/>',
    "right": '<path d="M2 12h18M13 4.5l7.5 7.5-7.5 7.5"/>',
    "more": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "stop": '<path d="M12 3.5L21.5 20h-19zM12 10v4.5M12 17.200v.1"/>',
    "archive": '<path d="M3.5 4.5h17V9h-17zM5 9v10.5h14V9M9.5 13h5"/>',
    "report": '<path d="M4 3.5v17h16.5M8.5 16.5v-4M13 16.5v-9M17.5 16.5v-6.5"/>',
    "calendar": '<path d="M4 5.5h16v15H4zM4 10h16M8.5 3v4M15.5 3v4"/>',
    "download": '<path d="M12 3.5v12M6.5 10l5.5 5.5 5.5-5.5M4 20.5h16"/>',
    "book": '<path d="M5 3.5h14v17H5zM9 3.5v17M12 8h4M12 12h4"/>',
    "merchants": '<path d="M4 20.5V6l8-3.5L20 6v14.5zM9 20.5v-5h6v5M9 9h.01M15 9h.01M12 9h.01M9 12.5h.01M15 12.5h.01"/>',
}
"""What is inside each icon's <svg>, by name."""
