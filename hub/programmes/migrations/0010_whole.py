# SPDX-License-Identifier: Apache-2.0
"""A version that leaves modules out keeps what it says with them."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("programmes", "0009_reward_photo")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="loyaltyprogramme",
            name="whole",
            field=models.BinaryField(blank=True, default=b""),
        ),
    ]
