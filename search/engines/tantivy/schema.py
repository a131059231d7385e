"""The fields of the embedded index, and the analyzers of its text."""

from __future__ import annotations

from importlib.metadata import version

import tantivy

from search.engines.indexing import FACETS, NARROW, TEXTS
from search.engines.words import analyzer

FORMAT = f"6-{version('tantivy')}"
UNSTEMMED = ("title_exact", "aliases")


def build_schema() -> tantivy.Schema:
    """The schema; change FORMAT with it.

    `is` holds everything one can filter by, as `field␟principal␟code`; `facet_…` what is counted, as
    `principal␟code␟label␟parent` (`narrow_…` the same for facts with fewer readers); `hidden` the words of such
    facts, as `principal␟stem`; `words` all open words unstemmed; `starts` all beginnings of title words; `place`,
    `newest` and `sort_title` order equals, too; `shown` is what a hit is made of.
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
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="stemmed")
    for name in UNSTEMMED:
        builder.add_text_field(name, tokenizer_name="spaced")
    builder.add_text_field("words", tokenizer_name="spaced", index_option="basic")
    builder.add_text_field("cjk", tokenizer_name="spaced")
    builder.add_text_field("starts", tokenizer_name="spaced", index_option="basic")
    builder.add_text_field("sort_title", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("updated", fast=True, indexed=True)
    builder.add_integer_field("newest", fast=True)
    builder.add_integer_field("place", fast=True)
    builder.add_integer_field("version", fast=True, stored=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def register_analyzers(index: tantivy.Index) -> None:
    """Make the analyzers known to an opened index."""
    index.register_tokenizer("stemmed", analyzer("en"))
    index.register_tokenizer("spaced", analyzer(None))
