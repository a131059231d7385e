from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from people import names

AT_ONCE = 500


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The words of the names that profiles already have."""
    profiles = apps.get_model("people", "Profile").objects
    rows = profiles.select_related("user").only(
        "preferred_name", "sort_name", "other_names", "user__username", "user__first_name", "user__last_name"
    )
    filled = []
    for profile in rows.iterator(chunk_size=AT_ONCE):
        profile.found_by = names.found_by(called(profile))
        filled.append(profile)
    profiles.bulk_update(filled, ["found_by"], batch_size=AT_ONCE)


def called(profile: Any) -> list[str]:
    """All names of a profile and of its account."""
    user = profile.user
    account = f"{user.first_name} {user.last_name}"
    return [
        profile.preferred_name or account,
        account,
        profile.sort_name,
        *profile.other_names,
        user.username,
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="found_by",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
