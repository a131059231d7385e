"""Which region a name, a code or somebody else's country id means."""

from __future__ import annotations

from diplopedia.importing.ledger import Ledger
from diplopedia.importing.values import ImportProblem, Record, required, text
from people import regions
from people.models import Region
from people.names import fold

BEFORE = {
    Region.Kind.COUNTRY: 0,
    Region.Kind.NAMED: 1,
    Region.Kind.WORLD: 2,
    Region.Kind.M49: 3,
    Region.Kind.BUREAU: 4,
}


class Gazetteer:
    """Names and codes of all regions; a country comes before anything else of the same name."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.by_pk = dict(regions.atlas().by_pk)
        self.by_name: dict[str, Region] = {}
        rows = sorted(self.by_pk.values(), key=lambda region: (BEFORE[Region.Kind(region.kind)], region.pk))
        for names in (lambda r: [r.code, r.slug, r.name], lambda r: [r.iso2], lambda r: r.other_names):
            for region in rows:
                for name in filter(None, names(region)):
                    self.by_name.setdefault(key(name), region)

    def find(self, name: str) -> Region | None:
        """Return the region of a source's id, a code, an address or a name; None where there is none."""
        pk = self.ledger.pk("country", name)
        if pk is not None:
            return self.by_pk.get(pk)
        return self.by_name.get(key(name)) or self.by_name.get(key(f"bureau-{name}"))

    def of_crosswalk(self, record: Record) -> Region:
        """Return the region that a line of a crosswalk stands for. Raises ImportProblem."""
        for name in ("iso3", "iso2", "same_as"):
            if (value := text(record, name)) and (region := self.find(value)):
                return region
        region = self.by_name.get(key(required(record, "name"))) or self.by_name.get(
            key(required(record, "id"))
        )
        if region is None:
            raise ImportProblem(
                f"No country or region here is called “{text(record, 'name')}”: articles about it come without a "
                "region. To have one, add it in the administration and import again."
            )
        return region


def key(name: str) -> str:
    """Return the form in which two names are the same: “south-sudan” and “South Sudan”."""
    return fold(name).replace("-", " ")
