"""What a kind declares: where the API serves it, how an object becomes a row, and its columns.

A kind is data. The machinery that lists, watches, stores, sorts and paints is written once, elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

Key = tuple[str, str]
"""(namespace, name); the namespace of a cluster-scoped object is ``""``."""

FromTable = Literal["exact", "approximate", "absent"]
"""What a column knows while its row was made from a server-side Table and the object has not come yet."""


class Meaning(Enum):
    """The five meanings a cell or a row can have, and the plain one. The screen gives each a mark and a colour."""

    PLAIN = "plain"
    FINE = "fine"
    LOOK = "look"
    ACT = "act"
    PLANNED = "planned"
    UNKNOWN = "unknown"


class Reading(Enum):
    """How the objects of a kind are read from the server."""

    OBJECTS = "objects"
    """Listed and watched as JSON, of which ``Kind.wire`` is decoded."""
    OBJECTS_POLLED = "objects, polled"
    """As JSON, of a kind that can't be watched (metrics): listed again and again."""
    TABLE = "table"
    """Listed and watched as the server's own Tables."""
    TABLE_POLLED = "table, polled"
    """As Tables, of a kind that can't be watched: listed again and again."""
    DISCOVERY = "discovery"
    """Not objects, but the kinds that the server has."""


class Row(Protocol):
    """What every row of every kind has. Rows are final: a change is a new row."""

    @property
    def namespace(self) -> str:
        """The object's namespace, ``""`` for a cluster-scoped one."""

    @property
    def name(self) -> str:
        """The object's name."""

    @property
    def version(self) -> int:
        """``metadata.resourceVersion`` as an integer (KEP-5504), or the store's own count where it is none."""

    @property
    def provisional(self) -> bool:
        """True while the row was made from a server-side Table and its object has not come yet."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column of a kind: text, order and place, all read from one row."""

    title: str
    text: Callable[[R, float], str]
    """(row, now as Unix seconds) to the cell's text. A value that is not known is ``–``."""
    sort: Callable[[R], Any]
    """Row to a key of one comparable type. It must not depend on the time."""
    width: int = 4
    """The least width in cells; a column grows to its widest cell seen, up to ``max_width``."""
    max_width: int = 60
    right: bool = False
    """Right-aligned, as numbers are."""
    priority: int = 5
    """Which columns leave first on a narrow terminal: the highest number; 0 never leaves."""
    wide: bool = False
    """Shown only after ``w``."""
    from_table: FromTable = "absent"
    meaning: Callable[[R], Meaning] | None = None
    marked: bool = False
    """The meaning's mark stands before the text."""
    timed: bool = False
    """The text depends on the time (ages)."""
    searched: Callable[[R], str] | None = None
    """What a filter reads in the text's place; None: the text, unless that depends on the time."""
    amount: Callable[[str], float] | None = None
    """Reads what is typed behind ``<`` or ``>`` in a filter into the unit of ``sort``, which then is a number, negative
    where it is not known. Raises ValueError where that is no figure. None: the column is no figure."""
    keep: int = 0
    """Cells that a wide column keeps before columns leave a narrow terminal; 0: as its priority says."""


class TableCells(NamedTuple):
    """One row of a server-side Table (``meta.k8s.io/v1``), asked for with ``includeObject=None``."""

    namespace: str
    version: int
    """The resourceVersion of the Table itself."""
    cells: Sequence[Any]
    columns: dict[str, int]
    """Column title, as the server spells it, to its index in ``cells``."""
    now: float
    """When the answer came, Unix seconds: ages are read back against it."""


@dataclass(frozen=True)
class Kind(Generic[R]):
    """A Kubernetes kind as kubetui shows it."""

    name: str
    """As Kubernetes spells it: ``Pod``."""
    plural: str
    """The resource's name in paths and rights: ``pods``."""
    group: str
    """``""`` for the core group."""
    api_version: str
    """The version alone: ``v1``."""
    namespaced: bool
    wire: type[Any]
    """A msgspec Struct with the few fields that are read from one JSON object."""
    row: Callable[[Any], R]
    """The decoded wire Struct to the flat row that is kept."""
    columns: tuple[Column[R], ...]
    aliases: tuple[str, ...] = ()
    """Short names as kubectl knows them: ``po``."""
    row_from_table: Callable[[TableCells], R] | None = None
    """A provisional row from Table cells; None where Tables are not used for this kind."""
    problem: Callable[[R], bool] | None = None
    """Whether 'problems only' keeps the row."""
    labels: Callable[[R], Sequence[tuple[str, str]]] | None = None
    """The row's labels, for ``key=value`` filters."""
    reading: Reading = Reading.OBJECTS

    @property
    def resource(self) -> str:
        """How messages call it: the plural, with a group that people can't guess: ``ingresses.networking.k8s.io``."""
        return f"{self.plural}.{self.group}" if "." in self.group else self.plural

    @property
    def title(self) -> str:
        """The resource's name with the kind's capitals: ``DaemonSets``, ``NetworkPolicies``."""
        pairs = enumerate(zip(self.name.lower(), self.plural, strict=False))
        same = next((at for at, (one, other) in pairs if one != other), min(len(self.name), len(self.plural)))
        return self.name[:same] + self.plural[same:]

    @property
    def path(self) -> str:
        """The API path of the whole collection: ``/api/v1/pods``, ``/apis/apps/v1/deployments``."""
        root = f"/apis/{self.group}/{self.api_version}" if self.group else f"/api/{self.api_version}"
        return f"{root}/{self.plural}"

    def path_in(self, namespace: str | None) -> str:
        """The API path of the collection in one namespace, or of the whole where that is None."""
        if namespace is None or not self.namespaced:
            return self.path
        root, _, plural = self.path.rpartition("/")
        return f"{root}/namespaces/{namespace}/{plural}"
