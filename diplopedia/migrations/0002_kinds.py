"""The kinds of article a new wiki begins with. Administrators change them afterwards."""

import json
from pathlib import Path

from django.db import migrations

KINDS = Path(__file__).resolve().parents[1] / "data" / "kinds.json"


def add_kinds(apps, schema_editor):
    kinds = apps.get_model("diplopedia", "ArticleTemplate")
    fields = apps.get_model("diplopedia", "FactField")
    for kind in json.loads(KINDS.read_text()):
        facts = kind.pop("fields")
        template, made = kinds.objects.get_or_create(slug=kind["slug"], defaults=kind)
        if made:
            fields.objects.bulk_create(
                fields(template=template, sort_order=order, **fact) for order, fact in enumerate(facts)
            )


class Migration(migrations.Migration):
    dependencies = [("diplopedia", "0001_initial")]
    operations = [migrations.RunPython(add_kinds, migrations.RunPython.noop, elidable=False)]
