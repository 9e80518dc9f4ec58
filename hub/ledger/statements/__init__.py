# SPDX-License-Identifier: Apache-2.0
"""Every read of the ledger that pages show."""
