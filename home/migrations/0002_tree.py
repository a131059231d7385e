"""The front page as the site's root, and the one parent of all articles under it."""

from django.db import migrations


def plant(apps, schema_editor):
    page_model = apps.get_model("wagtailcore", "Page")
    content_types = apps.get_model("contenttypes", "ContentType")
    locale, _made = apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code="en")
    site_model = apps.get_model("wagtailcore", "Site")
    page_model.objects.filter(depth=2, slug="home").delete()
    # Wagtail's own groups may edit all pages in the administration: the wiki has no such people.
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]).delete()

    def grow(model_name, app, **fields):
        kind, _made = content_types.objects.get_or_create(app_label=app, model=model_name)
        model = apps.get_model(app, model_name)
        return model.objects.create(content_type=kind, locale=locale, live=True, **fields)

    home = grow(
        "homepage", "home", title="Diplopedia", draft_title="Diplopedia", slug="home",
        path="00010001", depth=2, numchild=1, url_path="/home/",
    )  # fmt: skip
    grow(
        "articleindex", "diplopedia", title="Wiki", draft_title="Wiki", slug="wiki",
        path="000100010001", depth=3, numchild=0, url_path="/home/wiki/",
    )  # fmt: skip
    page_model.objects.filter(depth=1).update(numchild=1)
    site_model.objects.all().delete()
    site_model.objects.create(hostname="localhost", root_page_id=home.pk, is_default_site=True, site_name="Diplopedia")


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("diplopedia", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
