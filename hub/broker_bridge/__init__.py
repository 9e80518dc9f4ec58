# SPDX-License-Identifier: Apache-2.0
"""Between broker and ledger: frames into an inbox first, answers out after the commit."""
