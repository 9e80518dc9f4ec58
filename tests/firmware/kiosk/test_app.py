# SPDX-License-Identifier: Apache-2.0
"""The loop: nothing that happens is lost, nothing that breaks stops it, paper only when asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event as Flag

import pytest

from firmware.drivers.base import Away, Connected, PaperDone, Reading
from firmware.drivers.cues import Cue
from firmware.drivers.intake import Intake
from firmware.drivers.mock import MockSignal
from firmware.drivers.paper import Paper
from firmware.faults import PaperOut, StoreFault, Unplugged
from firmware.kiosk.app import App, Happened
from firmware.kiosk.display import Display
from firmware.kiosk.look import Look
from firmware.kiosk.text import Language
from firmware.till import tap
from firmware.till.flow import Event
from firmware.till.outcome import (
    Broken,
    Front,
    Outcome,
    OutOfOrder,
    PrinterTrouble,
    Saved,
    Trouble,
)
from tests.firmware.kiosk.conftest import EXAMPLES

FRONT = EXAMPLES["front-waiting"]
SAVED = EXAMPLES["saved-earned"]
PRINTING = EXAMPLES["saved-printing"]
TROUBLE = EXAMPLES["printer-paper"]
CARD = Reading("2900000044154", "mock:")


@dataclass
class ScriptedTill:
    """Answers each event as it was told to, and remembers what it was asked."""

    answers: dict[object, Outcome] = field(default_factory=dict)
    showing: Outcome = FRONT
    asked: list[object] = field(default_factory=list)
    breaks: bool = False
    """The next answer is a bug."""

    def handle(self, event: Event) -> Outcome:
        self.asked.append(event)
        if self.breaks:
            self.breaks = False
            message = "a bug"
            raise RuntimeError(message)
        self.showing = self.answers.get(event, self.showing)
        return self.showing

    def tick(self) -> Outcome:
        return self.showing


@dataclass
class Slips:
    """A printer's queue that remembers what was asked of it."""

    asked: list[str] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    def print(self, paper: Paper) -> bool:
        self.asked.append("print")
        self.papers.append(paper)
        return True

    def retry(self) -> None:
        self.asked.append("retry")

    def forget(self) -> None:
        self.asked.append("forget")


@dataclass
class Bench:
    till: ScriptedTill = field(default_factory=ScriptedTill)
    slips: Slips = field(default_factory=Slips)
    light: MockSignal = field(default_factory=MockSignal)
    intake: Intake[Happened] = field(default_factory=Intake)
    health: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.display = Display(Look())
        self.app = App(
            self.till,
            self.display,
            intake=self.intake,
            printing=self.slips,  # type: ignore[arg-type]
            signal=self.light,
            report=lambda printer, scanner: self.health.append((printer, scanner)),
        )
        self.app.step(0)

    def happen(self, *events: Happened) -> None:
        for event in events:
            self.intake.put(event)
        for _ in events:
            self.app.step(0)

    def answer(self, outcome: Outcome, *events: Happened) -> None:
        for event in events:
            self.till.answers[event] = outcome
        self.happen(*events)

    @property
    def cues(self) -> list[Cue]:
        return [shown.cue for _, shown in sorted(self.light.shown.items())]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_event_becomes_a_screen_a_light_and_nothing_more(bench: Bench) -> None:
    bench.answer(EXAMPLES["recognised-points"], CARD)
    assert bench.display.outcome_name == "Recognised"
    assert bench.cues == [Cue.READY, Cue.READ]
    assert bench.slips.asked == []


def test_scans_during_a_redraw_are_all_answered_in_order(bench: Bench) -> None:
    cards = [Reading(f"card {i}", "mock:") for i in range(20)]
    show = bench.display.show

    def slow(outcome: Outcome) -> None:
        if cards:
            bench.intake.put(cards.pop())
        show(outcome)

    bench.display.show = slow  # type: ignore[method-assign]
    expected = list(reversed(cards))
    for i in range(25):
        bench.till.answers[Reading(f"card {19 - i}", "mock:")] = replace(FRONT, points=i)
    bench.answer(replace(FRONT, points=99), CARD)
    for _ in range(25):
        bench.app.step(0)
    assert [e for e in bench.till.asked if isinstance(e, Reading)] == [CARD, *expected]


def test_a_bug_is_a_screen_and_the_loop_goes_on(bench: Bench) -> None:
    bench.till.breaks = True
    bench.happen(CARD)
    assert bench.display.outcome_name == "OutOfOrder"
    assert bench.cues[-1] is Cue.REPAIR
    bench.app.step(0)
    assert bench.display.outcome_name == "OutOfOrder", "a tick does not hide it"
    bench.happen(tap.Retry())
    assert bench.display.outcome_name == "Front"
    assert tap.Lock() in bench.till.asked, "the till begins again from its front"


def test_a_bug_in_a_screen_is_a_screen_as_well(bench: Bench) -> None:
    bench.answer(replace(FRONT, now=None), CARD)  # type: ignore[arg-type]
    assert bench.display.outcome_name == "OutOfOrder"


def test_nothing_is_printed_unless_asked_and_then_once(bench: Bench) -> None:
    bench.answer(SAVED, tap.Save())
    assert bench.slips.asked == []
    bench.answer(PRINTING, tap.Print())
    bench.app.step(0)
    bench.happen(tap.ShowQr())
    assert bench.slips.asked == ["print"]


def test_after_new_paper_the_receipt_that_waits_comes_out_by_itself(bench: Bench) -> None:
    bench.answer(PRINTING, tap.Print())
    bench.answer(TROUBLE, PaperDone(PaperOut(), 1))
    assert bench.cues[-1] is Cue.PRINTER
    bench.answer(SAVED, PaperDone())
    assert bench.slips.asked == ["print"], "neither again nor forgotten"


def test_trying_again_prints_no_second_receipt(bench: Bench) -> None:
    bench.answer(PRINTING, tap.Print())
    bench.answer(TROUBLE, PaperDone(PaperOut(), 1))
    bench.answer(PRINTING, tap.Retry())
    assert bench.slips.asked == ["print", "retry"]


def test_without_receipt_the_one_that_waits_is_let_go(bench: Bench) -> None:
    bench.answer(PRINTING, tap.Print())
    bench.answer(TROUBLE, PaperDone(PaperOut(), 1))
    bench.answer(SAVED, tap.Back())
    assert bench.slips.asked == ["print", "forget"]


def test_another_trouble_is_still_the_same_receipt(bench: Bench) -> None:
    bench.answer(PRINTING, tap.Print())
    bench.answer(TROUBLE, PaperDone(PaperOut(), 1))
    assert isinstance(TROUBLE, PrinterTrouble)
    bench.answer(replace(TROUBLE, trouble=Trouble.COVER_OPEN), tap.ShowQr())
    assert bench.slips.asked == ["print"]


def test_the_receipt_is_in_the_language_on_the_screen(bench: Bench) -> None:
    bench.happen(tap.SwitchLanguage())
    bench.answer(PRINTING, tap.Print())
    (slip,) = bench.slips.papers
    assert any(getattr(block, "left", "") == "Points earned" for block in slip.blocks)


def test_what_the_kiosk_decides_by_itself_never_reaches_the_till(bench: Bench) -> None:
    bench.happen(tap.SwitchLanguage(), tap.SwitchContrast(), tap.TurnPage())
    assert bench.till.asked == []
    assert bench.display.look.language is Language.ENGLISH


def test_the_next_customer_reads_the_shops_language_again(bench: Bench) -> None:
    bench.happen(tap.SwitchLanguage())
    bench.answer(EXAMPLES["recognised-points"], CARD)
    assert bench.display.look.language is Language.ENGLISH
    bench.answer(FRONT, tap.Finish())
    assert bench.display.look.language is Language.FRENCH


def test_an_unplugged_scanner_is_told_on_the_screen_and_to_the_hub(bench: Bench) -> None:
    bench.happen(Away("mock:", Unplugged()))
    assert "Lecteur débranché" in [w["label"] for w in bench.display.widgets()]
    assert bench.health[-1] == ("ok", "Unplugged")
    bench.happen(Connected("mock:"))
    assert "Lecteur débranché" not in [w["label"] for w in bench.display.widgets()]
    assert bench.health[-1] == ("ok", "ok")


def test_the_loop_ends_when_it_is_told(bench: Bench) -> None:
    stop = Flag()

    def stopping(outcome: Outcome) -> None:
        stop.set()

    bench.display.show = stopping  # type: ignore[method-assign]
    bench.till.showing = SAVED
    bench.app.run(stop)
    assert stop.is_set()


def test_the_same_outcome_is_not_drawn_again(bench: Bench) -> None:
    drawn: list[Outcome] = []
    show: Callable[[Outcome], None] = drawn.append
    bench.display.show = show  # type: ignore[method-assign]
    for _ in range(5):
        bench.app.step(0)
    assert drawn == []
    assert isinstance(FRONT, Front)
    assert isinstance(SAVED, Saved)
    bench.till.showing = SAVED
    bench.app.step(0)
    assert drawn == [SAVED]


def test_fault_9_a_store_that_may_not_be_used_any_more_ends_the_program(bench: Bench) -> None:
    """Whoever starts it again checks the whole file."""
    bench.till.showing = OutOfOrder(broken=Broken.STORE)
    with pytest.raises(StoreFault):
        bench.app.run(Flag())


@pytest.mark.parametrize("broken", [Broken.DISK_FULL, Broken.BUSY, Broken.NOT_READY])
def test_what_passes_by_itself_does_not_end_the_program(bench: Bench, broken: Broken) -> None:
    stop = Flag()
    bench.till.showing = OutOfOrder(broken=broken)
    bench.till.handle = lambda _: stop.set() or bench.till.showing  # type: ignore[method-assign]
    bench.intake.put(CARD)
    bench.app.run(stop)
