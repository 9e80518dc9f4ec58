# SPDX-License-Identifier: Apache-2.0
"""What a run of many worlds says, for a console and for docs/reliability.md."""

from collections.abc import Sequence
from pathlib import Path

from tests.simulation.broken import says
from tests.simulation.elsewhere import ELSEWHERE
from tests.simulation.many import Sum
from tests.simulation.mutants import Caught
from tests.simulation.stories import STORIES


def of_seeds(total: Sum) -> str:
    """Rates and how often each fault happened."""
    worlds = f"{total.seeds:,} worlds of {total.steps:,} steps in all"
    rate = f"{total.cpu_s:,.0f} s of CPU, {total.seeds / total.cpu_s:.2f} worlds a second of a core"
    lines = [
        f"{worlds}: {len(total.broken)} broke an invariant ({rate}).",
        "",
        "| what happened | times |",
        "|---|---:|",
    ]
    lines += [f"| {what} | {times:,} |" for what, times in total.happened.most_common()]
    return "\n".join(lines)


def of_mutants(caught: Sequence[Caught]) -> str:
    """Which broken rule was seen by what, and how soon."""
    lines = ["| rule broken | worlds it took | story | what was seen |", "|---|---:|---|---|"]
    for found in caught:
        worlds = str(found.seeds) if found.seeds else f"not in {found.tried}"
        stories = ", ".join(STORIES[name].says for name in found.stories)
        lines.append(f"| {found.says} | {worlds} | {stories} | {_invariant(found.broken)} |")
    lines += [f"| {one.says} | | `{one.test}` | |" for one in ELSEWHERE]
    return "\n".join(lines)


def of_holes() -> str:
    """The story of each hole of RIGHTS, and the broken rule that lets it end badly."""
    lines = ["| hole of RIGHTS | story that holds | and breaks when |", "|---:|---|---|"]
    holes = sorted(
        ((hole, told) for told in STORIES.values() for hole in told.holes), key=lambda row: row[0]
    )
    lines += [f"| {hole} | {told.says} | {says(told.without)} |" for hole, told in holes]
    return "\n".join(lines)


def _invariant(broken: str) -> str:
    """Which invariant it was, without the figures."""
    return ":".join(broken.removeprefix("Broken: ").split(":")[:1])


def write(page: Path, name: str, text: str) -> None:
    """Put a part into the page, between its marks."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    whole = page.read_text() if page.exists() else ""
    if begin not in whole:
        whole = f"{whole.rstrip()}\n\n{begin}\n{end}\n".lstrip()
    before, after = whole[: whole.index(begin) + len(begin)], whole[whole.index(end) :]
    page.write_text(f"{before}\n{text}\n{after}")
