// Looks at pages as they are described on standard input, and prints what is wrong with them, a line each; the last line counts.
//
// Each page is opened without what an earlier one left and with scripts switched off, walked through by keyboard alone, filled in where it is
// said what to type, and looked at by axe at two widths, in either scheme: as it was opened, and as it was left.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// At 320 px nothing may need to be scrolled sideways (WCAG 1.4.10).
const SIGHTS = [[320, "light"], [1280, "dark"]];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const PATIENCE = 15_000;
const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update", "--disable-sync"];

const counts = { looked: 0, rules: 0, walked: 0, stops: 0, sent: 0 };
const visits = JSON.parse(fs.readFileSync(0, "utf8"));
let visit;
let scripts;

function wrong(what) {
  console.log(JSON.stringify(`${visit.name}: ${what}`));
}

function same(what, found, expected) {
  if (found !== expected) wrong(`${what} is ${JSON.stringify(found)} and not ${JSON.stringify(expected)}`);
}

// What axe and the page itself say at each width and in each scheme. Scripts run as long as axe does.
async function look(page, when) {
  await scripts(true);
  await page.evaluate(axe);
  for (const [width, colorScheme] of SIGHTS) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const found = await page.evaluate(async (rules) => {
      const { violations, incomplete, passes } = await axe.run(document, { runOnly: rules, resultTypes: ["violations", "incomplete"] });
      const told = (list) => list.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any.map((it) => it.message)}`));
      return { wrong: told(violations), unsure: told(incomplete), passes: passes.length, across: document.documentElement.scrollWidth };
    }, RULES);
    const where = `${when}, ${width} px, ${colorScheme}`;
    for (const it of [...found.wrong, ...found.unsure]) wrong(`${where}: ${it}`);
    if (found.across > width) wrong(`${where}: it is ${found.across} px wide`);
    counts.looked += 1;
    counts.rules += found.passes;
    await picture(page, `${when} ${width}`);
  }
  await scripts(false);
}

async function picture(page, name) {
  const folder = process.env.TALLYPORT_PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${visits.indexOf(visit)} ${visit.name} ${name}.png`.replace(/[^\w.-]+/g, "_")), fullPage: true });
}

// Goes through everything that can be used, by Tab alone: each is reached once, in the order of the page, and is seen to be.
async function walk(page) {
  const expected = await page.evaluate(() => {
    const usable = (it) => !it.disabled && it.type !== "hidden" && it.checkVisibility();
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(usable).map((it, at) => {
      it.dataset.stop = at;
      return it.outerHTML;
    });
  });
  await page.evaluate(() => document.activeElement.blur());
  // After the last of them the focus leaves the page for the browser's own, which has nothing here, before it is at the first.
  const stops = [];
  for (let pressed = 0; stops.length < expected.length && pressed < 2 * expected.length + 5; pressed += 1) {
    await page.keyboard.press("Tab");
    const reached = await page.evaluate(() => {
      const it = document.activeElement;
      if (it === document.body) return null;
      // Of a link that goes on in the next line the first one.
      const [{ outlineStyle, outlineWidth }, [box]] = [getComputedStyle(it), it.getClientRects()];
      const on = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && (on === it || it.contains(on));
      return { stop: Number(it.dataset.stop), seen };
    });
    if (reached) stops.push(reached);
  }
  const first = stops.findIndex(({ stop }) => stop === 0);
  const round = [...stops.slice(first), ...stops.slice(0, first)];
  expected.forEach((html, at) => {
    if (round[at]?.stop !== at) wrong(`Tab does not reach it in its turn: ${html}`);
    else if (!round[at].seen) wrong(`it is not seen to have the focus: ${html}`);
  });
  counts.walked += 1;
  counts.stops += stops.length;
}

// Goes to a field or a button by Tab alone.
async function go(page, selector) {
  for (let pressed = 0; pressed < 50; pressed += 1) {
    if (await page.evaluate((it) => document.activeElement.matches(it), selector)) return true;
    await page.keyboard.press("Tab");
  }
  wrong(`the keyboard does not reach ${selector}`);
  return false;
}

// Types what is to be typed and sends it by Enter.
async function send(page) {
  for (const [id, text] of visit.typed) {
    if (!(await go(page, `#${id}`))) return;
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(text);
  }
  if (visit.typed.length === 0) await go(page, "button");
  const answered = page.waitForNavigation();
  await page.keyboard.press("Enter");
  await arrived(page, await answered, visit.then);
  counts.sent += 1;
}

async function arrived(page, response, { status, path: expected, says, focus }) {
  same("the status", response.status(), status);
  if (expected) same("the address", decodeURI(page.url().replace(visit.base, "")), expected);
  const main = await page.locator("main").innerText().catch(() => "");
  if (!main.includes(says)) wrong(`it does not say ${JSON.stringify(says)} but ${JSON.stringify(main)}`);
  same("the focus", await page.evaluate(() => document.activeElement.id), focus ?? "");
}

async function visited(page, context) {
  await context.clearCookies();
  if (visit.cookie) {
    const [name, value] = visit.cookie.split("=");
    await context.addCookies([{ name, value, url: visit.base }]);
  }
  await arrived(page, await page.goto(visit.base + visit.path), visit.first);
  await look(page, "as opened");
  await walk(page);
  if (visit.then) {
    await page.goto(visit.base + visit.path);
    await send(page);
    await look(page, "as left");
    await walk(page);
  }
}

async function main() {
  const folders = process.env.PATH.split(path.delimiter);
  const executablePath = folders.map((folder) => path.join(folder, "chromium")).find((file) => fs.existsSync(file));
  const browser = await chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: false });
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const devtools = await context.newCDPSession(page);
  scripts = (run) => devtools.send("Emulation.setScriptExecutionDisabled", { value: !run });
  await scripts(false);
  for (visit of visits) {
    await visited(page, context).catch((error) => wrong(String(error)));
  }
  await browser.close();
  console.log(JSON.stringify(counts));
}

main();
