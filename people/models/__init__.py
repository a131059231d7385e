"""The tables of the directory. Import them from here."""

from people.models.disclosures import Disclosure
from people.models.facts import Assignment, Education, Expertise, Fact, LanguageSkill, ProfileSkill, SkillTag
from people.models.languages import Language
from people.models.mergers import Merger
from people.models.places import Office, Post, Region
from people.models.profiles import Profile
from people.models.trust import Correction, Endorsement, Reminder
from people.models.users import User

__all__ = [
    "Assignment",
    "Correction",
    "Disclosure",
    "Education",
    "Endorsement",
    "Expertise",
    "Fact",
    "Language",
    "LanguageSkill",
    "Merger",
    "Office",
    "Post",
    "Profile",
    "ProfileSkill",
    "Region",
    "Reminder",
    "SkillTag",
    "User",
]
