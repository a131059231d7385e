"""A question on record is kept whole, however long."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for all of it."""

    dependencies = [("people", "0012_sections_to_correct")]

    operations = [
        migrations.AlterField("disclosure", "what", models.TextField(blank=True, verbose_name="question")),
    ]
