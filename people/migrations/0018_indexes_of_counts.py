"""Indexes that answer which accounts are closed, and who is at a post, without reading the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One of them replaces another that was shorter."""

    dependencies = [("people", "0017_index_of_names")]

    operations = [
        migrations.AddIndex(
            "user",
            models.Index(fields=["id"], condition=models.Q(is_active=False), name="closed_accounts"),
        ),
        migrations.RemoveIndex("assignment", "who_came_to_a_post"),
        migrations.AddIndex(
            "assignment",
            models.Index(
                fields=["post", "started", "ended", "profile", "audience"], name="who_came_to_a_post"
            ),
        ),
    ]
