# SPDX-License-Identifier: Apache-2.0
"""Hold the domain to its rules: worked examples, then properties, then broken copies."""
