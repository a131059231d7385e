"""Statements are alike whatever their values are, but for values and ends that databases differ about."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from tests.statements import Statements, noted, remarkable, shape

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(tmp_path):
    """A function that returns the shapes of what is done."""
    statements = Statements(tmp_path)

    def hear(act):
        statements.shapes.clear()
        with connection.execute_wrapper(statements.hear), suppress(IntegrityError), transaction.atomic():
            act()
        return set(statements.shapes)

    return hear


def found(*names, **more):
    return lambda: list(Group.objects.filter(name__in=names, **more))


def made(*names):
    return lambda: Group.objects.bulk_create([Group(name=name) for name in names])


def test_values_and_how_many_there_are_make_no_other_statement(heard):
    assert heard(found("a")) == heard(found("b", "c", "d"))
    assert heard(Group.objects.all()[:5].count) == heard(Group.objects.all()[:7].count)
    assert heard(made("e", "f")) == heard(made("g", "h", "i"))


def test_another_question_is_another_statement(heard):
    assert heard(found("a")) != heard(found("a", pk__gt=1))


@pytest.mark.parametrize("odd", ["Çelik", "a\0b", 2**40, 2**70])
def test_odd_values_make_another_statement(odd):
    assert remarkable(["a", 1, None, [2]]) == ""
    assert remarkable([odd]) != ""
    assert shape("SELECT %s", remarkable([odd]), "") != shape("SELECT %s", remarkable(["a"]), "")


def test_a_refusal_makes_another_statement(heard):
    assert heard(made("taken")) != heard(made("taken"))


def test_what_each_test_made_is_read_back(tmp_path, request):
    statements = Statements(tmp_path)
    running = statements.pytest_runtest_protocol(request.node)
    next(running)
    with connection.execute_wrapper(statements.hear):
        Group.objects.count()
    with suppress(StopIteration):
        running.send(True)
    assert noted(tmp_path) == {request.node.nodeid: frozenset(statements.shapes)}
    assert len(statements.shapes) == 1
