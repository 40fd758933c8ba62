import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { renderPage } from "../../../preview/page/page";
import { writePage } from "../../../preview/page/writePage";
import type { StackResult } from "../../../preview/record/runStack";
import { runStacks } from "../../../preview/record/runStack";
import { ROOT } from "../../support/stack";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

describe("the page of a preview", () => {
  let results: readonly StackResult[] = [];
  before(async function () {
    this.timeout(60_000);
    results = await runStacks(ROOT, ["dev", "prod"]);
  });

  it("has the verdict, what is wrong, deliveries, who reaches what, roles with reasons, and every resource", () => {
    const page = renderPage("shop", results);
    for (const words of [
      "✓ no findings",
      "notice: plain-http",
      "Pipeline prod-delivery",
      "0.0.0.0/0",
      "aws.ecs.TaskDefinition",
    ]) {
      assert.ok(page.includes(words), words);
    }
    assert.match(page, /codebuild\.amazonaws\.com when StringEquals aws:SourceAccount/);
    for (const { name } of results[0]?.graph?.resources ?? []) assert.ok(page.includes(name), name);
  });

  it("needs nothing beside itself, and lets no text become markup", () => {
    const message = `<img src=x onerror="alert(1)"> & '</script>'`;
    const [first] = results;
    assert.ok(first);
    const page = renderPage(`<b>${message}`, [
      { ...first, stack: `a"><i>`, findings: [{ level: "error", rule: "x", message }] },
    ]);
    assert.doesNotMatch(page, /<(?:img|i|b|link|iframe)\b|<[^>]* (?:src|on\w+)=|@import|url\(/);
    assert.equal(page.match(/<script>/g)?.length, 1);
    assert.match(page, /default-src 'none'/);
  });

  it("says where it was written, and why it was not", () => {
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    try {
      assert.equal(writePage(join(folder, "a", "b"), results), `page: ${join(folder, "a", "b", "index.html")}`);
      assert.throws(
        () => writePage(join(folder, "a", "b", "index.html", "c"), results),
        /--page: cannot write .*index\.html/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe(`the page in a browser${CHROMIUM === undefined ? " (skipped: no chromium on this machine)" : ""}`, () => {
  let browser: Browser | undefined;
  let folder = "";
  before(async function () {
    this.timeout(90_000);
    if (CHROMIUM === undefined) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "page-"));
    writePage(folder, await runStacks(join(ROOT, "examples/one-pipeline"), ["staging"]));
    const { chromium } = await import("playwright-core");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  async function open(options: { colorScheme?: "light" | "dark"; width?: number } = {}) {
    assert.ok(browser);
    const { colorScheme = "light", width = 1200 } = options;
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    const started = Date.now();
    await page.goto(pathToFileURL(join(folder, "index.html")).href);
    return { page, errors, milliseconds: Date.now() - started };
  }

  it("is small, quick and without errors, and fits a phone", async function () {
    this.timeout(60_000);
    assert.ok(statSync(join(folder, "index.html")).size < 2 * 1024 * 1024);
    for (const width of [1200, 360]) {
      const { page, errors, milliseconds } = await open({ width });
      assert.deepEqual(errors, []);
      assert.ok(milliseconds < 5000, `${milliseconds} ms`);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, `${width} pixels`);
    }
  });

  it("finds by words, and opens what they are in", async function () {
    this.timeout(60_000);
    const { page } = await open();
    await page.keyboard.press("/");
    await page.keyboard.type("kms:decrypt");
    assert.match((await page.textContent("#told")) ?? "", /^\d+ of \d+ shown$/);
    assert.ok((await page.locator("details[open]").count()) > 0);
    assert.equal(
      await page
        .locator(".item:visible")
        .filter({ hasNotText: /kms:Decrypt/i })
        .count(),
      0,
    );
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".item[hidden]").count(), 0);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`can be read in ${colorScheme}, by keyboard and by a screen reader`, async function () {
      this.timeout(60_000);
      const { page } = await open({ colorScheme });
      assert.deepEqual(await faint(page), []);
      assert.deepEqual(await page.evaluate(UNNAMED), []);
    });
  }
});

/** Texts whose contrast with what is behind them is below 4.5, as WCAG 2.2 asks. */
function faint(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
      .reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = (element) => { for (let at = element; at; at = at.parentElement) { const color = rgb(getComputedStyle(at).backgroundColor); if (color[3] !== 0) return color; } return [255, 255, 255]; };
    return [...document.querySelectorAll("body *")].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .filter((one) => !["SCRIPT", "STYLE"].includes(one.tagName))
      .flatMap((one) => { const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))]; const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); return ratio < 4.5 ? [one.textContent.slice(0, 30) + " " + ratio.toFixed(2)] : []; });
  })()`);
}

/** What a screen reader has no name for, or no order: inputs without labels, tables without captions, headings that skip. */
const UNNAMED = `(() => [
  ...[...document.querySelectorAll("input")].filter((one) => one.labels.length === 0).map((one) => "input " + one.id),
  ...[...document.querySelectorAll("table")].filter((one) => !one.caption).map(() => "table"),
  ...[...document.querySelectorAll("h1,h2,h3,h4")].map((one) => Number(one.tagName[1])).flatMap((level, index, all) => index > 0 && level > all[index - 1] + 1 ? ["heading " + index] : []),
  ...["html[lang]", "main", "nav[aria-label]", "title"].filter((one) => !document.querySelector(one)),
  ...[...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, index, all) => all.indexOf(id) !== index),
])()`;
