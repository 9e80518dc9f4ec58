# SPDX-License-Identifier: Apache-2.0
"""Stories of what is brought back: what it takes from whom, and how often it can be."""

from tests.simulation.act import Step
from tests.simulation.story import (
    ANA,
    BACKUP,
    INSTANT,
    LET_GO,
    LUC,
    MINUTE,
    MINUTES,
    ONE,
    RESTORED,
    SECONDS,
    TWO,
    Story,
    cafe,
    offline,
    one,
    online,
    sells,
    stuck_to,
)


def refund(till: int, *, sales_ago: int = 0) -> Step:
    """All of a sale is brought back: the last one, or one before."""
    return one("refunds", till, sales_ago, b=1)


STORIES: dict[str, Story] = {
    "what_was_brought_back_earned_nothing": Story(
        "A sale is brought back where its points could have been spent",
        "right_survives_refund",
        (offline(ONE), sells(ONE, ANA, 1_000), refund(ONE)),
    ),
    "one_sale_is_brought_back_at_two_tills": Story(
        "A sale is brought back where it was made, and at another till that asks for it",
        "rest_granted_to_whoever_asks",
        (
            sells(ONE, ANA, 1_000),
            SECONDS,
            offline(ONE),
            refund(TWO),
            SECONDS,
            refund(ONE),
            online(ONE),
            MINUTES,
        ),
    ),
    "what_is_owed_is_not_a_tills_to_pay": Story(
        "Somebody owes what they spent and brought back; another till sells to them meanwhile",
        "owed_is_paid_from_rights",
        (
            sells(ONE, ANA, 1_000),
            cafe(ONE, ANA),
            cafe(ONE, ANA),
            refund(ONE, sales_ago=2),
            SECONDS,
            sells(TWO, ANA, 1_000),
            *[INSTANT] * 10,
        ),
        holes=(4,),
    ),
    "nothing_is_free_while_a_till_is_silent": Story(
        "A restored hub hears of a refund before it hears what a till has spent since the backup",
        "suspended_hub_takes_what_seems_free",
        (
            sells(ONE, ANA, 2_000),
            MINUTE,
            BACKUP,
            cafe(TWO, ANA),
            SECONDS,
            cafe(TWO, ANA),
            SECONDS,
            offline(TWO),
            RESTORED,
            refund(ONE, sales_ago=2),
            MINUTES,
            online(TWO),
            MINUTES,
        ),
        holes=(11,),
    ),
    "a_lost_till_pays_back": Story(
        "A till that is said to be lost pays back a sale, and is heard later",
        "excess_refund_takes_points",
        (
            sells(ONE, ANA, 1_000),
            MINUTE,
            offline(ONE),
            one("retires", ONE),
            refund(ONE),
            online(ONE),
            MINUTES,
        ),
        holes=(18,),
    ),
    "a_sale_is_granted_to_a_boot_that_has_ended": Story(
        "A till that asked for another one's sale reboots before it hears the answer",
        "granted_rests_stay",
        (
            sells(ONE, ANA, 1_000),
            SECONDS,
            stuck_to(TWO),
            refund(TWO),
            SECONDS,
            one("reboot", TWO),
            LET_GO,
            MINUTE,
        ),
        holes=(1,),
    ),
    "a_sale_was_given_to_another_till_since_the_backup": Story(
        "A restored hub hears who gave a sale back before it hears who paid it back",
        "what_was_given_back_of_a_sale_is_not_looked_up",
        (
            sells(ONE, ANA, 1_000),
            MINUTE,
            BACKUP,
            refund(TWO),
            SECONDS,
            refund(TWO),
            SECONDS,
            offline(TWO),
            RESTORED,
            sells(ONE, LUC, 200),
            MINUTE,
            sells(ONE, LUC, 300),
            MINUTES,
            online(TWO),
            MINUTES,
        ),
    ),
}
