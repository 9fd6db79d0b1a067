import accounts.identifiers
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('labeling', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fit', to='labeling.project')),
                ('version', models.PositiveIntegerField(default=0)),
                ('method', models.CharField(max_length=60)),
                ('parameters', models.JSONField(default=dict)),
                ('answers_used', models.PositiveBigIntegerField(default=0)),
                ('answers_since', models.PositiveBigIntegerField(default=0)),
                ('expected_accuracy', models.FloatField(null=True)),
                ('expected_low', models.FloatField(null=True)),
                ('expected_high', models.FloatField(null=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='GoldAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='gold_answer', to='labeling.item')),
                ('value', models.JSONField()),
                ('label_code', models.IntegerField(null=True)),
                ('explanation', models.TextField(blank=True, db_default='', default='')),
                ('source', models.CharField(default='import', max_length=40)),
                ('retired_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewLease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='review_lease', to='labeling.item')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_leases', to=settings.AUTH_USER_MODEL)),
                ('lease_until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_sets', to='labeling.project')),
                ('version', models.PositiveIntegerField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'version'), name='one_rule_set_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='quality.ruleset')),
                ('place', models.PositiveSmallIntegerField()),
                ('evidence', models.CharField(max_length=40)),
                ('window', models.PositiveIntegerField(default=0)),
                ('threshold', models.FloatField()),
                ('action', models.CharField(choices=[('warn', 'Warn'), ('more_gold', 'More Gold'), ('practice', 'Practice'), ('lower_weight', 'Lower Weight'), ('pause', 'Pause'), ('hold_pay', 'Hold Pay'), ('set_aside', 'Set Aside'), ('set_skill', 'Set Skill'), ('ban', 'Ban'), ('notify', 'Notify')], max_length=20)),
                ('also', models.JSONField(default=list)),
                ('amount', models.FloatField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rule_set', 'place'), name='one_rule_per_place'), models.CheckConstraint(condition=models.Q(('action__in', ['warn', 'more_gold', 'practice', 'lower_weight', 'pause', 'hold_pay', 'set_aside', 'set_skill', 'ban', 'notify'])), name='rule_action_known')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, max_length=32, null=True, unique=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='labeling.project')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='quality.rule')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.CharField(choices=[('warn', 'Warn'), ('more_gold', 'More Gold'), ('practice', 'Practice'), ('lower_weight', 'Lower Weight'), ('pause', 'Pause'), ('hold_pay', 'Hold Pay'), ('set_aside', 'Set Aside'), ('set_skill', 'Set Skill'), ('ban', 'Ban'), ('notify', 'Notify')], max_length=20)),
                ('also', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('amount', models.FloatField(null=True)),
                ('reason', models.CharField(max_length=500)),
                ('words', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('evidence', models.JSONField(default=dict)),
                ('answers_then', models.PositiveIntegerField(default=0)),
                ('forgiven_until', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('reversed_at', models.DateTimeField(null=True)),
                ('reversed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reversal_reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'indexes': [models.Index(fields=['project', '-id'], name='decisions_newest_first')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reversed_at__isnull', True), ('action__in', ('pause', 'ban'))), fields=('project', 'annotator', 'action'), name='one_standing_pause'), models.CheckConstraint(condition=models.Q(('action__in', ['warn', 'more_gold', 'practice', 'lower_weight', 'pause', 'hold_pay', 'set_aside', 'set_skill', 'ban', 'notify'])), name='decision_action_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='decision_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='labeling.answer')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='set_aside', to='quality.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='labeling.project')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to=settings.AUTH_USER_MODEL)),
                ('confusion', models.JSONField(null=True)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('gold_seen', models.PositiveIntegerField(default=0)),
                ('gold_right', models.PositiveIntegerField(default=0)),
                ('gold_test', models.JSONField(default=dict)),
                ('failing', models.BooleanField(default=False)),
                ('noticed', models.BooleanField(default=False)),
                ('judged_at', models.DateTimeField(null=True)),
                ('accuracy', models.FloatField(null=True)),
                ('accuracy_low', models.FloatField(null=True)),
                ('accuracy_high', models.FloatField(null=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('failing', True), ('noticed', True), _connector='OR'), fields=['project', 'annotator'], name='people_to_judge')],
                'constraints': [models.UniqueConstraint(fields=('project', 'annotator'), name='one_skill_each'), models.CheckConstraint(condition=models.Q(('gold_right__lte', models.F('gold_seen'))), name='gold_right_of_seen')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='survey', to='labeling.project')),
                ('version', models.PositiveIntegerField(default=0)),
                ('fit_version', models.PositiveIntegerField(default=0)),
                ('answers_used', models.PositiveBigIntegerField(default=0)),
                ('flagged', models.BooleanField(default=False)),
                ('camps', models.JSONField(default=dict)),
                ('agreement', models.JSONField(default=dict)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Suspicion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gold', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='suspicion', to='quality.goldanswer')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspicions', to='labeling.project')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('retired', 'Retired'), ('kept', 'Kept')], default='proposed', max_length=10)),
                ('statistic', models.FloatField()),
                ('threshold', models.FloatField()),
                ('said_instead', models.JSONField(null=True)),
                ('right', models.PositiveIntegerField()),
                ('wrong', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'retired', 'kept'])), name='suspicion_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Consensus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='consensus', to='labeling.item')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consensuses', to='labeling.project')),
                ('state', models.CharField(choices=[('open', 'Open'), ('settled', 'Settled'), ('expert', 'Expert')], default='open', max_length=10)),
                ('value', models.JSONField(null=True)),
                ('label_code', models.IntegerField(null=True)),
                ('confidence', models.FloatField()),
                ('posterior', models.JSONField(null=True)),
                ('method', models.CharField(max_length=60)),
                ('answers_used', models.PositiveIntegerField()),
                ('voice', models.JSONField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'state', 'settled_at'], name='consensus_by_state'), models.Index(fields=['project', 'confidence'], name='consensus_by_confidence')],
                'constraints': [models.CheckConstraint(condition=models.Q(('confidence__gte', 0), ('confidence__lte', 1)), name='confidence_0_1'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'settled', 'expert'])), name='consensus_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), _negated=True), ('settled_at__isnull', False), _connector='OR'), name='settled_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, max_length=32, null=True, unique=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='quality.decision')),
                ('text', models.TextField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld'), ('overturned', 'Overturned')], default='open', max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('decision',), name='one_open_appeal_per_decision'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'overturned'])), name='appeal_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='labeling.project')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(max_length=40)),
                ('family', models.CharField(max_length=20)),
                ('window', models.PositiveIntegerField(default=0)),
                ('statistic', models.FloatField()),
                ('threshold', models.FloatField()),
                ('reason', models.CharField(max_length=500)),
                ('counts', models.JSONField(default=dict)),
                ('since', models.BigIntegerField(null=True)),
                ('others', models.JSONField(default=list)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'annotator', 'kind', 'window'), name='one_finding_each')],
            },
        ),
        migrations.CreateModel(
            name='GoldResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gold_results', to='labeling.project')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gold_results', to=settings.AUTH_USER_MODEL)),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='gold_result', to='labeling.answer')),
                ('right', models.BooleanField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'annotator', 'id'], name='gold_record')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='policy', to='labeling.project')),
                ('reviews', models.CharField(choices=[('final', 'Final'), ('strong', 'Strong')], default='final', max_length=10)),
                ('suspect_gold', models.CharField(choices=[('propose', 'Propose'), ('retire', 'Retire')], default='propose', max_length=10)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reviews__in', ['final', 'strong'])), name='review_power_known'), models.CheckConstraint(condition=models.Q(('suspect_gold__in', ['propose', 'retire'])), name='suspect_gold_known')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='labeling.item')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL)),
                ('value', models.JSONField()),
                ('label_code', models.IntegerField(null=True)),
                ('final', models.BooleanField(default=True)),
                ('why', models.CharField(blank=True, db_default='', default='', max_length=20)),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'reviewer'), name='one_review_each')],
            },
        ),
    ]
