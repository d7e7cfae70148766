'use strict';
// What a summary says, as rows for tables and charts. Pure: it reads the
// summary and touches no document. What a summary does not have, because it
// is an old one or the question was not asked, gives no rows.

// A name to show for every id that a summary knows.
function namesOf(summary) {
  const names = new Map();
  for (const list of [summary.providers, summary.mailboxes ?? []]) {
    for (const item of list) if (item.name) names.set(item.id, item.name);
  }
  return (id) => names.get(id) ?? saidOf(NOT_PROVIDERS, id) ?? id;
}

function categoryOf(item) {
  if (item.category) return item.category;
  return item.id === 'own_name' ? 'selfhosted' : 'unattributed';
}

function isProvider(item) {
  return !Object.hasOwn(NOT_PROVIDERS, item.id);
}

// `list` is providers or mailboxes.
function providerRows(list, nameOf) {
  return (list ?? []).map((item) => ({
    id: item.id,
    name: nameOf(item.id),
    category: categoryOf(item),
    domains: item.domains,
    share: item.share,
  }));
}

// The largest providers by name, then whatever is no provider, then the rest
// together: all that there is, in so many bars.
function chartRows(rows, most, rest) {
  const providers = rows.filter(isProvider);
  const shown = providers.slice(0, most);
  const others = providers.slice(most);
  if (others.length > 0) {
    shown.push({
      id: '',
      name: `${countText(others.length)} ${rest}`,
      category: 'others',
      domains: sumOf(others, 'domains'),
      share: sumOf(others, 'share'),
    });
  }
  return shown.concat(rows.filter((row) => !isProvider(row)));
}

function sumOf(rows, key) {
  return rows.reduce((sum, row) => sum + (row[key] ?? 0), 0);
}

function statusRows(summary) {
  const whole = summary.domains.total + summary.input.invalid;
  return Object.entries(summary.domains.by_status)
      .filter(([, domains]) => domains > 0)
      .map(([status, domains]) => {
        const [name, family, meaning] =
            saidOf(STATUSES, status) ?? [status, 'unsettled', ''];
        return {status, name, family, meaning, domains,
                share: domains / whole};
      })
      .sort((a, b) => familyRank(a.family) - familyRank(b.family) ||
                      b.domains - a.domains);
}

function familyRank(family) {
  return Object.keys(FAMILIES).indexOf(family);
}

function categoryRows(summary) {
  const rows = summary.categories.map((item) => ({
    category: item.category, domains: item.domains, share: item.share,
  }));
  const unattributed =
      summary.providers.find((item) => item.id === 'unattributed');
  if (unattributed) {
    rows.push({category: 'unattributed', domains: unattributed.domains,
               share: unattributed.share});
  }
  return rows.map((row) => {
    const [name, meaning] =
        saidOf(CATEGORIES, row.category) ?? [row.category, ''];
    return {...row, name, meaning};
  });
}

function evidenceRows(summary) {
  return (summary.attribution ?? []).map((item) => {
    const [name, meaning] = saidOf(EVIDENCE, item.via) ?? [item.via, ''];
    return {via: item.via, name, meaning, domains: item.domains,
            share: item.share};
  });
}

// A row for every pair of a gateway and what is behind it. A domain with
// several mailbox providers behind its gateway counts for each of them.
function gatewayRows(summary, nameOf) {
  return (summary.backends ?? []).flatMap((gateway) => {
    const row = (id, name, domains) => ({
      gateway: gateway.gateway, gatewayName: nameOf(gateway.gateway),
      behind: id, behindName: name, domains,
      share: domains / gateway.domains,
    });
    return [
      ...gateway.behind.map((b) => row(b.id, nameOf(b.id), b.domains)),
      row('unseen', 'Nobody seen', gateway.unseen),
      row('unknown', 'Not asked, or not learnt', gateway.unknown),
    ].filter((pair) => pair.domains > 0);
  });
}

// The same as a flow: what is left of the largest on either side is one more.
// `fromLast` and `toLast` say what stands below the others whatever its size:
// those together, and then where nobody is seen.
function flowRows(pairs, most) {
  const left = foldedNames(pairs, 'gateway', 'gatewayName', most,
                           'Other gateways');
  const seen = pairs.filter((pair) => !isUnseen(pair.behind));
  const right = foldedNames(seen, 'behind', 'behindName', most,
                            'Other mailboxes');
  const flows = new Map();
  for (const pair of pairs) {
    const from = left.get(pair.gateway);
    const to = right.get(pair.behind) ?? {name: pair.behindName, last: 2};
    const key = JSON.stringify([from.name, to.name]);
    const flow = flows.get(key) ??
        {from: from.name, fromLast: from.last, to: to.name, toLast: to.last,
         domains: 0};
    flow.domains += pair.domains;
    flows.set(key, flow);
  }
  return [...flows.values()];
}

function isUnseen(id) {
  return id === 'unseen' || id === 'unknown';
}

// From id to the name it goes by: its own if it is one of the largest; and
// whether it stands below those.
function foldedNames(pairs, id, name, most, rest) {
  const sums = new Map();
  for (const pair of pairs) {
    sums.set(pair[id], (sums.get(pair[id]) ?? 0) + pair.domains);
  }
  const sorted = [...sums].sort((a, b) => b[1] - a[1]);
  const names = new Map(pairs.map((pair) => [pair[id], pair[name]]));
  const folds = sorted.length > most + 1;
  return new Map(sorted.map(([key], place) => [
    key, folds && place >= most ? {name: rest, last: 1}
                                : {name: names.get(key), last: 0},
  ]));
}

function tldRows(summary, nameOf) {
  return summary.tlds.map((item) => ({
    tld: item.tld,
    domains: item.domains,
    share: item.share,
    withMail: item.providers ? item.with_mail : null,
    leaders: (item.providers ?? []).slice(0, 3)
        .map((p) => `${nameOf(p.id)} ${shareText(p.share)}`).join(', '),
  }));
}

// Who has the mail of the largest top-level domains, as parts of 1.
function tldParts(summary, nameOf, most) {
  const shown = summary.tlds.filter((t) => t.providers && t.with_mail > 0)
      .slice(0, most);
  const named = summary.providers.filter(isProvider).slice(0, 4)
      .map((item) => item.id).concat('own_name', 'unattributed');
  return shown.flatMap((item) => {
    const parts = named.map((id) => {
      const found = item.providers.find((p) => p.id === id);
      return {tld: item.tld, id, name: nameOf(id), share: found?.share ?? 0};
    });
    const rest = Math.max(0, 1 - sumOf(parts, 'share'));
    return [...parts, {tld: item.tld, id: '', name: 'Others', share: rest}];
  });
}

function concentrationRows(summary) {
  const of = summary.concentration;
  if (!of) return [];
  const rows = (by, part) => part.top.map((top) => ({
    by, n: top.n, domains: top.domains, share: top.share,
  }));
  return [...rows('exchange', of.exchanges), ...rows('mailbox', of.mailboxes)];
}

function unattributedRows(summary) {
  return (summary.unattributed?.largest ?? []).map((item) => ({
    mxDomain: item.mx_domain,
    domains: item.domains,
    share: item.share,
    likely: item.likely_provider ? 'a provider' : '',
  }));
}

function countryRows(summary) {
  const names = regionNames();
  return (summary.countries ?? []).map((item) => ({
    country: item.country, name: names(item.country), domains: item.domains,
    share: item.share,
  }));
}

function regionNames() {
  const names = new Intl.DisplayNames(['en'], {type: 'region'});
  return (code) => {
    try {
      return names.of(code);
    } catch {
      return code;  // What is no code of a region.
    }
  };
}

function networkRows(summary) {
  return (summary.networks ?? []).map((item) => ({
    asn: item.asn, name: item.name, domains: item.domains, share: item.share,
  }));
}

function resolverRows(summary) {
  return summary.resolvers.map((item) => ({
    address: item.address,
    sent: item.sent,
    answered: item.answered,
    loss: item.loss,
    p50: item.rtt_p50_us,
    p95: item.rtt_p95_us,
    p99: item.rtt_p99_us,
    rate: item.rate_qps,
    limit: item.rate_limit_qps,
    notes: item.notes.map((note) => saidOf(RESOLVER_NOTES, note)?.[1] ?? note)
        .join(', '),
    worst: worstOf(item.notes),
  }));
}

function worstOf(notes) {
  const kinds = notes.map((note) => saidOf(RESOLVER_NOTES, note)?.[0] ?? 'warn');
  return ['bad', 'warn'].find((kind) => kinds.includes(kind)) ?? 'plain';
}

function outcomeRows(summary) {
  const entries = Object.entries(summary.queries.by_outcome)
      .filter(([, count]) => count > 0);
  const whole = entries.reduce((sum, [, count]) => sum + count, 0);
  return entries
      .map(([outcome, questions]) => ({
        outcome, name: saidOf(OUTCOMES, outcome) ?? outcome, questions,
        share: questions / whole,
      }))
      .sort((a, b) => b.questions - a.questions);
}

function findingRows(summary) {
  return (summary.findings ?? []).map((item) => ({
    id: item.id,
    severity: item.severity,
    domains: item.domains,
    share: item.share ?? item.domains / summary.domains.total,
  }));
}

// What moved between two summaries: `rowsOf` gives rows with a share and a
// domains of each, and `key` tells them apart. Largest change first.
function movedRows(before, now, rowsOf, key) {
  const then = new Map(rowsOf(before).map((row) => [row[key], row]));
  const moved = rowsOf(now).map((row) => {
    const old = then.get(row[key]);
    then.delete(row[key]);
    return movedRow(row, old, row);
  });
  for (const old of then.values()) moved.push(movedRow(old, old, undefined));
  return moved.sort((a, b) => Math.abs(b.points) - Math.abs(a.points) ||
                              b.now - a.now);
}

function movedRow(row, old, now) {
  return {
    ...row,
    domainsBefore: old?.domains ?? 0,
    domains: now?.domains ?? 0,
    before: old?.share ?? 0,
    now: now?.share ?? 0,
    points: (now?.share ?? 0) - (old?.share ?? 0),
  };
}

function unsettledShare(summary) {
  return sumOf(statusRows(summary).filter((row) => row.family === 'unsettled'),
               'share');
}

function shareOfId(list, id) {
  return (list ?? []).find((item) => item.id === id)?.share ?? 0;
}
