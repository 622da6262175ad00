"""axe-core in a page: what it finds against WCAG 2.2 AA and its own good practice."""

from pathlib import Path

from playwright.async_api import Page

_AXE = Path(__file__).parents[2] / "connectors/widget/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""


async def faults(page: Page) -> list[str]:
    """Each with where it is and what is wrong. The page's context must let scripts in (`bypass_csp`)."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE.read_text("utf-8"))
    return list(await page.evaluate(_RUN, _RULES))
