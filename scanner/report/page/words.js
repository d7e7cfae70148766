'use strict';
// The words of the page: what the keys of a summary are called for people, and
// what they mean. Constant data, and how figures are written.

// By status: a heading, the family it belongs to, and what it says.
const STATUSES = {
  ok: ['Has MX records', 'mail', 'Mail goes to the hosts that its MX records name.'],
  implicit_mx: ['No MX, but an address', 'mail', 'Mail goes to the domain’s own address (RFC 5321 §5.1), often a web server that expects none.'],
  null_mx: ['Says it takes no mail', 'none', 'A null MX (RFC 7505).'],
  no_mail: ['Neither MX nor address', 'none', 'The domain exists, and nothing can be delivered there.'],
  nxdomain: ['Does not exist', 'none', 'The domain is not in the DNS.'],
  indeterminate: ['No MX, address unknown', 'unsettled', 'Whether it has an address could not be learnt, or was not asked.'],
  servfail: ['Name servers failed', 'unsettled', 'They are down, do not know the domain, or DNSSEC finds their answer false.'],
  refused: ['Resolvers refused', 'unsettled', 'The resolvers that were asked would not say.'],
  timeout: ['No answer', 'unsettled', 'Nobody answered in all tries.'],
  malformed: ['Broken replies', 'unsettled', 'Every reply was broken, or an error without a name of its own.'],
  invalid_input: ['Not a domain', 'invalid', 'The line of the list is no domain; nothing was asked.'],
};

const FAMILIES = {
  mail: 'Takes mail',
  none: 'Takes none',
  unsettled: 'Nobody could tell',
  invalid: 'Not a domain',
};

const CATEGORIES = {
  mailbox: ['Mailboxes', 'Keeps the mailboxes itself, for customers under their own domains.'],
  hosting: ['Hosting', 'Mail that comes with a web host or a registrar.'],
  selfhosted: ['Own name', 'The exchange lies below the domain itself: run by its owner, or by a host under the owner’s name.'],
  gateway: ['Gateway', 'Filters mail and passes it on; somebody else keeps the mailboxes.'],
  forwarding: ['Forwarding', 'Passes mail on to another address.'],
  transactional: ['Transactional', 'Takes mail for programs: services that send and parse it.'],
  isp: ['Access provider', 'Mail of a company that sells Internet access.'],
  parking: ['Parking', 'Takes mail of domains that are for sale or unused.'],
  unattributed: ['Not attributed', 'The exchange is of nobody that the table of providers knows.'],
};

// Words that stand where the id of a provider could.
const NOT_PROVIDERS = {
  own_name: 'Own name',
  unattributed: 'Not attributed',
  unseen: 'Behind a gateway, not seen',
  several: 'Behind a gateway, several',
};

const EVIDENCE = {
  mx_suffix: ['Name of the exchange', 'It ends in a name that is the provider’s.'],
  mx_pattern: ['Pattern of the name', 'It looks like a server that a provider rents out.'],
  address: ['Address of the exchange', 'It bears a customer’s name, and an address of a provider’s exchange.'],
  asn: ['Network of the exchange', 'Its address is in a network of the provider.'],
  own_name: ['Own name', 'It lies below the domain itself, and nothing else tells.'],
  unattributed: ['None', 'Nothing tells whose it is.'],
};

// What was odd about a resolver, and how bad that is for the figures.
const RESOLVER_NOTES = {
  never_answered: ['bad', 'never answered'],
  went_out: ['warn', 'went out once'],
  flapped: ['warn', 'went out several times'],
  refused: ['bad', 'refused many questions'],
  wrong_replies: ['warn', 'sent replies to nobody’s question'],
  rewrites_nxdomain: ['bad', 'invents addresses for names that do not exist'],
  changes_case: ['plain', 'changes the case of letters'],
  no_edns: ['plain', 'does without EDNS'],
  polite_limit: ['plain', 'a public resolver, asked at a polite rate'],
};

const OUTCOMES = {
  answer: 'Answer',
  nodata: 'Name exists, no such record',
  nxdomain: 'Name does not exist',
  loop: 'Alias in a circle',
  servfail: 'Name servers failed',
  refused: 'Refused',
  malformed: 'Broken reply',
  timeout: 'No answer',
  truncated: 'Cut off, and TCP brought nothing',
  formerr: 'Question not understood',
  unreachable: 'Resolver not reachable',
};

// What a table says of a key, which may be any word: `constructor` has nothing.
function saidOf(table, key) {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

const SEVERITIES = {error: 'Error', warning: 'Warning', info: 'Note'};

// Figures for people. A share is 0 to 1; a change of shares is in points.
const wholeNumber = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const oneDecimal = new Intl.NumberFormat('en', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

function countText(count) {
  return count == null ? '–' : wholeNumber.format(count);
}

function countOf(count, one, many) {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

// What is there never looks like nothing, nor what is not all like all.
function shareText(share) {
  if (share == null || Number.isNaN(share)) return '–';  // Of nothing.
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return '<0.1%';
  if (percent < 100 && percent >= 99.95) return '>99.9%';
  return `${oneDecimal.format(percent)}%`;
}

function pointsText(points) {
  if (points == null || Number.isNaN(points)) return '–';
  const text = oneDecimal.format(Math.abs(points * 100));
  if (text === '0.0') return '±0.0';
  return (points < 0 ? '−' : '+') + text;
}

function secondsText(seconds) {
  if (seconds < 60) return `${oneDecimal.format(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function millisecondsText(micros) {
  if (micros == null) return '–';
  return micros < 10000 ? `${oneDecimal.format(micros / 1000)} ms`
                        : `${countText(micros / 1000)} ms`;
}

function dayText(time) {
  const date = new Date(time);
  if (isNaN(date)) return 'an unknown day';
  return date.toLocaleDateString('en-GB', {
    day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC',
  });
}

function hourText(time) {
  const date = new Date(time);
  if (isNaN(date)) return '';
  return date.toISOString().slice(11, 16);
}
