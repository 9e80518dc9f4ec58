# SPDX-License-Identifier: Apache-2.0
"""One file for each screen, one screen for each outcome."""

from importlib import import_module
from pkgutil import iter_modules

from firmware.kiosk.ui import SCREENS, Ctx, Widget
from firmware.till.outcome import Outcome

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def tree(outcome: Outcome, ctx: Ctx) -> Widget:
    """The widgets that show an outcome."""
    return SCREENS[type(outcome)].show(outcome, ctx)
