"""The JSON schema of `[tool.tf2lint]`, for editors and for validate-pyproject."""

from __future__ import annotations

from typing import Any

from tf2lint.settings import SETTINGS, Setting

_STRINGS = {"type": "array", "items": {"type": "string"}}
_RULES = {"type": "array", "items": {"$ref": "#/definitions/rule"}}
_KINDS: dict[str, dict[str, Any]] = {
    "flag": {"type": "boolean"},
    "yes": {"type": "boolean"},
    "release": {"$ref": "#/definitions/release"},
    "keras": {"enum": [2, 3, "2", "3"]},
    "rules": _RULES,
    "list": _STRINGS,
    "aliases": {
        "anyOf": [_STRINGS, {"type": "object", "additionalProperties": {"type": "string"}}]
    },
    "path": {"type": "string"},
    "rules-by-file": {"type": "object", "additionalProperties": _RULES},
    "release-by-file": {
        "type": "object", "additionalProperties": {"$ref": "#/definitions/release"},
    },
    "format": {"$ref": "#/definitions/format"},
    "version": {"type": "string"},
}  # fmt: skip


def schema(tool_name: str = "tf2lint") -> dict[str, Any]:
    """The schema; `tool_name` is what validate-pyproject calls the table."""
    # Slow to load, and not needed for the names of the settings.
    from tf2lint.check.registry import rules
    from tf2lint.cli.output import FORMATS
    from tf2lint.tensorflow import api

    releases = [".".join(map(str, release)) for release in api.RELEASES]
    known = [word for rule in rules() for word in (rule.code, rule.name)]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"[tool.{tool_name}]",
        "description": "Settings of tf2lint, which finds TensorFlow 1 code",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(setting) for name, setting in SETTINGS.items()},
        "definitions": {
            "release": {"type": "string", "enum": releases},
            "rule": {
                "anyOf": [
                    {"enum": ["ALL", "all", *known]},
                    {"type": "string", "pattern": "^TF[0-9]{0,3}$"},
                ]
            },
            "format": {"enum": [*FORMATS]},
        },
    }


def _property(setting: Setting) -> dict[str, Any]:
    kind = _KINDS[setting.kind]
    told = {"description": setting.help, "x-default": setting.default}
    return {"allOf": [kind], **told} if "$ref" in kind else {**kind, **told}
