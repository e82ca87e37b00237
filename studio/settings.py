"""Settings, read once from the environment (`STUDIO_…`) or a `.env` file, and passed down."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ImageMode: TypeAlias = Literal["auto", "inpaint", "image", "text"]


class Settings(BaseSettings):
    """Where things lie and which models are used."""

    model_config = SettingsConfigDict(
        env_prefix="STUDIO_", env_file=".env", frozen=True, extra="ignore"
    )

    data_dir: Path = Path("studio-data")
    """Database, pictures, exports and reports."""
    campaigns_dir: Path = Path("campaigns")
    """One folder per campaign, each with its brief.yaml and photos."""
    prompts_dir: Path | None = None
    """Own prompts and market packs; a pack here wins over the built-in one."""
    assets_dir: Path | None = None
    """Own brands, products and sets instead of the built-in ones."""
    database_url: SecretStr | None = None
    """SQLAlchemy address; default: SQLite in the data folder."""
    text_model: str = "phrasebook"
    """`phrasebook`, or a LangChain chat model such as `openai:gpt-5` or `local:FOLDER`."""
    image_model: str = "staged"
    """`staged`, or `diffusion:` and a preset, hub id or local folder (docs/diffusion.md)."""
    image_preset: str = ""
    """Preset whose steps and guidance a hub id or folder is run with."""
    image_mode: ImageMode = "auto"
    """What a pipeline starts from: `inpaint` (around the product), `image`, `text`."""
    image_depth: str = ""
    """Hub id or folder of a depth ControlNet; `none` leaves out the preset's."""
    image_cache_gb: float = Field(default=2.0, gt=0)
    """Most that finished paintings take on disk, in gigabytes."""
    device: str = "auto"
    """Where a diffusers pipeline runs: `auto`, `cuda`, `mps`, `cpu`."""
    dtype: str = "auto"
    """Numbers it computes with: `auto`, `bfloat16`, `float16`, `float32`."""
    workers: int = Field(default=2, ge=1, le=64)
    """Units of work done at the same time."""
    session_secret: SecretStr | None = None
    """Signs the sign-in cookie; default: made at first start and kept in the data folder."""

    decision_keys: SecretStr | None = None
    """Sign decisions: keys separated by spaces, the newest last; default: as above."""
    decisions_per_second: int = Field(default=2000, ge=1)
    """Most that one campaign may be asked for."""
    snapshot_every_s: float = Field(default=300.0, ge=1.0)
    """Seconds between two snapshots of what is believed of ads that are served."""
    public_url: str = ""
    """How browsers reach the decision server; default: as each request did."""
    site_origins: tuple[str, ...] = ()
    """JSON list of sites whose pages may ask for decisions from the browser."""

    @property
    def database(self) -> str:
        """The database's address."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'studio.db').resolve()}"
