import django.db.models.deletion
import django.utils.timezone
import learning.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('labeling', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeatureBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feature_blocks', to='labeling.project')),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.PositiveIntegerField()),
                ('rows', models.PositiveIntegerField()),
                ('width', models.PositiveIntegerField()),
                ('dtype', models.CharField(max_length=10)),
                ('first_item', models.BigIntegerField()),
                ('last_item', models.BigIntegerField()),
                ('item_ids', models.BinaryField()),
                ('matrix', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'version', 'number'), name='one_feature_block_per_number')],
            },
        ),
        migrations.CreateModel(
            name='FeatureSpace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feature_spaces', to='labeling.project')),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('parameters', models.JSONField(default=dict)),
                ('unusable', models.BinaryField(default=bytes)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'version'), name='one_feature_space_per_version')],
            },
        ),
        migrations.CreateModel(
            name='LabelingFunction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labeling_functions', to='labeling.project')),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=20)),
                ('parameters', models.JSONField(default=dict)),
                ('active', models.BooleanField(default=True)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('confusion', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('project', 'name'), name='one_function_per_name')],
            },
        ),
        migrations.CreateModel(
            name='FunctionBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('function', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='learning.labelingfunction')),
                ('first_item', models.BigIntegerField()),
                ('last_item', models.BigIntegerField()),
                ('item_ids', models.BinaryField()),
                ('votes', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('function', 'first_item'), name='one_function_block_per_range')],
            },
        ),
        migrations.CreateModel(
            name='ModelVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='model_versions', to='labeling.project')),
                ('number', models.PositiveIntegerField()),
                ('estimator', models.CharField(max_length=60)),
                ('parameters', models.JSONField(default=dict)),
                ('labels_seen', models.PositiveIntegerField()),
                ('scores', models.JSONField(default=dict)),
                ('libraries', models.JSONField(default=dict)),
                ('blob', models.BinaryField()),
                ('signature', models.CharField(max_length=64)),
                ('current', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='one_model_per_number'), models.UniqueConstraint(condition=models.Q(('current', True)), fields=('project',), name='one_current_model')],
            },
        ),
        migrations.CreateModel(
            name='Metric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='metrics', to='labeling.project')),
                ('name', models.CharField(max_length=40)),
                ('model', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='metrics', to='learning.modelversion')),
                ('labels', models.PositiveIntegerField()),
                ('answers', models.PositiveIntegerField()),
                ('spent_micros', models.BigIntegerField(null=True)),
                ('value', models.FloatField()),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'name', 'id'], name='metric_curve')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='labeling.project')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='learning.modelversion')),
                ('number', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('auditing', 'Auditing'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='auditing', max_length=10)),
                ('bound', models.FloatField()),
                ('confidence', models.FloatField()),
                ('per_class', models.BooleanField(default=False)),
                ('looks', models.PositiveIntegerField(default=1)),
                ('looks_taken', models.JSONField(default=list)),
                ('threshold', models.FloatField(null=True)),
                ('thresholds', models.JSONField(default=dict)),
                ('region', models.JSONField(default=dict)),
                ('population', models.BinaryField(default=bytes)),
                ('sample', models.JSONField(default=list)),
                ('drift', models.JSONField(default=list)),
                ('assumption', models.CharField(blank=True, max_length=300)),
                ('sentence', models.CharField(blank=True, max_length=300)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('bound__gt', 0), ('bound__lt', 1), ('confidence__gt', 0), ('confidence__lt', 1)), name='certificate_numbers_0_1'), models.CheckConstraint(condition=models.Q(('state__in', ['auditing', 'granted', 'refused', 'withdrawn'])), name='certificate_state_known'), models.UniqueConstraint(fields=('project', 'number'), name='one_certificate_per_number')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan', to='labeling.project')),
                ('features', models.CharField(default='auto', max_length=40)),
                ('estimator', models.CharField(default='logistic', max_length=60)),
                ('first_strategy', models.CharField(default='diverse', max_length=40)),
                ('strategy', models.CharField(default='priced', max_length=40)),
                ('shares', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('asking_price', models.FloatField(null=True)),
                ('random_share', models.FloatField(default=0.1)),
                ('round_size', models.PositiveIntegerField(default=100)),
                ('retrain_after', models.PositiveIntegerField(default=50)),
                ('interactive_after', models.PositiveIntegerField(db_default=0, default=0)),
                ('certainty', models.FloatField(default=0.97)),
                ('stop_rules', models.JSONField(db_default=models.Value(['certainty'], models.JSONField()), default=learning.models.first_stop_rules)),
                ('labels_at_last_model', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, db_default='', max_length=300)),
                ('state', models.CharField(blank=True, max_length=300)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('certainty__gt', 0), ('certainty__lt', 1)), name='promise_between_0_1'), models.CheckConstraint(condition=models.Q(('random_share__gte', 0), ('random_share__lte', 1)), name='random_share_0_1'), models.CheckConstraint(condition=models.Q(('round_size__gte', 1)), name='round_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='PredictionBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prediction_blocks', to='learning.modelversion')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prediction_blocks', to='learning.featureblock')),
                ('n_labels', models.PositiveIntegerField()),
                ('probabilities', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'block'), name='one_prediction_per_block')],
            },
        ),
        migrations.CreateModel(
            name='QueryRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='query_rounds', to='labeling.project')),
                ('number', models.PositiveIntegerField()),
                ('strategy', models.CharField(max_length=40)),
                ('model', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='query_rounds', to='learning.modelversion')),
                ('item_ids', models.JSONField(default=list)),
                ('parts', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('again', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='one_round_per_number')],
            },
        ),
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stream', to='labeling.project')),
                ('budget', models.FloatField(default=0.1)),
                ('threshold', models.FloatField(default=0.9)),
                ('spent', models.FloatField(default=0.0)),
                ('weight', models.FloatField(default=0.0)),
                ('seen', models.PositiveBigIntegerField(default=0)),
                ('asked', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('budget__gte', 0), ('budget__lte', 1)), name='stream_budget_0_1')],
            },
        ),
        migrations.CreateModel(
            name='Streamed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='streamed', to='labeling.project')),
                ('external_id', models.CharField(max_length=200)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='streamed', to='labeling.item')),
                ('asked', models.BooleanField()),
                ('label_code', models.IntegerField(null=True)),
                ('confidence', models.FloatField(null=True)),
                ('model', models.PositiveIntegerField(null=True)),
                ('because', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'external_id'), name='one_answer_per_streamed_item')],
            },
        ),
    ]
