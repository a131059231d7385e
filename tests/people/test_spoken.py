"""The table of languages in memory."""

from __future__ import annotations

from threading import Thread

from people import spoken


def test_the_table_is_not_forgotten_while_somebody_reads_it(monkeypatch):
    monkeypatch.setattr(spoken, "_kept", [spoken.Tongues({}, {}, {}, 0.0)])
    other = Thread(target=spoken.forget)
    with spoken._lock:
        other.start()
        other.join(0.2)
        assert spoken._kept
    other.join()
    assert not spoken._kept
