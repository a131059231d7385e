from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_days_and_audiences")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="photo_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="profile",
            name="photo_audience",
            field=models.CharField(
                choices=[("all", "All colleagues"), ("office", "My office"), ("me", "Only me")],
                default="all",
                max_length=6,
                verbose_name="who sees the photo",
            ),
        ),
    ]
