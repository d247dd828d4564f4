"""What a page owes to readers with a keyboard, with weak eyes, with a screen reader, and without a network.

Contrast is that of WCAG 2.1, level AA: 4.5, or 3 for large text (https://www.w3.org/TR/WCAG21/#contrast-minimum).
"""
from webdriver import Browser

TAB = "\ue004"

# Text whose colour stands too near to that of what is behind it; each kind once.
PALE = """
const luminance = ([r, g, b]) => {
  const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const numbers = (text) => text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
const over = (top, below) => top.slice(0, 3).map((v, i) => v * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
const behind = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!colour.startsWith("rgb")) return null; // A mix: not to be computed here.
    if ((numbers(colour)[3] ?? 1) > 0) layers.unshift(numbers(colour));
  }
  return layers.reduce((below, top) => over(top, below), [255, 255, 255]);
};
const found = new Map();
const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
for (let text = walker.nextNode(); text; text = walker.nextNode()) {
  const element = text.parentElement;
  if (!text.data.trim() || element.closest("script, style, noscript, option") || !element.getClientRects().length) continue;
  const style = getComputedStyle(element);
  const isDrawn = element instanceof SVGElement;
  const back = behind(isDrawn ? element.closest("svg").parentElement : element);
  if (!back) continue;
  const front = over(numbers(isDrawn ? style.fill : style.color), back);
  const [a, b] = [luminance(front), luminance(back)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5)) {
    found.set(`${element.tagName}.${element.getAttribute("class") ?? ""}`, `${ratio.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
  }
}
return [...found].map(([name, why]) => `${name} ${why}`);
"""

NAMELESS = """
const name = (element) => element.getAttribute("aria-label") || element.textContent.trim() || element.title;
return [...document.querySelectorAll("button, a, input, summary, canvas[role], svg[role], [tabindex]")]
  .filter((element) => !name(element))
  .map((element) => element.outerHTML.slice(0, 80));
"""

SKIPPED_HEADINGS = """
const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.tagName[1]));
return levels.filter((level, i) => i > 0 && level > levels[i - 1] + 1).length + Math.abs(levels.filter((l) => l === 1).length - 1);
"""

FOCUSED = """
const element = document.activeElement;
if (element === document.body) return null;
const style = getComputedStyle(element);
return [element.outerHTML.slice(0, 80), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1];
"""

MOVING = """
const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.cssText).join("\\n");
return document.getAnimations().length + (/(scroll-behavior:\\s*smooth|\\btransition|\\banimation)/.test(rules) ? 1 : 0);
"""

FETCHED = "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !name.startsWith('data:'));"


def pale(browser: Browser) -> list[str]:
    return [f"too pale: {what}" for what in browser.run(PALE)]


def lacking(browser: Browser, tabs: int = 12) -> list[str]:
    """Everything that a page, wide and in the theme that it is shown in, owes and does not have."""
    lost = pale(browser)
    lost += [f"without a name: {what}" for what in browser.run(NAMELESS)]
    if not browser.run("return document.documentElement.lang && document.title;"):
        lost.append("no language, or no title")
    if browser.run(SKIPPED_HEADINGS):
        lost.append("headings skip a level, or there is not one h1")
    # Nothing moves by itself, so there is nothing to still for those who prefer reduced motion.
    if browser.run(MOVING):
        lost.append("something moves by itself")
    lost += [f"fetched: {name}" for name in browser.run(FETCHED)]
    seen = set()
    for _ in range(tabs):
        browser.press(TAB)
        focused = browser.run(FOCUSED)
        if focused:
            seen.add(focused[0])
            if not focused[1]:
                lost.append(f"focus is not seen on {focused[0]}")
    if not seen:
        lost.append("a keyboard reaches nothing")
    return lost
