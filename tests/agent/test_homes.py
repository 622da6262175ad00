"""Homes: made whole or made again."""

import csv
import shutil
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from agent.company import how_to_name, nameless
from agent.diagnosis import Health, diagnose
from agent.home import Home
from agent.homes import (
    home_for_knowledge,
    new_home,
    open_documents,
    open_graph,
    refuse_own,
    sample_home,
    set_sample_aside,
)
from agent.settings import Settings, load_settings
from agent.training.bundle import Task
from agent.training.versions import versions_of
from tests.support.commands import parley_here


class Interrupted(Exception):
    pass


def interrupt(stage: str, _done: int, _total: int) -> None:
    if stage == "Learning intents":
        raise Interrupted


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KNOWLEDGE__EMBEDDER", "corpus")


def half_made_in(folder: Path) -> Path:
    root = folder / "home"
    with pytest.raises(Interrupted):
        sample_home(root, interrupt)
    return root


@pytest.fixture
def half_made(tmp_path: Path) -> Path:
    return half_made_in(tmp_path)


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A half made one that was made again, for all tests; each changes a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_KNOWLEDGE__EMBEDDER", "corpus")
        return sample_home(half_made_in(tmp_path_factory.mktemp("again")), lambda *_: None).root


@pytest.fixture
def sample(made_again: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(made_again, tmp_path / "home")))


def test_a_home_whose_making_was_interrupted_is_none_yet(half_made: Path) -> None:
    assert not (half_made / "parley.toml").exists()


def test_made_again_it_is_whole(sample: Home) -> None:
    assert load_settings(sample.root).company.name == "Lantern & Oak"
    assert versions_of(sample, Task.INTENT).speakers().version in versions_of(sample, Task.INTENT).names()
    assert sample.suggestions_file.is_file()
    assert open_graph(sample).stats().entities > 40


def test_one_s_own_knowledge_takes_the_place_of_half_a_sample(half_made: Path) -> None:
    home, settings = home_for_knowledge(half_made)
    with open_documents(home, settings) as library:
        assert set_sample_aside(home, library) is not None
        assert library.size == 0
    assert open_graph(home).stats().entities == 0


def test_with_the_sample_its_name_and_settings_go_and_what_somebody_changed_stays(sample: Home) -> None:
    changed = sample.settings_file.read_text("utf-8").replace('"木光电器"', '"我的店"')
    sample.settings_file.write_text(changed, "utf-8")
    with open_documents(sample, load_settings(sample.root)) as library:
        set_sample_aside(sample, library)
    settings = load_settings(sample.root)
    assert settings.company.name == Settings.model_fields["company"].get_default(call_default_factory=True).name
    assert settings.company.name_zh == "我的店"
    assert (
        settings.guard.wrong_answer_cost
        == Settings.model_fields["guard"].get_default(call_default_factory=True).wrong_answer_cost
    )
    assert "# name = " in sample.settings_file.read_text("utf-8")


def test_a_home_that_began_with_the_sample_is_told_to_name_its_company(sample: Home) -> None:
    assert nameless(sample, load_settings(sample.root)) == ""  # the sample may bear its name
    with_remark = sample.settings_file.read_text("utf-8").replace('"Lantern & Oak"', '"Lantern & Oak"  # ours')
    sample.settings_file.write_text(with_remark, "utf-8")
    with open_documents(sample, load_settings(sample.root)) as library:
        set_sample_aside(sample, library)
    assert "Lantern & Oak" in nameless(sample, load_settings(sample.root))
    sample.settings_file.write_text("", "utf-8")
    assert "our company, 本公司" in nameless(sample, load_settings(sample.root))
    sample.settings_file.write_text('[company]\nname = "Acme"\n', "utf-8")
    assert nameless(sample, load_settings(sample.root)) == "has no name in Chinese: who writes Chinese reads 本公司"
    sample.settings_file.write_text('[company]\nname = "Acme"\nname_zh = "顶点"\n', "utf-8")
    assert nameless(sample, load_settings(sample.root)) == ""
    assert str(sample.settings_file) in how_to_name(sample)


async def test_doctor_says_that_no_rule_uses_a_lookup(sample: Home) -> None:
    used = [one for one in await diagnose(sample.root) if "order_lookup" in one.detail]
    assert [one.health for one in used] == [Health.GOOD]
    sample.policy_file.write_text("rules: [{name: all, do: answer}]", "utf-8")
    (unused,) = [one for one in await diagnose(sample.root) if "order_lookup" in one.detail]
    assert unused.health is Health.ABSENT
    assert "tool: order_lookup" in unused.mend
    rule = unused.mend.split("before the last one: ")[1]
    sample.policy_file.write_text(f"rules:\n  - {rule}\n  - {{name: all, do: answer}}\n", "utf-8")
    assert [one.health for one in await diagnose(sample.root) if "order_lookup" in one.detail] == [Health.GOOD]


async def test_doctor_says_whose_company_speaks(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    unnamed = next(finding for finding in await diagnose(home.root) if finding.name == "company")
    home.settings_file.write_text('[company]\nname = "Acme"\nname_zh = "顶点"\n', "utf-8")
    named = next(finding for finding in await diagnose(home.root) if finding.name == "company")
    assert (unnamed.health, named.health, named.detail) == (Health.ABSENT, Health.GOOD, "Acme · 顶点")
    assert "name_zh" in unnamed.mend


def test_settings_that_are_there_are_kept(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text('[company]\nname = "Mine"\n', "utf-8")
    new_home(tmp_path)

    assert load_settings(tmp_path).company.name == "Mine"
    assert Home(tmp_path).policy_file.is_file()


def own_home(root: Path) -> Home:
    home = new_home(root)
    home.policy_file.write_text("rules:\n  - {name: mine, do: answer}\n", "utf-8")
    return home


def contents(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("options", [(), ("--empty",)])
async def test_init_leaves_a_home_of_one_s_own_as_it_is(tmp_path: Path, options: tuple[str, ...]) -> None:
    root = own_home(tmp_path / "home").root
    before = contents(root)
    done = await parley_here(root, "init", str(root), *options)
    assert done.status == 2
    assert f"{root} is a home already; it was left as it is" in " ".join(done.err.split())
    assert contents(root) == before


async def test_init_leaves_a_home_alone_whose_settings_file_is_broken(tmp_path: Path) -> None:
    root = own_home(tmp_path / "home").root
    (root / "parley.toml").write_text("[modle]\n", "utf-8")
    before = contents(root)
    assert (await parley_here(root, "init", str(root))).status == 2
    assert contents(root) == before


async def test_documents_without_settings_get_their_settings_back_and_no_sample(tmp_path: Path) -> None:
    home = own_home(tmp_path / "home")
    with open_documents(home, load_settings(home.root)) as library:
        library.ingest([Path(__file__)], collection="mine")
    home.settings_file.unlink()
    refused = await parley_here(home.root, "init", str(home.root))
    assert (refused.status, home.holds_sample) == (2, False)
    assert "parley init --empty" in refused.err
    assert (await parley_here(home.root, "init", "--empty", str(home.root))).status == 0
    assert "mine" in home.policy_file.read_text("utf-8")


def test_init_goes_on_where_a_sample_s_was_killed_at_its_very_beginning(tmp_path: Path) -> None:
    root = tmp_path / "home"

    def kill(*_: object) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        sample_home(root, kill)
    assert Home(root).documents.exists()
    refuse_own(root)  # raises nothing


CHANGED = ["policy.yaml", "tools.yaml", "orders.csv", "flows/refund.yaml"]


def change(home: Home, name: str) -> str:
    file = home.root / name
    changed = file.read_text("utf-8") + "# mine\n"
    file.write_text(changed, "utf-8")
    return changed


def test_a_second_init_overwrites_only_what_nobody_changed(sample: Home) -> None:
    changed = {name: change(sample, name) for name in (*CHANGED, "suggestions.yaml")}
    older = "# shipped by an older version\n"
    (sample.flows / "loan.yaml").write_text(older, "utf-8")
    mark = sample.root / ".sample"
    mark.write_text(f"{sha256(older.encode()).hexdigest()} flows/loan.yaml\n" + mark.read_text("utf-8"), "utf-8")
    (sample.flows / "appointment.yaml").unlink()
    sample_home(sample.root, lambda *_: None)
    assert {name: (sample.root / name).read_text("utf-8") for name in changed} == changed
    assert (sample.flows / "loan.yaml").read_text("utf-8") != older
    assert (sample.flows / "appointment.yaml").is_file()


def test_the_sample_s_orders_are_of_these_days_also_after_a_second_init(sample: Home) -> None:
    for today in (date(2031, 3, 1), date(2031, 5, 1)):
        sample_home(sample.root, lambda *_: None, today)
        with (sample.root / "orders.csv").open(encoding="utf-8", newline="") as file:
            orders = list(csv.DictReader(file))
        under_way = [date.fromisoformat(order["eta"]) for order in orders if order["status"] == "shipped"]
        assert all(date.fromisoformat(order["placed"]) < today for order in orders)
        assert sum(eta > today for eta in under_way) > 0.8 * len(under_way) > sum(eta < today for eta in under_way) > 0


@pytest.mark.parametrize("name", [*CHANGED, "suggestions.yaml"])
def test_what_was_changed_of_the_sample_stays_when_it_goes(sample: Home, name: str) -> None:
    changed = change(sample, name)
    with open_documents(sample, load_settings(sample.root)) as library:
        stayed = set_sample_aside(sample, library)
    assert (sample.root / name).read_text("utf-8") == changed
    assert stayed is not None
    assert (name in stayed) is (name in CHANGED)


@pytest.mark.parametrize("name", CHANGED)
async def test_what_stays_of_the_sample_still_works_together(sample: Home, name: str) -> None:
    file = sample.root / name
    file.write_text(file.read_text("utf-8") + "# mine\n" * (file.suffix == ".yaml"), "utf-8")
    with open_documents(sample, load_settings(sample.root)) as library:
        set_sample_aside(sample, library)
    findings = {finding.name: finding.health for finding in await diagnose(sample.root)}
    assert Health.BAD not in (findings["policy"], findings["tools"])


def test_what_nobody_changed_goes_with_the_sample(sample: Home) -> None:
    with open_documents(sample, load_settings(sample.root)) as library:
        assert set_sample_aside(sample, library) == ()
    assert not sample.tools_file.exists()
    assert not list(sample.flows.iterdir())
    assert sample.policy_file.read_bytes() == (files("agent") / "policy.yaml").read_bytes()


@pytest.mark.parametrize(
    ("settings", "mend"),
    [("[modle]\n", "mend that in"), ('[company]\nname = "A\n', "mend that in"), (None, "parley init")],
)
async def test_doctor_proposes_a_new_home_only_where_there_is_none(
    tmp_path: Path, settings: str | None, mend: str
) -> None:
    if settings is not None:
        (tmp_path / "parley.toml").write_text(settings, "utf-8")
    finding = next(one for one in await diagnose(tmp_path) if one.name == "home")
    assert finding.health is Health.BAD
    assert finding.mend.startswith(mend)
    assert settings is None or ("line" in finding.detail and "init" not in finding.mend + finding.detail)
