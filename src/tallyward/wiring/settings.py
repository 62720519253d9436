"""Every setting, with its default and its meaning: read from the environment (TALLYWARD_...) and from options."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tallyward.kernel.errors import InvalidError
from tallyward.records.retention import SESSION_DAYS
from tallyward.registry.inspecting import DEFAULT_THRESHOLD
from tallyward.registry.inspection_period import Cadence

OWN_SERVER: Final = "own"
"""The value of `nats` that asks for a server of our own."""


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
    scan_seconds: Annotated[float, Field(gt=0)] = Field(1.0, description="seconds between looks for new records")
    traverse_seconds: Annotated[float, Field(gt=0)] = Field(
        900.0, description="seconds between traversals of the days that got records; in between they are followed live"
    )
    live_cards: Annotated[int, Field(ge=0)] = Field(
        2_000_000,
        description="cards of live cadence that are followed, some 200 bytes each; others wait for the traversal",
    )
    threads: Annotated[int, Field(ge=1)] = Field(2, description="threads of a traversal")
    memory_mb: Annotated[int, Field(ge=256)] = Field(800, description="memory a traversal may take")
    drop: Path | None = Field(None, description="folder whose files are taken in as they come")
    drop_source: str = Field("drop", description="name of the source of those files")
    drop_operator: str | None = Field(None, description="code of the operator whose records they are")
    drop_keep: bool = Field(default=False, description="leave them in the folder instead of moving them to done/")
    settle_seconds: Annotated[float, Field(ge=0)] = Field(
        5.0, description="a file that was left alone for so long is whole"
    )
    poll_seconds: Annotated[float, Field(gt=0)] = Field(1.0, description="seconds between looks into that folder")
    nats: str | None = Field(
        None, description="message server whose stream of records is taken in: nats://HOST:PORT, or own"
    )
    nats_token: SecretStr | None = Field(None, description="token for that server")
    nats_port: Annotated[int, Field(ge=1, le=65535)] = Field(4222, description="port of a server of our own")
    nats_source: str = Field("stream", description="name of the source of those records")
    nats_operator: str | None = Field(None, description="code of the operator whose records they are")
    stream_mb: Annotated[int, Field(ge=1)] = Field(
        1024, description="what the stream holds before publishers must wait; for a stream that is made"
    )
    publish_seconds: Annotated[float, Field(ge=0)] = Field(
        60.0, description="how long publishing waits for room in a full stream"
    )
    disk_floor_mb: Annotated[int, Field(ge=0)] = Field(
        512, description="where less than this is free on the disk, no records are taken in"
    )
    keep_days: Annotated[int, Field(ge=1)] = Field(30, description="days that raw records are kept")
    session_days: Annotated[int, Field(ge=1)] = Field(
        SESSION_DAYS, description="days for which what was counted of a silent accounting session is kept"
    )
    grace_seconds: Annotated[float, Field(ge=0)] = Field(
        3600.0, description="how long files stay after compaction or expiry: longer than any scan"
    )
    upkeep_seconds: Annotated[float, Field(gt=0)] = Field(60.0, description="seconds between passes of upkeep")
    inspections: Annotated[tuple[Cadence, ...], NoDecode] = Field(
        tuple(Cadence), description="inspections of real-name registration by schedule: daily, weekly, monthly; or none"
    )
    real_name_share: Annotated[float, Field(ge=0, le=1)] = Field(
        DEFAULT_THRESHOLD, description="least share of newly joined cards that must be real-name registered"
    )
    real_name_assumed: bool = Field(
        default=False, description="inspect cards too whose date of joining no import file told, by their import's time"
    )
    baselines: bool = Field(
        default=True, description="compute what is usual of each class once a day, when a day has been traversed"
    )
    custody_node: Path | None = Field(
        None,
        description="folder of this organisation's own node (`tallyward custody node`): the card ledger is the one that"
        " its network agrees on, instead of one in the installation's folder",
    )
    custody_witnesses: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="witnesses that the server asks to sign each new head of the card ledger: name+id+base64=URL, ...",
    )
    log_json: bool = Field(default=False, description="logs as JSON lines instead of text for people")

    @field_validator("inspections", "custody_witnesses", mode="before")
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
    def takes_in(self) -> bool:
        """Whether a server takes records in by itself, and so is the folder's writer."""
        return self.drop is not None or self.nats is not None

    def for_source(self, name: str) -> "Settings":
        """The same, with what the stream brings given to a source of that name."""
        return self.model_copy(update={"nats_source": name})

    @property
    def floor_bytes(self) -> int:
        """Room that must stay free on the disk of the records."""
        return self.disk_floor_mb << 20

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
