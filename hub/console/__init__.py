# SPDX-License-Identifier: Apache-2.0
"""The pages of operator, merchant and shop: no models, every figure from the ledger’s reads."""
