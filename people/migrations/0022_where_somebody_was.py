"""Whether somebody was at a post, asked of both: of two indexes that fit as well SQLite took that of all at the post."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index that fits better than any other."""

    dependencies = [("people", "0021_note_of_a_job")]

    operations = [
        migrations.AddIndex(
            "assignment", models.Index(fields=["profile", "post"], name="where_somebody_was")
        ),
    ]
