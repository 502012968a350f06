"""`./pos doctor`: what is wrong on this machine, and a bundle for support without anybody in it."""

import json
import os
import platform
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from app import __version__
from app.clock import Clock, iso
from app.errors import Trouble
from app.inspection import Standing
from ui.doctor_findings import Finding, as_json, as_text, fine
from ui.doctor_folder import look_at_folder
from ui.doctor_machine import look_at_machine
from ui.log_file import FILE, LOGS, masked

KEPT_OF_A_LINE = ("at", "level", "from", "says", "error", "trail")


def run(
    folder: Path, clock: Clock, *, bundle: Path | None = None, as_lines: bool = True,
    language: str = "zh",
) -> int:  # fmt: skip
    """Look, say what was found, write the bundle if asked to; the exit code is 0 if nothing stops.

    Raises Trouble("bundle_not_written").
    """
    findings = list(look_at_machine(clock))
    more, standing = look_at_folder(folder, clock)
    findings += more
    report = {
        "ok": fine(findings),
        "version": __version__,
        "at": iso(clock.wall_ms()),
        "checks": as_json(findings, language),
    }
    if bundle is not None:
        write_bundle(bundle, folder, report, standing)
    if not as_lines:
        told = {"bundle": str(bundle)} if bundle else {}
        print(json.dumps({**report, **told}, ensure_ascii=False))
    else:
        print("\n".join(_lines(findings, report, bundle, language)))
    return 0 if fine(findings) else 1


def _lines(
    findings: list[Finding], report: dict[str, Any], bundle: Path | None, language: str
) -> list[str]:
    stops = sum(each.state == "stop" for each in findings)
    warns = sum(each.state == "warn" for each in findings)
    end = {
        "zh": f"{stops} 处要先修好，{warns} 处要注意" if stops + warns else "一切正常",
        "en": f"{stops} to mend first, {warns} to look at" if stops + warns else "all is well",
    }
    lines = [f"开平优品 {report['version']} · {report['at']}", "", *as_text(findings, language)]
    lines += ["", end[language]]
    if bundle is not None:
        lines.append({"zh": f"诊断包：{bundle}", "en": f"bundle: {bundle}"}[language])
    return lines


def bundle_name(clock: Clock) -> Path:
    """A name for a bundle nobody named."""
    return Path(f"pos-doctor-{iso(clock.wall_ms())[:16].replace(':', '')}.zip")


def write_bundle(
    target: Path, folder: Path, report: dict[str, Any], standing: Standing | None
) -> None:
    """Logs, report, versions, and settings that are choices or numbers: nothing about people.

    Nothing of the database but counts is in it. Raises Trouble("bundle_not_written").
    """
    parts = {
        "report.json": report,
        "versions.json": _versions(),
        "settings.json": _settings(standing),
    }
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, part in parts.items():
                bundle.writestr(name, json.dumps(part, ensure_ascii=False, indent=1))
            for file in sorted((folder / LOGS).glob(f"{FILE}*")):
                bundle.writestr(f"{LOGS}/{file.name}", _clean_log(file))
    except OSError as error:
        raise Trouble("bundle_not_written", detail=error.strerror or "") from error


def _versions() -> dict[str, Any]:
    return {
        "till": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "packages": {each.name: each.version for each in distributions()},
    }


def _settings(standing: Standing | None) -> dict[str, Any]:
    """How the folder stands. A device's address is told by its kind alone."""
    if standing is None:
        return {}
    return {
        "schema": standing.schema,
        "keystore": standing.keystore,
        "settings": standing.settings,
        "devices": {part: _kind(value) for part, value in standing.devices.items()},
        "journals": standing.journals,
        "entries": standing.entries,
        "last": iso(standing.last_ms) if standing.last_ms else "",
        "papers": standing.papers,
    }


def _kind(setting: str) -> str:
    """ "chinese_80 network:192.0.2.7:9100" says as much as is needed with "chinese_80 network"."""
    return setting.partition(":")[0]


def _clean_log(file: Path) -> str:
    """The lines the till wrote, and of those what it always writes; anything else stays out."""
    kept = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            known = {name: said[name] for name in KEPT_OF_A_LINE if name in said}
        except (ValueError, TypeError):
            continue
        if "says" in known:
            known["says"] = masked(str(known["says"]))
            kept.append(json.dumps(known, ensure_ascii=False))
    return "\n".join(kept)
