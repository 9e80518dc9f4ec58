# SPDX-License-Identifier: Apache-2.0
"""What other programs than browsers ask of the hub."""
