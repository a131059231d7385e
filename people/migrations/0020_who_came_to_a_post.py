"""An index as short as it was: with the person in it, SQLite looked through everybody at a post for one of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of 0016 again."""

    dependencies = [("people", "0019_indexes_with_keys")]

    operations = [
        migrations.RemoveIndex("assignment", "who_came_to_a_post"),
        migrations.AddIndex(
            "assignment", models.Index(fields=["post", "started", "ended"], name="who_came_to_a_post")
        ),
    ]
