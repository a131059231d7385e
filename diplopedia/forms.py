"""What editors send: the text, its facts, where it is filed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from diplopedia.facts import FACT
from diplopedia.markdown import normalise
from diplopedia.models import ArticleTemplate
from diplopedia.stating import MOST_OTHERS, fact_fields, suggestions
from diplopedia.versions import Version
from people.models import Office, Profile, Region
from people.permissions import ADMINS, office_ids, principals

if TYPE_CHECKING:
    from people.models import User

LONGEST_TAG = 100


class CommaWords(forms.CharField):
    """Several words or phrases with commas between them, at most so many."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def validate(self, value: list[str]) -> None:
        """Raise ValidationError where there are more."""
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(
                _("These are %(found)d; there may be %(most)d, with commas between them."),
                params={"found": len(value), "most": self.most},
            )

    def prepare_value(self, value: Any) -> Any:
        """Show a list as text."""
        return ", ".join(sorted(value)) if isinstance(value, (list, set, frozenset, tuple)) else value

    def to_python(self, value: Any) -> Any:
        """Return the words, each once."""
        text = super().to_python(value) if isinstance(value, str) else ", ".join(value or [])
        words = (" ".join(word.split()) for word in normalise(text or "").split(","))
        return list(dict.fromkeys(filter(None, words)))


class Markdown(forms.CharField):
    """The text of a page, with plain line ends and without characters that no page may hold."""

    def to_python(self, value: Any) -> str:
        """Return the text as it is stored."""
        return normalise(super().to_python(value) or "")


class Line(forms.CharField):
    """A line of text, without characters that no page may hold."""

    def to_python(self, value: Any) -> str:
        """Return the text as it is stored."""
        return normalise(super().to_python(value) or "")


class VersionForm(forms.Form):
    """The editor. Only the text is required; everything else may wait."""

    body = Markdown(
        label=_("Text"),
        max_length=None,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "dir": "auto", "spellcheck": "true"}),
        error_messages={"required": _("A page needs some text. To take it away altogether, delete it.")},
    )
    tags = CommaWords(
        label=_("Tags"), required=False, help_text=_("With commas between them, at most 100."), most=100
    )
    regions = forms.ModelMultipleChoiceField(
        label=_("Countries and regions"), queryset=Region.objects.none(), required=False
    )
    contacts = CommaWords(
        label=_("Ask me about this"),
        required=False,
        most=50,
        help_text=_("Handles of colleagues who answer questions, with commas between them, at most 50."),
    )
    summary = Line(label=_("What did you change, in a few words?"), required=False, max_length=300)
    minor = forms.BooleanField(label=_("Minor edit"), required=False)
    base = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    section = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)
    draft = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        template: ArticleTemplate | None = None,
        stated: Iterable[Mapping[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        """`stated`: the facts of the page as it is, and as it was when this form was opened."""
        super().__init__(*args, **kwargs)
        self.fields["regions"].queryset = Region.objects.exclude(kind=Region.Kind.WORLD)  # type: ignore[attr-defined]
        self.template, self.stated = template, list(stated)
        asked = fact_fields(template, self.held_facts(), self.stated)
        self.facts = list(asked)
        self.fields |= {FACT + key: field for key, field in asked.items()}

    def held_facts(self) -> dict[str, str]:
        """Return the facts that the form shows, by key, with plain line ends."""
        held = self.data if self.is_bound else self.initial
        facts = {name.removeprefix(FACT): held[name] for name in held if name.startswith(FACT)}
        return {key: str(value or "").replace("\r\n", "\n") for key, value in facts.items()}

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        """The fields of the fact box."""
        return [self[FACT + key] for key in self.facts]

    @property
    def suggestions(self) -> dict[str, list[str]]:
        """The lists of names that fields of the fact box suggest, by id."""
        return suggestions(self.template)

    @property
    def expected(self) -> list[str]:
        """The labels of those facts that the kind expects and the form does not hold."""
        fields = self.template.fields.all() if self.template else []
        return [field.called for field in fields if field.required and not self[FACT + field.key].value()]

    def clean_body(self) -> str:
        """Return the text. Raises ValidationError when it is longer than a page may be."""
        body = str(self.cleaned_data["body"])
        if len(body) > settings.ARTICLE_MAX_CHARACTERS:
            raise forms.ValidationError(
                _(
                    "This text has %(size)s characters; a page may have %(limit)s. Split it into several pages."
                ),
                params={
                    "size": number_format(len(body), force_grouping=True),
                    "limit": number_format(settings.ARTICLE_MAX_CHARACTERS, force_grouping=True),
                },
            )
        if not body.strip():
            raise forms.ValidationError(self.fields["body"].error_messages["required"])
        return body

    def clean_tags(self) -> list[str]:
        """Return the tags. Raises ValidationError naming one that could have no address."""
        tags: list[str] = self.cleaned_data["tags"]
        for tag in tags:
            if len(tag) > LONGEST_TAG:
                raise forms.ValidationError(
                    _("Tags are at most %(limit)d characters. Put commas between them."),
                    params={"limit": LONGEST_TAG},
                )
            if not slugify(tag, allow_unicode=True):
                raise forms.ValidationError(
                    _("The tag “%(tag)s” needs a letter or a digit."), params={"tag": tag}
                )
        return tags

    def clean_contacts(self) -> list[Profile]:
        """Return the colleagues. Raises ValidationError naming handles that nobody has."""
        handles = [word.lstrip("@") for word in self.cleaned_data["contacts"]]
        found = {
            profile.user.username: profile
            for profile in Profile.objects.with_place().filter(user__username__in=handles)
        }
        if missing := [handle for handle in handles if handle not in found]:
            raise forms.ValidationError(
                _("Nobody has the handle “%(handle)s”. It is the last part of the address of their profile."),
                params={"handle": missing[0]},
            )
        return list(found.values())

    def clean(self) -> None:
        """Raise ValidationError for new facts that nobody asks for, where the page would have too many of them."""
        asked = {field.key for field in self.template.fields.all()} if self.template else set()
        sent = self.held_facts()
        there = {key for facts in self.stated for key, value in facts.items() if value} - asked
        new = {key for key, value in sent.items() if value.strip()} - asked - there
        stay = {key for key in there if sent.get(key, "stays").strip()}
        if new and len(new | stay) > MOST_OTHERS:
            raise forms.ValidationError(
                _("A page may have at most %(most)d facts beside those that its kind asks for."),
                params={"most": MOST_OTHERS},
            )

    def version(self, before: Version) -> Version:
        """Return what was written. Facts that were not sent stay as they were."""
        data = self.cleaned_data
        sent = [key for key in self.facts if FACT + key in self.data]
        facts = {key: value for key, value in before.facts.items() if key not in sent}
        facts |= {key: data[FACT + key] for key in sent if data[FACT + key]}
        return Version(
            body=data["body"],
            facts=facts,
            tags=frozenset(data["tags"]),
            regions=frozenset(region.pk for region in data["regions"]),
            contacts=frozenset(profile.pk for profile in data["contacts"]),
        )

    def holding(self, version: Version) -> VersionForm:
        """Return the form as sent, but with the text and facts of a version: what was chosen on the conflict page."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["body"] = version.body
        for key in {*self.facts, *version.facts}:
            data[FACT + key] = version.facts.get(key, "")
        return type(self)(data, template=self.template, stated=[version.facts])

    @staticmethod
    def initial_of(version: Version) -> dict[str, Any]:
        """Return what the form shows for a version."""
        handles = Profile.objects.filter(pk__in=version.contacts).values_list("user__username", flat=True)
        return {
            "body": version.body,
            "tags": sorted(version.tags),
            "regions": list(version.regions),
            "contacts": list(handles) if version.contacts else [],
            **{FACT + key: value for key, value in version.facts.items()},
        }


class KindField(forms.ModelChoiceField):
    """A choice of kinds, in the reader's words."""

    def label_from_instance(self, kind: ArticleTemplate) -> str:
        return kind.called


class NewArticleForm(VersionForm):
    """The editor of a page that does not exist yet."""

    title = Line(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = KindField(
        label=_("Kind"), queryset=ArticleTemplate.objects.all(), to_field_name="slug", required=False,
        empty_label=_("Article"),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.WAGTAIL_CONTENT_LANGUAGES, required=False
    )
    translates = forms.IntegerField(
        required=False, min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput
    )
    field_order = ["title", "kind", "language", "body"]


class ReasonForm(forms.Form):
    """Why something is done to a page."""

    summary = forms.CharField(label=_("Why?"), required=False, max_length=300)
    base = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class RenameForm(ReasonForm):
    """A new title."""

    title = Line(label=_("New title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    field_order = ["title", "summary"]


class AliasForm(forms.Form):
    """Another name for a page."""

    title = forms.CharField(label=_("Other name, acronym or spelling"), max_length=200)


class AccessForm(ReasonForm):
    """Whom a page is kept to: groups and offices that its editor belongs to, and those it is kept to already."""

    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"), queryset=Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    offices = forms.ModelMultipleChoiceField(
        label=_("Offices"),
        queryset=Office.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["groups", "offices", "summary"]

    def __init__(self, *args: Any, user: User, article: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = principals(user)
        groups = Q() if ADMINS in held else Q(user=user) | Q(articles=article)
        offices = Q() if ADMINS in held else Q(pk__in=office_ids(held)) | Q(restricted_articles=article)
        self.fields["groups"].queryset = Group.objects.filter(groups).distinct().order_by("name")  # type: ignore[attr-defined]
        self.fields["offices"].queryset = Office.objects.filter(offices).distinct()  # type: ignore[attr-defined]

    def offered(self) -> list[forms.BoundField]:
        """Return the fields without the lists that hold nothing to choose; none where both lists are empty."""
        fields = [field for field in self.visible_fields() if getattr(field.field, "choices", True)]
        return fields if any(field.name in ("groups", "offices") for field in fields) else []


class JoinForm(ReasonForm):
    """One text for two pages, as somebody wrote it who had seen both: `base` and `other` are their latest edits."""

    into = forms.CharField(max_length=200, widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("The merged text"), strip=False, widget=forms.Textarea(attrs={"rows": 24, "dir": "auto"})
    )
    other = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    field_order = ["body", "summary"]


class SplitForm(ReasonForm):
    """Which section becomes a page, what the page is called, and what stays behind."""

    section = forms.TypedChoiceField(label=_("Section"), coerce=int, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title of the new page"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    instead = forms.CharField(
        label=_("What stays on this page"),
        required=False,
        max_length=2000,
        help_text=_(
            "A sentence or two that sum the section up. A link to the new page is added if there is none."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    field_order = ["section", "title", "instead", "summary"]

    def __init__(self, *args: Any, sections: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = sections  # type: ignore[attr-defined]
