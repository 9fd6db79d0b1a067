import django.db.models.functions.datetime
import django.utils.timezone
import jobs.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=jobs.identifiers.job_id, editable=False, max_length=32, unique=True)),
                ('kind', models.CharField(max_length=60)),
                ('arguments', models.JSONField(default=dict)),
                ('key', models.CharField(blank=True, max_length=120)),
                ('tenant', models.BigIntegerField(null=True)),
                ('subject', models.CharField(blank=True, max_length=60)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=12)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(null=True)),
                ('message', models.CharField(blank=True, max_length=300)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('max_attempts', models.PositiveIntegerField(default=3)),
                ('token', models.BigIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('hinted_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('result', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='jobs_waiting'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='jobs_running'), models.Index(fields=['tenant', '-id'], name='jobs_of_tenant'), models.Index(fields=['subject', '-id'], name='jobs_of_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running')), models.Q(('key', ''), _negated=True)), fields=('kind', 'key'), name='one_live_job_per_key'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'failed', 'cancelled'])), name='job_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='running_job_has_lease'), models.CheckConstraint(condition=models.Q(('done__gte', 0), models.Q(('total__isnull', True), ('total__gte', 0), _connector='OR')), name='job_progress_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='ScheduleSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schedule', models.CharField(max_length=60)),
                ('slot', models.BigIntegerField()),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('schedule', 'slot'), name='one_turn_per_slot')],
            },
        ),
    ]
