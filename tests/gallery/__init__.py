# SPDX-License-Identifier: Apache-2.0
"""Pictures of everything people see, made from the code that shows it."""
