"""What the wiki is made of."""

from diplopedia.models.articles import Article, ArticleIndex, TaggedArticle
from diplopedia.models.drafts import Draft
from diplopedia.models.edits import Edit
from diplopedia.models.files import Rendition, WikiDocument, WikiImage
from diplopedia.models.kinds import ArticleTemplate, FactField
from diplopedia.models.links import Alias, Link
from diplopedia.models.presence import Presence
from diplopedia.models.readings import Reading
from diplopedia.models.sources import SourceRecord
from diplopedia.models.thanks import Thanks

__all__ = [
    "Alias",
    "Article",
    "ArticleIndex",
    "ArticleTemplate",
    "Draft",
    "Edit",
    "FactField",
    "Link",
    "Presence",
    "Reading",
    "Rendition",
    "SourceRecord",
    "TaggedArticle",
    "Thanks",
    "WikiDocument",
    "WikiImage",
]
