"""What a source says of a job besides its years: that somebody declined it, or never came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A text of its own: those who are asked for by job titles are not found by it."""

    dependencies = [("people", "0020_who_came_to_a_post")]

    operations = [
        migrations.AddField(
            "assignment",
            "note",
            models.CharField(blank=True, default="", max_length=600, verbose_name="note"),
        ),
    ]
