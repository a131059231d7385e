"""Synonyms for job titles and parts of a ministry, as they are said in short. Administrators change them."""

from django.db import migrations

# What is separated by bars means the same; before an arrow stands what finds the rest, but not the other way round.
GROUPS = """
perm rep -> permanent representative
permrep -> permanent representative
deputy perm rep -> deputy permanent representative
DPR -> deputy permanent representative
head of post -> consul general | consul | ambassador
chief of -> head | director
chief -> head | director
dep dir -> deputy director
deputy head -> deputy director
deputy chief -> deputy director
DG -> director general
SG -> secretary general
first sec -> first secretary
second sec -> second secretary
third sec -> third secretary
1st secretary -> first secretary
2nd secretary -> second secretary
3rd secretary -> third secretary
counselor | counsellor
political counsellor | counsellor political
economic counsellor | counsellor economic
press counsellor | counsellor press
adviser | advisor
legal adviser | legal advisor | legal counsel
spokesperson | spokesman | spokeswoman
speechwriter | speech writer
sysadmin | systems administrator
HR | human resources
comms -> communication | communications
"""


DEPUTIES = "deputy chief of mission\ndeputy head of mission\nDCM"  # as it was shipped; what was changed stays so


def add(apps, _editor):
    """Add the groups, and one more word to the group of deputies."""
    group = apps.get_model("search", "SynonymGroup")
    group.objects.filter(words=DEPUTIES).update(words=f"{DEPUTIES}\nDHM")
    rows = []
    for line in GROUPS.strip().splitlines():
        first, arrow, rest = line.partition("->")
        words = [first, *rest.split("|")] if arrow else first.split("|")
        rows.append(group(words="\n".join(word.strip() for word in words), one_way=bool(arrow)))
    group.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("search", "0005_first_synonyms")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
