"""Indexes with the key of each row, which PostgreSQL read the rows for."""

from django.db import migrations, models

HERE = models.Q(historical=False, left_at__isnull=True)
INDEXES = {
    "languageskill": {"who_speaks": ["language", "speaking", "reading", "profile", "audience"]},
    "expertise": {"who_knows": ["region", "depth", "profile", "audience"]},
    "profileskill": {"who_can": ["tag", "learn", "level", "profile", "audience"]},
    "assignment": {"who_came_to_a_post": ["post", "started", "ended", "profile", "audience"]},
    "profile": {"people_by_name": ["found_by", "title"]},
}
OF_THOSE_HERE = {"people_by_office": ["office", "post", "user"], "people_by_post": ["post", "user"]}


class Migration(migrations.Migration):
    """Each replaces one that was shorter."""

    dependencies = [("people", "0018_indexes_of_counts")]

    operations = [
        operation
        for model, indexes in INDEXES.items()
        for name, fields in indexes.items()
        for operation in (
            migrations.RemoveIndex(model, name),
            migrations.AddIndex(model, models.Index(fields=[*fields, "id"], name=name)),
        )
    ] + [
        operation
        for name, fields in OF_THOSE_HERE.items()
        for operation in (
            migrations.RemoveIndex("profile", name),
            migrations.AddIndex("profile", models.Index(fields=[*fields, "id"], condition=HERE, name=name)),
        )
    ]
