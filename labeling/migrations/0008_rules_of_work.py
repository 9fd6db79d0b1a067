
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_groups_and_languages'),
        ('labeling', '0007_turn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='bonus_micros',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='enrollment',
            name='bonus_micros',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='enrollment',
            name='practiced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='gold_rule',
            field=models.CharField(choices=[('fixed', 'Fixed'), ('falling', 'Falling')], db_default='falling', default='falling', max_length=10),
        ),
        migrations.AddField(
            model_name='project',
            name='match_people',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='project',
            name='max_answers_per_day',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='max_share_per_person',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='pays_bonuses',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='project',
            name='practice_bound',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='who_may_work',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('bonus_micros__gte', 0), ('bonus_micros__lte', models.F('price_micros'))), name='bonus_within_the_promise'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(('bonus_micros__gte', 0)), name='bonus_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('gold_rule__in', ['fixed', 'falling'])), name='gold_rule_known'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('max_share_per_person__isnull', True), models.Q(('max_share_per_person__gt', 0), ('max_share_per_person__lte', 1)), _connector='OR'), name='share_per_person_0_1'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('practice_bound__isnull', True), models.Q(('practice_bound__gt', 0), ('practice_bound__lt', 1)), _connector='OR'), name='practice_bound_0_1'),
        ),
    ]
