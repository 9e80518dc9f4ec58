# SPDX-License-Identifier: Apache-2.0
"""Mutants that no world can show, and the tests that see them: writers at once, bytes, dates."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A broken rule, and the test that plays it and sees it."""

    says: str
    test: str


ELSEWHERE = (
    Elsewhere(
        "Positions of the feed are given by a bare sequence",
        "tests/hub/test_at_once.py::test_fault_50_without_the_order_of_commits_a_reader_misses_one",
    ),
    Elsewhere(
        "The position of the feed is read before the merchant's lock",
        "tests/hub/test_at_once.py::test_a_position_read_before_the_lock_would_be_seen",
    ),
    Elsewhere(
        "The merchant's row is read without its lock",
        "tests/hub/test_at_once.py::test_writers_that_do_not_wait_would_be_seen",
    ),
    Elsewhere(
        "An entry is encoded again before it is hashed",
        "tests/hub/ledger/test_post.py::test_hashing_what_was_encoded_again_would_be_seen",
    ),
    Elsewhere(
        "A date is taken from a clock that is not trusted",
        "tests/hub/ledger/test_people.py::test_believing_a_wrong_clock_would_be_seen",
    ),
)
