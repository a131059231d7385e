"""The words by which a question asks: what they ask of, and those that say nothing beside them."""

from __future__ import annotations

BOTH = "speaks-and-reads"  # as “speaks and reads” is read, however it is said
ONE_OF_BOTH = "speaks-or-reads"
CUES = {
    "speaks": [*"speak speaks speaker speakers speaking fluent spoken".split(), BOTH],
    "reads": "read reads reader readers reading".split(),
    "lang": [ONE_OF_BOTH],
    "post": "served serving posted stationed worked assigned was been".split(),
    "now": "now currently".split(),
    "left": ["formerly"],
    "region": "expert experts expertise specialist specialists knows experience experienced".split(),
    "who": "who whom anyone someone somebody anybody colleague colleagues".split(),
}
CUE_OF = {word: cue for cue, cue_words in CUES.items() for word in cue_words}
# These are cues only beside a language, or where somebody is asked for by another word.
WEAK = frozenset(
    "read reading speaking spoken worked assigned was been now currently experience experienced".split()
)
# These ask for a language, and are looked for as well.
TRADES = frozenset(
    "interpreter interpreters translator translators linguist linguists interpret translate".split()
)
EXPERTS = frozenset("expert experts specialist specialists".split())
# So somebody is called who knows a place or a skill that is named before: “Caucasus hands”.
HANDS = frozenset("hand hands experience people person help advice advisers advisors".split())
# Who types these beside a language wants somebody: “need help with Lao”.
WANTED = frozenset("help need needs looking want wants seeking urgently".split())
LANGUAGE = frozenset("language languages langue langues".split())
# What is read, and says so: “can read a letter in Armenian”.
READ = frozenset(
    "letter letters note notes verbale verbales newspaper newspapers press paper papers document documents text texts "
    "article articles report reports".split()
)
CROWDS = frozenset("people staff officers diplomats".split())
# Who is asked for by these beside a place: “perm rep in Geneva”, “DHM Asmara”. They are looked for as well.
TITLES = frozenset(
    "ambassador ambassadors consul consuls counsellor counsellors counselor attaché attachés attache officer hom dhm "
    "dcm rep representative secretary secretaries".split()
)
# Where a ministry has its people: “at the embassy in Cairo” says no more than “in Cairo”.
HOUSES = frozenset(
    "embassy embassies consulate consulates mission missions post posts posting postings".split()
)
# What offices are called; said beside a name it tells which of several is meant.
SORTS = frozenset(
    "office bureau directorate department division unit section service branch team desk".split()
)
SERVED = frozenset("worked working posted assigned".split())
BETWEEN = HOUSES | frozenset("the our of working based living located".split())
EXCEPT = frozenset("without not except never no minus outside".split())
LEVEL_WORDS = frozenset("minimum min least level ilr".split())
# After a kind of page these say that it is one: case studies on visas, but no Office of Visas.
PREPOSITIONS = frozenset("on about in for from by at".split())
# Words of questioning, quantity, degree, time and talk: they tell nobody from anybody, whoever's profile has them.
EVERYDAY = frozenset(
    "all every each both either neither many much most more less least few fewer several none lot lots enough "
    "only just even still also already again once twice best better good great well very really quite rather too "
    "nearly almost exactly about around here there where when what why how whoever wherever anywhere everywhere "
    "else other another same different own new old young real actual proper decent strong solid deep depth deeply "
    "am is are was were be been being do does did done doing has have had having get gets got getting go goes "
    "going went gone come comes came coming knew known need needs needed want wants wanted would could should "
    "might must shall will may like likes liked make makes made take takes took put use uses used using call "
    "calls called say says said tell tells told ask asks asked give gives gave let lets work works help helps "
    "helped helping look looks find finds found search searching seek seeking try trying think happen happens "
    "handle handles handled deal deals dealt cover covers covered involved familiar versed today tomorrow "
    "yesterday now week weeks month months year years day days time times ago next last past future soon later "
    "recently lately before after since until during while yet long short notice quick quickly fast urgent "
    "urgently asap morning afternoon evening night weekend two three four five six seven eight nine ten ok okay "
    "hi hello hey dear thanks thank cheers regards kindly please pls yes if then than that this these those such "
    "so as because though although whether something anything nothing everything thing things everyone everybody "
    "person persons human man woman guy guys folks matter matters kind sort type case question questions topic "
    "topics subject subjects area areas field stuff bit word words basics me us it its him her them their my our "
    "your his you he she they we i serve serves among du de des le la les et "
    "à au aux avec pour dans sur qui personne personnes".split()
)
GLUE = (
    PREPOSITIONS
    | LEVEL_WORDS
    | EVERYDAY
    | frozenset(
        "of but people diplomats staff officer officers and or the with a an to can above higher up which any some "
        "looking native advise advice list show skill skills knowledge background lives living based working "
        "located & - –".split()
    )
)
