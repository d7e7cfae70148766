'use strict';
// The sections of the page, in their order: a heading, a sentence, a chart and
// the table behind it. Each takes {summary, before, nameOf} and gives an
// element, or null where the summary has nothing to say.

const DOMAINS = {key: 'domains', label: 'Domains', kind: 'count'};
const SHARE = {key: 'share', label: 'Share', kind: 'share'};
const MEANING = {key: 'meaning', label: 'Meaning', kind: 'text'};
const swatchBy = (colour) => ({swatch: colour});

// What must be drawn again when the page changes its width.
const figures = [];

// A chart and what it says in words, for those who do not see it.
function figure(id, label, draw, caption) {
  const frame = make('div', {class: 'chart'});
  const element = make('figure', {id: `chart-${id}`}, frame);
  if (caption) element.append(make('figcaption', null, caption));
  const redraw = () => {
    const width = Math.floor(frame.clientWidth);
    if (width < 60 || width === Number(frame.dataset.width)) return;
    frame.dataset.width = width;
    const svg = draw(width);
    // A picture has one label, not one for each of its marks.
    for (const part of svg.querySelectorAll('[aria-label]')) {
      part.removeAttribute('aria-label');
    }
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
    frame.replaceChildren(svg);
  };
  figures.push({element: frame, redraw});
  return element;
}

function section(id, title, lede, ...children) {
  return make('section', {id, 'aria-labelledby': `${id}-title`},
              make('h2', {id: `${id}-title`}, title),
              make('p', {class: 'lede'}, lede), ...children);
}

function legend(items) {
  return make('ul', {class: 'legend'}, ...items.map(({name, colour}) =>
      make('li', null,
           make('span', {class: 'swatch', 'aria-hidden': 'true',
                         style: `background:${colour}`}),
           name)));
}

function listed(words) {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function leadersText(rows) {
  const leaders = rows.filter(isProvider).slice(0, 3)
      .map((row) => `${row.name} ${shareText(row.share)}`);
  return leaders.length > 0 ? `${listed(leaders)}.` : 'No provider is named.';
}

// The rows of a bar chart, with their colours and what was before.
function barRows(rows, before, colour) {
  const old = before && new Map(before.map((row) => [row.id, row.share]));
  return rows.map((row) => ({
    ...row,
    colour: colour(row),
    before: old && row.id ? old.get(row.id) ?? 0 : undefined,
  }));
}

function categoryColour(row) {
  return colourOf(Object.hasOwn(CATEGORIES, row.category) ? row.category
                                                          : 'others');
}

function categoryLegend(rows) {
  const seen = new Set(rows.map((row) => row.category));
  return legend(Object.keys(CATEGORIES).filter((key) => seen.has(key))
      .map((key) => ({name: CATEGORIES[key][0], colour: colourOf(key)})));
}

function providerColumns() {
  return [
    {key: 'name', label: 'Provider', kind: 'text',
     ...swatchBy(categoryColour)},
    {key: 'id', label: 'Id', kind: 'text'},
    {key: 'category', label: 'Category', kind: 'text'},
    DOMAINS, SHARE,
  ];
}

const beforeMark = ' The upright mark is the share before.';

function providerSection(id, title, lede, caption, key, {summary, before,
                                                          nameOf}) {
  const rows = providerRows(summary[key], nameOf);
  if (rows.length === 0) return null;
  const old = before?.[key] && providerRows(before[key], nameOf);
  const bars = barRows(chartRows(rows, 15, 'more providers'), old,
                       categoryColour);
  return section(
      id, title, lede, categoryLegend(bars),
      figure(id, `${caption}: ${leadersText(rows)}`,
             (width) => barChart(bars, width), old && beforeMark.trim()),
      tableBehind({id, caption, columns: providerColumns(), rows}));
}

function providersSection(context) {
  return providerSection(
      'providers', 'Who takes the mail',
      'Each domain counts once, for whoever runs the exchange that is tried ' +
      'first. Shares are of the domains that take mail.',
      'Providers by domains', 'providers', context);
}

function mailboxesSection(context) {
  return providerSection(
      'mailboxes', 'Who keeps the mailboxes',
      'The same with gateways and forwarders looked through: what is behind ' +
      'them counts in their place, where it is seen.',
      'Mailbox providers by domains', 'mailboxes', context);
}

function statusesSection({summary}) {
  const rows = statusRows(summary);
  if (rows.length === 0) return null;
  const colour = (row) => `var(--status-${row.family})`;
  const parts = Object.keys(FAMILIES).map((family) => {
    const of = rows.filter((row) => row.family === family);
    return {name: FAMILIES[family], share: sumOf(of, 'share'),
            domains: sumOf(of, 'domains'), colour: `var(--status-${family})`};
  }).filter((part) => part.domains > 0);
  const words = parts.map((p) => `${p.name} ${shareText(p.share)}`);
  return section(
      'statuses', 'What came of the domains',
      'Only what the DNS said is counted as knowledge. Where nobody could ' +
      'tell, nothing is concluded.',
      figure('statuses', `What came of the domains: ${listed(words)}.`,
             (width) => partsChart(parts, width)),
      legend(parts),
      tableShown({
        id: 'statuses', caption: 'Domains by status', rows,
        columns: [
          {key: 'name', label: 'What came of it', kind: 'text',
           ...swatchBy(colour)},
          {key: 'status', label: 'Status', kind: 'text'},
          DOMAINS, SHARE, MEANING,
        ],
      }));
}

function categoriesSection({summary}) {
  const rows = categoryRows(summary);
  if (rows.length === 0) return null;
  const parts = rows.map((r) => ({...r, colour: categoryColour(r)}));
  const words = parts.slice(0, 4).map((p) => `${p.name} ${shareText(p.share)}`);
  return section(
      'categories', 'What kind of service',
      'By what the provider of the first exchange is.',
      figure('categories', `Kinds of service: ${listed(words)}.`,
             (width) => partsChart(parts, width)),
      tableShown({
        id: 'categories', caption: 'Kinds of service', rows,
        columns: [
          {key: 'name', label: 'Kind', kind: 'text',
           ...swatchBy(categoryColour)},
          {key: 'category', label: 'Category', kind: 'text'},
          DOMAINS, SHARE, MEANING,
        ],
      }));
}

function gatewaysSection({summary, nameOf}) {
  const rows = gatewayRows(summary, nameOf);
  if (rows.length === 0) return null;
  const flows = flowRows(rows, 8);
  const seen = sumOf(summary.backends, 'seen');
  const all = sumOf(summary.backends, 'domains');
  const lede = `${countOf(all, 'domain has', 'domains have')} a filter or a ` +
      `forwarder in front. The mailbox behind it is seen for ` +
      `${shareText(seen / all)} of them, from their other exchanges or from ` +
      'whom their SPF record lets send. A domain with several counts for each.';
  return section(
      'gateways', 'Behind the gateways', lede,
      figure('gateways', 'From gateways on the left to the mailbox providers ' +
             'behind them on the right; the table has every pair.',
             (width) => flowChart(flows, width)),
      tableBehind({
        id: 'gateways', caption: 'Gateways and what is behind them', rows,
        columns: [
          {key: 'gatewayName', label: 'Gateway', kind: 'text'},
          {key: 'behindName', label: 'Behind it', kind: 'text'},
          DOMAINS, {...SHARE, label: 'Share of the gateway’s'},
        ],
      }));
}

function tldsSection({summary, nameOf}) {
  const rows = tldRows(summary, nameOf);
  if (rows.length === 0) return null;
  const parts = tldParts(summary, nameOf, 10);
  const ids = [...new Set(parts.map((part) => part.id))];
  const palette = ['mailbox', 'gateway', 'hosting', 'isp'];
  const colour = (id) => colourOf(
      id === '' ? 'others' : id === 'own_name' ? 'selfhosted'
      : id === 'unattributed' ? 'unattributed' : palette[ids.indexOf(id)]);
  for (const part of parts) part.colour = colour(part.id);
  const children = parts.length === 0 ? [] : [
    legend(ids.map((id) => ({
      name: id ? nameOf(id) : 'Others', colour: colour(id)}))),
    figure('tlds', 'Providers in the largest top-level domains, as parts of ' +
           'a hundred percent; the table names the leaders of each.',
           (width) => tldChart(parts, width)),
  ];
  const mail = parts.length === 0 ? [] : [
    {key: 'withMail', label: 'With mail', kind: 'count'},
    {key: 'leaders', label: 'Leaders', kind: 'text'},
  ];
  return section(
      'tlds', 'By top-level domain',
      'The last label of each domain. Shares of the table are of all domains, ' +
      'those of providers of the domains with mail.',
      ...children,
      tableShown({
        id: 'tlds', caption: 'Top-level domains', rows,
        columns: [{key: 'tld', label: 'TLD', kind: 'text'}, DOMAINS, SHARE,
                  ...mail],
      }));
}

// By the merger guidelines of the U.S. Department of Justice, 2023.
function hhiText(hhi) {
  if (hhi < 1000) return 'not concentrated';
  return hhi <= 1800 ? 'moderately concentrated' : 'highly concentrated';
}

function concentrationSection({summary}) {
  const rows = concentrationRows(summary);
  if (rows.length === 0) return null;
  const {exchanges, mailboxes} = summary.concentration;
  const lede = `How much the largest have together, of ` +
      `${countOf(exchanges.providers, 'provider', 'providers')}. The ` +
      `Herfindahl–Hirschman index is ${countText(exchanges.hhi)} by exchange ` +
      `(${hhiText(exchanges.hhi)}) and ${countText(mailboxes.hhi)} by mailbox ` +
      `(${hhiText(mailboxes.hhi)}); 10,000 would be a single provider. ` +
      'Registrable domains of exchanges that nobody knows count as providers, ' +
      'own names each for themselves, so that it is a lower bound.';
  return section(
      'concentration', 'Concentration', lede,
      figure('concentration', 'Share of the largest providers together; the ' +
             'table has the figures.',
             (width) => concentrationChart(rows, width)),
      tableBehind({
        id: 'concentration', caption: 'Shares of the largest together', rows,
        columns: [
          {key: 'by', label: 'By', kind: 'text'},
          {key: 'n', label: 'Largest', kind: 'count'}, DOMAINS, SHARE,
        ],
      }));
}

function evidenceSection({summary}) {
  const rows = evidenceRows(summary);
  if (rows.length === 0) return null;
  const bars = barRows(rows, null, (row) => colourOf(
      row.via === 'unattributed' ? 'unattributed'
      : row.via === 'own_name' ? 'selfhosted' : 'mailbox'));
  return section(
      'evidence', 'How it is known',
      'What tells whose the first exchange is. The first that holds counts.',
      figure('evidence', 'Evidence for providers; the table has the figures.',
             (width) => barChart(bars, width)),
      tableBehind({
        id: 'evidence', caption: 'Evidence for providers', rows,
        columns: [{key: 'name', label: 'Evidence', kind: 'text'},
                  {key: 'via', label: 'Word in rows', kind: 'text'},
                  DOMAINS, SHARE, MEANING],
      }));
}

function unattributedSection({summary}) {
  const rows = unattributedRows(summary);
  if (rows.length === 0) return null;
  const of = summary.unattributed;
  const likely = of.likely_providers;
  const lede = `${countOf(of.domains, 'domain', 'domains')} ` +
      `(${shareText(of.share)}) have an exchange that is of nobody we know, ` +
      `below ${countOf(of.mx_domains, 'registrable domain', 'different registrable domains')}. ` +
      `Those that serve three domains of this list or more are likely ` +
      `providers that the table lacks: ${countText(likely.count)}, with ` +
      `${countOf(likely.domains, 'domain', 'domains')} (${shareText(likely.share)}).`;
  return section(
      'unattributed', 'Not attributed', lede,
      tableShown({
        id: 'unattributed', caption: 'Exchanges of nobody known', rows,
        columns: [
          {key: 'mxDomain', label: 'Exchanges below', kind: 'text'},
          DOMAINS, SHARE, {key: 'likely', label: 'Looks like', kind: 'text'},
        ],
      }));
}

function networksSection({summary}) {
  const networks = networkRows(summary);
  const countries = countryRows(summary);
  if (networks.length + countries.length === 0) return null;
  const bars = barRows(countries.slice(0, 12), null, () => colourOf('mailbox'));
  const chart = bars.length === 0 ? [] : [
    figure('countries', 'Countries of the first exchange’s network; the ' +
           'table has the figures.', (width) => barChart(bars, width)),
    tableBehind({
      id: 'countries', caption: 'Countries of networks', rows: countries,
      columns: [{key: 'name', label: 'Country', kind: 'text'},
                {key: 'country', label: 'Code', kind: 'text'}, DOMAINS, SHARE],
    }),
  ];
  return section(
      'networks', 'Where the exchanges are',
      'The network (autonomous system) of the first address of the first ' +
      'exchange, and the country where that is registered.', ...chart,
      tableShown({
        id: 'networks', caption: 'Networks', rows: networks,
        columns: [{key: 'name', label: 'Network', kind: 'text'},
                  {key: 'asn', label: 'AS number', kind: 'number'},
                  DOMAINS, SHARE],
      }));
}

function findingsSection({summary}) {
  const rows = findingRows(summary);
  if (rows.length === 0) return null;
  const colour = (row) => `var(--severity-${
      Object.hasOwn(SEVERITIES, row.severity) ? row.severity : 'info'})`;
  const bars = rows.slice(0, 15).map(
      (row) => ({...row, name: row.id, colour: colour(row)}));
  const seen = new Set(rows.map((row) => row.severity));
  return section(
      'findings', 'What is wrong',
      'Findings about the domains’ own configuration. mxscan explain ID says ' +
      'what one means and how to mend it.',
      legend(Object.keys(SEVERITIES).filter((key) => seen.has(key))
          .map((key) => ({name: SEVERITIES[key],
                          colour: `var(--severity-${key})`}))),
      figure('findings', 'Findings by domains; the table has the figures.',
             (width) => barChart(bars, width)),
      tableShown({
        id: 'findings', caption: 'Findings', rows,
        columns: [
          {key: 'id', label: 'Finding', kind: 'text', ...swatchBy(colour)},
          {key: 'severity', label: 'Severity', kind: 'text'}, DOMAINS,
          {...SHARE, label: 'Share of all domains'},
        ],
      }));
}
