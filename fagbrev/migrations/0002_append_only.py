"""Makes the logs append-only by trigger."""

from django.db import migrations

from fagbrev.audit.triggers import create_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [("fagbrev", "0001_initial")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
