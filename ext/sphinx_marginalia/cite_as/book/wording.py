"""What a schema finds wrong, said for people. Pure.

A validator speaks of instances, patterns and ``anyOf``. The author of a ``CITATION.cff`` needs to
know which key, and what to write instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.cite_as.book.faults import Fault, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sphinx_marginalia.cite_as.book.document import Document, Path

#: What the types of JSON are called in YAML.
TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list, each entry on its own line after '- '",
    "object": "an entry with keys",
}
#: A sign of each pattern in the schema, and what such a value looks like.
PATTERNS = (
    (r"^1\.2\.0$", "must be 1.2.0, the version of the format that is read here"),
    ("^[0-9]{4}-(0[1-9]", "must be a date, as 2026-11-23"),
    (r"^10\.", "must be a DOI without its address, as 10.5281/zenodo.1003150"),
    ("orcid", "must be the whole address of an ORCID, as https://orcid.org/0000-0002-1825-0097"),
    ("^(https|http", "must be an address that starts with https://"),
    ("@", "must be an e-mail address"),
    ("^swh:", "must be an identifier of Software Heritage, as swh:1:rev: and 40 digits"),
    ("^[a-z]{2,3}$", "must be a language in two or three small letters, as en"),
    ("^PMC", "must be an identifier of PubMed Central, as PMC1234567"),
    (r"[\dxX]$", "must be an ISSN, as 1234-567X"),
    ("X?$", "must be an ISBN: digits and hyphens"),
)
#: What a required key holds.
WANTED = {
    "authors": "a list with family-names and given-names, or name for an organisation",
    "cff-version": "1.2.0",
    "message": "a sentence that asks readers to cite the work",
    "title": "a text",
    "type": "what kind of work it is",
    "name": "the name of the organisation",
}
#: Only these are looked at: which others the library knows depends on what is installed beside it.
FORMATS = ("date",)


def faults(document: Document, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what *schema* finds wrong in *document*, in the order of its lines.

    What has not even the form of a date is not said to be no day of the calendar.

    :raises ImportError: when jsonschema is not installed.
    """
    # It comes without types; by name, it needs none.
    from importlib import import_module  # noqa: PLC0415

    jsonschema = import_module("jsonschema")
    checker = jsonschema.FormatChecker(formats=FORMATS)
    validator = jsonschema.Draft7Validator(schema, format_checker=checker)
    known = schema["definitions"]["reference"]["properties"]
    found = {
        (document.line(path), message)
        for error in validator.iter_errors(document.value)
        if error.validator != "format" or re.search(error.schema["pattern"], error.instance)
        for path, message in _reworded(error, (), known)
    }
    for line, message in sorted(found):
        yield Fault(message, line)


def place(path: Path) -> str:
    """Return *path* in words, the innermost first: “orcid (in authors, entry 2)”."""
    words = [part if isinstance(part, str) else f"entry {part + 1}" for part in path]
    if not words:
        return "the file"
    start = -1 if isinstance(path[-1], str) else -2
    own, around = ", ".join(words[start:]), ", ".join(words[:start])
    return f"{own} (in {around})" if around else own


def _reworded(error: Any, above: Path, known: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield where an *error* of the validator is, and what to say of it."""
    path: Path = (*above, *error.path)
    if error.instance in (None, ""):
        yield path, f"{place(path)} has no value: write one, or delete the key"
    elif error.validator in {"anyOf", "oneOf"}:
        branch = _branch(error)
        meant = [sub for sub in error.context if sub.schema_path[0] == branch]
        if meant:
            for sub in meant:
                yield from _reworded(sub, path, known)
        else:
            yield path, f"{place(path)} {_alternatives(error)}, not {shown(error.instance)}"
    elif error.validator == "additionalProperties":
        yield from _unknown_keys(error, path, known)
    elif error.validator == "required":
        # One error names one key.
        key = next(key for key in error.validator_value if error.message.startswith(repr(key)))
        yield path, f"{place((*path, key))} is missing: {WANTED.get(key, 'it is required')}"
    else:
        say = SENTENCES.get(error.validator, _otherwise)
        yield path, f"{place(path)} {say(error)}"


def _branch(error: Any) -> int:
    """Return which alternative of a schema its author meant, or -1."""
    value = error.instance
    kinds = [
        alternative.get("$ref", "").rpartition("/")[2] for alternative in error.validator_value
    ]
    if "person" in kinds:
        if not isinstance(value, dict):
            return -1
        return kinds.index("entity" if "name" in value else "person")
    if "license-enum" in kinds:
        return 0 if isinstance(value, str) else 1 if isinstance(value, list) else -1
    if isinstance(value, dict) and "properties" in error.validator_value[0]:
        # Identifiers: each alternative is for one type.
        types = [one["properties"]["type"]["enum"][0] for one in error.validator_value]
        return types.index(value["type"]) if value.get("type") in types else -1
    return -1


def _alternatives(error: Any) -> str:
    """Return what a value must be that fits none of its alternatives."""
    first, *_others = error.validator_value
    if first.get("$ref", "").endswith(("/person", "/entity")):
        return "must be a person (family-names and given-names) or an organisation (name)"
    if first.get("$ref", "").endswith("/license-enum"):
        return "must be an identifier from https://spdx.org/licenses, or a list of such"
    if "properties" in first:
        return "must have a type, doi, url, swh or other, and a value"
    if first.get("maximum") == 12:
        return "must be a whole number from 1 to 12"
    kinds = dict.fromkeys(TYPES[one["type"]] for one in error.validator_value)
    return f"must be {' or '.join(kinds)}"


def _unknown_keys(error: Any, path: Path, known: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for key in sorted(error.instance.keys() - error.schema["properties"].keys(), key=str):
        hint = did_you_mean(str(key), error.schema["properties"])
        if not hint and not path and key in known:
            hint = "; it is a key of a work: write it under preferred-citation"
        elif not hint:
            hint = "; the format has no such key here: delete it"
        yield (*path, key), f"unknown key {place((*path, key))}{hint}"


def _of_type(error: Any) -> str:
    value, wanted = error.instance, error.validator_value
    if "pattern" in error.schema:
        return _of_pattern(error)
    if wanted == "string" and isinstance(value, int | float):
        return f"must be a text, not {shown(value)}: put it in quotes"
    return f"must be {TYPES.get(wanted, wanted)}, not {shown(value)}"


def _of_list(error: Any) -> str:
    known = error.validator_value
    hint = did_you_mean(str(error.instance), known)
    if not hint and len(known) > 50:
        hint = "; use an identifier from https://spdx.org/licenses"
    elif not hint:
        hint = f"; use one of {', '.join(known)}"
    return f"{shown(error.instance)} is not known{hint}"


def _of_pattern(error: Any) -> str:
    pattern = error.schema["pattern"]
    wanted = next((words for sign, words in PATTERNS if sign in pattern), f"must match {pattern}")
    return f"{wanted}, not {shown(error.instance)}"


def _otherwise(error: Any) -> str:
    return f"is wrong: {error.message}"


#: What to say of an error, by the rule of the schema that it breaks.
SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "type": _of_type,
    "enum": _of_list,
    "pattern": _of_pattern,
    "format": lambda error: f"is not a day of the calendar: {shown(error.instance)}",
    "minItems": lambda _error: "has no entry: write one, or delete the key",
    "uniqueItems": lambda _error: "has the same entry twice: delete one",
}
