"""What queries cost, as results.h5 says it of points where there are several detectors."""
import dataclasses
import itertools


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a query costs at a point, by reckoning; NaN where it is not known."""
    network_flop: float
    scoring_flop: float
    memory_bytes: float

    @property
    def flop(self):
        return self.network_flop + self.scoring_flop


def costs_of(points, columns):
    """Point -> Cost; empty where there is no detector but PatchEAD."""
    names = [field.name for field in dataclasses.fields(Cost)]
    if names[0] not in columns:
        return {}
    return dict(zip(points, itertools.starmap(Cost, zip(*(columns[name].tolist() for name in names)))))
