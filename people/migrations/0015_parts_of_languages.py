"""What became known as part of a larger language is so on sites that were set up before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PARTS = {
    "nor": ["nob", "nno"],
    "aka": ["fat", "twi"],
    "kok": ["knn"],
    "zza": ["kiu"],
    "hmn": ["hnj"],
    "man": ["mwk"],
    "iku": ["ike"],
    "kom": ["koi"],
    "chm": ["mrj"],
}


def join(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Name the larger language where it is known and none was named. A few dozen rows."""
    languages = apps.get_model("people", "Language").objects.using(editor.connection.alias)
    for larger, parts in PARTS.items():
        if languages.filter(code=larger).exists():
            languages.filter(code__in=parts, macrolanguage=None).update(macrolanguage=larger)


class Migration(migrations.Migration):
    """Norwegian and eight more."""

    dependencies = [("people", "0014_education")]

    operations = [migrations.RunPython(join, migrations.RunPython.noop)]
