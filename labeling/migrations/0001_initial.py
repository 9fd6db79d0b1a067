import accounts.identifiers
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='MediaFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='media_files', to='accounts.organization')),
                ('digest', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=60)),
                ('size', models.BigIntegerField()),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'digest'), name='one_media_file_per_digest')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, editable=False, max_length=32, unique=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='accounts.organization')),
                ('name', models.CharField(max_length=200)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('pilot', 'Pilot'), ('live', 'Live'), ('paused', 'Paused'), ('done', 'Done')], default='draft', max_length=10)),
                ('stopped_because', models.CharField(blank=True, max_length=300)),
                ('label_type', models.CharField(max_length=40)),
                ('label_set_version', models.PositiveIntegerField(default=1)),
                ('instructions_version', models.PositiveIntegerField(default=1)),
                ('redundancy', models.CharField(choices=[('fixed', 'Fixed'), ('partial', 'Partial'), ('adaptive', 'Adaptive')], default='adaptive', max_length=10)),
                ('seats_min', models.PositiveSmallIntegerField(default=2)),
                ('seats_max', models.PositiveSmallIntegerField(default=7)),
                ('partial_share', models.FloatField(default=0.2)),
                ('target_certainty', models.FloatField(default=0.95)),
                ('order', models.CharField(choices=[('priority', 'Priority'), ('random', 'Random'), ('oldest', 'Oldest')], default='priority', max_length=10)),
                ('lease_seconds', models.PositiveIntegerField(default=600)),
                ('gold_share', models.FloatField(default=0.08)),
                ('max_answers_per_person', models.PositiveIntegerField(blank=True, null=True)),
                ('by_invitation', models.BooleanField(default=False)),
                ('gold_rule', models.CharField(choices=[('fixed', 'Fixed'), ('falling', 'Falling')], db_default='falling', default='falling', max_length=10)),
                ('max_share_per_person', models.FloatField(blank=True, null=True)),
                ('max_answers_per_day', models.PositiveIntegerField(blank=True, null=True)),
                ('practice_bound', models.FloatField(blank=True, null=True)),
                ('who_may_work', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('staff_may_work', models.BooleanField(db_default=False, default=False)),
                ('media_rules', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('match_people', models.BooleanField(db_default=False, default=False)),
                ('pays_bonuses', models.BooleanField(db_default=False, default=False)),
                ('currency', models.CharField(default='USD', max_length=3)),
                ('price_micros', models.BigIntegerField(default=0)),
                ('budget_micros', models.BigIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'pilot', 'live', 'paused', 'done'])), name='project_status_known'), models.CheckConstraint(condition=models.Q(('redundancy__in', ['fixed', 'partial', 'adaptive'])), name='redundancy_known'), models.CheckConstraint(condition=models.Q(('seats_min__gte', 1), ('seats_max__gte', models.F('seats_min'))), name='seats_min_to_max'), models.CheckConstraint(condition=models.Q(('target_certainty__gt', 0), ('target_certainty__lt', 1)), name='certainty_between_0_1'), models.CheckConstraint(condition=models.Q(('gold_share__gte', 0), ('gold_share__lt', 1)), name='gold_share_from_0_below_1'), models.CheckConstraint(condition=models.Q(('partial_share__gte', 0), ('partial_share__lte', 1)), name='partial_share_0_1'), models.CheckConstraint(condition=models.Q(('gold_rule__in', ['fixed', 'falling'])), name='gold_rule_known'), models.CheckConstraint(condition=models.Q(('max_share_per_person__isnull', True), models.Q(('max_share_per_person__gt', 0), ('max_share_per_person__lte', 1)), _connector='OR'), name='share_per_person_0_1'), models.CheckConstraint(condition=models.Q(('practice_bound__isnull', True), models.Q(('practice_bound__gt', 0), ('practice_bound__lt', 1)), _connector='OR'), name='practice_bound_0_1'), models.CheckConstraint(condition=models.Q(('price_micros__gte', 0)), name='price_not_negative'), models.CheckConstraint(condition=models.Q(('budget_micros__isnull', True), ('budget_micros__gte', 0), _connector='OR'), name='budget_not_negative'), models.CheckConstraint(condition=models.Q(('lease_seconds__gte', 1)), name='lease_lasts')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, editable=False, max_length=32, unique=True)),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='labeling.project')),
                ('external_id', models.CharField(max_length=200)),
                ('payload', models.JSONField(default=dict)),
                ('media', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='labeling.mediafile')),
                ('role', models.CharField(choices=[('work', 'Work'), ('gold', 'Gold'), ('practice', 'Practice'), ('audit', 'Audit')], default='work', max_length=10)),
                ('status', models.CharField(choices=[('staged', 'Staged'), ('pool', 'Pool'), ('open', 'Open'), ('settled', 'Settled'), ('held', 'Held'), ('withdrawn', 'Withdrawn')], default='pool', max_length=10)),
                ('priority', models.FloatField(default=0)),
                ('position', models.BigIntegerField(default=0)),
                ('seats_wanted', models.PositiveIntegerField(default=0)),
                ('seats_taken', models.PositiveIntegerField(default=0)),
                ('has_seat', models.BooleanField(default=False)),
                ('staged_by', models.CharField(blank=True, default='', max_length=32)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('has_seat', True), models.Q(('role', 'gold'), _negated=True)), fields=['project', 'position', 'id'], name='items_to_claim'), models.Index(condition=models.Q(('has_seat', True), ('role', 'gold')), fields=['project', 'position', 'id'], name='gold_to_claim'), models.Index(fields=['project', 'role', 'status', 'id'], name='items_by_status'), models.Index(condition=models.Q(('status', 'staged')), fields=['staged_by', 'id'], name='staged_items')],
                'constraints': [models.UniqueConstraint(fields=('project', 'external_id'), name='one_item_per_external_id'), models.CheckConstraint(condition=models.Q(('seats_taken__lte', models.F('seats_wanted'))), name='never_over_assigned'), models.CheckConstraint(condition=models.Q(('has_seat', False), models.Q(('status', 'open'), ('seats_taken__lt', models.F('seats_wanted'))), _connector='OR'), name='seat_only_where_open_and_free'), models.CheckConstraint(condition=models.Q(('status__in', ['staged', 'pool', 'open', 'settled', 'held', 'withdrawn'])), name='item_status_known'), models.CheckConstraint(condition=models.Q(('role__in', ['work', 'gold', 'practice', 'audit'])), name='item_role_known'), models.CheckConstraint(condition=models.Q(('status', 'staged'), ('staged_by', ''), _connector='OR'), name='staged_until_complete')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, editable=False, max_length=32, unique=True)),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='labeling.project')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='labeling.item')),
                ('annotator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('leased', 'Leased'), ('answered', 'Answered'), ('skipped', 'Skipped'), ('flagged', 'Flagged'), ('released', 'Released'), ('expired', 'Expired')], default='leased', max_length=10)),
                ('label_set_version', models.PositiveIntegerField()),
                ('instructions_version', models.PositiveIntegerField()),
                ('lease_until', models.DateTimeField()),
                ('price_micros', models.BigIntegerField(default=0)),
                ('bonus_micros', models.BigIntegerField(db_default=0, default=0)),
                ('claim_key', models.UUIDField(null=True)),
                ('unused', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('reason_text', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'leased')), fields=['lease_until'], name='leases_by_end'), models.Index(condition=models.Q(('state', 'leased')), fields=['annotator', 'project'], name='leases_of_person'), models.Index(condition=models.Q(('unused', True)), fields=['project', 'id'], name='answers_not_used_yet')],
                'constraints': [models.UniqueConstraint(fields=('item', 'annotator'), name='one_seat_per_annotator'), models.CheckConstraint(condition=models.Q(('state__in', ['leased', 'answered', 'skipped', 'flagged', 'released', 'expired'])), name='assignment_state_known'), models.CheckConstraint(condition=models.Q(('unused', False), ('state', 'answered'), _connector='OR'), name='only_answers_are_used'), models.CheckConstraint(condition=models.Q(('price_micros__gte', 0)), name='promise_not_negative'), models.CheckConstraint(condition=models.Q(('bonus_micros__gte', 0), ('bonus_micros__lte', models.F('price_micros'))), name='bonus_within_the_promise')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, editable=False, max_length=32, unique=True)),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='labeling.project')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='labeling.item')),
                ('assignment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='labeling.assignment')),
                ('annotator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to=settings.AUTH_USER_MODEL)),
                ('key', models.UUIDField()),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('value', models.JSONField()),
                ('label_code', models.IntegerField(null=True)),
                ('verdict', models.CharField(choices=[('stored', 'Stored'), ('late_stored', 'Late Stored'), ('late_extra', 'Late Extra'), ('revised', 'Revised')], max_length=12)),
                ('counted', models.BooleanField()),
                ('seconds', models.FloatField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['item', 'id'], name='answers_of_item'), models.Index(fields=['project', 'id'], name='answers_of_project'), models.Index(fields=['annotator', 'project', 'id'], name='answers_of_person')],
                'constraints': [models.UniqueConstraint(fields=('annotator', 'key'), name='one_answer_per_key'), models.UniqueConstraint(fields=('assignment', 'revision'), name='one_answer_per_revision'), models.CheckConstraint(condition=models.Q(('verdict__in', ['stored', 'late_stored', 'late_extra', 'revised'])), name='answer_verdict_known'), models.CheckConstraint(condition=models.Q(('seconds__isnull', True), ('seconds__gte', 0), _connector='OR'), name='seconds_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='labeling.project')),
                ('position', models.BigIntegerField()),
                ('mark', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'mark', 'position'], name='openings_since')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='labeling.project')),
                ('annotator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to=settings.AUTH_USER_MODEL)),
                ('answer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='labeling.answer')),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('bonus', 'Bonus'), ('reversal', 'Reversal'), ('restored', 'Restored')], max_length=10)),
                ('amount_micros', models.BigIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'id'], name='ledger_of_project'), models.Index(fields=['annotator', 'project'], name='ledger_of_person')],
                'constraints': [models.UniqueConstraint(fields=('answer', 'kind'), name='one_entry_per_answer_and_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['answer', 'bonus', 'reversal', 'restored'])), name='entry_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reversal'), ('amount_micros__lte', 0)), models.Q(models.Q(('kind', 'reversal'), _negated=True), ('amount_micros__gte', 0)), _connector='OR'), name='only_reversals_take_back')],
            },
        ),
        migrations.CreateModel(
            name='LabelSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='label_sets', to='labeling.project')),
                ('version', models.PositiveIntegerField()),
                ('configuration', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'version'), name='one_label_set_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Instructions',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='labeling.project')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'version'), name='one_instructions_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=accounts.identifiers.public_id, editable=False, max_length=32, unique=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='labeling.project')),
                ('name', models.CharField(max_length=255)),
                ('stored_as', models.CharField(max_length=64)),
                ('role', models.CharField(default='work', max_length=10)),
                ('open_at_once', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('refused', 'Refused')], default='waiting', max_length=10)),
                ('items', models.PositiveIntegerField(default=0)),
                ('problems', models.JSONField(default=list)),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['project', '-id'], name='imports_newest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'refused'])), name='import_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Enrollment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enrollments', to='labeling.project')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrollments', to=settings.AUTH_USER_MODEL)),
                ('pseudonym', models.CharField(max_length=40)),
                ('status', models.CharField(choices=[('active', 'Active'), ('paused', 'Paused'), ('banned', 'Banned')], default='active', max_length=10)),
                ('status_reason', models.CharField(blank=True, max_length=500)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('claimed', models.PositiveIntegerField(default=0)),
                ('allowance_micros', models.BigIntegerField(default=0)),
                ('bonus_micros', models.BigIntegerField(db_default=0, default=0)),
                ('practiced_at', models.DateTimeField(null=True)),
                ('place', models.BigIntegerField(null=True)),
                ('place_mark', models.BigIntegerField(null=True)),
                ('placed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'annotator'), name='one_enrollment_each'), models.UniqueConstraint(fields=('project', 'pseudonym'), name='one_pseudonym_each'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'paused', 'banned'])), name='enrollment_status_known'), models.CheckConstraint(condition=models.Q(('allowance_micros__gte', 0)), name='allowance_not_negative'), models.CheckConstraint(condition=models.Q(('bonus_micros__gte', 0)), name='bonus_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='budget', to='labeling.project')),
                ('cap_micros', models.BigIntegerField(null=True)),
                ('granted_micros', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('granted_micros__gte', 0)), name='granted_not_negative'), models.CheckConstraint(condition=models.Q(('cap_micros__isnull', True), ('granted_micros__lte', models.F('cap_micros')), _connector='OR'), name='never_granted_beyond_the_cap')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='labeling.item')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'annotator'), name='one_invitation_each')],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='labeling.labelset')),
                ('code', models.PositiveIntegerField()),
                ('value', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('label_set', 'code'), name='one_label_per_code'), models.UniqueConstraint(fields=('label_set', 'value'), name='one_label_per_value'), models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='label_has_value')],
            },
        ),
    ]
