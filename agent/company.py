"""Whether a home knows whose company speaks: one that began with the sample must be told."""

from agent.home import Home
from agent.samples.install import sample_settings
from agent.settings import CompanySettings, Settings
from agent.types import Language


def nameless(home: Home, settings: Settings) -> str:
    """What is wrong with the company's name, "" where nothing is; the sample shop may bear its own."""
    company, defaults = settings.company, CompanySettings()
    sample = sample_settings()["company"]
    left = [name for name in (company.name, company.name_zh) if name in (sample["name"], sample["name_zh"])]
    if left and not home.holds_sample:
        return f"still bears the sample's name: {', '.join(left)}"
    unnamed = [name for name in (company.name, company.name_zh) if name in (defaults.name, defaults.name_zh)]
    if len(unnamed) == 1:
        language = "Chinese" if company.name_zh in unnamed else "English"
        return f"has no name in {language}: who writes {language} reads {unnamed[0]}"
    return f"has no name of its own: customers read {', '.join(unnamed)}" if unnamed else ""


def first_language(company: CompanySettings) -> Language:
    """The language in which it speaks to somebody who has said nothing yet: Chinese where it has no name in another."""
    defaults = CompanySettings()
    return "zh" if company.name == defaults.name and company.name_zh != defaults.name_zh else "en"


def how_to_name(home: Home) -> str:
    """What to do about it."""
    return (
        f'set name = "…" and name_zh = "…", which may be the same, under [company] in {home.settings_file}; a running '
        "parley serve shows it after a restart"
    )
