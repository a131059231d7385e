"""The two groups that the administrator fills."""

from django.db import migrations


def make(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for name in ("Moderators", "Adjudicators"):
        groups.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("manners", "0001_manners"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
