# SPDX-License-Identifier: Apache-2.0
"""A shop's till on the web for the pictures: an order under way, and a sale that was made there."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.ledger.models import Customer
    from hub.merchants.models import Shop


def serve(shop: "Shop", customer: "Customer") -> dict[str, Any]:
    """Sell to somebody, then begin another order for them; gives the keys of their pages."""
    from hub.ledger import counter
    from hub.ledger.bonus import adjust_points
    from hub.ledger.selling import Posted
    from hub.merchants.models import Person
    from loyalty.basket import Line, Use
    from provisioning.demo.sample import LUCET

    owner = Person.objects.get(merchant=shop.merchant, role="merchant")
    adjust_points(customer, 145, note="Bon anniversaire", shop=shop, person_id=owner.pk)
    card = customer.cards.get().code
    coffee = shop.merchant.rewards.get(title="Café offert")
    kept = {}
    for saved in (True, False):
        order = counter.begin(shop, owner, order_id="")
        with counter.changing(order, pressed="first") as (out, row):
            counter.serve(out, row, customer, code=card, person_id=owner.pk)
            for good, quantity in zip(LUCET.goods[:3], (2, 1, 3), strict=True):
                line = Line(label=good.name, unit_cents=good.cents, quantity=quantity)
                row.order = row.order.adding(line)
            row.order = row.order.using(Use(coffee.pk))
        row.refresh_from_db()
        if saved:
            to_pay = row.order.total_cents
            done = counter.save(row, person_id=owner.pk, turn=row.turn, to_pay_cents=to_pay)
            assert isinstance(done, Posted), done
            sale = counter.sold_as(shop.merchant, row.pk)
            kept["web_sale"] = sale.pk if sale else 0
        else:
            kept["order"] = row.pk
    return kept
