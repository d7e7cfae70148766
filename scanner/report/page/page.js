'use strict';
// Puts the page together, and keeps it right when its width, its theme or its
// medium changes.

function dataOf(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// A figure at the head of the page; `change` is in points, since before.
function tile(label, value, note, change) {
  const children = [
    make('dt', null, label),
    make('dd', {class: 'figure'}, value),
    make('dd', {class: 'note'}, note),
  ];
  if (change != null) {
    children.push(make('dd', {class: 'change'},
                       `${pointsText(change)} points`));
  }
  return make('div', {class: 'tile'}, ...children);
}

function changeOf(now, before, shareOf) {
  if (!before) return null;
  const [new_, old] = [shareOf(now), shareOf(before)];
  return new_ == null || old == null ? null : new_ - old;
}

function mailShare(summary) {
  return summary.domains.with_mail / summary.domains.total;
}

function topShare(summary, n) {
  return sumOf(summary.providers.filter(isProvider).slice(0, n), 'share');
}

function gatewayShare(summary) {
  return summary.backends ? sumOf(summary.backends, 'share') : null;
}

function leaderTile({summary, before, nameOf}) {
  const leader = summary.providers.find(isProvider);
  if (!leader) return null;
  return tile('Largest provider', shareText(leader.share), nameOf(leader.id),
              changeOf(summary, before,
                       (s) => shareOfId(s.providers, leader.id)));
}

function gatewayTile({summary, before}) {
  const share = gatewayShare(summary);
  if (!share) return null;
  const seen = sumOf(summary.backends, 'seen') /
      sumOf(summary.backends, 'domains');
  return tile('Behind gateways', shareText(share),
              `mailbox seen for ${shareText(seen)}`,
              changeOf(summary, before, gatewayShare));
}

function headline(context) {
  const {summary, before} = context;
  const {total, with_mail: withMail} = summary.domains;
  const change = (shareOf) => changeOf(summary, before, shareOf);
  const unattributed = (s) => shareOfId(s.providers, 'unattributed');
  const tiles = [
    tile('Domains with mail', shareText(mailShare(summary)),
         `${countText(withMail)} of ${countText(total)}`, change(mailShare)),
    leaderTile(context),
    tile('Five largest', shareText(topShare(summary, 5)),
         'together, by first exchange', change((s) => topShare(s, 5))),
    gatewayTile(context),
    tile('Not attributed', shareText(unattributed(summary)),
         'exchange of nobody known', change(unattributed)),
    tile('Not settled', shareText(unsettledShare(summary)),
         'nobody could tell; ask again', change(unsettledShare)),
  ];
  return make('dl', {class: 'tiles'}, ...tiles.filter(Boolean));
}

function whenText(summary, before) {
  const from = `${dayText(summary.started_at)}, ${hourText(summary.started_at)}`;
  const runs = summary.runs.length > 1 ? ` in ${summary.runs.length} runs` : '';
  return `${countOf(summary.domains.total, 'domain', 'domains')}, scanned on ` +
      `${from} UTC in ${secondsText(summary.elapsed_s)}${runs}` +
      ` (${countText(summary.rates.domains_per_s)} a second)` +
      (before ? `, compared with ${dayText(before.started_at)}` : '');
}

function contents(sections) {
  return make('nav', {class: 'contents', 'aria-label': 'Sections'},
              make('ul', null, ...sections.map((element) => make(
                  'li', null,
                  make('a', {href: `#${element.id}`},
                       element.querySelector('h2').textContent)))));
}

const THEMES = ['auto', 'light', 'dark'];

function setUpTheme() {
  const button = document.getElementById('theme');
  const show = (theme) => {
    if (theme === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
    button.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => show(
      THEMES[(THEMES.indexOf(button.dataset.theme) + 1) % THEMES.length]));
  show('auto');
  button.hidden = false;
}

// Paper has no clicks: everything is open there, and then as it was.
function setUpPrint() {
  const closed = new Set();
  const turn = (printing) => {
    if (printing) {
      for (const details of document.querySelectorAll('details:not([open])')) {
        closed.add(details);
        details.open = true;
      }
      return;
    }
    for (const details of closed) details.open = false;
    closed.clear();
  };
  matchMedia('print').addEventListener('change', (e) => turn(e.matches));
  addEventListener('beforeprint', () => turn(true));
  addEventListener('afterprint', () => turn(false));
}

function setUpCharts() {
  const observer = new ResizeObserver((entries) => {
    const changed = new Set(entries.map((entry) => entry.target));
    for (const {element, redraw} of figures) {
      if (changed.has(element)) redraw();
    }
  });
  for (const {element, redraw} of figures) {
    redraw();
    observer.observe(element);
  }
}

const SECTIONS = [
  movedSection, providersSection, mailboxesSection, gatewaysSection,
  categoriesSection, tldsSection, concentrationSection, unattributedSection,
  evidenceSection, networksSection, findingsSection, statusesSection,
  resolversSection, methodSection,
];

// Old summaries know names that a new one may not have, when one has gone.
function namesOfBoth(summary, before) {
  const now = namesOf(summary);
  const then = before ? namesOf(before) : now;
  return (id) => (now(id) === id ? then(id) : now(id));
}

function build() {
  const summary = dataOf('summary-data');
  const before = dataOf('before-data');
  const context = {summary, before, nameOf: namesOfBoth(summary, before)};
  document.getElementById('when').textContent = whenText(summary,
                                                            before);
  const sections = SECTIONS.map((sectionOf) => sectionOf(context)).filter(Boolean);
  document.getElementById('content').append(
      headline(context), contents(sections), ...sections);
  document.getElementById('footer').textContent =
      `mxscan ${summary.version}`;
  setUpTheme();
  setUpPrint();
  setUpCharts();
}

build();
