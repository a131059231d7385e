"""What the environment says is checked at start: a wrong value names the variable and shows a right one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from diplopedia.settings import environment as env

ELASTIC = "elasticsearch+https://wiki:s3cret@search.example.org:9200/diplopedia"
HERE = Path("/srv/diplopedia")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that this run of the tests was told."""
    for name in ("DATABASE_URL", "SEARCH_URL", "SEARCH_API_KEY", "SEARCH_DRAIN", "SITE_URL"):
        monkeypatch.delenv(name, raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """Return what is said of these variables, by whoever reads them."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.search_drain(env.search_url(HERE))
    return str(refused.value)


def test_the_search_engine_is_a_folder_unless_it_is_named(monkeypatch):
    assert env.search_url(HERE) == "tantivy:///srv/diplopedia/search"
    monkeypatch.setenv("SEARCH_URL", "tantivy:///data/index")
    assert env.search_url(HERE) == "tantivy:///data/index"


@pytest.mark.parametrize(
    "url",
    [
        ELASTIC,
        "elasticsearch+http://127.0.0.1:9200/wiki-2",
        "elasticsearch+https://wiki:p%40ss%2Fword@[::1]:9200/diplopedia/",
    ],
)
def test_an_elasticsearch_with_host_port_and_prefix_is_taken(monkeypatch, url):
    monkeypatch.setenv("SEARCH_URL", url)
    assert env.search_url(HERE) == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("elasticsearch://127.0.0.1:9200/wiki", "begins with neither"),
        ("https://127.0.0.1:9200/wiki", "begins with neither"),
        ("tantivy://folder", "does not name a folder"),
        ("elasticsearch+http:///wiki", "host with its port"),
        ("elasticsearch+http://search/wiki", "host with its port"),
        ("elasticsearch+http://search:99999/wiki", "host with its port"),
        ("elasticsearch+http://search:9200", "one name in small letters"),
        ("elasticsearch+http://search:9200/a/b", "one name in small letters"),
        ("elasticsearch+http://search:9200/Wiki", "one name in small letters"),
        ("elasticsearch+http://search:9200/-wiki", "one name in small letters"),
        ("elasticsearch+http://search:9200/wiki?x=1", "one name in small letters"),
        ("elasticsearch+http://search:9200/*", "one name in small letters"),
        ("elasticsearch+http://wiki@search:9200/wiki", "without a password"),
    ],
)
def test_a_wrong_address_of_the_search_engine_is_told_right_ones(monkeypatch, url, said):
    words = refusal(monkeypatch, SEARCH_URL=url)
    assert said in words
    assert "SEARCH_URL=elasticsearch+https://" in words


def test_no_refusal_repeats_a_password(monkeypatch):
    for url in (
        ELASTIC.replace(":9200", ""),
        ELASTIC.upper(),
        ELASTIC.replace("search+", "+"),
        f"{ELASTIC}/x",
    ):
        assert "s3cret" not in refusal(monkeypatch, SEARCH_URL=url).lower()
    assert "s3cret" not in refusal(monkeypatch, SEARCH_URL=ELASTIC, SEARCH_API_KEY="abc")


def test_two_ways_to_sign_in_to_the_search_engine_are_one_too_many(monkeypatch):
    assert "only one" in refusal(monkeypatch, SEARCH_URL=ELASTIC, SEARCH_API_KEY="abc")


def test_who_drains_follows_from_the_engine_unless_it_is_said(monkeypatch):
    assert env.search_drain("tantivy:///data/index") == "commit"
    assert env.search_drain(ELASTIC) == "worker"
    monkeypatch.setenv("SEARCH_DRAIN", "Worker")
    assert env.search_drain("tantivy:///data/index") == "worker"
    monkeypatch.setenv("SEARCH_DRAIN", "sometimes")
    with pytest.raises(ImproperlyConfigured, match="SEARCH_DRAIN=commit or SEARCH_DRAIN=worker"):
        env.search_drain(ELASTIC)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf"])
def test_what_is_no_time_is_said(monkeypatch, value):
    monkeypatch.setenv("SEARCH_TIMEOUT", value)
    with pytest.raises(ImproperlyConfigured, match=r"SEARCH_TIMEOUT='.*' is not a time.*SEARCH_TIMEOUT=1\.0"):
        env.seconds("SEARCH_TIMEOUT", 1.0)


def test_a_time_may_have_a_fraction(monkeypatch):
    assert env.seconds("SEARCH_TIMEOUT", 1.0) == 1.0
    monkeypatch.setenv("SEARCH_TIMEOUT", "0.25")
    assert env.seconds("SEARCH_TIMEOUT", 1.0) == 0.25


def test_a_number_may_have_a_least(monkeypatch):
    for value in ("89", "-90", "soon"):
        monkeypatch.setenv("DAYS", value)
        with pytest.raises(ImproperlyConfigured, match=r"a whole number from 90 on\. For example: DAYS=365"):
            env.number("DAYS", 365, least=90)
    monkeypatch.setenv("DAYS", "90")
    assert env.number("DAYS", 365, least=90) == 90


def test_certificates_must_be_there(monkeypatch, tmp_path):
    assert env.certificates("SEARCH_CA_CERTS") == ""
    monkeypatch.setenv("SEARCH_CA_CERTS", str(tmp_path / "ca.pem"))
    with pytest.raises(ImproperlyConfigured, match=r"SEARCH_CA_CERTS='.*ca.pem' cannot be read.*PEM"):
        env.certificates("SEARCH_CA_CERTS")
    (tmp_path / "ca.pem").touch()
    assert env.certificates("SEARCH_CA_CERTS") == str(tmp_path / "ca.pem")


def test_connections_to_postgresql_are_kept_looked_after_and_never_waited_for_without_end(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://wiki:pw@db:5432/wiki")
    settings = env.database(HERE)
    assert settings["CONN_MAX_AGE"] == 60
    assert settings["CONN_HEALTH_CHECKS"] is True
    assert settings["OPTIONS"] == {"connect_timeout": 5, "options": "-c lock_timeout=30s"}


def test_what_the_address_of_the_database_says_comes_first(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://wiki@db/wiki?sslmode=require&connect_timeout=9&options=")
    options = env.database(HERE)["OPTIONS"]
    assert options["sslmode"] == "require"
    assert int(options["connect_timeout"]) == 9


@pytest.mark.parametrize("url", ["mysql://db/wiki", "nonsense", "postgres//wiki"])
def test_a_database_that_we_cannot_use_is_said(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL=postgres://user:password@host:5432/"):
        env.database(HERE)


@pytest.mark.parametrize(
    "url", ["wiki.example.org", "https://wiki.example.org/wiki", "ftp://x.org", "https://", "https://a:99999"]
)
def test_the_address_of_the_site_is_an_origin(monkeypatch, url):
    monkeypatch.setenv("SITE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL=https://wiki\.example\.org"):
        env.site_url()


def test_the_address_of_the_site_may_end_with_a_slash(monkeypatch):
    assert env.site_url() == "http://127.0.0.1:8000"
    monkeypatch.setenv("SITE_URL", "https://wiki.example.org:8443/")
    assert env.site_url() == "https://wiki.example.org:8443"
