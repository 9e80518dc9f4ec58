# SPDX-License-Identifier: Apache-2.0
"""Forms that are put together step by step."""

from django import forms
from django.forms.utils import ErrorDict


class PartForm(forms.Form):
    """A part of a form that is put together step by step: what is not filled in yet is not wrong."""

    judged = True
    """Whether what is wrong with it is said."""

    @property
    def errors(self) -> ErrorDict:
        """What is wrong, once its reader said that they were done."""
        return super().errors if self.judged else ErrorDict()
