# SPDX-License-Identifier: Apache-2.0
"""The hub as it is built, for a story: facts reach its ledger as frames, grants come from it."""

from collections import Counter
from collections.abc import Iterable

from hub.ledger.models import Account as Row
from hub.ledger.models import Incident
from hub.ledger.own import post_own
from hub.ledger.post import post
from hub.merchants import enrolment, feed, registry
from loyalty.account import MERCHANT, Account, Kind
from loyalty.entry import Facts, Joined
from loyalty.wire import Ack, Batch, decode_up, encode_frame
from tests.hub.till import Till
from tests.scenarios.store import PEOPLE, code_of


class RealHub:
    """What `PureHub` does, by `hub.ledger`; needs Django's database."""

    def __init__(self, tills: Iterable[str]) -> None:
        merchant = registry.open_merchant("story", "Story", card_prefix="29")
        with feed.writing(merchant.pk) as out:
            joined = [
                Joined(customer=who, code=code_of(who), first_name=who, initial="")
                for who in PEOPLE
            ]
            post_own(out, [(None, facts) for facts in joined], shop=None)
        self._tills = {}
        for name in tills:
            shop = registry.open_shop(merchant.pk, name, id=f"shop-{name.lower()}")
            terminal = enrolment.enrol(shop, f"terminal-{name.lower()}")
            self._tills[name] = Till(terminal).opened()
            self._send(self._tills[name])

    def post(self, till: str, facts: Facts) -> None:
        self._tills[till].write(facts)
        self._send(self._tills[till])

    def ask(self, till: str, account: Account, amount: int) -> int:
        return self._tills[till].ask(account, amount)

    def balance(self, account: Account) -> int:
        return self.every_balance().get(account, 0)

    def every_balance(self) -> dict[Account, int]:
        rows = Row.objects.values_list("kind", "owner", "key", "balance")
        return {Account(Kind(kind), owner, key): n for kind, owner, key, n in rows}

    def check(self) -> None:
        """What must hold after every step (DESIGN 5, 6), and nobody has to look at anything."""
        sums: Counter[tuple[str, str]] = Counter()
        for kind, owner, key, balance, held in Row.objects.values_list(
            "kind", "owner", "key", "balance", "held_total"
        ):
            sums[kind, key] += balance
            assert owner == MERCHANT or 0 <= held <= balance
        assert not any(sums.values())
        assert not Incident.objects.exists()

    def _send(self, till: Till) -> None:
        batch, lines = decode_up(encode_frame(*till.batch(till.acked + 1)))
        assert isinstance(batch, Batch)
        answer = post(till.terminal.pk, batch, lines)
        assert isinstance(answer, Ack)
        assert answer.head == till.head.hex()
        till.acked = answer.upto
