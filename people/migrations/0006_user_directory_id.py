from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_profile_found_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="directory_id",
            field=models.CharField(default=None, editable=False, max_length=191, null=True, unique=True),
        ),
    ]
