import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { compareStacks } from "../../../preview/diff/compare";
import { renderPage } from "../../../preview/page/page";
import type { PagedRehearsal } from "../../../preview/page/rehearsalSection";
import { writePage } from "../../../preview/page/writePage";
import type { StackResult } from "../../../preview/record/runStack";
import { runStacks } from "../../../preview/record/runStack";
import { onPaper } from "../../rehearse/play";
import { ROOT, service, stackGraph } from "../../support/stack";

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

const AGAINST = { ref: "main", commit: "0a1b2c3" };

/** Dev as it is, compared with how it was: other tasks, another way out, and one finding more. */
async function compared(): Promise<StackResult> {
  const services = service("dev", {
    memory: 2048,
    desiredCount: 3,
    healthCheck: { path: "/healthz", intervalSeconds: 30 },
  });
  const changes = { network: { egress: "natSingle" }, services };
  const [before, after] = [(await stackGraph("dev")).recorded, (await stackGraph("dev", { changes })).recorded];
  const of = (graph: typeof before): StackResult => ({
    stack: "dev",
    project: graph.project,
    graph,
    findings: [],
    provider: {},
  });
  const change = compareStacks(AGAINST, of(before), of(after));
  assert.ok(change);
  const long = `pulumi config set --path ${"services.".repeat(14)}`;
  const findings = [{ level: "notice", rule: "long", message: long }] as const;
  return { ...of(after), findings, change, former: before };
}

/** A delivery to dev in which the new tasks never answer. */
async function rehearsed(): Promise<PagedRehearsal> {
  const { recorded } = await stackGraph("dev");
  const failing = [{ step: "dev-api", how: "unhealthy" }];
  const { cloud, reached } = await onPaper([recorded], { faults: failing });
  return {
    about: "A commit is pushed.",
    verdict: ["dev-delivery: Failed", "The commit did not reach users"],
    reached,
    moments: cloud.timeline.moments,
  };
}

describe("the page's figures, changes and rehearsal", () => {
  it("has what it costs part by part, and every step of a commit", async () => {
    const { recorded: graph } = await stackGraph("dev");
    const page = renderPage("shop", [{ stack: "dev", project: "shop", graph, findings: [] }]);
    for (const text of [
      "Costs about $93.58 a month idle.",
      "<td>network</td><td>$48.18</td>",
      "6 x 730 h x $0.011",
      "capacity units of load balancers (LCU)",
      "AWS&#39;s list prices of September 2026",
      "instead: 1 NAT gateway with a public address costs $38.69 a month",
      "<td>all of production&#39;s traffic is on the new version</td><td>6:50</td>",
      "<td>health checks</td><td>dev-api: 2 good answers, 10 s apart</td><td>0:20</td><td>6:50</td>",
      "services[].healthCheck.intervalSeconds 10 to 5: users have it 10 s sooner",
      "Guesses, which --assume build=300,tests=60 replaces",
    ])
      assert.ok(page.includes(text), text);
    assert.doesNotMatch(page, /before and after/);
  });

  it("has a change as it was and as it is, beside one another: sentences, deliveries, permissions, properties, cost, time", async () => {
    const page = renderPage("shop", [await compared()]);
    for (const text of [
      "desired count 1 to 3",
      "<caption>How it is delivered, before and after</caption>",
      "<td>api:8080, FARGATE 0.25 vCPU 1024 MiB, 0 tasks now, 1 after a delivery</td><td>api:8080, FARGATE 0.25 vCPU 2048 MiB, 0 tasks now, 3 after a delivery</td>",
      "<caption>What security groups let through, before and after</caption>",
      "<td><code>memory</code></td><td><code>1024</code></td><td><code>2048</code></td>",
      "<td>network</td><td>$48.18</td><td>$38.69</td>",
      "<td>all of production&#39;s traffic is on the new version</td><td>6:50</td><td>7:30</td>",
      "<code>aws.ec2.VpcEndpoint dev-logs</code></td><td>removed</td><td></td><td>there</td><td>nothing</td>",
    ])
      assert.ok(page.includes(text), text);
  });

  it("has a rehearsal's timeline: when, where, what, and that it went wrong", async () => {
    const { recorded: graph } = await stackGraph("dev");
    const rehearsal = await rehearsed();
    const page = renderPage("shop", [{ stack: "dev", project: "shop", graph, findings: [] }], { rehearsal });
    assert.match(page, /<h2 id="rehearsal">Rehearsal<\/h2>/);
    assert.match(
      page,
      /<td>5:25<\/td><td><span class="good">done<\/span><\/td><td>service dev-api<\/td><td>starts 1 task/,
    );
    assert.match(page, /<span class="bad">went wrong<\/span>/);
    assert.match(page, /<p class="item bad">The commit did not reach users<\/p>/);
    assert.doesNotMatch(renderPage("shop", []), /Rehearsal/);
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
    writePage(join(folder, "more"), [await compared()], { rehearsal: await rehearsed() });
    writePage(join(folder, "several"), await runStacks(ROOT, ["dev", "prod"]));
    const { chromium } = await import("playwright-core");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  async function open(options: { colorScheme?: "light" | "dark"; width?: number; file?: string } = {}) {
    assert.ok(browser);
    const { colorScheme = "light", width = 1200, file = "index.html" } = options;
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    const started = Date.now();
    await page.goto(pathToFileURL(join(folder, file)).href);
    return { page, errors, milliseconds: Date.now() - started };
  }

  it("is small, quick and without errors, and fits a phone", async function () {
    this.timeout(60_000);
    assert.ok(statSync(join(folder, "index.html")).size < 2 * 1024 * 1024);
    const shown = ["index.html", "more/index.html"].flatMap((file) => [1200, 360].map((width) => ({ file, width })));
    for (const { file, width } of shown) {
      const { page, errors, milliseconds } = await open({ file, width });
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
      for (const file of ["index.html", "more/index.html", "several/index.html"]) {
        const { page } = await open({ colorScheme, file });
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        assert.deepEqual(await faint(page), []);
        assert.deepEqual(await page.evaluate(UNNAMED), []);
      }
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

/**
 * What a screen reader has no name for, or no order: inputs without labels, tables without captions, headings that skip,
 * landmarks of one name, what scrolls and no key reaches.
 */
const UNNAMED = `(() => [
  ...[...document.querySelectorAll("input")].filter((one) => one.labels.length === 0).map((one) => "input " + one.id),
  ...[...document.querySelectorAll("table")].filter((one) => !one.caption).map(() => "table"),
  ...[...document.querySelectorAll("h1,h2,h3,h4")].map((one) => Number(one.tagName[1])).flatMap((level, index, all) => index > 0 && level > all[index - 1] + 1 ? ["heading " + index] : []),
  ...[...document.querySelectorAll("[role=region],nav,aside,section[aria-label],section[aria-labelledby],form[aria-label]")]
    .map((one) => one.tagName + " " + (one.getAttribute("aria-label") ?? document.getElementById(one.getAttribute("aria-labelledby"))?.textContent))
    .filter((name, index, all) => all.indexOf(name) !== index),
  ...[...document.querySelectorAll("main *")].filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .filter((one) => one.scrollWidth > one.clientWidth && one.tabIndex < 0).map((one) => "scrolls: " + one.tagName),
  ...["html[lang]", "main", "nav[aria-label]", "title"].filter((one) => !document.querySelector(one)),
  ...[...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, index, all) => all.indexOf(id) !== index),
])()`;
