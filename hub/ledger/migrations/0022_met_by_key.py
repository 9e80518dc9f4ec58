from django.db import migrations, models

BY_KEY = """
INSERT INTO ledger_meeting (shop_id, customer_id)
SELECT met.shop_id, customer.id FROM ledger_metbyuuid met
JOIN merchants_shop shop ON shop.id = met.shop_id
JOIN ledger_customer customer
ON customer.merchant_id = shop.merchant_id AND customer.uuid = met.customer
"""
BY_UUID = """
INSERT INTO ledger_metbyuuid (shop_id, customer)
SELECT meeting.shop_id, customer.uuid FROM ledger_meeting meeting
JOIN ledger_customer customer ON customer.id = meeting.customer_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0021_lists_covered'),
        ('merchants', '0009_proved_on'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='meeting', name='met_once'),
        migrations.RenameModel('Meeting', 'MetByUuid'),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.ForeignKey(db_index=False, on_delete=models.deletion.PROTECT, related_name='+', to='ledger.customer')),
                ('shop', models.ForeignKey(db_index=False, on_delete=models.deletion.PROTECT, related_name='+', to='merchants.shop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shop', 'customer'), name='met_once')],
            },
        ),
        migrations.RunSQL(BY_KEY, BY_UUID),
        migrations.DeleteModel('MetByUuid'),
    ]
