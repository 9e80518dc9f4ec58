# SPDX-License-Identifier: Apache-2.0
"""The shortest stories of the faults that a rule is there for: each holds, and breaks without it."""

from tests.simulation import stories_cards, stories_refunds, stories_restore
from tests.simulation.story import (
    ANA,
    INSTANT,
    MINUTE,
    ONE,
    SECONDS,
    THREE,
    TWO,
    Story,
    cafe,
    one,
    sells,
)

STORIES: dict[str, Story] = {
    "a_silent_till_keeps_its_right": Story(
        "A till may spend what it sold, however long nobody has heard of it",
        "release_by_timeout",
        (
            sells(ONE, ANA, 1_000),
            INSTANT,
            one("cable_pulled", ONE),
            one("minutes", c=3),
            cafe(TWO, ANA),
            SECONDS,
            cafe(TWO, ANA),
            SECONDS,
            cafe(ONE, ANA),
        ),
    ),
    "the_last_points_at_two_tills": Story(
        "Two tills ask for the same last points at once",
        "grant_not_counted",
        (cafe(TWO, ANA), cafe(THREE, ANA), SECONDS),
    ),
    "killed_before_its_commit": Story(
        "The hub dies while it posts a sale",
        "acknowledge_first",
        (sells(ONE, ANA, 1_000), one("hub_will_die", c=1, b=0), SECONDS),
    ),
    "power_goes_after_a_sale": Story(
        "The plug is pulled right after a sale was shown",
        "flush_less",
        (
            one("cable_pulled", ONE),
            sells(ONE, ANA, 1_000),
            one("power_cut", ONE),
            one("reboot", ONE),
        ),
    ),
    "acknowledged_by_the_broker_alone": Story(
        "A frame is lost between the broker and the hub",
        "trust_the_pipe",
        (one("frames_held", ONE), sells(ONE, ANA, 1_000), SECONDS),
    ),
    "the_same_frame_twice": Story(
        "The hub dies after it posted a frame, and finds it in its inbox when it starts",
        "post_again",
        (
            sells(ONE, ANA, 1_000),
            one("hub_will_die", c=1, b=1),
            SECONDS,
            one("hub_starts"),
            SECONDS,
        ),
    ),
    "a_rest_becomes_a_point_once": Story(
        "Two rests make a step",
        "convert_twice",
        (sells(ONE, ANA, 449), sells(TWO, ANA, 449), SECONDS),
    ),
    "a_rest_stays_with_its_rule": Story(
        "The earning rule changes between two sales, and a till has not heard of it",
        "carry_follows_the_new_rule",
        (
            one("cable_pulled", ONE),
            one("publishes", b=1, c=1),
            SECONDS,
            sells(ONE, ANA, 449),
            sells(ONE, ANA, 449),
            one("cable_back", ONE),
            one("minutes", c=1),
        ),
        holes=(21,),
    ),
    "spent_in_time_where_nobody_heard_it": Story(
        "A till that is offline sells a café for points that expire, before their day comes",
        "expiry_takes_what_tills_hold",
        (
            one("points_expire"),
            SECONDS,
            sells(ONE, ANA, 1_000),
            MINUTE,
            one("cable_pulled", ONE),
            cafe(ONE, ANA),
            one("a_month"),
            one("cable_back", ONE),
            one("minutes", c=3),
        ),
        holes=(20,),
    ),
    "a_page_is_a_whole_moment": Story(
        "A till reads while another one sells",
        "page_ends_inside",
        (sells(TWO, ANA, 1_000), one("a_moment", luck=1), one("hub_dies")),
        holes=(15,),
    ),
}
STORIES |= stories_cards.STORIES | stories_refunds.STORIES | stories_restore.STORIES
