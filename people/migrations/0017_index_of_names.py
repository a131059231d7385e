"""An index that answers who is called so, or has such a title, without reading the rows."""

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Length

MOST_INDEXED = 500  # as people.names has it


def shorten(apps: Any, _editor: Any) -> None:
    """Keep as many words of somebody's names as go into an index. Hardly anybody has more."""
    people = apps.get_model("people", "Profile").objects.annotate(length=Length("found_by"))
    for profile in people.filter(length__gt=MOST_INDEXED).only("found_by").iterator():
        text = profile.found_by[:MOST_INDEXED]
        profile.found_by = text[: text.rindex(" ") + 1]
        profile.save(update_fields=["found_by"])


class Migration(migrations.Migration):
    """Names as long as an index holds them, and the index."""

    dependencies = [("people", "0016_indexes_of_people")]

    operations = [
        migrations.RunPython(shorten, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("profile", models.Index(fields=["found_by", "title"], name="people_by_name")),
    ]
