"""Taking the demonstration out again: everything marked as demo, but for what people's own work stands on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from taggit.models import Tag
from wagtail.models import PageLogEntry, ReferenceIndex

from diplopedia.importing.demo_talk import THREAD
from diplopedia.models import Article, ArticleTemplate, Edit, SourceRecord, TaggedArticle
from diplopedia.talk import KIND
from discussion.models import TALK, Comment, EarlierText, Thread
from people.models import Office, Post, Profile, SkillTag, User
from search import outbox

BATCH = 50
PEOPLE = ("staff", "person", "author")
# In this order: what refers to others goes first.
LATER: tuple[tuple[str, type[Model]], ...] = (
    ("post", Post),
    ("office", Office),
    ("group", Group),
    ("kind", ArticleTemplate),
)


@dataclass
class Removed:
    """How many rows of each sort went, and what stayed, with the reason."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)


def remove() -> Removed:
    """Remove everything marked as demo. Stopped at any moment, the next call completes it."""
    done = Removed()
    demo = SourceRecord.objects.filter(demo=True)
    demo.filter(kind="demo").delete()
    authors = set(demo.filter(kind__in=PEOPLE).values_list("object_id", flat=True))
    with outbox.held():
        remove_articles(demo, authors, done)
        remove_people(demo, done)
        for kind, model in LATER:
            remove_unused(demo.filter(kind=kind), model, done)
        demo.exclude(kind__in=["article", *PEOPLE, *dict(LATER)]).delete()
    return done


# --- articles ------------------------------------------------------------------------------------------------------


def remove_articles(demo: QuerySet[SourceRecord], authors: set[int], done: Removed) -> None:
    """Remove the demo's articles, but for those that somebody real has edited or verified: they are real now."""
    rows = dict(demo.filter(kind="article").values_list("object_id", "pk"))
    real_edits = Edit.objects.filter(article__in=rows).exclude(author__in=authors)
    touched = set(real_edits.values_list("article", flat=True))
    verified = Article.objects.filter(pk__in=rows).exclude(verified_by=None).exclude(verified_by__in=authors)
    touched |= set(verified.values_list("pk", flat=True))
    said = Comment.objects.filter(thread__subject_kind=KIND, thread__subject_pk__in=rows)
    touched |= set(said.exclude(author__in=authors).values_list("thread__subject_pk", flat=True))
    for title in Article.objects.filter(pk__in=touched).order_by("title").values_list("title", flat=True):
        done.kept.append(f"Article “{title}”: somebody has edited or verified it, or talked about it.")
    SourceRecord.objects.filter(kind="article", object_id__in=touched).update(demo=False)
    kept = Thread.objects.on(KIND, *touched).order_by().values("pk")
    SourceRecord.objects.filter(kind=THREAD, object_id__in=kept).update(demo=False)
    going = sorted(set(rows) - touched)
    for start in range(0, len(going), BATCH):
        with transaction.atomic():
            done.counts["article"] += remove_pages(going[start : start + BATCH])


def remove_pages(pks: list[int]) -> int:
    """Remove articles with all that is only theirs: edits, revisions, links, names, tags, log and source records."""
    articles = Article.objects.filter(pk__in=pks)
    tags = set(TaggedArticle.objects.filter(content_object__in=pks).values_list("tag", flat=True))
    articles.update(latest_edit=None, verified_edit=None)
    Article.objects.filter(translated_from__article__in=pks).update(translated_from=None)
    remove_talk(pks)
    edits = Edit.objects.filter(article__in=pks)
    QuerySet.update(edits, base=None)  # past the guard that keeps history from being changed
    edits._raw_delete(edits.db)
    count = articles.count()
    articles.delete()
    PageLogEntry.objects.filter(page_id__in=pks).delete()
    page_types = ContentType.objects.get_for_models(Article, Article._meta.get_parent_list()[0]).values()
    ReferenceIndex.objects.filter(
        base_content_type__in=page_types, object_id__in=[str(pk) for pk in pks]
    ).delete()
    SourceRecord.objects.filter(kind="article", object_id__in=pks).delete()
    Tag.objects.filter(pk__in=tags).exclude(pk__in=TaggedArticle.objects.values("tag")).delete()
    outbox.enqueue("article", *pks, removed=True)
    return count


def remove_talk(pks: list[int]) -> None:
    """Remove the talk about articles."""
    threads = Thread.objects.on(KIND, *pks).order_by()
    gone = list(threads.values_list("pk", flat=True))
    comments = Comment.objects.filter(thread__in=gone)
    EarlierText.objects.filter(comment__in=comments).delete()
    comments.update(parent=None)
    comments.delete()
    threads.delete()
    outbox.enqueue(TALK, *gone, removed=True)


# --- people --------------------------------------------------------------------------------------------------------


def remove_people(demo: QuerySet[SourceRecord], done: Removed) -> None:
    """Remove the demo's people. Whoever wrote something that stays becomes an inactive placeholder."""
    for record in demo.filter(kind__in=PEOPLE).order_by("pk"):
        with transaction.atomic():
            profile = Profile.objects.select_related("user").filter(user=record.object_id).first()
            if profile:
                pk, skills = profile.pk, list(profile.skills.values_list("tag", flat=True))
                remove_person(profile.user, done)
                SkillTag.objects.filter(pk__in=skills, profile_skills=None).delete()
                outbox.enqueue("person", pk)
            record.delete()


def remove_person(user: User, done: Removed) -> None:
    """Remove one person, or all but the name where their edits stay."""
    try:
        with transaction.atomic():
            user.delete()
    except ProtectedError:
        make_placeholder(user)
        done.kept.append(
            f"{user.get_full_name() or user.username}, as a name without an account: their edits stay."
        )
    else:
        done.counts["person"] += 1


def make_placeholder(user: User) -> None:
    """Leave of a person the name that stands under their edits, and nothing else."""
    EmailAddress.objects.filter(user=user).delete()
    user.groups.clear()
    user.email, user.is_active, user.origin = "", False, "demo"
    user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    profile = user.profile
    for facts in ("language_skills", "expertise", "skills", "assignments", "education"):
        getattr(profile, facts).all().delete()
    name, pk = profile.name, profile.pk
    blank = Profile(pk=pk, user=user, preferred_name=name, sort_name=profile.sort_name)
    blank.save(force_update=True)


# --- places, groups, kinds -------------------------------------------------------------------------------------------


def remove_unused(demo: QuerySet[SourceRecord], model: type[Model], done: Removed) -> None:
    """Remove rows that nothing refers to, those that came last first; what is used stays and is real now."""
    for record in demo.order_by("-object_id"):
        row = model._default_manager.filter(pk=record.object_id).first()
        users = list(used_by(row)) if row else []
        with transaction.atomic():
            if row and users:
                done.kept.append(f"{model._meta.verbose_name} “{row}”: used by {', '.join(users)}.")
                SourceRecord.objects.filter(pk=record.pk).update(demo=False)
                continue
            if row:
                row.delete()
                done.counts[record.kind] += 1
            record.delete()


def used_by(row: Any) -> Iterable[str]:
    """Return what refers to a row, as names of tables; parts that belong to it alone do not count."""
    for relation in row._meta.related_objects:
        if relation.related_model is not None and not is_part(relation):
            name = relation.field.name
            if relation.related_model._base_manager.filter(**{name: row}).exists():
                yield str(relation.related_model._meta.verbose_name_plural)


def is_part(relation: Any) -> bool:
    """Whether the rows at the other end go with this one: the facts that a kind of article asks for."""
    return relation.related_model._meta.label == "diplopedia.FactField"
