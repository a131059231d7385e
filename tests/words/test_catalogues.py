"""The catalogues of the interface are text, found in the code and compiled by whichever process starts first."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command

from diplopedia.words import catalogues, finding

PLACE = Path("fr") / "LC_MESSAGES"
TEXT = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Port"
msgstr "Porte"

#, fuzzy
msgid "Ship"
msgstr "Chien"

msgid "%(n)s ship"
msgid_plural "%(n)s ships"
msgstr[0] "%(n)s navire"
msgstr[1] "%(n)s navires"

msgid "Quay"
msgstr ""
"""
MODULE = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Port " "office")
ngettext("%s ship", "%s ships", n)
pgettext("verb", "Post")
f"{_('Crew')} of {n}"
_(some_name)
"""
TEMPLATE = """
{% load i18n %}{% comment %}Translators: a harbour{% endcomment %}
<p title="{% translate "Quay" %}">
{% blocktranslate count n=n %}{{ n }} crane{% plural %}{{ n }} cranes{% endblocktranslate %}</p>
  {% include "x" with y=_("Dock") %}
"""


@pytest.fixture
def text(settings: Any, tmp_path: Path) -> Path:
    """A small catalogue in folders of its own."""
    settings.LOCALE_PATHS = [tmp_path / "data", tmp_path / "locale"]
    settings.BASE_DIR = tmp_path
    path = tmp_path / "locale" / PLACE / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT)
    return path


def compiled(path: Path) -> GNUTranslations:
    return GNUTranslations(BytesIO(path.read_bytes()))


def template(*texts: Any) -> Catalog:
    """Messages as they are found in the code."""
    found = Catalog()
    for said in texts:
        found.add(said, locations=[("somewhere.py", 1)])
    return found


def test_a_catalogue_is_compiled_beside_its_text(text):
    catalogues.compile_all()
    words = compiled(text.with_suffix(".mo"))
    assert words.gettext("Port") == "Porte"
    assert [words.ngettext("%(n)s ship", "%(n)s ships", n) for n in (0, 2)] == [
        "%(n)s navire",
        "%(n)s navires",
    ]
    assert words.gettext("Ship") == "Ship", "nobody has looked at this one yet"
    assert words._catalog.keys() & {"Quay", "Ship"} == set(), "words of Django would be hidden by it"
    assert [path.name for path in text.parent.iterdir() if path != text] == ["django.mo"]


def test_it_is_compiled_again_only_where_the_text_is_another(text, monkeypatch):
    catalogues.compile_all()
    with monkeypatch.context() as patch:
        patch.setattr(catalogues, "read", lambda _text: pytest.fail("the text was read again"))
        catalogues.compile_all()
    text.write_text(TEXT.replace("Porte", "Port maritime"))
    # An older release may be put in place of a newer one, with the times that its files had.
    os.utime(text, (1_000_000_000, 1_000_000_000))
    catalogues.compile_all()
    assert compiled(text.with_suffix(".mo")).gettext("Port") == "Port maritime"


def test_where_the_code_may_not_be_written_to_it_is_kept_with_the_data(text, settings, monkeypatch):
    put = catalogues.put
    with monkeypatch.context() as patch:
        patch.setattr(catalogues, "put", refusing(text.parent, put))
        catalogues.compile_all()
        kept = settings.LOCALE_PATHS[0] / PLACE / "django.mo"
        assert compiled(kept).gettext("Port") == "Porte"
        patch.setattr(catalogues, "read", lambda _text: pytest.fail("the text was read again"))
        catalogues.compile_all()
    # Once somebody may write there, what would hide it is gone.
    text.write_text(TEXT.replace("Porte", "Port maritime"))
    catalogues.compile_all()
    assert not kept.exists()
    assert compiled(text.with_suffix(".mo")).gettext("Port") == "Port maritime"


def test_where_nothing_may_be_written_the_site_starts_and_says_what_lacks(
    text, monkeypatch, caplog, tmp_path
):
    monkeypatch.setattr(catalogues, "put", refusing(tmp_path, catalogues.put))
    catalogues.compile_all()
    assert "manage.py words --compile" in caplog.text


def test_a_folder_of_data_that_may_not_be_looked_into_stops_no_command(text, settings):
    settings.LOCALE_PATHS[0].write_text("")  # asked for what is in it, the system refuses
    for _start in range(2):
        assert catalogues.compile_all() == []
        assert compiled(text.with_suffix(".mo")).gettext("Port") == "Porte"


@pytest.mark.parametrize(
    "broken", [b"<<<<<<< HEAD\n" + TEXT.encode(), TEXT.encode() + b'msgid "Crew"\nmsgstr "\xe9quipage"\n']
)
def test_a_text_that_is_broken_stops_no_command_and_its_words_stay(text, caplog, monkeypatch, broken):
    catalogues.compile_all()
    text.write_bytes(broken)
    os.utime(text, (1_000_000_000, 1_000_000_000))
    assert catalogues.compile_all() == [text]
    assert compiled(text.with_suffix(".mo")).gettext("Port") == "Porte"
    assert f"{text} cannot be read" in caplog.text
    monkeypatch.setattr(finding, "messages", Catalog)
    for wish in ([], ["--compile"]):
        with pytest.raises(CommandError, match=r"django\.po cannot be read"):
            call_command("words", *wish)


def refusing(folder: Path, put: Any) -> Any:
    """A writer that may not write in a folder."""

    def refuse(path: Path, *content: Any) -> None:
        if folder in path.parents:
            raise PermissionError(f"Permission denied: {path}")
        put(path, *content)

    return refuse


def test_several_processes_may_compile_at_once(text):
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda _n: catalogues.compile_all(), range(16)))
    assert compiled(text.with_suffix(".mo")).gettext("Port") == "Porte"
    assert {path.suffix for path in text.parent.iterdir()} == {".po", ".mo"}


def test_translations_are_kept_and_what_changed_is_to_be_looked_at(text):
    ships = ("%(n)s ship", "%(n)s ships")
    said = catalogues.update(text, template("Port", "Harbour office", ships, "Quays"))
    assert said.get("Port").string == "Porte"
    assert said.get("%(n)s ship").string == ("%(n)s navire", "%(n)s navires")
    assert [message.id for message in catalogues.lacking(said)] == ["Harbour office", "Quays"]
    assert "Chien" not in text.read_text(), "nothing says it any more"
    changed = catalogues.update(text, template("Ports", "Harbour office", ships))
    assert (changed.get("Ports").string, changed.get("Ports").fuzzy) == ("Porte", True)
    assert "Ports" in [message.id for message in catalogues.lacking(changed)]


def test_what_did_not_change_is_not_written(text):
    catalogues.update(text, template("Port"))
    before = (text.stat().st_mtime_ns, text.read_text())
    catalogues.update(text, template("Port"))
    assert (text.stat().st_mtime_ns, text.read_text()) == before
    assert "somewhere.py:1" not in before[1], "lines move with every change of the code"


def test_messages_are_found_in_python_and_templates(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "a.py").write_text(MODULE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(TEMPLATE)
    kinds = tmp_path / "diplopedia" / "data" / "kinds.json"
    kinds.parent.mkdir(parents=True)
    kinds.write_text('[{"name": "Note", "plural": "", "fields": [{"label": "Captain"}]}]')
    found = {(message.context, message.id) for message in finding.messages() if message.id}
    assert found == {
        (None, "Port office"),
        (None, "Crew"),
        (None, ("%s ship", "%s ships")),
        ("verb", "Post"),
        (None, "Quay"),
        (None, ("%(n)s crane", "%(n)s cranes")),
        (None, "Dock"),
        ("kind of article", "Note"),
        ("kind of article", "Captain"),
    }
    assert finding.messages().get("Quay").auto_comments == ["Translators: a harbour"]


def test_a_language_is_begun_with_every_message(text, settings, capsys, monkeypatch):
    monkeypatch.setattr(finding, "messages", lambda: template("Port", ("%(n)s ship", "%(n)s ships")))
    call_command("words", "--begin", "pt-br")
    begun = settings.LOCALE_PATHS[-1] / "pt_BR" / "LC_MESSAGES" / "django.po"
    assert "Plural-Forms: nplurals=2; plural=(n > 1);" in begun.read_text()
    assert "2 messages, 2 without words" in capsys.readouterr().out
    with pytest.raises(CommandError, match="such as es"):
        call_command("words", "--begin", "klingon")


def test_a_text_that_is_no_catalogue_is_named(text, monkeypatch):
    monkeypatch.setattr(finding, "messages", Catalog)
    text.write_text('msgid "a"\nmsgstr "b\nmsgid\n')
    with pytest.raises(CommandError, match=r"django\.po cannot be read"):
        call_command("words")
