"""Every setting, with its default and its meaning: read from the environment (TALLYWARD_...) and from options."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tallyward.kernel.errors import InvalidError
from tallyward.registry.inspecting import DEFAULT_THRESHOLD
from tallyward.registry.inspection_period import Cadence


class Settings(BaseSettings):
    """What one installation is told. Paths are absolute once read; listeners are on loopback unless told otherwise."""

    model_config = SettingsConfigDict(env_prefix="TALLYWARD_", extra="forbid", frozen=True)

    home: Path = Field(Path("tallyward-data"), description="folder of the installation: database, records, locks")
    database: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the state database; default: SQLite in the folder"
    )
    rules: Path | None = Field(None, description="folder of rule files used instead of the shipped ones")
    host: str = Field("127.0.0.1", description="address to listen on; others than loopback want a TLS proxy before it")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8460, description="port to listen on; 0 takes a free one")
    https: bool = Field(default=False, description="the console is reached over https: cookies are marked Secure")
    scan_seconds: Annotated[float, Field(gt=0)] = Field(2.0, description="seconds between looks for new records")
    threads: Annotated[int, Field(ge=1)] = Field(2, description="threads of a traversal")
    memory_mb: Annotated[int, Field(ge=256)] = Field(800, description="memory a traversal may take")
    inspections: Annotated[tuple[Cadence, ...], NoDecode] = Field(
        tuple(Cadence), description="inspections of real-name registration by schedule: daily, weekly, monthly; or none"
    )
    real_name_share: Annotated[float, Field(ge=0, le=1)] = Field(
        DEFAULT_THRESHOLD, description="least share of newly joined cards that must be real-name registered"
    )
    log_json: bool = Field(default=False, description="logs as JSON lines instead of text for people")

    @field_validator("inspections", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return () if value.strip() == "none" else tuple(part.strip() for part in value.split(",") if part.strip())

    @property
    def folder(self) -> Path:
        """The installation's folder, absolute."""
        return self.home.expanduser().absolute()

    @property
    def database_url(self) -> str:
        """The state database's URL; holds a password where one is set, so it is never logged."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.folder / 'state.sqlite3'}"


def read_settings(**options: object) -> Settings:
    """Settings from the environment, overridden by those `options` that are not None.

    Refuses with `wiring.setting` that names the first wrong one.
    """
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidError("wiring.setting", name=f"TALLYWARD_{name.upper()}", problem=first["msg"]) from None
