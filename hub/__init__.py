# SPDX-License-Identifier: Apache-2.0
"""The hub of Comptoir: web pages and bridge over one database, written by one posting function.

Start with `hub.ledger`.
"""
