# SPDX-License-Identifier: Apache-2.0
"""Every numbered fault has a test that shows it, in the shortest run, and one that misses it."""

import pytest

from tests.house import faults

EVERY = faults.faults()
SHOWN = faults.shown()


@pytest.mark.parametrize("fault", EVERY, ids=lambda fault: str(fault.number))
def test_a_fault_has_a_test_under_its_number(fault: faults.Fault) -> None:
    assert [one for one in SHOWN if one.number == fault.number and one.holds and one.always]


@pytest.mark.parametrize("fault", EVERY, ids=lambda fault: str(fault.number))
def test_a_faults_defence_is_taken_out_somewhere(fault: faults.Fault) -> None:
    assert [one for one in SHOWN if one.number == fault.number and one.removes]


def test_a_tests_number_is_a_faults() -> None:
    assert {one.number for one in SHOWN} == {fault.number for fault in EVERY}


def test_the_list_is_the_protocols() -> None:
    assert [fault.number for fault in EVERY] == [n for n in range(1, 59) if not 46 <= n <= 48]
