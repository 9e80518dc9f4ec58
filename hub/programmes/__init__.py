# SPDX-License-Identifier: Apache-2.0
"""What a merchant sells and offers; publishing freezes the offer into a version."""
