'use strict';
// Charts, drawn by Observable Plot as SVG. Colours are variables of the style
// sheet, so that a change of theme needs no drawing. Each function gives an
// SVG of the width asked for. What a chart shows, a table beside it tells.

const FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, ' +
    '"Noto Sans", "Liberation Sans", sans-serif';
const NARROW = 560;  // Below it labels stand above their bars.

const FLOW_GAP = 10;
const LABEL_HEIGHT = 19;

const colourOf = (category) => `var(--${category})`;

function plot(options) {
  return Plot.plot({
    className: 'plot',
    style: {background: 'none', overflow: 'visible', font: FONT},
    ...options,
  });
}

// How wide a label is, in the font that this reader has.
const pen = document.createElement('canvas').getContext('2d');
pen.font = FONT;
const widthOf = (text) => pen.measureText(text).width;

// As much of a text as has room.
function shortened(text, pixels) {
  if (widthOf(text) <= pixels) return text;
  let cut = text.slice(0, Math.ceil(pixels / 4));
  while (cut.length > 3 && widthOf(`${cut}…`) > pixels) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}

// Of letters on a bar; pale bars have dark ones.
function inkOn(row) {
  const pale = row.colour === colourOf('unattributed') ||
      row.colour === colourOf('others') ||
      row.colour === colourOf('status-invalid');
  return pale ? 'var(--text)' : 'var(--on-colour)';
}

function widestOf(texts) {
  return Math.max(0, ...texts.map(widthOf));
}

// Bars of {name, share, domains, colour}, with the share before as a mark if
// there is a `before`.
function barChart(rows, width, unit = 'domains') {
  const narrow = width < NARROW;
  const labels = narrow ? 0
      : Math.min(widestOf(rows.map((r) => r.name)) + 12, width * 0.36);
  const end = (row) => Math.max(row.share, row.before ?? 0);
  const high = Math.max(...rows.map(end));
  const place = (row) => rows.indexOf(row);
  const valueOf = (row) => `${shareText(row.share)}  ${countText(row.domains)}`;
  return plot({
    width,
    height: rows.length * (narrow ? 43 : 27) + 8,
    marginLeft: labels, marginTop: 4, marginBottom: 4,
    marginRight: widestOf(rows.map(valueOf)) + 12,
    x: {axis: null, domain: [0, high || 1]},
    y: {axis: null, padding: 0, domain: rows.map((_, i) => i)},
    marks: [
      Plot.barX(rows, {
        x: 'share', y: place, fill: 'colour', rx: 3,
        insetTop: narrow ? 22 : 5, insetBottom: 5,
        title: (r) => `${r.name}\n${shareText(r.share)}, ` +
                      `${countText(r.domains)} ${unit}`,
        tip: true,
      }),
      Plot.text(rows, {
        x: 0, y: place, fill: 'currentColor',
        text: (r) => shortened(r.name, narrow ? width - 20 : labels - 10),
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 0 : -9, dy: narrow ? -9.5 : 0,
      }),
      Plot.text(rows, {
        x: end, y: place, text: valueOf, textAnchor: 'start',
        fill: 'var(--soft)', dx: 7, dy: narrow ? 8.5 : 0,
      }),
      Plot.tickX(rows.filter((r) => r.before != null), {
        x: 'before', y: place, stroke: 'currentColor', strokeWidth: 2,
        insetTop: narrow ? 19 : 2, insetBottom: 2,
      }),
    ],
  });
}

// One bar that is the whole, in parts of {name, share, colour}.
function partsChart(rows, width) {
  const wide = (row) => row.share * width > 48;
  return plot({
    width, height: 46,
    marginLeft: 0, marginRight: 0, marginTop: 4, marginBottom: 4,
    x: {axis: null, domain: [0, sumOf(rows, 'share') || 1]},
    marks: [
      Plot.barX(rows, Plot.stackX({
        x: 'share', fill: 'colour', insetLeft: 0.75, insetRight: 0.75, rx: 3,
        title: (r) => `${r.name}\n${shareText(r.share)}, ` +
                      `${countText(r.domains)} domains`,
        tip: true,
      })),
      Plot.text(rows, Plot.stackX({
        x: 'share', text: (r) => (wide(r) ? shareText(r.share) : ''),
        fill: inkOn, fontWeight: 600,
      })),
    ],
  });
}

// Ends of a flow, one above the other; what is last there is last in any case.
function stackedEnds(flows, side, height, scale) {
  const ends = new Map();
  for (const flow of flows) {
    const end = ends.get(flow[side]) ??
        {name: flow[side], domains: 0, last: flow[`${side}Last`]};
    end.domains += flow.domains;
    ends.set(flow[side], end);
  }
  const sorted = [...ends.values()]
      .sort((a, b) => a.last - b.last || b.domains - a.domains);
  let y = 0;
  for (const end of sorted) {
    const thick = end.domains * scale;
    Object.assign(end, {y1: y, y2: y + thick, next: y});
    y = end.y2 + Math.max(FLOW_GAP, LABEL_HEIGHT - thick);
  }
  const offset = Math.max(0, (height - sorted.at(-1).y2) / 2);
  for (const end of sorted) {
    for (const key of ['y1', 'y2', 'next']) end[key] += offset;
  }
  return sorted;
}

// The ribbons, each as the corners of an area from the left end to the right.
function ribbonsOf(flows, left, right, scale) {
  const byName = (ends) => new Map(ends.map((end) => [end.name, end]));
  const [from, to] = [byName(left), byName(right)];
  const order = (ends, name) => ends.findIndex((end) => end.name === name);
  const sorted = [...flows].sort(
      (a, b) => order(left, a.from) - order(left, b.from) ||
                order(right, a.to) - order(right, b.to));
  return sorted.flatMap((flow, id) => {
    const [start, end] = [from.get(flow.from), to.get(flow.to)];
    const thick = flow.domains * scale;
    const corner = (x, place) => {
      const y1 = place.next;
      place.next += thick;
      return {id, flow, x, y1, y2: y1 + thick,
              colour: flow.toLast === 2 ? 'var(--unattributed)'
                                        : 'var(--mailbox)'};
    };
    return [corner(0, start), corner(1, end)];
  });
}

function flowChart(flows, width) {
  const ends = (side) => new Set(flows.map((flow) => flow[side])).size;
  const most = Math.max(ends('from'), ends('to'));
  const scale = most * 24 / sumOf(flows, 'domains');
  const wanted = most * (24 + FLOW_GAP);
  const left = stackedEnds(flows, 'from', wanted, scale);
  const right = stackedEnds(flows, 'to', wanted, scale);
  const height = Math.max(wanted, left.at(-1).y2, right.at(-1).y2);
  const narrow = width < NARROW;  // Then names stand within, on the ribbons.
  const margin = narrow ? 4 : Math.min(width * 0.33, 240);
  const room = narrow ? width / 2 - 20 : margin;
  const middle = (end) => (end.y1 + end.y2) / 2;
  const ofSight = (end) => (end.last === 2 ? 'var(--unattributed)'
                                           : 'var(--mailbox)');
  const label = (end) => `${shortened(end.name, room - 58)}  ` +
                         countText(end.domains);
  const halo = narrow ? {stroke: 'var(--card)', strokeWidth: 4} : {};
  const side = (list, x, outwards, colour) => [
    Plot.ruleX(list, {x, y1: 'y1', y2: 'y2', stroke: colour, strokeWidth: 6}),
    Plot.text(list, {
      x, y: middle, text: label, fill: 'currentColor', ...halo,
      textAnchor: outwards === (narrow ? 1 : -1) ? 'end' : 'start',
      dx: 10 * (narrow ? -outwards : outwards),
    }),
  ];
  return plot({
    width, height: height + 16, marginTop: 8, marginBottom: 8,
    marginLeft: margin, marginRight: margin,
    x: {axis: null, domain: [0, 1]},
    y: {axis: null, domain: [0, height], reverse: true},
    marks: [
      Plot.areaY(ribbonsOf(flows, left, right, scale), {
        x: 'x', y1: 'y1', y2: 'y2', z: 'id', curve: 'bump-x',
        fill: 'colour', fillOpacity: 0.4,
        title: (d) => `${d.flow.from} → ${d.flow.to}\n` +
                      `${countText(d.flow.domains)} domains`,
      }),
      ...side(left, 0, -1, 'var(--gateway)'),
      ...side(right, 1, 1, ofSight),
    ],
  });
}

// How much the largest n have together, n growing; a line for each `by`.
function concentrationChart(rows, width) {
  const colour = (row) =>
      row.by === 'mailbox' ? 'var(--mailbox)' : 'var(--gateway)';
  const most = Math.max(...rows.map((row) => row.n));
  const last = [...new Map(rows.map((row) => [row.by, row])).values()]
      .sort((a, b) => b.share - a.share);
  return plot({
    width, height: width < NARROW ? 240 : 300,
    marginLeft: 44, marginRight: 92, marginTop: 34, marginBottom: 40,
    x: {type: 'log', domain: [1, most], label: 'Largest providers, so many',
        ticks: [1, 2, 3, 5, 10, 20, 50, 100].filter((n) => n <= most),
        tickFormat: (n) => String(n)},
    y: {domain: [0, 1], label: 'Share of domains with mail', grid: true,
        ticks: 5, tickFormat: (share) => `${Math.round(share * 100)}%`},
    marks: [
      Plot.line(rows, {x: 'n', y: 'share', z: 'by', stroke: colour,
                       strokeWidth: 2.5, curve: 'monotone-x'}),
      Plot.dot(rows, {
        x: 'n', y: 'share', fill: colour, r: 4,
        title: (r) => `Largest ${r.n}, by ${r.by}\n${shareText(r.share)}`,
        tip: true,
      }),
      // The lines may end close to each other; their names never meet.
      ...last.map((row, i) => Plot.text([row], {
        x: 'n', y: 'share', text: (r) => `by ${r.by}`, textAnchor: 'start',
        dx: 10, dy: i === 0 ? -8 : 8, fill: colour, fontWeight: 600,
      })),
    ],
  });
}

// 100 % of each top-level domain, in parts of {tld, name, share, colour}.
function tldChart(parts, width) {
  const tlds = [...new Set(parts.map((part) => part.tld))];
  const labels = Math.min(widestOf(tlds) + 26, width * 0.3);
  const wide = (part) => part.share * (width - labels) > 44;
  return plot({
    width, height: tlds.length * 30 + 8,
    marginLeft: labels, marginRight: 0, marginTop: 4, marginBottom: 4,
    x: {axis: null, domain: [0, 1]},
    y: {axis: null, padding: 0, domain: tlds},
    marks: [
      Plot.barX(parts, Plot.stackX({
        x: 'share', y: 'tld', fill: 'colour', order: null,
        insetTop: 4, insetBottom: 4, insetLeft: 0.5, insetRight: 0.5,
        title: (p) => `.${p.tld}: ${p.name}\n${shareText(p.share)}`,
        tip: true,
      })),
      Plot.text(parts, Plot.stackX({
        x: 'share', y: 'tld', order: null,
        text: (p) => (wide(p) ? shareText(p.share) : ''),
        fill: inkOn,
      })),
      Plot.text(tlds, {
        x: 0, y: (tld) => tld, text: (t) => shortened(`.${t}`, labels - 10),
        textAnchor: 'end', dx: -8, fill: 'currentColor',
      }),
    ],
  });
}

// From where to where {name, before, now, points} went.
function movedChart(rows, width) {
  const narrow = width < NARROW;
  const labels = narrow ? 0
      : Math.min(widestOf(rows.map((r) => r.name)) + 12, width * 0.36);
  const place = (row) => rows.indexOf(row);
  const colour = (row) => (row.points < 0 ? 'var(--down)' : 'var(--up)');
  const high = Math.max(...rows.map((r) => Math.max(r.before, r.now)));
  return plot({
    width, height: rows.length * (narrow ? 42 : 28) + 34,
    marginLeft: labels || 8, marginRight: 60, marginTop: 26, marginBottom: 8,
    x: {axis: 'top', domain: [0, high || 1], label: null, ticks: 5,
        tickFormat: (share) => shareText(share)},
    y: {type: 'point', axis: null, padding: 0.5,
        domain: rows.map((_, i) => i)},
    marks: [
      Plot.gridX({ticks: 5}),
      Plot.arrow(rows, {
        x1: 'before', x2: 'now', y1: place, y2: place, stroke: colour,
        strokeWidth: 2.5, headLength: 6, dy: narrow ? 9 : 0,
      }),
      Plot.dot(rows, {
        x: 'before', y: place, r: 3.5, stroke: colour, fill: 'var(--card)',
        strokeWidth: 2, dy: narrow ? 9 : 0,
        title: (r) => `${r.name}\n${shareText(r.before)} → ` +
                      `${shareText(r.now)}`,
        tip: true,
      }),
      Plot.text(rows, {
        x: 0, y: place, fill: 'currentColor',
        text: (r) => shortened(r.name, narrow ? width - 20 : labels - 10),
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 0 : -9, dy: narrow ? -10 : 0,
      }),
      Plot.text(rows, {
        x: (r) => Math.max(r.before, r.now), y: place, fill: colour,
        text: (r) => pointsText(r.points), textAnchor: 'start', dx: 9,
        dy: narrow ? 9 : 0, fontWeight: 600,
      }),
    ],
  });
}

// The spread of round-trips: half, 95 and 99 of a hundred.
function roundTripChart(rows, width) {
  const labels = Math.min(widestOf(rows.map((r) => r.address)) + 16,
                          width * 0.4);
  return plot({
    width, height: rows.length * 26 + 52,
    marginLeft: labels, marginRight: 16, marginTop: 8, marginBottom: 40,
    x: {type: 'log', label: 'Round-trip in milliseconds: half, 95%, 99%',
        grid: true, ticks: 5, tickFormat: (ms) => String(ms)},
    y: {axis: null, padding: 0.3, domain: rows.map((r) => r.address)},
    marks: [
      Plot.ruleY(rows, {
        x1: (r) => r.p50 / 1000, x2: (r) => r.p99 / 1000, y: 'address',
        stroke: 'var(--mailbox)', strokeWidth: 3, strokeOpacity: 0.4,
      }),
      ...['p50', 'p95', 'p99'].map((key) => Plot.dot(rows, {
        x: (r) => r[key] / 1000, y: 'address', r: key === 'p50' ? 5 : 3.5,
        fill: 'var(--mailbox)', fillOpacity: key === 'p50' ? 1 : 0.7,
        title: (r) => `${r.address}\n${key.slice(1)} of 100 within ` +
                      millisecondsText(r[key]),
        tip: true,
      })),
      Plot.text(rows, {
        text: (r) => shortened(r.address, labels - 10), y: 'address',
        frameAnchor: 'left', textAnchor: 'end', dx: -9, fill: 'currentColor',
      }),
    ],
  });
}
