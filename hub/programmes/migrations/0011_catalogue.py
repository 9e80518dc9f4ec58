# SPDX-License-Identifier: Apache-2.0
"""What a product's VAT is, and what it is found by."""

from typing import ClassVar

from django.db import migrations, models

from hub.merchants.words import plain


def _find(apps, _editor):
    """Let those that are there be found."""
    table = apps.get_model("programmes", "Product")
    for product in table.objects.iterator():
        product.search = plain(f"{product.name} {product.ean}")
        product.save(update_fields=["search"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("programmes", "0010_whole")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="product",
            name="vat_bp",
            field=models.PositiveIntegerField(null=True, verbose_name="taux de TVA"),
        ),
        migrations.AddField(
            model_name="product",
            name="search",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.RunPython(_find, migrations.RunPython.noop),
    ]
