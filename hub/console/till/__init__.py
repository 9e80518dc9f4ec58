# SPDX-License-Identifier: Apache-2.0
"""The till in a browser: what a shop does at its terminal, on a page (SPEC B2)."""
