# SPDX-License-Identifier: Apache-2.0
"""Keep what is committed fit for any machine: no host, no stray environment."""

import re
import subprocess

import pytest

from tests.house.pages import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert len(re.findall(r"^[a-z]", text, re.MULTILINE)) == len(
        re.findall(r"\\\n +--hash=sha256:[0-9a-f]{64}", re.sub(r"(?m)^    --hash.*\\$\n", "", text))
    )


def test_what_runs_is_what_was_tested() -> None:
    # where a library is needed may differ: more needs it in development
    pins = re.compile(r"^[\w.-]+==\S+", re.MULTILINE)
    runtime, dev = (set(pins.findall((ROOT / lock).read_text())) for lock in LOCKS)
    assert runtime
    assert runtime <= dev


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_a_script_is_plain_sh(script: str) -> None:
    subprocess.run(["dash", "-n", ROOT / script], check=True)


@pytest.mark.parametrize(
    "verb",
    ["demo", "check", "verify", "enrol", "virtual", "bench", "replay", "simulate", "gallery"],
)
def test_each_word_of_run_starts_what_it_names(verb: str) -> None:
    """Plain sh meets an expansion that it does not know only where it comes to it."""
    done = subprocess.run(
        ["dash", ROOT / "run", verb, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: ./run {verb}")
