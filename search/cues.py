"""The words by which a question asks: what they ask of, and those that say nothing beside them."""

from __future__ import annotations

CUES = {
    "speaks": "speak speaks speaker speakers speaking fluent spoken".split(),
    "reads": "read reads reader readers reading".split(),
    "post": "served serving posted stationed worked assigned was been".split(),
    "now": "now currently".split(),
    "region": "expert experts expertise specialist specialists knows experience experienced".split(),
    "who": "who whom anyone someone somebody anybody colleague colleagues".split(),
}
CUE_OF = {word: cue for cue, cue_words in CUES.items() for word in cue_words}
# These are cues only beside a language, or where somebody is asked for by another word.
WEAK = frozenset(
    "read reading speaking spoken worked assigned was been now currently experience experienced".split()
)
# These ask for a language, and are looked for as well.
TRADES = frozenset("interpreter interpreters translator translators linguist linguists".split())
EXPERTS = frozenset("expert experts specialist specialists".split())
# So somebody is called who knows a place or a skill that is named before: “Caucasus hands”.
HANDS = frozenset("hand hands experience people person help advice advisers advisors".split())
LANGUAGE = frozenset("language languages".split())
# What is read, and says so: “can read a letter in Armenian”.
READ = frozenset(
    "letter letters note notes verbale verbales newspaper newspapers press paper papers document documents text texts "
    "article articles report reports".split()
)
CROWDS = frozenset("people staff officers diplomats".split())
# Who is asked for by these beside a place: “perm rep in Geneva”, “DHM Asmara”. They are looked for as well.
TITLES = frozenset(
    "ambassador ambassadors consul consuls counsellor counsellors counselor attaché attachés attache officer hom dhm "
    "dcm rep representative".split()
)
# Where a ministry has its people: “at the embassy in Cairo” says no more than “in Cairo”.
HOUSES = frozenset("embassy embassies consulate consulates mission missions".split())
SERVED = frozenset("worked working posted assigned".split())
BETWEEN = HOUSES | frozenset("the our of working based living located".split())
EXCEPT = frozenset("without not except".split())
LEVEL_WORDS = frozenset("minimum min least level ilr".split())
# After a kind of page these say that it is one: case studies on visas, but no Office of Visas.
PREPOSITIONS = frozenset("on about in for from by at".split())
GLUE = (
    PREPOSITIONS
    | LEVEL_WORDS
    | frozenset(
        "of but people person diplomats staff officer officers and or the with a an has have had having is are be to "
        "can could do does better above higher more up that which find me i we us you any some need needs want looking "
        "look please native there both also well good advise advice help tell my our list show give skill skills "
        "them knowledge background lives living based working works located & - –".split()
    )
)
