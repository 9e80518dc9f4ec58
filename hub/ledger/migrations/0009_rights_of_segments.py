# SPDX-License-Identifier: Apache-2.0
"""A right belongs to a segment: what a terminal held is what its current segment holds."""

import django.db.models.deletion
from django.db import migrations, models

from loyalty.entry import Entry, Opened
from loyalty.wire import Garbled, decode_entry


def read_headers(apps, _schema):
    """Who wrote each segment, as its header says."""
    segments = apps.get_model("ledger", "Segment").objects
    headers = apps.get_model("ledger", "JournalEntry").objects.filter(kind="opened", n=1)
    for segment, at, raw in headers.values_list("segment_id", "posted_at", "raw"):
        try:
            entry = decode_entry(bytes(raw))
        except Garbled:
            continue
        if isinstance(entry, Entry) and isinstance(entry.facts, Opened):
            header = entry.facts
            segments.filter(pk=segment).update(
                gen=header.gen,
                hw_id=header.hw_id[:64],
                prev=header.prev_segment[:64],
                prev_n=header.prev_n,
                opened_at=at,
            )
    for segment in segments.exclude(prev=""):
        if segment.sound:
            before = segments.filter(terminal=segment.terminal_id, uuid=segment.prev)
            before.update(follower=segment, followed_n=segment.prev_n)


def hand_over(apps, _schema):
    """Rights go to the segment that was current; one that never was holds nothing."""
    held = apps.get_model("ledger", "Held").objects
    segments = apps.get_model("ledger", "Segment").objects
    for terminal in apps.get_model("merchants", "Terminal").objects.all():
        current = segments.filter(terminal=terminal, uuid=terminal.segment).first()
        current = current or segments.filter(terminal=terminal, sound=True).order_by("pk").last()
        held.filter(terminal=terminal).update(segment=current)
    held.filter(segment=None).delete()


def name_accounts(apps, _schema):
    """A request names its account, whether there is one or not."""
    for right in apps.get_model("ledger", "SpendingRight").objects.exclude(account=None):
        account = right.account
        right.kind, right.owner, right.key = account.kind, account.owner, account.key
        right.save()


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0008_intruder'),
        ('merchants', '0005_how_far_tills_may_go'),
    ]

    operations = [
        migrations.AddField('segment', 'gen', models.PositiveIntegerField(default=0)),
        migrations.AddField('segment', 'hw_id', models.CharField(blank=True, default='', max_length=64), preserve_default=False),
        migrations.AddField('segment', 'epoch', models.CharField(blank=True, default='', max_length=32), preserve_default=False),
        migrations.AddField('segment', 'opened_at', models.DateTimeField(null=True)),
        migrations.AddField('segment', 'prev', models.CharField(blank=True, default='', max_length=64), preserve_default=False),
        migrations.AddField('segment', 'prev_n', models.BigIntegerField(default=0)),
        migrations.AddField('segment', 'follower', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.segment')),
        migrations.AddField('segment', 'followed_n', models.BigIntegerField(null=True)),
        migrations.AddField('segment', 'dead', models.BooleanField(default=False)),
        migrations.AddField('segment', 'retired', models.BooleanField(default=False)),
        migrations.AddField('segment', 'forked', models.BooleanField(default=False)),
        migrations.AddField('segment', 'lost', models.BigIntegerField(default=0)),
        migrations.AddField('held', 'segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='ledger.segment')),
        migrations.RunPython(read_headers, migrations.RunPython.noop),
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.RemoveConstraint('held', 'hold_once'),
        migrations.RemoveField('held', 'terminal'),
        migrations.AlterField('held', 'segment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='ledger.segment')),
        migrations.AddConstraint('held', models.UniqueConstraint(fields=('account', 'segment'), name='hold_once')),
        migrations.CreateModel(
            name='CallingIn',
            fields=[
                ('id', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('given_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('segments', models.ManyToManyField(related_name='+', to='ledger.segment')),
                ('terminal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.terminal')),
            ],
        ),
        migrations.AddField('spendingright', 'kind', models.CharField(default='', max_length=8), preserve_default=False),
        migrations.AddField('spendingright', 'owner', models.CharField(default='', max_length=64), preserve_default=False),
        migrations.AddField('spendingright', 'key', models.CharField(blank=True, default='', max_length=32), preserve_default=False),
        migrations.RunPython(name_accounts, migrations.RunPython.noop),
        migrations.RemoveField('spendingright', 'account'),
        migrations.AlterField('spendingright', 'amount', models.BigIntegerField(null=True)),
        migrations.RenameField('spendingright', 'granted_at', 'asked_at'),
        migrations.AddIndex('spendingright', models.Index(condition=models.Q(('amount__isnull', True)), fields=['terminal'], name='ask_open')),
    ]
