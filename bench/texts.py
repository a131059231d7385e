"""Invented texts with the frequencies of real ones: few words are everywhere, most are rare (Zipf's law)."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import NamedTuple

VOCABULARY = 30_000
# Syllables of invented words. A language differs in letters, so that analysis has something to do.
SYLLABLES = {
    "en": (
        "an",
        "ber",
        "con",
        "dal",
        "ed",
        "for",
        "ing",
        "lo",
        "mi",
        "nor",
        "or",
        "pre",
        "ra",
        "sta",
        "ter",
        "un",
    ),
    "fr": (
        "é",
        "bra",
        "ça",
        "dé",
        "eau",
        "fré",
        "guè",
        "île",
        "la",
        "mè",
        "né",
        "où",
        "pâ",
        "ré",
        "sé",
        "tion",
    ),
    "es": (
        "año",
        "bar",
        "ción",
        "dor",
        "es",
        "fú",
        "gua",
        "ión",
        "lle",
        "ma",
        "ña",
        "o",
        "per",
        "rí",
        "ta",
        "vez",
    ),
    "ar": ("ال", "با", "تو", "جي", "حر", "دا", "سلا", "شر", "عم", "في", "كا", "لم", "مد", "نا", "هو", "ير"),
}
LANGUAGES = ("en", "en", "en", "en", "en", "en", "en", "fr", "es", "ar")


class Text(NamedTuple):
    """An invented article."""

    title: str
    language: str
    body: str


class Words:
    """The vocabulary of one language, sampled by frequency."""

    def __init__(self, language: str) -> None:
        random = Random(f"vocabulary {language}")
        syllables = SYLLABLES[language]
        found = {"".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(VOCABULARY)}
        self.words = sorted(found)
        random.shuffle(self.words)
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def sample(self, random: Random, count: int) -> list[str]:
        """Return this many words, frequent ones often."""
        return random.choices(self.words, cum_weights=self.weights, k=count)

    def sentence(self, random: Random) -> str:
        """Return a sentence of some 15 words."""
        return " ".join(self.sample(random, random.randint(6, 24))).capitalize() + "."

    def paragraph(self, random: Random) -> str:
        """Return some five sentences."""
        return " ".join(self.sentence(random) for _ in range(random.randint(3, 7)))


class Library:
    """Articles by number: the same number is always the same text, in a library of whatever size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.words = {language: Words(language) for language in SYLLABLES}

    def language(self, number: int) -> str:
        """Return the language of an article."""
        return LANGUAGES[number % len(LANGUAGES)]

    def title(self, number: int) -> str:
        """Return the title of an article, which no other has."""
        language = self.language(number)
        words = self.words[language].sample(Random(f"title {number}"), 3)
        return f"{' '.join(words).title()} {number}"

    def link(self, random: Random) -> str:
        """Return a link to another article, rarely to one that is missing; low numbers are linked often."""
        number = min(int(random.paretovariate(0.6)), self.size * 2) - 1
        return f"[[{self.title(number)}]]" if number < self.size else f"[[Missing page {number}]]"

    def body(self, number: int, paragraphs: int = 6) -> str:
        """Return a text of some 5,000 characters: paragraphs under headings, with links and a list."""
        random, words = Random(f"body {number}"), self.words[self.language(number)]
        blocks = []
        for place in range(paragraphs):
            if place and place % 2 == 0:
                blocks.append("## " + " ".join(words.sample(random, 3)).capitalize())
            blocks.append(f"{words.paragraph(random)} {self.link(random)}")
        blocks.append("\n".join(f"- {words.sentence(random)}" for _ in range(4)))
        return "\n\n".join(blocks)

    def text(self, number: int) -> Text:
        """Return an article."""
        return Text(self.title(number), self.language(number), self.body(number))


def revised(body: str, round_: int, random: Random) -> str:
    """Return the text after one edit: a sentence is added to one paragraph."""
    paragraphs = body.split("\n\n")
    place = random.randrange(len(paragraphs))
    paragraphs[place] += f" Noted in round {round_}."
    return "\n\n".join(paragraphs)
