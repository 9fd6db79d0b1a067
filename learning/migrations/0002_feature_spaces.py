import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial"), ("labeling", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FeatureSpace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("kind", models.CharField(max_length=40)),
                ("parameters", models.JSONField(default=dict)),
                ("unusable", models.BinaryField(default=bytes)),
                ("problem", models.CharField(blank=True, max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feature_spaces",
                        to="labeling.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "version"), name="one_feature_space_per_version"
                    )
                ]
            },
        ),
        # No release has written a block before this one: the defaults never meet a row.
        migrations.AddField(
            model_name="featureblock",
            name="first_item",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="featureblock",
            name="last_item",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
    ]
