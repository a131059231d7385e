import django.db.models.deletion
from django.db import migrations, models


def look_anew(apps, schema_editor):
    """Have every watched search begin by remembering what is there: what it knew so far may not have met it."""
    apps.get_model("notices", "Watch").objects.filter(kind="search").update(looked_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ("notices", "0004_tried_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("row", models.BigIntegerField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="notices.watch",
                    ),
                ),
            ],
            options={
                "verbose_name": "match of a search",
                "verbose_name_plural": "matches of searches",
                "constraints": [
                    models.UniqueConstraint(fields=("watch", "kind", "row"), name="one_match_each")
                ],
            },
        ),
        migrations.RunPython(look_anew, look_anew),
        migrations.RemoveField(model_name="watch", name="known"),
    ]
