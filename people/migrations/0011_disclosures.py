import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_endorsements_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='when')),
                ('kind', models.CharField(choices=[('csv', 'CSV'), ('vcards', 'contacts'), ('print', 'printed list'), ('languages', 'rare languages'), ('read', 'read very many')], max_length=10, verbose_name='how')),
                ('what', models.CharField(blank=True, max_length=1000, verbose_name='question')),
                ('number', models.PositiveIntegerField(verbose_name='people')),
                ('request', models.CharField(blank=True, max_length=64, verbose_name='request')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'disclosure',
                'verbose_name_plural': 'disclosures',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['user', 'at'], name='disclosures_of_a_person')],
            },
        ),
    ]
