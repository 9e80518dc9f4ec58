# SPDX-License-Identifier: Apache-2.0
"""What several tests of the ledger begin with."""

import pytest

from loyalty.account import Holding, points_of
from tests.hub.till import Till


@pytest.fixture
def earned(till) -> Till:
    """Ana has 20 points, earned and released at this till."""
    till.joins("ana")
    till.sells(2000, "ana")
    till.releases(Holding(points_of("ana"), 20))
    till.send()
    return till
