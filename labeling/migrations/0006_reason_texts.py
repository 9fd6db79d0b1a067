

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('labeling', '0005_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='reason_text',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
    ]
