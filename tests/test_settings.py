from __future__ import annotations

import pytest

from tocsin.errors import BadSettingError
from tocsin.settings import SETTINGS, Settings


def test_names_are_sorted_unique_and_explained() -> None:
    names = [setting.name for setting in SETTINGS]
    assert names == sorted(set(names))
    assert all(setting.help and setting.unit for setting in SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_defaults_are_in_range(setting) -> None:
    assert setting.parse(setting.default) == setting.default
    assert setting.parse(str(setting.default)) == setting.default


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("nonsense=1", "no setting"),
        ("run.workers", "NAME=VALUE"),
        ("run.workers=many", "is no int"),
        ("run.workers=-1", "outside"),
        ("read.max_json_depth=1000000", "outside"),
    ],
)
def test_a_bad_setting_says_why(argument: str, words: str) -> None:
    with pytest.raises(BadSettingError, match=words) as caught:
        Settings.from_arguments([argument])
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_the_digest_changes_with_what_affects_results(setting) -> None:
    free = f"{setting.default}x" if setting.type is str else ""
    if setting.type is float:
        changed = (setting.default + setting.high) / 2
    else:
        changed = setting.choices[1] if setting.choices else free or int(setting.default) + 1
    other = Settings({setting.name: changed})
    assert (other.digest() != Settings().digest()) == setting.affects_results
