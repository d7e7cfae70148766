// Summaries that the demo does not leave: older, empty, hostile.

const copyOf = (summary) => structuredClone(summary);

// Google had half of what it has now, and somebody has gone since. It has no
// keys but those of the first version.
export function olderSummary(now) {
  const then = copyOf(now);
  then.started_at = '2020-01-01T00:00:00.000000Z';
  for (const provider of then.providers) {
    if (provider.id === 'google_workspace') {
      provider.domains = Math.round(provider.domains / 2);
    }
  }
  then.providers.push({id: 'gone', name: 'A provider that has gone',
                       category: 'hosting',
                       domains: Math.round(now.domains.with_mail / 10)});
  for (const key of ['mailboxes', 'backends', 'attribution', 'concentration',
                     'unattributed', 'countries', 'networks', 'findings',
                     'at_most_missing', 'counters']) {
    delete then[key];
  }
  for (const tld of then.tlds) {
    delete tld.with_mail;
    delete tld.providers;
  }
  return then;
}

// Nothing was counted, and what a ratio needs is 0.
export function emptySummary(full) {
  const empty = (value) => {
    if (Array.isArray(value)) return [];
    if (value === null || typeof value === 'string') return value;
    if (typeof value === 'number') return 0;
    if (typeof value !== 'object') return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, part]) => [key, empty(part)]));
  };
  return {...empty(full), schema: full.schema, runs: full.runs,
          rates: {domains_per_s: null, queries_per_s: null}};
}

// Every text is one that tries to be something else. `words` are those that a
// reader must see as they are.
export function hostileSummary(full) {
  const summary = copyOf(full);
  const name = '</script><script>window.hacked = 1</script>';
  const image = '<img src=x onerror="window.hacked = 1">';
  const comment = '<!--<script>';
  const long = 'x'.repeat(250);
  summary.version = `${comment}\u2028`;
  Object.assign(summary.providers[0],
                {id: image, name, category: 'constructor'});
  Object.assign(summary.providers[1],
                {id: '__proto__', name: long, category: '"><b>'});
  Object.assign(summary.categories[0], {category: '__proto__'});
  Object.assign(summary.tlds[0], {tld: `"><svg onload="window.hacked = 1">`});
  summary.domains.by_status['toString'] = 7;
  summary.domains.by_status['<b>bold</b>'] = 8;
  summary.queries.by_outcome['valueOf'] = 9;
  Object.assign(summary.resolvers[0],
                {address: `${image}{{summary}}`, notes: ['hasOwnProperty', name]});
  return {summary, words: [name, image, comment, long, '{{summary}}',
                           '<b>bold</b>', 'hasOwnProperty']};
}
