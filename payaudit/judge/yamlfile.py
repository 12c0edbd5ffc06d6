"""YAML files read so that an error can name its file, line and field."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from payaudit.data import SafeLoader
from payaudit.errors import RuleError
from payaudit.judge.field import ConditionError, suggestion

Model = TypeVar("Model", bound=BaseModel)


class _Loader(SafeLoader):  # type: ignore[misc, valid-type] # either of the two
    """Safe YAML that refuses a key written twice, which YAML would silently drop."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - as in PyYAML
    ) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                break
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key.value!r} stands here twice", key.start_mark
                )
            seen.add(key.value)
        constructed: dict[Any, Any] = super().construct_mapping(node, deep)
        return constructed


@dataclass(frozen=True)
class Document:
    """The content of one file, with the lines its fields stand on."""

    path: Path
    data: Any
    root: yaml.Node | None

    def line(self, loc: Sequence[str | int]) -> int:
        """The line of a field, or of the nearest thing around it that was written."""
        node, line = self.root, 1
        for step in loc:
            found: yaml.Node | None = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(step):
                        found, line = value, key.start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and step in range(len(node.value)):
                found = node.value[int(step)]
                line = found.start_mark.line + 1
            if found is None:
                continue  # a name Pydantic put in between, such as a union's
            node = found
        return line

    def error(self, loc: Sequence[str | int], en: str, zh: str) -> RuleError:
        """An error at a field of this file."""
        place = f"{self.path}:{self.line(loc)}"
        spot = ".".join(str(step) for step in loc)
        return RuleError(
            f"{place}: {spot}: {en}" if spot else f"{place}: {en}",
            f"{place}：{spot}：{zh}" if spot else f"{place}：{zh}",
        )

    def condition_error(self, error: ConditionError) -> RuleError:
        """The same for a condition that could not be read."""
        return self.error(error.loc, error.en, error.zh)

    def validate(self, model: type[Model], data: object, loc: Sequence[str | int] = ()) -> Model:
        """Read (a part of) the file as a model; all mistakes are told at once."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            found = [self._explain(model, detail, loc) for detail in error.errors()]
            raise RuleError(
                "\n".join(mistake.en for mistake in found),
                "\n".join(mistake.zh for mistake in found),
            ) from None

    def _explain(self, model: type[BaseModel], detail: ErrorDetails, loc: Sequence[str | int]) -> RuleError:
        where = (*loc, *detail["loc"])
        match detail["type"]:
            case "extra_forbidden":
                known = list(model.model_fields) if len(detail["loc"]) == 1 else []
                en, zh = suggestion(str(where[-1]), known)
                return self.error(where, f"unknown field{en}", f"没有这个字段{zh}")
            case "missing":
                return self.error(where, "is missing; write it", "缺少此字段，请补上")
        return self.error(where, detail["msg"], f"内容不符：{detail['msg']}")


def read(path: Path) -> Document:
    """Read one file."""
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Loader(text)
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except OSError as error:
        raise RuleError(
            f"{path}: cannot be read ({error.strerror})", f"{path}：无法读取（{error.strerror}）"
        ) from None
    except UnicodeDecodeError:
        raise RuleError(
            f"{path}: is not UTF-8; save it as UTF-8", f"{path}：不是 UTF-8，请另存为 UTF-8"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        problem = getattr(error, "problem", None) or str(error)
        raise RuleError(
            f"{path}:{line}: is no YAML: {problem}", f"{path}:{line}：YAML 语法有误：{problem}"
        ) from None
    return Document(path, data, root)


def digest(folder: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents; the same on every machine and checkout."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.relative_to(folder).as_posix()):
        # Line ends differ between checkouts and mean nothing.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(folder).as_posix().encode()
        total.update(b"%d %s %d\n" % (len(name), name, len(content)) + content)
    return total.hexdigest()


def both(hashes: Sequence[str]) -> str:
    """One hash for several; a single one stays as it is."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()
