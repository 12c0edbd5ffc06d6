"""What every noun shares: it cannot change, and takes no unknown field."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value; two with the same fields are the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")
