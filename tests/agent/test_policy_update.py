"""A home's policy is brought up to what ships: rules that came later are put where they belong, own ones stay."""

import json
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent.diagnosis import diagnose
from agent.errors import SettingsError
from agent.home import Home
from agent.homes import new_home
from agent.policy_of_home import policy_of
from agent.policy_update import policy_update, write_update
from tests.support.commands import parley_here

SHIPPED = (Path(__file__).parents[2] / "agent" / "policy.yaml").read_text("utf-8")
RULES = yaml.safe_load(SHIPPED)["rules"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    new_home(tmp_path / "home")
    return Home(tmp_path / "home")


def rules_of(home: Home) -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load(home.policy_file.read_text("utf-8"))["rules"]
    return found


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    new_home(tmp_path_factory.mktemp("policy") / "home")
    return Home(tmp_path_factory.getbasetemp() / "policy0" / "home")


@given(kept=st.sets(st.integers(0, len(RULES) - 1), min_size=1))
def test_whatever_is_missing_comes_back_in_its_place(one_home: Home, kept: set[int]) -> None:
    left = [RULES[number] for number in sorted(kept)]
    one_home.policy_file.write_text(yaml.safe_dump({"rules": left}, allow_unicode=True, sort_keys=False), "utf-8")
    found = policy_update(one_home)
    assert found.missing == tuple(rule["name"] for number, rule in enumerate(RULES) if number not in kept)
    assert found.otherwise == ()
    assert yaml.safe_load(found.text)["rules"] == RULES


def test_own_rules_comments_and_changes_stay(home: Home) -> None:
    home.policy_file.write_text(
        dedent("""\
        # Ours.
        rules:
        # wholesale has people of its own
        - name: asks about wholesale
          when: {mentions: 'wholesale|批发'}
          do: handoff
        - name: says the words that a refusal suggests
          when: {mentions: '(?i)^colleague, please$'}
          do: handoff
        - name: anything else
          do: answer
        """),
        "utf-8",
    )
    before = home.policy_file.read_text("utf-8")
    found = policy_update(home)
    assert found.otherwise == ("says the words that a refusal suggests",)
    kept = write_update(home, found)
    assert kept.read_text("utf-8") == before
    after = home.policy_file.read_text("utf-8")
    assert after.startswith("# Ours.\nrules:\n# wholesale has people of its own\n- name: asks about wholesale\n")
    names = [str(rule["name"]) for rule in rules_of(home)]
    assert names[:3] == ["asks about wholesale", "says the words that a refusal suggests", "tells of a death"]
    assert len(names) == len(set(names)) == len(RULES) + 2
    assert "# Who asks when people are there calls none yet." in after
    policy_of(home)
    assert policy_update(home).missing == ()


def test_a_rule_for_a_flow_that_is_not_there_is_not_missed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = home.root / "shipped.yaml"
    shipped.write_text(SHIPPED + "\n  - name: wants a loan\n    do: flow\n    flow: lending\n", "utf-8")
    monkeypatch.setattr("agent.policy_update.shipped_policy", lambda _: shipped)
    assert policy_update(home).missing == ()
    home.flows.mkdir(exist_ok=True)
    (home.flows / "lending.yaml").write_text("", "utf-8")
    assert policy_update(home).missing == ("wants a loan",)


def test_rules_that_stand_on_one_line_are_compared_but_nothing_is_put_between_them(home: Home) -> None:
    home.policy_file.write_text("rules: [{name: mine, do: answer}, {name: wants no person, do: answer}]", "utf-8")
    found = policy_update(home)
    assert len(found.missing) == len(RULES) - 1
    assert found.otherwise == ("wants no person",)
    with pytest.raises(SettingsError, match="one below the other"):
        write_update(home, found)


@pytest.mark.parametrize("text", ["", "rules:", "rules: 3", "- a", "rules:\n  - do: answer\n", "rules: [", "a: b"])
def test_what_is_no_policy_is_refused_by_name(home: Home, text: str) -> None:
    home.policy_file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"policy\.yaml"):
        policy_update(home)


def test_a_policy_that_was_wrong_before_is_left_as_it_is(home: Home) -> None:
    text = "rules:\n  - name: mine\n    do: dance\n"
    home.policy_file.write_text(text, "utf-8")
    found = policy_update(home)
    with pytest.raises(SettingsError):
        write_update(home, found)
    assert home.policy_file.read_text("utf-8") == text
    assert sorted(path.name for path in home.root.glob("*policy*")) == ["policy.yaml"]


async def test_doctor_tells_which_rules_are_missing_and_the_command_puts_them_in(home: Home) -> None:
    text = yaml.safe_dump({"rules": RULES[1:]}, allow_unicode=True, sort_keys=False)
    home.policy_file.write_text(text, "utf-8")
    said = next(one for one in await diagnose(home.root) if one.name == "policy")
    assert repr(RULES[0]["name"]) in said.detail
    assert "parley policy update" in said.mend
    tried = await parley_here(home.root, "policy", "update", "--dry-run")
    assert f"would add: {RULES[0]['name']}" in tried.out
    assert home.policy_file.read_text("utf-8") == text
    done = await parley_here(home.root, "policy", "update", "--json")
    assert json.loads(done.out)["added"] == [RULES[0]["name"]]
    said = next(one for one in await diagnose(home.root) if one.name == "policy")
    assert not said.mend
