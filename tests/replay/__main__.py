# SPDX-License-Identifier: Apache-2.0
"""`./run replay`: play the year, show how it goes, and exit 0 if there is no difference."""

import argparse
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from provisioning.demo.programs import Died
from tests.hands import Unexpected
from tests.replay import full, full_rules, live, run, shopping
from tests.replay.clerk import Lost

MOST_SHOWN = 40
PHASES = {
    "open": "The hub opens",
    "enrol": "Terminals are enrolled",
    "install": "Terminals get their first snapshot",
    "play": "Baskets",
    "drain": "Terminals that are done",
    "compare": "The books are compared",
}


def main(words: list[str] | None = None) -> int:
    """Run it; 0 when hub and plain calculation agree."""
    asked = _parser().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends too
    console = Console()
    with console.status("Reading the data set…"):
        choose = full.choose if asked.rules == "full" else shopping.choose
        choice = choose(stores=asked.stores, baskets=asked.baskets, seed=asked.seed)
    _tell_rules(console, choice, asked)
    with Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} / {task.total:,.0f}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[more]}"),
        console=console,
    ) as bars:
        try:
            watch = _Bars(bars)
            if asked.rules == "full":
                result = full.replay(choice, asked.data, watch=watch)
            elif asked.faults:
                result = live.replay(
                    choice, asked.data, seed=asked.seed, times=asked.times, watch=watch
                )
            else:
                result = run.replay(choice, asked.data, watch=watch)
        except Died as death:
            console.print(f"[red]✗[/] {death}", highlight=False)
            return 2
        except (Lost, Unexpected, TimeoutError) as wrong:
            console.print(f"[red]✗[/] {wrong}", highlight=False)
            return 1
        except KeyboardInterrupt:
            console.print("Stopped.")
            return 130
    if result.faults or result.notes:
        _tell_faults(console, result)
    _tell_result(console, choice, result)
    return 1 if result.differences else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run replay",
        description="A real year of shopping through the real terminals, broker and hub, and then"
        " a comparison with plain sums.",
    )
    parser.add_argument("--stores", type=_count, help="so many stores (457)")
    parser.add_argument("--baskets", type=_count, help="so many consecutive baskets (155,848)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (1)")
    parser.add_argument(
        "--data", type=Path, default=Path("replay"), help="where the databases go (replay/)"
    )
    parser.add_argument(
        "--rules",
        choices=("plain", "full"),
        default="plain",
        help="full: a few households' year under every rule there is, basket by basket",
    )
    parser.add_argument(
        "--faults",
        action="store_true",
        help="every program for itself, and each is cut off, held still and killed meanwhile",
    )
    parser.add_argument(
        "--times", type=_count, default=live.TIMES, help=f"each kind of fault ({live.TIMES})"
    )
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


class _Bars:
    """One bar for each phase."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._shown: dict[str, TaskID] = {}

    def __call__(self, now: run.Progress) -> None:
        if now.phase not in self._shown:
            for task in self._shown.values():
                self._bars.update(task, completed=self._bars.tasks[task].total, more="")
            title = PHASES[now.phase]
            self._shown[now.phase] = self._bars.add_task(title, total=now.total, more="")
        task = self._bars.tasks[self._shown[now.phase]]
        more = ""
        if now.phase == "play":
            more = f"{task.speed or 0.0:,.0f}/s · {now.posted:,} entries at the hub · "
            more += (
                f"{now.waiting:,} waiting · {now.lines} lines up"
                if now.faults is None
                else f"{now.faults} faults"
            )
        self._bars.update(task.id, completed=now.done, more=more)


def _tell_rules(console: Console, choice: shopping.Choice, asked: argparse.Namespace) -> None:
    console.print("[bold]Rules")
    for rule in shopping.RULES:
        console.print(f"  · {rule}", soft_wrap=True)
    followers = min(run.FOLLOWERS, len(choice.stores))
    more = [f"{followers} stores read the whole feed, the others upload and hang up"]
    if run.new_rules_s(choice) is not None:
        more.append("at half-time the merchant publishes another earning rule")
    if asked.rules == "full":
        more = list(full_rules.RULES)
    for rule in live.RULES if asked.faults else more:
        console.print(f"  · {rule}", soft_wrap=True)
    table = Table(show_header=False, box=None)
    figures = {"stores": len(choice.stores), "households": len(choice.households)}
    for name, number in (figures | choice.counted).items():
        table.add_row(name, f"{number:,}", style="default")
    console.print(table)


def _tell_faults(console: Console, result: run.Result) -> None:
    if result.faults:
        table = Table("fault", "planned", "happened", "in the middle", box=None)
        for kind, numbers in result.faults.items():
            table.add_row(kind, *map(str, numbers))
        console.print(table)
    met = Table(show_header=False, box=None)
    for note, number in result.notes.items():
        met.add_row(note, f"{number:,}")
    console.print(met)


def _tell_result(console: Console, choice: shopping.Choice, result: run.Result) -> None:
    table = Table(show_header=False, box=None)
    minutes, seconds = divmod(round(result.seconds), 60)
    for name, text in {
        "time, from the first basket to the last acknowledgement": f"{minutes} min {seconds:02} s",
        "baskets a second": f"{len(choice.baskets) / result.seconds:,.1f}",
        "entries at the hub": f"{result.entries:,}",
        "entries a second": f"{result.entries / result.seconds:,.1f}",
        "entries a second, first tenth": f"{result.first_tenth:,.1f}",
        "entries a second, last tenth": f"{result.last_tenth:,.1f}",
        "terminals that have read the whole feed": f"{result.caught_up}",
        "differences": f"{len(result.differences)}",
    }.items():
        table.add_row(name, text)
    console.print(table)
    for difference in result.differences[:MOST_SHOWN]:
        console.print(f"[red]✗[/] {difference}", highlight=False)
    if len(result.differences) > MOST_SHOWN:
        console.print(f"… and {len(result.differences) - MOST_SHOWN} more")
    if not result.differences:
        console.print("[green]✓[/] No difference.")


if __name__ == "__main__":
    sys.exit(main())
