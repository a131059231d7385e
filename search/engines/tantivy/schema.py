"""The fields of the embedded index, and the analyzers of its text."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

import tantivy

from search.analysis import EXPRESSION, bigrams, prepare, western, western_words

FORMAT = f"4-{version('tantivy')}"
SEPARATOR = "␟"

STEMMED = ("title", "topics", "profile", "lead", "body")
UNSTEMMED = ("title_exact", "aliases")
FACETS = (
    "kind",
    "template",
    "region",
    "tag",
    "lang",
    "office",
    "post",
    "now",
    "skill",
    "available",
    "verified",
)
NARROW = ("region", "lang", "post", "now", "skill")

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


def build_schema() -> tantivy.Schema:
    """The schema; change FORMAT with it.

    `is` holds everything one can filter by, as `field␟principal␟code`; `facet_…` what is counted, as
    `principal␟code␟label␟parent` (`narrow_…` the same for facts with fewer readers); `hidden` the words of such
    facts, as `principal␟stem`; `words` all open words unstemmed; `starts` all beginnings of title words; `shown`
    what a hit is made of.
    """
    builder = tantivy.SchemaBuilder()
    for name in ("key", "readers"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("is", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("hidden", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"facet_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in NARROW:
        builder.add_text_field(f"narrow_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in STEMMED:
        builder.add_text_field(name, tokenizer_name="stemmed")
    for name in UNSTEMMED:
        builder.add_text_field(name, tokenizer_name="spaced")
    builder.add_text_field("words", tokenizer_name="spaced", index_option="basic")
    builder.add_text_field("cjk", tokenizer_name="spaced")
    builder.add_text_field("starts", tokenizer_name="spaced", index_option="basic")
    builder.add_text_field("sort_title", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("updated", fast=True, indexed=True)
    builder.add_integer_field("version", fast=True, stored=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


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


def register_analyzers(index: tantivy.Index) -> None:
    """Make the analyzers known to an opened index."""
    index.register_tokenizer("stemmed", analyzer("en"))
    index.register_tokenizer("spaced", analyzer(None))


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
