"""One table of settings: command line, documentation and the digest kept with each run come from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isnan

from tocsin.errors import BadSettingError
from tocsin.model.ids import make_id

__all__ = ["SETTINGS", "Setting", "Settings", "Value"]

Value = int | float | str | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``low``/``high`` bound numbers (inclusive); ``choices`` bounds strings.

    ``affects_results`` is False for settings that change only speed or memory: they stay out of digests.
    """

    name: str
    type: type
    default: Value
    unit: str
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    affects_results: bool = True

    def parse(self, raw: Value) -> Value:
        """The typed value of ``raw``; raises BadSettingError when it is no value of this setting."""
        try:
            value: Value = _parse_bool(raw) if self.type is bool else self.type(raw)
        except (TypeError, ValueError) as error:
            raise BadSettingError(f"{self.name}={raw!r} is no {self.type.__name__}") from error
        if isinstance(value, int | float) and not isinstance(value, bool):
            too_low = self.low is not None and value < self.low
            too_high = self.high is not None and value > self.high
            if too_low or too_high or isnan(value):
                raise BadSettingError(f"{self.name}={raw} is outside {self.low} to {self.high}")
        if self.choices and value not in self.choices:
            raise BadSettingError(f"{self.name}={raw!r} is none of {', '.join(self.choices)}")
        return value


def _parse_bool(raw: Value) -> bool:
    text = str(raw).lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ValueError(raw)


_MIB = 1 << 20

#: Every setting, sorted by name.
SETTINGS: tuple[Setting, ...] = (
    Setting(
        "brief.claims_per_source",
        int,
        6,
        "claims",
        "claims shown under each source in the brief; the rest are counted and stay in the case",
        1,
        1000,
    ),
    Setting(
        "brief.context",
        int,
        240,
        "characters",
        "context shown on each side of a quoted sentence in the brief",
        0,
        5000,
    ),
    Setting(
        "brief.sources",
        int,
        40,
        "sources",
        "sources shown in the brief, most claims first",
        1,
        10_000,
    ),
    Setting(
        "brief.stories",
        int,
        20,
        "stories",
        "stories shown in the brief, those told by most channels first",
        0,
        10_000,
    ),
    Setting(
        "checks.figure_factor",
        float,
        10.0,
        "times",
        "how many times a figure given by the user a number in a text must be to be called inconsistent",
        1.0,
        1e9,
    ),
    Setting(
        "checks.plugins",
        str,
        "",
        "names",
        "checks of other packages to run, with their versions: tides==1, tolls==2",
    ),
    Setting(
        "detect.sharing_feed_followers",
        int,
        20,
        "accounts",
        "that many regular sharers make a site or a forwarded channel a feed, whose habit explains itself",
        2,
        1_000_000,
    ),
    Setting(
        "detect.sharing_members",
        int,
        3,
        "accounts",
        "fewest accounts of a co-sharing group",
        2,
        1000,
    ),
    Setting(
        "detect.sharing_rate",
        float,
        0.01,
        "share",
        "false discovery rate of co-sharing over all actions together",
        0.0,
        1.0,
    ),
    Setting(
        "detect.sharing_repeats",
        int,
        3,
        "things",
        "fewest distinct things two accounts share within the window",
        1,
        1000,
    ),
    Setting(
        "detect.sharing_window",
        int,
        120,
        "seconds",
        "shares of one thing that close are shared together",
        0,
        86_400,
    ),
    Setting(
        "extract.method",
        str,
        "joined",
        "method",
        "who finds attributions: trained networks and rules together (rules alone where the weights are left "
        "out), the networks, or the rules",
        choices=("joined", "network", "rules"),
    ),
    Setting(
        "factchecks.precision",
        float,
        0.9,
        "share",
        "share of the matches with known fact-checks that are to be right where one claim in a hundred has "
        "one; fewer are shown the higher it is",
        0.5,
        0.98,
    ),
    Setting(
        "narratives.claims",
        int,
        2,
        "claims",
        "claims of one document compared with those of others: the first, then those on somebody's word",
        1,
        1000,
    ),
    Setting(
        "read.batch_documents",
        int,
        2000,
        "documents",
        "documents committed to the case together, at most; the first batches of a run are smaller",
        1,
        1_000_000,
        affects_results=False,
    ),
    Setting(
        "read.earliest_year",
        int,
        1800,
        "year",
        "publication dates before it are refused as impossible",
        1,
        9999,
    ),
    Setting(
        "read.latest_year",
        int,
        2100,
        "year",
        "publication dates after it are refused as impossible",
        1,
        9999,
    ),
    Setting(
        "read.max_archive_bytes",
        int,
        8192 * _MIB,
        "bytes",
        "total expanded size of one archive or compressed file",
        1,
    ),
    Setting(
        "read.max_archive_ratio",
        int,
        200,
        "times",
        "expanded size over compressed size beyond which a compressed file is refused as a bomb",
        2,
        100_000,
    ),
    Setting(
        "read.max_json_depth",
        int,
        64,
        "levels",
        "nesting of JSON beyond which a record is refused",
        4,
        500,
    ),
    Setting(
        "read.max_record_bytes",
        int,
        32 * _MIB,
        "bytes",
        "longest record (one message, row, page or text file)",
        1024,
        1024 * _MIB,
    ),
    Setting(
        "run.workers",
        int,
        0,
        "processes",
        "worker processes; 0 means one per core",
        0,
        256,
        affects_results=False,
    ),
    Setting(
        "surges.evidence",
        int,
        5,
        "documents",
        "documents a surge must have at least; a place or source in fewer documents is not watched",
        2,
        10_000,
    ),
    Setting(
        "surges.false_alarms",
        float,
        0.5,
        "alarms per 30 days",
        "alarms accepted where nothing happens; the thresholds follow from it",
        0.001,
        100,
    ),
    Setting(
        "surges.per_week",
        int,
        2,
        "alarms",
        "alarms raised in any seven days at most; what is over it is kept and counted, not raised",
        1,
        1000,
    ),
    Setting(
        "surges.step",
        str,
        "day",
        "period",
        "length of the periods in which documents are counted",
        choices=("day", "hour"),
    ),
    Setting(
        "times.zone",
        str,
        "UTC",
        "zone",
        "zone in which texts are read that state none: what day “today” is, and clock times",
        choices=("UTC", "Asia/Almaty", "Europe/Kyiv", "Europe/Moscow"),
    ),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


class Settings(Mapping[str, Value]):
    """An immutable set of values for every setting.

    >>> Settings({"run.workers": 1})["run.workers"]
    1

    Raises BadSettingError for an unknown name or a value out of range.
    """

    def __init__(self, overrides: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = {s.name: s.default for s in SETTINGS}
        for name, raw in (overrides or {}).items():
            if name not in _BY_NAME:
                raise BadSettingError(f"there is no setting {name!r}")
            self._values[name] = _BY_NAME[name].parse(raw)

    @classmethod
    def from_arguments(cls, arguments: Iterable[str]) -> Settings:
        """Settings from ``NAME=VALUE`` strings, as given with ``--set``."""
        overrides: dict[str, Value] = {}
        for argument in arguments:
            name, sign, value = argument.partition("=")
            if not sign:
                raise BadSettingError(f"{argument!r} is not NAME=VALUE")
            overrides[name.strip()] = value.strip()
        return cls(overrides)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def integer(self, name: str) -> int:
        """The value of an integer setting."""
        value = self._values[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} is no integer setting")
        return value

    def digest(self, names: Iterable[str] | None = None) -> str:
        """Digest of the named settings that affect results (all of them by default)."""
        chosen = sorted(_BY_NAME if names is None else names)
        parts: list[str] = []
        for name in chosen:
            if _BY_NAME[name].affects_results:
                parts += [name, repr(self._values[name])]
        return make_id("settings", *parts)
