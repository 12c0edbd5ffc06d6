"""Where the readable data lies: rules, provisions, lexicon, payment calls; and how a file of it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from payaudit.errors import RuleError

_PACKAGE = Path(__file__).parent

Model = TypeVar("Model", bound=BaseModel)

# libyaml reads ten times as fast; PyYAML's wheels carry it, a build of one's own may not.
SafeLoader: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rules_folder() -> Path:
    """The bundled rules: inside the wheel, or beside the package in a checkout."""
    inside = _PACKAGE / "rules"
    return inside if inside.is_dir() else _PACKAGE.parent / "rules"


def from_yaml(text: str) -> Any:  # noqa: ANN401 - whatever the text says
    """Plain values of a YAML text; raises ``yaml.YAMLError``."""
    return yaml.load(text, SafeLoader)  # noqa: S506 - safe by either name


def read_data(path: Path, model: type[Model]) -> Model:
    """Read one YAML file; raises ``RuleError`` naming the file, and the field that is wrong with what is."""
    try:
        return model.model_validate(from_yaml(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        problem = f"{where}: {first['msg']}"
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
    raise RuleError(f"{path}: cannot be read ({problem})", f"{path}：无法读取（{problem}）")
