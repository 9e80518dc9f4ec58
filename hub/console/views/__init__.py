# SPDX-License-Identifier: Apache-2.0
"""What each address answers, one file per noun."""
