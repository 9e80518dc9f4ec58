# SPDX-License-Identifier: Apache-2.0
"""Forms on a small touchscreen: one question at a time, back and forth, nothing lost on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from firmware.drivers.base import Reading
from firmware.till import tap
from firmware.till.asking import heard_first
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Stay
from firmware.till.keypad import amount_refusal, typed
from firmware.till.outcome import (
    Amount,
    AmountAsked,
    Choice,
    ChoiceAsked,
    Field,
    Outcome,
    Question,
    TextAsked,
)
from loyalty.money import LARGEST_CENTS
from loyalty.refusal import Reason, Refusal

LONGEST_TEXT = 80
LONGEST_MESSAGE = 200

Answers = Mapping[str, str]
"""Answer to each question so far; amounts are cents as digits."""

Check = Callable[[str], Refusal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question. `asked` says whether it applies to what was answered before."""

    name: Field | Question | Amount
    optional: bool = False
    options: tuple[Choice, ...] = ()
    check: Check | None = None
    unheard: Callable[[str], bool] | None = None
    """Whether an answer is to be checked only once the hub was asked what is new."""
    without: Reason | None = None
    """Why it is refused where the hub could not be asked; None: it is checked all the same."""
    scans: bool = False
    asked: Callable[[Answers], bool] = lambda _: True


class Form(Flow):
    """Asks its steps; ends with the answers, or None when it was left at the first one."""

    def __init__(
        self, desk: Desk, steps: tuple[Step, ...], *, given: Answers | None = None
    ) -> None:
        self.desk, self.all_steps = desk, steps
        self.answers: dict[str, str] = dict(given or {})
        self.at = 0
        self.capitals = True
        self.symbols = False
        self.wrong: Refusal | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The questions that apply."""
        return tuple(step for step in self.all_steps if step.asked(self.answers))

    def show(self) -> Outcome:
        step, value = self.steps[self.at], self._value
        offline = not self.desk.online
        steps = len(self.steps) if len(self.all_steps) > 1 else 0
        match step.name:
            case Field() as field:
                return TextAsked(
                    offline=offline,
                    field=field,
                    text=value,
                    capitals=self.capitals,
                    symbols=self.symbols,
                    optional=step.optional,
                    step=self.at + 1,
                    steps=steps,
                    wrong=self.wrong,
                    scans=step.scans,
                )
            case Question() as question:
                return ChoiceAsked(
                    offline=offline,
                    question=question,
                    options=step.options,
                    step=self.at + 1,
                    steps=steps,
                )
            case Amount() as purpose:
                return AmountAsked(
                    offline=offline,
                    purpose=purpose,
                    cents=int(value or 0),
                    most_cents=LARGEST_CENTS,
                    wrong=self.wrong,
                )

    @property
    def _value(self) -> str:
        return self.answers.get(self.steps[self.at].name, "")

    def handle(self, event: Event) -> Move:
        step = self.steps[self.at]
        match event:
            case tap.Back():
                if self.at == 0:
                    return End()
                self._go(self.at - 1)
            case tap.Enter():
                return self._enter(step)
            case tap.Pick(id=chosen) if isinstance(step.name, Question):
                self.answers[step.name] = chosen
                return self._next()
            case Reading(code=code) if step.scans:
                self.answers[step.name] = code[:LONGEST_TEXT]
                return self._enter(step)
            case tap.Shift():
                self.capitals = not self.capitals
            case tap.Symbols():
                self.symbols = not self.symbols
            case tap.Key(text=key):
                self._type(step, key)
            case tap.Erase():
                shorter = self._value[:-1]
                self.answers[step.name] = shorter
                self.wrong = None
                self.capitals = not shorter
            case _:
                pass
        return Stay()

    def _type(self, step: Step, key: str) -> None:
        self.wrong = None
        if isinstance(step.name, Amount):
            self.answers[step.name] = str(typed(int(self._value or 0), key))
            return
        longest = LONGEST_MESSAGE if step.name is Field.MESSAGE else LONGEST_TEXT
        self.answers[step.name] = (self._value + key)[:longest]
        self.capitals = key in {" ", "-", "’"}

    def _enter(self, step: Step, *, heard: bool | None = None) -> Move:
        value = self._value.strip()
        self.answers[step.name] = value
        if isinstance(step.name, Amount):
            self.wrong = amount_refusal(int(value or 0))
        elif not value:
            self.wrong = None if step.optional else Refusal(Reason.FIELD_MISSING)
        elif heard is None and step.unheard and step.unheard(value):
            return heard_first(self.desk, value, partial(self._enter, step))
        elif heard is False and step.without:
            self.wrong = Refusal(step.without)
        else:
            self.wrong = step.check(value) if step.check else None
        return Stay() if self.wrong else self._next()

    def _next(self) -> Move:
        if self.at + 1 == len(self.steps):
            asked = {step.name for step in self.steps}
            return End({name: value for name, value in self.answers.items() if name in asked})
        self._go(self.at + 1)
        return Stay()

    def _go(self, at: int) -> None:
        self.at, self.wrong, self.symbols = at, None, False
        self.capitals = not self._value
