'use strict';
// The sections that are not about the market: what moved since another scan,
// how the resolvers did, and how all of it came about.

function movedColumns(name) {
  return [
    {key: 'name', label: name, kind: 'text'},
    {key: 'before', label: 'Before', kind: 'share'},
    {key: 'now', label: 'Now', kind: 'share'},
    {key: 'points', label: 'Points', kind: 'points',
     classOf: (row) => (row.points < 0 ? 'down' : row.points > 0 ? 'up' : '')},
    {key: 'domainsBefore', label: 'Domains before', kind: 'count'},
    {key: 'domains', label: 'Domains now', kind: 'count'},
  ];
}

function sameListText(summary, before) {
  const [now, then] = [summary.domains.total, before.domains.total];
  const sizes = now === then
      ? `Both scans have ${countText(now)} domains`
      : `${countText(then)} domains then, ${countText(now)} now`;
  return `${sizes}. Two lists that differ move shares by themselves: compare ` +
      'scans of the same list.';
}

// By provider of the exchange, of the mailbox, by category and by what came
// of the domains: each a table of its own, the first with a chart.
function movedSection({summary, before, nameOf}) {
  if (!before) return null;
  const providers = movedRows(
      before, summary, (s) => providerRows(s.providers, nameOf), 'id');
  const rows = providers.filter((row) => Math.abs(row.points) >= 0.0005)
      .slice(0, 12);
  const chart = rows.length === 0 ? [] : [
    figure('moved', 'Providers whose share moved most, from before to now; ' +
           'the table has the figures.', (width) => movedChart(rows, width),
           'From the ring to the arrow: the share of domains with mail, ' +
           'before and now, and the change in points.'),
  ];
  const others = [
    ['moved-mailboxes', 'mailbox providers', 'Mailbox provider', 'id',
     (s) => providerRows(s.mailboxes, nameOf)],
    ['moved-categories', 'kinds of service', 'Kind', 'category', categoryRows],
    ['moved-statuses', 'what came of the domains', 'What came of it', 'status',
     statusRows],
  ].filter(([, , , , rowsOf]) => rowsOf(before).length > 0);
  return section(
      'moved', 'What moved',
      `Since ${dayText(before.started_at)}. ${sameListText(summary, before)}`,
      ...chart,
      tableBehind({id: 'moved', caption: 'What moved: providers',
                   rows: providers, columns: movedColumns('Provider')}),
      ...others.map(([id, what, name, key, rowsOf]) => tableBehind({
        id, caption: `What moved: ${what}`,
        rows: movedRows(before, summary, rowsOf, key),
        columns: movedColumns(name),
      })));
}

function queriesText({sent, answered, retried, retried_in_vain: inVain, tcp,
                      kernel_drops: drops}) {
  const parts = [
    `${countOf(sent, 'query was', 'queries were')} sent and ` +
        `${countText(answered)} answered`,
    `${countText(retried)} were sent again, ${countText(inVain)} of them for ` +
        'questions that nobody ever answered',
    `${countText(tcp)} went over TCP`,
  ];
  if (drops > 0) {
    parts.push(`${countText(drops)} replies found no room in this machine’s ` +
               'buffers');
  }
  return `${parts.join('; ')}.`;
}

const lossClass = (row) => (row.loss > 0.05 ? 'down' : '');
const noteClass = (row) => (row.worst === 'plain' ? '' : row.worst);

function resolversSection({summary}) {
  const rows = resolverRows(summary);
  const timed = rows.filter((row) => row.p50 > 0)
      .sort((a, b) => b.answered - a.answered).slice(0, 20);
  const chart = timed.length < 2 ? [] : [
    figure('resolvers', 'Round-trips to each resolver; the table has the ' +
           'figures.', (width) => roundTripChart(timed, width)),
  ];
  return section(
      'resolvers', 'The resolvers', queriesText(summary.queries), ...chart,
      tableShown({
        id: 'resolvers', caption: 'Resolvers', rows,
        columns: [
          {key: 'address', label: 'Resolver', kind: 'text'},
          {key: 'notes', label: 'Notes', kind: 'text', classOf: noteClass},
          {key: 'sent', label: 'Sent', kind: 'count'},
          {key: 'answered', label: 'Answered', kind: 'count'},
          {key: 'loss', label: 'Loss', kind: 'share', classOf: lossClass},
          {key: 'p50', label: 'Median', kind: 'micros'},
          {key: 'p95', label: '95%', kind: 'micros'},
          {key: 'p99', label: '99%', kind: 'micros'},
          {key: 'rate', label: 'A second', kind: 'count'},
          {key: 'limit', label: 'Ceiling', kind: 'count'},
        ],
      }),
      tableBehind({
        id: 'outcomes', caption: 'What came of the questions',
        rows: outcomeRows(summary),
        columns: [
          {key: 'name', label: 'Outcome', kind: 'text'},
          {key: 'questions', label: 'Questions', kind: 'count'}, SHARE,
        ],
      }));
}

// What a reader must know before quoting a figure.
function caveats(summary) {
  const known = [
    'A domain counts for the provider of its first exchange: the one with the ' +
        'lowest preference, then by name. Others are not counted here; the ' +
        'rows have them.',
    'The provider is read from the exchange’s name and address by a table. ' +
        'What the table lacks is “not attributed”, never guessed.',
    '“Own name” says that the exchange lies below the domain itself. That is ' +
        'mail that its owner runs, or a host that uses the owner’s name.',
    'What is behind a gateway is read from the other exchanges, or else from ' +
        'SPF, which says who may send for the domain. SPF is read for nothing ' +
        'else. Most gateways that show nothing have mailboxes behind them too.',
    'Shares are of the domains that take mail in this list. They say nothing ' +
        'of lists that were made in another way, nor of the number of ' +
        'mailboxes or messages.',
  ];
  const unsettled = unsettledShare(summary);
  if (unsettled > 0) {
    known.push(`For ${shareText(unsettled)} of the list nobody could tell; ` +
               'these are in no share of providers. Ask for them again.');
  }
  const missing = Math.max(0, ...Object.values(summary.at_most_missing ?? {}));
  if (missing > 0) {
    known.push('There were more kinds than are counted one by one. Counts of ' +
               'top-level domains and unattributed exchanges may lack up to ' +
               `${countText(missing)} domains.`);
  }
  for (const notice of summary.notices ?? []) {
    known.push(`${notice.charAt(0).toUpperCase()}${notice.slice(1)}.`);
  }
  const bad = resolverRows(summary).filter((row) => row.worst === 'bad');
  if (bad.length > 0) {
    known.push(`${countOf(bad.length, 'resolver', 'resolvers')} behaved in a ` +
               'way that may have spoilt answers; see the table of resolvers.');
  }
  return known;
}

function methodSection({summary}) {
  const {lines, blank_or_comment: blank, invalid} = summary.input;
  const {distinct, cache_hits: hits} = summary.hosts;
  const paragraphs = [
    `${countOf(lines, 'line was', 'lines were')} read, ${countText(blank)} of ` +
        `them blank or comments and ${countText(invalid)} no domain. Each ` +
        'domain was asked for its MX records; without any, for its own ' +
        'addresses, since mail goes there then.',
    `${countOf(distinct, 'exchange', 'exchanges')} were asked for their ` +
        `addresses, each once however many domains name it; ` +
        `${countText(hits)} times the answer was there already. Questions went ` +
        'to recursive resolvers, and a lost one was sent again.',
  ];
  return section(
      'method', 'Method and caveats',
      'How these figures came about, and what they do not say.',
      make('div', {class: 'prose'},
           ...paragraphs.map((text) => make('p', null, text)),
           make('ul', null,
                ...caveats(summary).map((text) => make('li', null, text)))));
}
