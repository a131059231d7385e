"""Indexes that answer who is where, was where and has what, without reading the rows."""

from django.db import migrations, models

HERE = models.Q(historical=False, left_at__isnull=True)


class Migration(migrations.Migration):
    """One of them replaces another that was shorter."""

    dependencies = [("people", "0015_parts_of_languages")]

    operations = [
        migrations.RemoveIndex("languageskill", "people_lang_languag_3e2aca_idx"),
        migrations.AddIndex(
            "languageskill",
            models.Index(
                fields=["language", "speaking", "reading", "profile", "audience"], name="who_speaks"
            ),
        ),
        migrations.AddIndex(
            "expertise", models.Index(fields=["region", "depth", "profile", "audience"], name="who_knows")
        ),
        migrations.AddIndex(
            "profileskill",
            models.Index(fields=["tag", "learn", "level", "profile", "audience"], name="who_can"),
        ),
        migrations.AddIndex("assignment", models.Index(fields=["post", "ended"], name="who_left_a_post")),
        migrations.AddIndex(
            "assignment", models.Index(fields=["post", "started", "ended"], name="who_came_to_a_post")
        ),
        migrations.AddIndex(
            "profile",
            models.Index(fields=["office", "post", "user"], condition=HERE, name="people_by_office"),
        ),
        migrations.AddIndex(
            "profile", models.Index(fields=["post", "user"], condition=HERE, name="people_by_post")
        ),
    ]
