# SPDX-License-Identifier: Apache-2.0
"""Lines of members: somebody is known by their card, their phone or their e-mail (SPEC M6)."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from django.utils.translation import gettext as _

from hub.ledger import consenting, standing
from hub.ledger.acts import NewCustomer, register
from hub.ledger.consenting import COLUMNS
from hub.ledger.consents import Channel, Consent, Surface
from hub.ledger.imports.verdict import Facts, Verdict
from hub.ledger.models import Card, Customer
from hub.ledger.own import post_own
from hub.ledger.records import Record, hashes_of, write
from hub.ledger.staging import Act, Import
from hub.merchants import feed
from loyalty.entry import CardsChanged
from loyalty.entry import Facts as Happened

_RECORD = tuple(field.name for field in fields(Record))


class Members:
    """The merchant's customers by what they are known by; whoever joins meanwhile is noticed."""

    def __init__(self, wanted: Import) -> None:
        self._wanted, self._merchant = wanted, wanted.merchant
        self._by_hash: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self._newest = 0
        self._answers: dict[str, dict[Channel, Consent]] = {}

    def judge(self, every: Sequence[Facts]) -> list[Verdict]:
        """Judge lines by who has their card, phone or e-mail."""
        self._catch_up()
        codes = [facts["card"] for facts in every if facts.get("card")]
        owners = dict(
            Card.objects.filter(merchant=self._merchant, code__in=codes).values_list(
                "code", "customer__uuid"
            )
        )
        who = [self._known(facts, owners) for facts in every]
        people = self._people(uuid for known in who for uuid in known.values())
        self._answers = consenting.standings(self._merchant.pk, people) if _ask(every) else {}
        return [
            self._verdict(facts, known, people, owners)
            for facts, known in zip(every, who, strict=True)
        ]

    def write(self, out: feed.Writing, every: Sequence[tuple[Facts, Verdict]]) -> None:
        """Register whoever is new by an entry each, change who is known, let join who asks to."""
        shop, person_id = self._wanted.shop, self._wanted.person_id
        if shop is None:
            raise ValueError("members join in a shop")
        new = [facts for facts, verdict in every if verdict.act == Act.ADD]
        uuids = register(out, shop, [_newcomer(facts) for facts in new], person_id=person_id)
        people = self._people([*uuids, *(v.target for _facts, v in every if v.target)])
        for uuid, facts in zip(uuids, new, strict=True):
            record = _record(Record.of(people[uuid]), facts)
            if record != Record.of(people[uuid]):
                write(out, people[uuid], record)
        happened: list[Happened] = []
        for facts, verdict in every:
            if verdict.act == Act.CHANGE:
                row = people[verdict.target]
                record = _record(Record.of(row), facts)
                if record != Record.of(row):
                    write(out, row, record)
                if "card" in verdict.changes:
                    happened.append(CardsChanged(customer=row.uuid, code=facts["card"]))
                if "member" in verdict.changes:
                    happened.append(standing.joining(out, row))
        if happened:
            post_own(out, [(None, one) for one in happened], shop=shop, person_id=person_id)
        joined = [(people[uuid], facts) for uuid, facts in zip(uuids, new, strict=True)]
        changed = [
            (people[v.target], {c: facts[c] for c in v.changes if c in COLUMNS.values()})
            for facts, v in every
            if v.act == Act.CHANGE
        ]
        self._note(out, [*joined, *changed])

    def _answered(self, facts: Facts, uuid: str) -> list[str]:
        """The answers of a line that are new; a file never lifts what somebody refused here."""
        known = self._answers.get(uuid, {})
        return [
            column
            for channel, column in COLUMNS.items()
            if column in facts
            and (channel not in known or (known[channel].given and not facts[column]))
        ]

    def _note(self, out: feed.Writing, answered: Iterable[tuple[Customer, Facts]]) -> None:
        """Keep what the file says that these persons answered; the file is the proof."""
        said = [
            (row, {channel: facts[c] for channel, c in COLUMNS.items() if c in facts})
            for row, facts in answered
        ]
        proof = consenting.Proof(
            said=_("Fichier « %(name)s ».") % {"name": self._wanted.file_name},
            surface=Surface.FILE,
            person_id=self._wanted.person_id,
            at=self._wanted.made_at,
        )
        consenting.note_some(out, [one for one in said if one[1]], proof)

    def _catch_up(self) -> None:
        rows = Customer.objects.filter(merchant=self._merchant, stub=False, pk__gt=self._newest)
        for pk, uuid, head, hashes in rows.order_by("pk").values_list(
            "pk", "uuid", "head", "hashes"
        ):
            self._newest = pk
            if head and head != uuid:
                self._heads[uuid] = head
            for hashed in hashes.split():
                self._by_hash.setdefault(hashed, uuid)

    def _known(self, facts: Facts, owners: dict[str, str]) -> dict[str, str]:
        """By column, whose it is: as whom they are served."""
        found = {"card": owners.get(facts.get("card", ""), "")}
        for column in ("phone", "email"):
            given = {"phone": "", "email": "", column: facts.get(column, "")}
            for hashed in hashes_of(self._merchant, **given):
                found[column] = self._by_hash.get(hashed, "")
        return {column: self._heads.get(uuid, uuid) for column, uuid in found.items() if uuid}

    def _people(self, uuids: Iterable[str]) -> dict[str, Customer]:
        rows = Customer.objects.filter(merchant=self._merchant, uuid__in=set(uuids))
        return {row.uuid: row for row in rows}

    def _verdict(
        self,
        facts: Facts,
        known: dict[str, str],
        people: dict[str, Customer],
        owners: dict[str, str],
    ) -> Verdict:
        if not known:
            return Verdict(act=Act.ADD)
        column, uuid = next(iter(known.items()))
        if other := next((c for c, u in known.items() if u != uuid), ""):
            return Verdict(act=Act.WRONG, clash=(other, str(people[known[other]])))
        row = people[uuid]
        if row.stub or row.forgotten_at:
            return Verdict(act=Act.WRONG, clash=(column, str(row)))
        if not self._wanted.updates:
            return Verdict(act=Act.KEEP, target=uuid)
        now, then = Record.of(row), _record(Record.of(row), facts)
        changes = [name for name in _RECORD if getattr(now, name) != getattr(then, name)]
        if facts.get("card") and facts["card"] not in owners:
            changes.append("card")
        if facts.get("member") and not row.member:
            changes.append("member")
        changes += self._answered(facts, uuid)
        act = Act.CHANGE if changes else Act.SAME
        return Verdict(act=act, target=uuid, changes=tuple(changes))


def _ask(every: Sequence[Facts]) -> bool:
    """Whether any line says what somebody agreed to."""
    return any(column in facts for facts in every for column in COLUMNS.values())


def _record(known: Record, facts: Facts) -> Record:
    """What is known of somebody, and what the line says besides."""
    return replace(known, **{name: facts[name] for name in _RECORD if name in facts})


def _newcomer(facts: Facts) -> NewCustomer:
    return NewCustomer(
        first_name=facts["first_name"],
        last_name=facts.get("last_name", ""),
        phone=facts.get("phone", ""),
        email=facts.get("email", ""),
        code=facts.get("card", ""),
        member=facts.get("member", False),
    )
