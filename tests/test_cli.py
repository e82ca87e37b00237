"""Commands end in one clear line and exit code 2, or in a bug that shows itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.main import get_command

from studio import cli
from studio.workflows.briefs import BriefDesk

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
COMMANDS = ("demo", "new", "generate", "review", "export", "ingest", "learn", "serve", "doctor")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["studio", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_every_promised_command_is_there_and_explains_itself() -> None:
    commands = get_command(cli.app).commands  # type: ignore[attr-defined]
    assert set(COMMANDS) <= set(commands)
    for name in COMMANDS:
        assert len(commands[name].help or "") > 40, name
        if name not in ("demo", "serve"):
            assert f"studio {name}" in README, name


def test_a_new_brief_teaches_and_then_says_what_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "new", "spring") == 0
    text = (folder / "campaigns" / "spring" / "brief.yaml").read_text("utf-8")
    assert text.count("#") > 15
    capsys.readouterr()
    assert run(monkeypatch, "generate", "spring") == 2
    error = capsys.readouterr().err
    assert "brief.yaml:18: product.photos[0].path: there is no file" in error
    assert "product.png" in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("new", "../up"), "can't name a campaign"),
        (("generate", "../../etc"), "can't name a campaign"),
        (("generate", "nowhere"), "doesn't exist; write it with `studio new nowhere`"),
        (("review", "nowhere"), "nowhere"),
        (("export", "nowhere"), "nowhere"),
        (("learn", "nowhere"), "nowhere"),
        (("ingest", "nowhere", "report.csv"), "nowhere"),
        (("serve", "--no-auth", "--host", "0.0.0.0"), "--no-auth"),
    ],
)
def test_what_a_person_can_mend_is_one_line_and_exit_code_2(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    assert run(monkeypatch, *words) == 2
    error = capsys.readouterr().err
    assert error.startswith("error ")
    assert message in error
    assert "Traceback" not in error


def test_a_second_brief_of_that_name_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "new", "spring") == 0
    assert run(monkeypatch, "new", "spring") == 2
    assert "exists already" in capsys.readouterr().err


def test_a_bug_shows_its_traceback(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(BriefDesk, "new", broken)
    monkeypatch.setattr(sys, "argv", ["studio", "new", "spring"])
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_the_doctor_names_the_wrong_setting_and_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDIO_IMAGE_MODEL", "oil painting")
    monkeypatch.setenv("COLUMNS", "200")
    assert run(monkeypatch, "doctor") == 2
    assert "STUDIO_IMAGE_MODEL" in capsys.readouterr().out
