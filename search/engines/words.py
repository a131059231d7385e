"""Words and stems in Python, by tantivy's analyzers: what the embedded engine indexes, and what is marked in hits.

Elasticsearch cuts and stems with analyzers of its own that do the same; see `search.analysis` for the rules.
"""

from __future__ import annotations

from functools import lru_cache

import tantivy

from search.analysis import EXPRESSION, bigrams, prepare, western, western_words

STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}


@lru_cache(maxsize=32)
def analyzer(language: str | None) -> tantivy.TextAnalyzer:
    """Stems words that `exact` gave, joined by spaces, in a language (ISO 639-1); without a stemmer it does not."""
    spaced = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(
        tantivy.Filter.remove_long(100)
    )
    stemmer = STEMMERS.get(language or "")
    return (spaced.filter(tantivy.Filter.stemmer(stemmer)) if stemmer else spaced).build()


@lru_cache(maxsize=1)
def cutter() -> tantivy.TextAnalyzer:
    """Cuts any text into folded words."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(EXPRESSION))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )


def exact(text: str) -> list[str]:
    """The words of a text, folded, not stemmed. Western text takes a shorter way to the same words."""
    if western(text):
        return western_words(text)
    return cutter().analyze(prepare(text))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "en") -> str:
    """The stem of one folded word."""
    return next(iter(analyzer(language).analyze(word)), word)


def spaced_bigrams(text: str) -> str:
    """The CJK bigrams of a text, as its own field holds them."""
    return " ".join(bigrams(prepare(text)))
