# SPDX-License-Identifier: Apache-2.0
"""Whom a merchant means to reach: saved descriptions of customers, which pages call segments.

`conditions` says what can be asked of a customer, `tree` combines conditions, `audiences` finds who
fits now. Nobody is written into an audience: it is asked anew each time.
"""
