# SPDX-License-Identifier: Apache-2.0
"""What a field tech runs, and what prepares a computer to run Comptoir."""
