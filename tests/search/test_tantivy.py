"""The embedded engine: the contract, and what is its own: files, processes, forks, formats."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from search.analysis import prepare, words
from search.engines import Engine, IndexMissing, SearchUnavailable, engine_at
from search.engines.words import cutter, exact
from search.snippets import flattened
from tests.search.contract import EngineContract, ask, fill, filled, synonymous, titles
from tests.search.samples import article

__all__ = ["filled", "synonymous"]
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty index."""
    found = engine_at(f"tantivy://{tmp_path}/index")
    with found.rebuild() as new, new.swapping():
        pass
    return found


class TestTantivy(EngineContract):
    """The embedded engine keeps the contract."""


def write_many(engine: Engine, first: int, count: int) -> None:
    """Write entries one by one."""
    for pk in range(first, first + count):
        with engine.writing(wait=30) as writer:
            writer.put([article(pk, f"Note {pk}")])


def test_processes_write_in_turn_and_see_each_other(engine: Engine) -> None:
    assert ask(engine, "").total == 0
    children = [FORK.Process(target=write_many, args=(engine, first, 8)) for first in (100, 200)]
    for child in children:
        child.start()
    write_many(engine, 300, 8)
    for child in children:
        child.join(60)
    assert ask(engine, "").total == 24
    assert [child.exitcode for child in children] == [0, 0]


def rebuild_and_hang(engine: Engine, begun: str) -> None:
    """Begin a rebuild and never end."""
    with engine.rebuild() as new:
        new.put([article(1, "Half a rebuild")])
        Path(begun).touch()
        time.sleep(60)


def write_and_hang(engine: Engine, begun: str) -> None:
    """Begin to write and never end."""
    with engine.writing() as writer:
        writer.put([article(1, "Half a change")])
        Path(begun).touch()
        time.sleep(60)


@pytest.mark.parametrize("deed", [rebuild_and_hang, write_and_hang])
def test_a_killed_writer_leaves_the_index_as_it_was(
    engine: Engine, tmp_path: Path, deed: Callable[[Engine, str], None]
) -> None:
    fill(engine, [article(7, "Survivor")])
    begun = tmp_path / "begun"
    child = FORK.Process(target=deed, args=(engine, str(begun)))
    child.start()
    while not begun.exists():
        time.sleep(0.01)
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join(10)
    assert titles(ask(engine, "")) == ["Survivor"]
    fill(engine, [article(8, "Afterwards")])
    assert ask(engine, "").total == 2
    with engine.rebuild() as new, new.swapping():
        new.put([article(9, "Rebuilt")])
    assert titles(ask(engine, "")) == ["Rebuilt"]
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1


def test_an_index_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    lost = engine_at(f"tantivy://{tmp_path}/nowhere")
    with pytest.raises(SearchUnavailable, match="rebuild_search"):
        ask(lost, "visa")
    with pytest.raises(SearchUnavailable, match="rebuild_search"), lost.writing():
        pass


def test_an_index_of_another_version_says_what_to_do(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "index" / "current").write_text("0-0.1-old")
    with pytest.raises(SearchUnavailable, match="another version"):
        ask(engine, "visa")


def test_the_check_says_how_to_come_by_an_index(engine: Engine, tmp_path: Path) -> None:
    engine.check()
    with pytest.raises(IndexMissing, match="rebuild_search"):
        engine_at(f"tantivy://{tmp_path}/nowhere").check()
    generation = next(path for path in (tmp_path / "index").iterdir() if path.is_dir())
    (generation / "meta.json").write_text("{}")
    with pytest.raises(IndexMissing, match="rebuild_search"):
        engine.check()


def test_a_broken_index_is_unavailable_and_can_be_rebuilt(engine: Engine, tmp_path: Path) -> None:
    fill(engine, [article(1, "Visa")])
    generation = next(path for path in (tmp_path / "index").iterdir() if path.is_dir())
    (generation / "meta.json").write_text("{}")
    with pytest.raises(SearchUnavailable):
        ask(engine, "visa")
    with engine.rebuild() as new, new.swapping():
        new.put([article(1, "Visa")])
    assert ask(engine, "visa").total == 1


@pytest.mark.parametrize("url", ["tantivy://host/folder", "tantivy://", "tantivy:///", "solr://x", "index"])
def test_a_wrong_address_says_what_a_right_one_is(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"tantivy://"):
        engine_at(url)


@pytest.mark.parametrize(
    "text",
    [
        "Visa policy: 3/3, co-operation's x_y",
        "Ångström हिन्दी Łódź Straße Київ São naïve Ærø",
        "e\u0301tude İstanbul ISTANBUL",
        "中国的外交部 한국어 日本語",
    ],
)
def test_both_ways_to_cut_words_agree(text: str) -> None:
    assert exact(text) == words(text)


@pytest.mark.parametrize("byte", range(32, 256))
def test_western_letters_are_cut_and_folded_alike_on_both_ways(byte: int) -> None:
    letter = bytes([byte]).decode("cp1252", "ignore")
    text = f"a{letter}b {letter} {letter.upper()}x"
    assert exact(text) == cutter().analyze(prepare(text)) == words(text)


def test_flattened_text_has_the_same_length() -> None:
    text = "Straße, Ærø: ÀÉÎ – “Łódź” İstanbul Київ 外交 ǅ ﬁ"
    assert len(flattened(text)) == len(text)
    assert flattened("Ångström – NOËLLE") == "angstrom – noelle"
    assert flattened("ŁÓDŹ, ČESKÁ Třebová, ΑΘΗΝΑ, ЙОШКАР") == "lodz, ceska trebova, αθηνα, йошкар"
