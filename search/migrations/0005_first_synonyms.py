"""Synonyms to begin with: acronyms and words in general use between ministries. Administrators change them."""

from django.db import migrations

# What is separated by bars means the same; before an arrow stands what finds the rest, but not the other way round.
GROUPS = """
ministry of foreign affairs | foreign ministry | MFA
chief of mission | head of mission | HOM
deputy chief of mission | deputy head of mission | DCM
chargé d'affaires | CDA
chargé -> chargé d'affaires | CDA
consulate | consular post
consulate general | CONGEN
chancery -> embassy
chief of mission residence | ambassador's residence | CMR
regional security officer | RSO
public affairs officer | PAO
locally employed staff | locally engaged staff | LE staff | foreign service national | FSN
temporary duty | TDY
eligible family member | EFM
defense attaché | defence attaché | military attaché
commercial attaché | trade attaché
letters of credence -> credentials
persona non grata | personae non gratae
note verbale | notes verbales | verbal note
diplomatic note -> note verbale
aide-mémoire | aides-mémoire
memorandum of understanding | memoranda of understanding | MOU
talking points | speaking points
readout | read-out
handover note | turnover note
cable | telegram
travel advisory | travel advice | travel warning
nonimmigrant visa | non-immigrant visa | NIV
Vienna Convention on Diplomatic Relations | VCDR
Vienna Convention on Consular Relations | VCCR
noncombatant evacuation | non-combatant evacuation | NEO
public-private partnership | PPP
non-governmental organization | nongovernmental organization | non-governmental organisation | NGO
civil society organization | civil society organisation | CSO
internally displaced person | internally displaced people | IDP
trafficking in persons | human trafficking
disinformation | misinformation | fake news
text message | SMS
counterterrorism | counter-terrorism
weapons of mass destruction | WMD
small arms and light weapons | SALW
free trade agreement | FTA
official development assistance | ODA
intellectual property rights | IPR
UN -> United Nations
UN General Assembly | United Nations General Assembly | UNGA
UN Security Council | United Nations Security Council | Security Council | UNSC
UN High Commissioner for Refugees | United Nations High Commissioner for Refugees | UNHCR
European Union | EU
AU -> African Union
North Atlantic Treaty Organization | North Atlantic Treaty Organisation | NATO
Organization for Security and Co-operation in Europe | OSCE
World Trade Organization | World Trade Organisation | WTO
International Atomic Energy Agency | IAEA
International Court of Justice | ICJ
International Criminal Court | ICC
Association of Southeast Asian Nations | ASEAN
defense | defence
labor | labour
program | programme
"""


def add(apps, _editor):
    """Add the groups."""
    group = apps.get_model("search", "SynonymGroup")
    rows = []
    for line in GROUPS.strip().splitlines():
        first, arrow, rest = line.partition("->")
        words = [first, *rest.split("|")] if arrow else first.split("|")
        rows.append(group(words="\n".join(word.strip() for word in words), one_way=bool(arrow)))
    group.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_synonyms")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
