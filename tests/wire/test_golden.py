# SPDX-License-Identifier: Apache-2.0
"""Yesterday's terminal talks to today's hub: frames kept as bytes say what they said."""

import hashlib
import json

import pytest

from loyalty.wire import (
    GENESIS,
    FoundSales,
    UnknownEntry,
    chain,
    decode_down,
    decode_entry,
    decode_item,
    decode_up,
)
from tests.wire.golden import ENTRIES, FOLDER, FRAMES

HEAD = "2d9e38cf7c984767929951290fb4c16dddda22b3fef264c7b2ee0d747cf2ebf6"


@pytest.mark.parametrize("name", FRAMES)
def test_a_golden_frame_says_what_it_said(name):
    raw = (FOLDER / f"{name}.frame").read_bytes()
    message, carried = FRAMES[name]
    up = name.startswith("up-")
    found, lines = (decode_up if up else decode_down)(raw)
    assert found == message
    entries = up or isinstance(message, FoundSales)
    assert tuple(map(decode_entry if entries else decode_item, lines)) == carried


def test_every_frame_that_is_kept_is_tested():
    assert {path.stem for path in FOLDER.iterdir()} == set(FRAMES)


def test_no_golden_frame_was_edited():
    """Add a line for a new frame; a changed one means that terminals in shops are not understood."""
    sums = (FOLDER.parent / "golden.sha256").read_text().splitlines()
    kept = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(FOLDER.iterdir())
    }
    assert kept == dict(reversed(line.split()) for line in sums)


def test_the_chain_of_the_golden_entries_is_what_it_was():
    _, lines = decode_up((FOLDER / "up-batch.frame").read_bytes())
    head = GENESIS
    for line in lines:
        head = chain(head, line)
    assert head.hex() == HEAD


def test_fault_45_fields_of_newer_software_are_passed_over():
    _, lines = decode_up((FOLDER / "up-batch.frame").read_bytes())
    for line, entry in zip(lines, ENTRIES, strict=True):
        newer = json.loads(line)
        newer |= {"mood": "good"}
        newer["body"] |= {"weather": ["sunny"]}
        assert decode_entry(json.dumps(newer).encode()) == entry


def test_fault_44_a_newer_version_of_a_kind_waits():
    _, lines = decode_up((FOLDER / "up-batch.frame").read_bytes())
    newer = json.loads(lines[1]) | {"ver": 2, "body": 7}
    assert isinstance(decode_entry(json.dumps(newer).encode()), UnknownEntry)
