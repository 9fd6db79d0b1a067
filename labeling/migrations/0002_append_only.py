from django.db import migrations

from accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("labeling", "0001_initial")]

    operations = [append_only("labeling_answer"), append_only("labeling_ledgerentry")]
