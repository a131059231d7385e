from django.db import migrations
from django.db.models import OuterRef, Subquery

MOST = {"en", "fr"}  # those that could be chosen


def to_account(apps, schema_editor):
    """One language for pages and e-mails, on the account: that of the e-mails, else that of the administration."""
    User = apps.get_model("people", "User")
    Preference = apps.get_model("notices", "Preference")
    Note = apps.get_model("wagtailusers", "UserProfile")
    noted = Note.objects.filter(user=OuterRef("pk"), preferred_language__in=MOST)
    User.objects.filter(pk__in=Note.objects.filter(preferred_language__in=MOST).values("user")).update(
        language=Subquery(noted.values("preferred_language")[:1])
    )
    chosen = Preference.objects.filter(user=OuterRef("pk")).exclude(language="")
    User.objects.filter(pk__in=Preference.objects.exclude(language="").values("user")).update(
        language=Subquery(chosen.values("language")[:1])
    )
    Note.objects.update(
        preferred_language=Subquery(User.objects.filter(pk=OuterRef("user")).values("language")[:1])
    )


def to_preference(apps, schema_editor):
    """E-mails in the language of the account, where how one hears of things was chosen."""
    User = apps.get_model("people", "User")
    apps.get_model("notices", "Preference").objects.update(
        language=Subquery(User.objects.filter(pk=OuterRef("pk")).values("language")[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ("notices", "0002_length_of_a_word"),
        ("people", "0004_language"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [
        migrations.RunPython(to_account, to_preference),
        migrations.RemoveField(model_name="preference", name="language"),
    ]
