"""The interface as people read it: resources, operations and models out of its OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tocsin.serve.tokens import Role

__all__ = ["COMMON", "Answer", "Model", "Operation", "Parameter", "Part", "Resource", "resources"]

#: Problems every operation may answer with: told once.
COMMON: Final = ("400", "401", "403", "404", "421", "422", "429", "503")
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_REF: Final = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a type's description: plain words, or the name of a model told below."""

    words: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a request or a model. ``place``: path, query, header, or empty for a body's."""

    name: str
    place: str
    type: tuple[Part, ...]
    required: bool
    default: str
    help: str


@dataclass(frozen=True, slots=True)
class Model:
    """One object of requests or answers. ``title``: what it is called where it is linked."""

    name: str
    title: str
    help: str
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One way an operation is answered."""

    status: str
    help: str
    type: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. ``example`` is a command that asks it."""

    method: str
    path: str
    anchor: str
    summary: str
    help: tuple[str, ...]
    role: str
    parameters: tuple[Parameter, ...]
    body: tuple[Part, ...]
    answers: tuple[Answer, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Resource:
    """Operations on one sort of thing, and the models they speak in."""

    name: str
    operations: tuple[Operation, ...]
    models: tuple[Model, ...]


def resources(described: Mapping[str, Any], roles: Mapping[tuple[str, str], Role | None]) -> list[Resource]:
    """Everything an OpenAPI document describes, by tag; ``roles``: who may, by method and path."""
    schemas: Mapping[str, Any] = described["components"]["schemas"]
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method in _METHODS:
            if method in methods:
                own = methods[method]
                made = _operation(method, path, own, roles.get((method.upper(), path)))
                by_tag.setdefault(own.get("tags", ["other"])[0], []).append(made)
    return [Resource(tag, tuple(own), _models_of(own, schemas)) for tag, own in by_tag.items()]


def _operation(method: str, path: str, own: Mapping[str, Any], role: Role | None) -> Operation:
    body: Mapping[str, Any] = own.get("requestBody", {}).get("content", {})
    kind = next(iter(body), "")
    content: Mapping[str, Any] = body.get(kind, {})
    parameters = tuple(
        _parameter(p["name"], p["in"], p["schema"], p.get("required", False), p.get("description", ""))
        for p in own.get("parameters", ())
    )
    answers = [
        Answer(status, answer["description"].replace("Successful Response", "Done"), _content(answer))
        for status, answer in own["responses"].items()
        if status not in COMMON
    ]
    told = own.get("description", "").strip().split("\n\n")
    return Operation(
        method.upper(),
        path,
        own.get("operationId", f"{method} {path}"),
        own.get("summary", ""),
        tuple(" ".join(part.split()) for part in told if part.strip()),
        str(role or ""),
        parameters,
        (*_type(content.get("schema", {})), *_kind(kind)) if content else (),
        tuple(answers),
        _example(method, path, kind),
    )


def _example(method: str, path: str, kind: str) -> str:
    asked = ["curl -H 'Authorization: Bearer TOKEN'"]
    if method != "get":
        asked.append(f"-X {method.upper()}")
    if kind == "application/json":
        asked.append("-H 'Content-Type: application/json' -d '{…}'")
    elif kind:
        asked.append("-F file=@FILE")
    return " ".join([*asked, f"'ADDRESS{path.replace('{', '').replace('}', '')}'"])


def _content(answer: Mapping[str, Any]) -> tuple[Part, ...]:
    content = answer.get("content", {})
    if not content:
        return ()
    kinds = " or ".join(content)
    schema = next(iter(content.values())).get("schema", {})
    return (*_type(schema), *_kind(kinds)) if schema else (Part(kinds),)


def _kind(kind: str) -> tuple[Part, ...]:
    """A media type that is not the usual one."""
    return (Part(f" ({kind})"),) if kind not in {"application/json", "application/problem+json"} else ()


def _parameter(name: str, place: str, schema: Mapping[str, Any], required: bool, words: str) -> Parameter:
    default = schema.get("default")
    shown = "" if default is None or default == "" else str(default)
    return Parameter(
        name, place, _type(schema, place), required, shown, words or schema.get("description", "")
    )


def _joined(schemas: Iterable[Mapping[str, Any]], word: str) -> Iterator[Part]:
    for number, schema in enumerate(schemas):
        if number:
            yield Part(word)
        yield from _type(schema)


def _type(schema: Mapping[str, Any], place: str = "") -> tuple[Part, ...]:
    """What values look like, in words; in an address or a header nothing can be null."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        return (Part(_title(name), name),)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            rest = [s for s in schema[key] if not (place and s.get("type") == "null")]
            return tuple(_joined(rest, " or "))
    if "allOf" in schema:
        return tuple(_joined(schema["allOf"], " and "))
    if "const" in schema:
        return (Part(f"“{schema['const']}”"),)
    if "enum" in schema:
        return (Part(", ".join(f"“{value}”" for value in schema["enum"])),)
    kind = schema.get("type", "anything")
    if kind == "array":
        return (Part("list of "), *_type(schema.get("items", {})))
    return (Part(str(kind) + _bounds(schema)),)


def _title(name: str) -> str:
    """What a model is called: generic ones bear the name of what they hold."""
    held = name.removeprefix("Page_").removesuffix("_").removeprefix("_")
    return f"page of {held}" if name.startswith("Page_") else held


def _bounds(schema: Mapping[str, Any]) -> str:
    words = [schema["format"]] if "format" in schema else []
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    if low is not None and high is not None:
        words.append(f"{low:g} to {high:g}")
    elif low is not None:
        words.append(f"from {low:g}")
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']} characters")
    if "pattern" in schema:
        words.append(f"matching {schema['pattern']}")
    return f", {', '.join(words)}" if words else ""


def _names(parts: Iterable[Part]) -> list[str]:
    return [part.model for part in parts if part.model]


def _models_of(operations: Iterable[Operation], schemas: Mapping[str, Any]) -> tuple[Model, ...]:
    """The models operations speak in, and those these hold, in the order they are met."""
    wanted: list[str] = []
    for operation in operations:
        wanted += _names(operation.body)
        for field in operation.parameters:
            wanted += _names(field.type)
        for answer in operation.answers:
            wanted += _names(answer.type)
    made: dict[str, Model] = {}
    while wanted:
        name = wanted.pop(0)
        if name in made or name not in schemas:
            continue
        made[name] = model = _model(name, schemas[name])
        wanted += [n for field in model.fields for n in _names(field.type)]
    return tuple(made.values())


def _model(name: str, schema: Mapping[str, Any]) -> Model:
    if "properties" not in schema:
        return Model(name, _title(name), "", (_parameter("", "", schema, True, ""),))
    required = set(schema.get("required", ()))
    fields = [
        _parameter(key, "", value, key in required, value.get("description", ""))
        for key, value in schema["properties"].items()
    ]
    return Model(name, _title(name), " ".join(schema.get("description", "").split()), tuple(fields))
