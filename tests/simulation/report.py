# SPDX-License-Identifier: Apache-2.0
"""What a run of many worlds says, for a console and for docs/reliability.md."""

from collections.abc import Sequence
from pathlib import Path

from tests.simulation.many import PROCESSES, Sum
from tests.simulation.mutants import Caught


def of_seeds(total: Sum) -> str:
    """Rates and how often each fault happened."""
    rate = total.seeds / total.took_s
    worlds = f"{total.seeds:,} worlds of {total.steps:,} steps in all, in {total.took_s:,.0f} s"
    lines = [
        f"{worlds}: {rate:.1f} a second on {PROCESSES} cores; {len(total.broken)} broke an invariant.",
        "",
        "| what happened | times |",
        "|---|---:|",
    ]
    lines += [f"| {what} | {times:,} |" for what, times in total.happened.most_common()]
    return "\n".join(lines)


def of_mutants(caught: Sequence[Caught]) -> str:
    """Which broken rule was seen by what, and how soon."""
    lines = ["| rule broken | seen after | by |", "|---|---:|---|"]
    for found in caught:
        seen = f"{found.seeds} worlds" if found.seeds else f"not in {found.tried} worlds"
        lines.append(f"| {found.says} | {seen} | {found.broken.partition(' ')[2][:60]} |")
    return "\n".join(lines)


def write(page: Path, name: str, text: str) -> None:
    """Put a part into the page, between its marks."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    whole = page.read_text() if page.exists() else ""
    if begin not in whole:
        whole = f"{whole.rstrip()}\n\n{begin}\n{end}\n".lstrip()
    before, after = whole[: whole.index(begin) + len(begin)], whole[whole.index(end) :]
    page.write_text(f"{before}\n{text}\n{after}")
