from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("diplopedia", "0015_kinds_made_by_hand"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="edit",
            index=models.Index(
                condition=models.Q(("minor", False)),
                fields=["author", "article", "kind"],
                name="edits_written",
            ),
        ),
    ]
