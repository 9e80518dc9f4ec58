# SPDX-License-Identifier: Apache-2.0
"""Businesses, their shops, people and terminals, and the feed that tells terminals of them."""
