# SPDX-License-Identifier: Apache-2.0
"""How fast Comptoir is, each figure beside a floor measured in the same minute on the same disk."""
