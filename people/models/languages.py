"""Languages people speak."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.display_names import language_name, script_name


class Language(models.Model):
    """A language by its ISO 639-3 code, with the names people use for it.

    `tag` is the BCP 47 tag for `lang` attributes; `countries` are ISO 3166 alpha-3 codes in lower
    case, most speakers first. A language inside a larger one (Mandarin in Chinese) names it in
    `macrolanguage`: asking for the larger includes the smaller.
    """

    code = models.CharField(
        _("code"), max_length=3, primary_key=True, help_text=_("ISO 639-3, for example “pus”.")
    )
    tag = models.CharField(_("BCP 47 tag"), max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    native_name = models.CharField(_("own name"), max_length=120, blank=True)
    other_names = models.JSONField(_("other names"), default=list, blank=True)
    macrolanguage = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="varieties",
    )
    scripts = models.JSONField(_("scripts"), default=list, blank=True)
    countries = models.JSONField(_("spoken in"), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("language")
        verbose_name_plural = _("languages")

    def __str__(self) -> str:
        """The name in the language of whoever reads; `name` is the English one."""
        return language_name(self.tag, self.name)

    @property
    def written_in(self) -> str:
        """The names of its scripts; empty where it is written in Latin letters alone, or nobody says how."""
        if set(self.scripts) <= {"Latn"}:
            return ""
        return ", ".join(dict.fromkeys(script_name(code) for code in self.scripts))
