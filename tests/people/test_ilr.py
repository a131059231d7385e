import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import ilr

ranks = st.integers(ilr.LOWEST, ilr.HIGHEST)


@given(ranks)
def test_a_rank_survives_being_written(value):
    assert ilr.rank(ilr.label(value)) == value


@given(ranks, ranks)
def test_ranks_compare_as_levels_do(one, other):
    def worth(value):
        level = ilr.label(value)
        return int(level[0]) + (0.5 if level.endswith("+") else 0)

    assert (one < other) == (worth(one) < worth(other))


@given(st.text())
def test_anything_else_is_refused(text):
    if text.strip() not in ilr.LABELS:
        with pytest.raises(ValueError, match="ILR"):
            ilr.rank(text)


@given(st.integers().filter(lambda value: not ilr.LOWEST <= value <= ilr.HIGHEST))
def test_no_rank_outside_the_scale(value):
    with pytest.raises(ValueError, match="ranks go from"):
        ilr.label(value)


@pytest.mark.parametrize(
    ("level", "about"), [("0", ""), ("1", "A1–A2"), ("2", "B1"), ("2+", "B2"), ("3", "C1"), ("5", "C2")]
)
def test_levels_have_about_a_european_one(level, about):
    assert ilr.cefr(ilr.rank(level)) == about


def test_five_has_no_plus():
    with pytest.raises(ValueError, match="5\\+"):
        ilr.rank("5+")
