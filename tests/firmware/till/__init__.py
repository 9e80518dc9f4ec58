# SPDX-License-Identifier: Apache-2.0
"""The till: what people do at it, and what it answers."""
