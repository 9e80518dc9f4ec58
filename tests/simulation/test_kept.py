# SPDX-License-Identifier: Apache-2.0
"""A run of many worlds that was cut goes on where it was, and counts none twice."""

from collections import Counter
from pathlib import Path

import pytest

from tests.simulation import kept
from tests.simulation.kept import Kept
from tests.simulation.play import Told

PLAYED = Told(steps=200, cpu_s=1.5, broken="C5: one is missing", happened=Counter(reboot=3))


def test_a_world_that_was_played_is_not_played_again(tmp_path: Path) -> None:
    Kept(tmp_path, steps=200).add(7, PLAYED)
    again = Kept(tmp_path, steps=200)
    assert again.told(range(1, 10)) == {7: PLAYED}
    assert again.told(range(8, 10)) == {}, "nobody asked for it"
    assert Kept(tmp_path, steps=100).told(range(1, 10)) == {}, "it was another world"


def test_a_line_that_a_kill_cut_short_is_a_world_to_play(tmp_path: Path) -> None:
    Kept(tmp_path, steps=200).add(7, PLAYED)
    Kept(tmp_path, steps=200).add(8, PLAYED)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text()[:-9])
    assert set(Kept(tmp_path, steps=200).told(range(1, 10))) == {7}


def test_other_code_has_played_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept(tmp_path, steps=200).add(7, PLAYED)
    monkeypatch.setattr(kept, "PLAYED", ("loyalty",))
    assert Kept(tmp_path, steps=200).told(range(1, 10)) == {}
