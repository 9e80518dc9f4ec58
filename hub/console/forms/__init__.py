# SPDX-License-Identifier: Apache-2.0
"""What people may type, one file per noun."""
