"""Locks the versions of minutes and what reports were published as."""

from django.db import migrations

from meetings.append_only import lock, unlock


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("fagbrev", "0002_append_only")]
    operations = [migrations.RunPython(lock, unlock)]
