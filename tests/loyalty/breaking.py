# SPDX-License-Identifier: Apache-2.0
"""Put something broken in the place of a rule, wherever it was imported to."""

import sys

import pytest

NAMES = ("loyalty", "tests.loyalty", "tests.scenarios")
FAILURES = (AssertionError, ExceptionGroup, pytest.fail.Exception, ValueError)


def break_rule(monkeypatch: pytest.MonkeyPatch, place: object, name: str, broken: object) -> None:
    """Until the end of the test nobody finds the whole rule any more."""
    whole = getattr(place, name)
    for module in [m for n, m in sys.modules.items() if n.startswith(NAMES)]:
        named = [a for a, value in vars(module).items() if value is whole]
        for alias in [a for a in named if not a.startswith("_")]:  # what breaks it may keep it
            monkeypatch.setattr(module, alias, broken)
    monkeypatch.setattr(place, name, broken)
