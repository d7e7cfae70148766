// The report as its readers have it: Chromium opens the page of the demo, of a
// comparison, of a summary with nothing in it and of a hostile one, from the
// disk and without a network. Run by ctest, or by hand:
//
//   ctest --preset release -L browser
//
// SCREENSHOTS=FOLDER leaves there what a reader would see.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {emptySummary, hostileSummary, olderSummary} from './summaries.mjs';

const {MXSCAN, DRIVER, DEMO, SCRATCH, SCREENSHOTS} = process.env;
const driver = createRequire(join(resolve(DRIVER), 'package.json'));
const {chromium} = driver('playwright-core');
const axe = readFileSync(driver.resolve('axe-core/axe.min.js'), 'utf8');

const DESKTOP = {width: 1280, height: 900};
const PATIENCE = 120_000;  // Milliseconds; a slow machine is no fault.
const PHONE = {width: 390, height: 844};

const demo = JSON.parse(readFileSync(join(DEMO, 'summary.json'), 'utf8'));

// The page that the program makes of a summary.
function report(name, summary, ...flags) {
  const [json, html] = [join(SCRATCH, `${name}.json`),
                        join(SCRATCH, `${name}.html`)];
  writeFileSync(json, JSON.stringify(summary));
  execFileSync(MXSCAN, ['report', json, '-o', html, ...flags]);
  return html;
}

// Opens a page and notes all that a page should not do.
async function open(file) {
  const context = await browser.newContext({viewport: DESKTOP});
  await context.setOffline(true);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.stack));
  page.on('dialog', (dialog) => faults.push(dialog.message()));
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const url = pathToFileURL(resolve(file)).href;
  await page.goto(url);
  return {page, assertQuiet: () => {
    assert.deepEqual(faults, []);
    assert.deepEqual(asked, [url]);
  }};
}

// Opened once, for a page takes longer to open than to test. Each test leaves
// them light, closed and as wide as they were.
let browser;
let ofDemo;
let compared;
before(async () => {
  mkdirSync(SCRATCH, {recursive: true});
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', args: ['--no-sandbox'],
    timeout: PATIENCE,
  });
  const older = join(SCRATCH, 'older.json');
  writeFileSync(older, JSON.stringify(olderSummary(demo)));
  ofDemo = await open(join(DEMO, 'report.html'));
  compared = await open(report('compared', demo, '--compare', older));
});
after(() => browser?.close());

const marksOf = (page, chart) =>
    page.locator(`#chart-${chart} svg :is(rect, path, circle, line)`).count();

const columnOf = (page, table, n) => page.$$eval(
    `#table-${table} tbody tr`,
    (rows, i) => rows.map((row) => row.cells[i].textContent), n);

const overflowOf = (page) => page.evaluate(
    () => document.documentElement.scrollWidth - innerWidth);

const setAllOpen = (page, open_) => page.$$eval(
    'details', (all, value) => all.forEach((d) => { d.open = value; }), open_);

const number = (text) => Number(text.replaceAll(',', ''));

async function faultsSeenByAxe(page, rules) {
  const found = await page.evaluate(async ([source, runOnly]) => {
    if (!window.axe) (0, eval)(source);
    return window.axe.run(document, {runOnly});
  }, [axe, rules]);
  return found.violations.map(
      (v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join('\n')}`);
}

async function screenshot(page, name) {
  if (!SCREENSHOTS) return;
  mkdirSync(SCREENSHOTS, {recursive: true});
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({path: join(SCREENSHOTS, `${name}.png`)});
}

test('the demo’s page draws its charts', async () => {
  const {page, assertQuiet} = ofDemo;
  assert.equal(await page.title(), 'Who runs the mail: mxscan report');
  assert.match(await page.locator('#when').textContent(),
               /^6,\d{3} domains, scanned on \d+ \w+ 20\d\d/);
  assert.ok(await marksOf(page, 'providers') >= 15);
  assert.ok(await marksOf(page, 'categories') >= 5);
  assert.ok(await marksOf(page, 'statuses') >= 3);
  const figures = await page.locator('.tile .figure').allTextContents();
  assert.ok(figures.length >= 5);
  for (const figure of figures) assert.match(figure, /^[<>]?\d+\.\d%$/);
  assert.equal(await overflowOf(page), 0);
  await screenshot(page, 'desktop-light');
  assertQuiet();
});

test('every section that the summary has keys for is there', async () => {
  const {page} = ofDemo;
  const ids = await page.$$eval('main section', (all) => all.map((s) => s.id));
  const of = {mailboxes: 'mailboxes', backends: 'gateways',
              concentration: 'concentration', attribution: 'evidence',
              unattributed: 'unattributed', findings: 'findings',
              networks: 'networks'};
  for (const [key, id] of Object.entries(of)) {
    const told = demo[key] && Object.keys(demo[key]).length > 0;
    assert.equal(ids.includes(id), Boolean(told), id);
    if (told && id !== 'unattributed') assert.ok(await marksOf(page, id) > 0);
  }
  for (const id of ['providers', 'categories', 'tlds', 'statuses', 'resolvers',
                    'method']) {
    assert.ok(ids.includes(id), id);
  }
});

test('tables sort by mouse and by keyboard', async () => {
  const {page} = ofDemo;
  const header = page.locator('#table-tlds th', {hasText: 'Domains'});
  await header.locator('button').click();
  const falling = (await columnOf(page, 'tlds', 1)).map(number);
  assert.ok(falling.length > 5);
  assert.deepEqual(falling, [...falling].sort((a, b) => b - a));
  assert.equal(await header.getAttribute('aria-sort'), 'descending');

  await header.locator('button').focus();
  await page.keyboard.press('Enter');
  const rising = (await columnOf(page, 'tlds', 1)).map(number);
  assert.deepEqual(rising, [...falling].sort((a, b) => a - b));
  assert.equal(await header.getAttribute('aria-sort'), 'ascending');

  await page.keyboard.press('Shift+Tab');  // To the column before.
  await page.keyboard.press('Space');
  const names = await columnOf(page, 'tlds', 0);
  assert.deepEqual(names, [...names].sort());
  assert.equal(await header.getAttribute('aria-sort'), 'none');
});

test('a filter leaves what it says, and a reader hears how much', async () => {
  const {page} = ofDemo;
  await page.locator('#providers details > summary').press('Enter');
  const filter = page.getByLabel('Filter: Providers by domains');
  await filter.fill('gateway');
  const categories = await columnOf(page, 'providers', 2);
  assert.ok(categories.length > 0);
  assert.ok(categories.every((category) => category === 'gateway'));
  assert.match(await page.locator('#providers [aria-live]').textContent(),
               new RegExp(`^${categories.length} of \\d+ rows$`));
  await filter.fill('');
  await setAllOpen(page, false);
});

test('a table comes as CSV with all its rows', async () => {
  const {page} = ofDemo;
  await page.locator('#providers details > summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByLabel('Download CSV: Providers by domains').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'mxscan-providers.csv');
  const lines = readFileSync(await download.path(), 'utf8').trimEnd()
      .split('\n');
  assert.equal(lines[0], 'name,id,category,domains,share');
  assert.equal(lines.length, demo.providers.length + 1);
  const google = demo.providers.find((p) => p.id === 'google_workspace');
  assert.ok(lines.includes(`Google Workspace,google_workspace,mailbox,${
    google.domains},${google.share}`));
  await setAllOpen(page, false);
});

const backgroundOf = (page) => page.evaluate(
    () => getComputedStyle(document.body).backgroundColor);
const barColourOf = (page) => page.evaluate(() => getComputedStyle(
    document.querySelector('#chart-providers rect')).fill);

const DARK = 'rgb(14, 17, 23)';
const LIGHT = 'rgb(245, 246, 248)';
const PAPER = 'rgb(255, 255, 255)';

test('it is dark where the reader’s system is, or when asked to', async () => {
  const {page, assertQuiet} = ofDemo;
  const theme = page.locator('#theme');
  const bright = await barColourOf(page);
  await page.emulateMedia({colorScheme: 'dark'});
  assert.equal(await backgroundOf(page), DARK);
  assert.notEqual(await barColourOf(page), bright);
  await screenshot(page, 'desktop-dark');
  await theme.click();
  assert.equal(await theme.textContent(), 'Theme: light');
  assert.equal(await backgroundOf(page), LIGHT);
  assert.equal(await barColourOf(page), bright);
  await page.emulateMedia({colorScheme: 'light'});
  await theme.press('Enter');
  assert.equal(await backgroundOf(page), DARK);
  await theme.press('Enter');
  assert.equal(await backgroundOf(page), LIGHT);
  assertQuiet();
});

test('paper is white, and has the tables', async () => {
  const {page, assertQuiet} = ofDemo;
  const table = page.locator('#table-providers');
  assert.equal(await table.isVisible(), false);
  await page.emulateMedia({media: 'print', colorScheme: 'dark'});
  assert.equal(await backgroundOf(page), PAPER);
  await table.waitFor({state: 'visible'});
  assert.equal(await page.locator('.tools').first().isVisible(), false);
  const pdf = await page.pdf({format: 'A4'});
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  if (SCREENSHOTS) writeFileSync(join(SCREENSHOTS, 'print.pdf'), pdf);
  await page.emulateMedia({media: 'screen', colorScheme: 'light'});
  await page.waitForFunction(
      () => !document.querySelector('#providers details').open);
  assertQuiet();
});

test('nothing hangs over the edge of a phone', async () => {
  const {page, assertQuiet} = compared;
  await setAllOpen(page, true);
  for (const size of [PHONE, {...PHONE, width: 320}, DESKTOP]) {
    await page.setViewportSize(size);
    await page.waitForFunction(
        ([selector, most, least]) => {
          const width = document.querySelector(selector).getAttribute('width');
          return width < most && width > least;
        },
        ['#chart-providers svg', size.width, size.width * 0.7]);
    assert.ok(await overflowOf(page) <= 0);
    assert.ok(await marksOf(page, 'moved') > 5);
    await screenshot(page, `compared-${size.width}`);
  }
  await setAllOpen(page, false);
  assertQuiet();
});

test('a comparison says what moved, and by how much', async () => {
  const {page, assertQuiet} = compared;
  const rows = await page.$$eval('#table-moved tbody tr', (all) =>
    all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const google = rows.find(([name]) => name === 'Google Workspace');
  const share = demo.providers.find((p) => p.id === 'google_workspace').share;
  assert.equal(google[1], `${(share * 50).toFixed(1)}%`);  // It was half.
  assert.equal(google[3], `+${(share * 50).toFixed(1)}`);
  const gone = rows.find(([name]) => name === 'A provider that has gone');
  assert.deepEqual(gone.slice(1, 4), ['10.0%', '0.0%', '−10.0']);
  assert.match(await page.locator('#moved .lede').textContent(),
               /^Since 1 January 2020\./);
  assertQuiet();
});

test('axe finds nothing amiss, in light or in dark', async () => {
  const {page} = compared;
  assert.deepEqual(
      await faultsSeenByAxe(page, ['wcag2a', 'wcag2aa', 'wcag21aa',
                                   'best-practice']), []);
  await page.emulateMedia({colorScheme: 'dark'});
  assert.deepEqual(await faultsSeenByAxe(page, ['color-contrast']), []);
  await page.emulateMedia({colorScheme: 'light'});
});

test('a summary of nothing gives a page that says so', async () => {
  const {page, assertQuiet} = await open(report('empty', emptySummary(demo)));
  assert.match(await page.locator('#when').textContent(), /^0 domains/);
  assert.doesNotMatch(await page.locator('body').innerText(),
                      /NaN|undefined|null|Infinity/);
  assertQuiet();
});

test('what a hostile summary holds is shown, and never runs', async () => {
  const {summary, words} = hostileSummary(demo);
  const file = report('hostile', summary, '--compare',
                      join(SCRATCH, 'older.json'));
  const {page, assertQuiet} = await open(file);
  assertQuiet();
  await setAllOpen(page, true);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  const text = (await page.locator('main, footer').allTextContents()).join();
  for (const word of words) assert.ok(text.includes(word), word);
  assert.equal(await page.locator('img, iframe, main script').count(), 0);
  assert.equal(await page.locator('script').count(),
               readFileSync(file, 'utf8').split('</script>').length - 1);
  assert.ok(await overflowOf(page) <= 0);
  assertQuiet();
});

// The last of that page, for it tries what the page's policy complains of.
test('nothing would run if markup came in all the same', async () => {
  const {page} = ofDemo;
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
        'beforeend', '<img src="data:," onerror="window.hacked = 1">');
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
  });
  const asked = await page.evaluate(() => fetch('data:,').then(
      () => 'answered', () => 'forbidden'));
  assert.equal(asked, 'forbidden');
  assert.equal(await page.evaluate(() => window.hacked), undefined);
});
