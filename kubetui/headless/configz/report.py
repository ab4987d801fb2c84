"""What ``kubetui configz`` writes: text for people, JSON and YAML for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from kubetui.cluster.kubelet_config import KubeletAnswer, KubeletConfigs
from kubetui.insight.kubelet.compare import FieldLine, Side, note_of, one_against_all
from kubetui.insight.kubelet.drift import Variant
from kubetui.insight.kubelet.flat import shown
from kubetui.insight.kubelet.survey import Survey, told_of
from kubetui.kinds.node_row import NodeRow

_WIDEST: Final = 40
"""Characters of a value among others; JSON and YAML have it whole."""


@dataclass(frozen=True)
class Report:
    """What was asked and what came back."""

    context: str
    nodes: Sequence[NodeRow]
    wanted: frozenset[str]
    """Those that are written; the others are there to compare with."""
    configs: KubeletConfigs
    survey: Survey

    def variants(self) -> list[Variant]:
        """Those that a wanted node has."""
        return [one for one in self.survey.drift.variants if self.wanted.intersection(one.nodes)]

    def differing(self) -> list[Variant]:
        """Those that are not as their pool, or reserve what AKS can't have set."""
        return [one for one in self.variants() if one.differs or one.wrong]

    def failures(self) -> Iterator[str]:
        """A line for each reason."""
        stopped = self.configs.stopped
        if stopped is not None:
            yield f"stopped after {self.configs.done} of {self.configs.asked} nodes: {stopped}"
            return
        for trouble in self.survey.troubles:
            named = [name for name in trouble.nodes if name in self.wanted]
            if named:
                yield f"{trouble.why.value}: {_names(named)}: {trouble.words}"


def write(report: Report, form: str, *, diff: bool, single: bool, out: TextIO) -> None:
    """``form``: ``text``, ``json`` or ``yaml``; ``single``: one node was asked for by name."""
    if form == "text":
        lines = _single_lines(report, diff=diff) if single else _variant_lines(report, diff=diff)
        text = "".join(f"{line}\n" for line in lines)
        out.write(_on_terminal(text) if out.isatty() else text)
        return
    document = _diff_document(report) if diff else _document(report)
    if form == "json":
        out.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        from kubetui.cluster.object_yaml import to_yaml

        out.write(to_yaml(document))


# --- text


def _variant_lines(report: Report, *, diff: bool) -> Iterator[str]:
    drift = report.survey.drift
    variants = report.differing() if diff else report.variants()
    kinds = f"{drift.configurations} variant{'s' if drift.configurations != 1 else ''}"
    if report.survey.without:
        yield f"# {report.context}: no kubelet's configuration; what the Node objects tell of {report.survey.nodes}"
    else:
        yield (
            f"# {report.context}: {report.survey.answered} of {report.survey.nodes} nodes, "
            f"{kinds}, {drift.alike} fields alike, {drift.drifted} nodes not as their pool"
        )
    for variant in variants:
        names = [name for name in variant.nodes if name in report.wanted]
        pools = ", ".join(pool or "–" for pool in variant.pools)
        yield ""
        yield f"{variant.letter}  {len(names)} node{'s' if len(names) != 1 else ''} of pool {pools}: {_names(names)}"
        told = variant.flat if report.survey.without and not diff else drift.differing
        paths = [path for path in told if not diff or path in variant.differs]
        paths += [path for path in variant.wrong if path not in paths]
        width = max(map(len, paths), default=0)
        for path in paths:
            yield f"   {path:<{width}}  {_value(path, variant)}"
    if diff and not variants:
        yield "each node is as its pool"


def _value(path: str, variant: Variant) -> str:
    text = shown(variant.flat.get(path))
    if path in variant.differs:
        note = note_of(path, variant)
        text += " ◆ not as its pool" + (f", {note}" if note else "")
    if path in variant.wrong:
        text += f" ▲ AKS sets {shown(variant.wrong[path])}"
    return text


def _single_lines(report: Report, *, diff: bool) -> Iterator[str]:
    lines = _field_lines(report)
    if lines is None:
        return
    if diff:
        lines = [line for line in lines if line.changed or line.off_aks or line.off_upstream]
        lines.sort(key=lambda line: (not line.changed, not line.off_aks))
    rows: list[tuple[str, ...]] = [("FIELD", "VALUE", "POOL", "AKS SETS", "DEFAULT")] if diff else [("FIELD", "VALUE")]
    for line in lines:
        cells = (line.path, shown(line.values[0]))
        rows.append((*cells, shown(line.majority), shown(line.aks), shown(line.upstream)) if diff else cells)
    widths = [min(_WIDEST, max(len(row[place]) for row in rows)) for place in range(len(rows[0]))]
    for row in rows:
        shortened = [_cut(cell) if diff else cell for cell in row]
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(shortened, widths, strict=True)).rstrip()


def _field_lines(report: Report) -> list[FieldLine] | None:
    name = next(iter(report.wanted))
    one = report.survey.configured.get(name)
    if one is not None and not report.survey.without:
        return one_against_all(Side(name, one.flat, one.shape), report.survey.drift, one)
    row = next((row for row in report.nodes if row.name == name), None)
    if row is None:
        return None
    told = told_of(row)  # no kubelet's word: what can be known without it
    if not told.flat:
        return None
    return one_against_all(Side(name, told.flat, told.shape), report.survey.drift, None, told.flat)


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"


def _names(names: Sequence[str], most: int = 10) -> str:
    text = ", ".join(names[:most])
    return text if len(names) <= most else f"{text} and {len(names) - most} more"


def _on_terminal(text: str) -> str:
    from kubetui.headless.logs.terminal_text import terminal_text

    return "\n".join(terminal_text(line.encode("utf-8", "replace"), colours=False) for line in text.split("\n"))


# --- documents


def _document(report: Report) -> dict[str, Any]:
    answers, failures = report.configs.answers, report.configs.failures
    items: list[dict[str, Any]] = []
    for row in report.nodes:
        if row.name not in report.wanted:
            continue
        item: dict[str, Any] = {"node": row.name, "pool": row.pool}
        if row.name in answers:
            item |= {"readAt": _time(answers[row.name]), "kubeletconfig": answers[row.name].whole}
        else:
            item["error"] = _error(failures.get(row.name), report)
        items.append(item)
    return {"context": report.context, "nodes": items}


def _diff_document(report: Report) -> dict[str, Any]:
    drift = report.survey.drift
    return {
        "context": report.context,
        "nodes": report.survey.nodes,
        "answered": report.survey.answered,
        "drifted": drift.drifted,
        "fieldsAlike": drift.alike,
        "variants": [_variant(one, report) for one in report.variants()],
        "errors": {
            name: _error(failure, report)
            for name, failure in sorted(report.configs.failures.items())
            if name in report.wanted
        },
    }


def _variant(variant: Variant, report: Report) -> dict[str, Any]:
    paths = [*report.survey.drift.differing, *(path for path in variant.wrong)]
    return {
        "variant": variant.letter,
        "pools": list(variant.pools),
        "nodes": [name for name in variant.nodes if name in report.wanted],
        "fields": {path: _plain(variant.flat.get(path)) for path in dict.fromkeys(paths)},
        "notAsItsPool": [path for path in report.survey.drift.differing if path in variant.differs],
        "aksSets": _values(variant.wrong),
    }


def _values(found: Mapping[str, str]) -> dict[str, Any]:
    return {path: _plain(text) for path, text in found.items()}


def _plain(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _error(failure: KubeletAnswer | None, report: Report) -> str:
    if failure is not None and failure.error is not None:
        return str(failure.error)
    stopped = report.configs.stopped
    return str(stopped) if stopped is not None else "not asked"


def _time(answer: KubeletAnswer) -> str:
    return datetime.fromtimestamp(answer.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
