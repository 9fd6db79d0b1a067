
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='groups',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='membership',
            name='languages',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
