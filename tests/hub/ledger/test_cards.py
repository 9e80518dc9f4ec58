# SPDX-License-Identifier: Apache-2.0
"""Cards given and lost, as tills and the web tell of them: a code is one person's, for ever."""

from hub.ledger import snapshot
from hub.ledger.models import Card, Incident
from loyalty.entry import CardsChanged
from loyalty.feed import CustomerIs
from loyalty.wire import decode_item
from tests.hub.ledger.test_post import told


def codes() -> list[tuple[str, str, bool]]:
    """Code, whose it is, whether it is blocked."""
    rows = Card.objects.order_by("pk").values_list("code", "customer__uuid", "blocked_at")
    return [(code, owner, at is not None) for code, owner, at in rows]


def last_told() -> CustomerIs:
    return [item for item in told() if isinstance(item, CustomerIs)][-1]


def test_a_lost_card_stays_its_owners_and_leads_nowhere(till):
    till.joins("ana", code="CARD-1")
    till.write(CardsChanged(customer="ana", code="CARD-2", lost=("CARD-1",)))
    till.send()
    assert codes() == [("CARD-1", "ana", True), ("CARD-2", "ana", False)]
    assert (last_told().codes, last_told().blocked) == (("CARD-2",), ("CARD-1",))


def test_a_snapshot_says_which_cards_were_lost(till):
    till.joins("ana", code="CARD-1")
    till.write(CardsChanged(customer="ana", lost=("CARD-1",)))
    till.send()
    made = snapshot.make(till.terminal)
    _, lines = snapshot.part(till.terminal, made.pk, 1)
    items = [item for line in lines if isinstance(item := decode_item(line), CustomerIs)]
    assert [(item.codes, item.blocked) for item in items] == [((), ("CARD-1",))]


def test_nobody_blocks_or_opens_a_card_of_somebody_else(till):
    till.joins("ana", code="CARD-1")
    till.joins("bob", code="CARD-2")
    till.write(CardsChanged(customer="bob", lost=("CARD-1",)))
    till.send()
    assert codes() == [("CARD-1", "ana", False), ("CARD-2", "bob", False)]


def test_a_card_found_again_leads_to_its_owner_again(till):
    till.joins("ana", code="CARD-1")
    till.write(CardsChanged(customer="ana", lost=("CARD-1",)))
    till.write(CardsChanged(customer="ana", found=("CARD-1",), note="au vestiaire"))
    till.send()
    assert codes() == [("CARD-1", "ana", False)]
    assert last_told().codes == ("CARD-1",)


def test_of_two_tills_that_give_one_card_the_first_is_believed(till, other):
    till.joins("ana", code="CARD-1")
    till.joins("bob", code="CARD-2")
    till.write(CardsChanged(customer="ana", code="NEW"))
    till.send()
    other.write(CardsChanged(customer="bob", code="NEW", lost=("CARD-2",)))
    other.send()
    owners = dict(Card.objects.values_list("code", "customer__uuid"))
    assert owners["NEW"] == "ana"
    noted = Incident.objects.get(kind="card_taken")
    assert noted.subject == "bob"
    assert owners[noted.facts["instead"]] == "bob", "whose card was lost is not left without one"
