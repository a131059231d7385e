from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0003_expertise_without_years_last"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of pages, e-mails and feeds. Empty: as the browser asks.",
                max_length=10,
                verbose_name="language",
            ),
        ),
    ]
