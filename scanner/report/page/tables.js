'use strict';
// Tables that sort by any column, with mouse or keyboard, filter, and come as
// CSV. A table is described by
//
//   {id, caption, columns, rows}
//
// and a column by {key, label, kind}: `kind` says how a cell is written and
// sorted, and `key` is its name in the rows and in the CSV. All text goes into
// the page as text, never as markup.

const KINDS = {
  text: {write: (value) => value ?? ''},
  count: {number: true, write: countText},
  share: {number: true, write: shareText},
  points: {number: true, write: pointsText},
  micros: {number: true, write: millisecondsText},
  number: {number: true, write: (value) => String(value ?? '–')},
};

const ROWS_WITHOUT_FILTER = 20;
const SHORT = 24;  // Letters that need no second line,
const WORDY = 30;  // and those that need room.

// make('p', {class: 'x'}, 'text', element, ...)
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function csvCell(value) {
  if (value == null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// RFC 4180 but for the line ends, as the program's own CSV.
function csvOf(columns, rows) {
  const lines = [columns.map((column) => csvCell(column.key)).join(',')];
  for (const row of rows) {
    lines.push(columns.map((column) => csvCell(row[column.key])).join(','));
  }
  return lines.join('\n') + '\n';
}

function download(name, text) {
  const blob = new Blob([text], {type: 'text/csv;charset=utf-8'});
  const link = make('a', {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// What is not known comes last, whichever way.
function compareBy(column, descending) {
  const number = KINDS[column.kind].number;
  return (a, b) => {
    const [x, y] = [a[column.key], b[column.key]];
    if (x == null || y == null) return (x == null) - (y == null);
    const order = number ? x - y : String(x).localeCompare(String(y), 'en');
    return descending ? -order : order;
  };
}

class DataTable {
  constructor({id, caption, columns, rows}) {
    Object.assign(this, {id, caption, columns, rows: [...rows]});
    this.sorted = null;  // {column, descending}
    this.body = make('tbody');
    this.headers = columns.map((column) => this.makeHeader(column));
    this.element = this.makeElement();
    this.fill();
  }

  makeHeader(column) {
    const number = KINDS[column.kind].number;
    const button = make('button', {type: 'button'}, column.label,
                        make('span', {class: 'arrow', 'aria-hidden': 'true'}));
    button.addEventListener('click', () => this.sortBy(column));
    return make('th', {scope: 'col', 'aria-sort': 'none',
                       class: number ? 'number' : null}, button);
  }

  makeElement() {
    const table = make('table', {id: `table-${this.id}`},
                       make('caption', {class: 'unseen'}, this.caption),
                       make('thead', null, make('tr', null, ...this.headers)),
                       this.body);
    // What scrolls must be reachable without a mouse.
    const scroller = make('div', {class: 'scroller', tabindex: '0',
                                  role: 'region', 'aria-label': this.caption},
                          table);
    this.status = make('p', {class: 'rows', 'aria-live': 'polite'});
    return make('div', {class: 'data'}, this.makeTools(), scroller);
  }

  makeTools() {
    const button = make('button', {type: 'button', class: 'quiet download'},
                        'Download CSV');
    button.setAttribute('aria-label', `Download CSV: ${this.caption}`);
    button.addEventListener(
        'click',
        () => download(`mxscan-${this.id}.csv`, csvOf(this.columns, this.rows)));
    const tools = make('div', {class: 'tools'}, this.status);
    if (this.rows.length > ROWS_WITHOUT_FILTER) {
      this.filter = make('input', {type: 'search', placeholder: 'Filter',
                                   'aria-label': `Filter: ${this.caption}`});
      this.filter.addEventListener('input', () => this.fill());
      tools.append(this.filter);
    }
    tools.append(button);
    return tools;
  }

  // Figures begin with the largest, words with A; once more turns it round.
  sortBy(column) {
    const again = this.sorted?.column === column;
    const descending = again ? !this.sorted.descending
                             : Boolean(KINDS[column.kind].number);
    this.sorted = {column, descending};
    this.rows.sort(compareBy(column, descending));
    this.headers.forEach((header, i) => {
      const way = descending ? 'descending' : 'ascending';
      header.setAttribute('aria-sort',
                          this.columns[i] === column ? way : 'none');
    });
    this.fill();
  }

  matches(row, words) {
    if (!words) return true;
    return this.columns.some(
        (c) => String(row[c.key] ?? '').toLowerCase().includes(words));
  }

  fill() {
    const words = this.filter?.value.trim().toLowerCase();
    const shown = this.rows.filter((row) => this.matches(row, words));
    this.body.replaceChildren(...shown.map((row) => this.makeRow(row)));
    const all = countOf(this.rows.length, 'row', 'rows');
    this.status.textContent = shown.length === this.rows.length
        ? all : `${countText(shown.length)} of ${all}`;
  }

  makeRow(row) {
    const cells = this.columns.map((column, i) => {
      const kind = KINDS[column.kind];
      const text = kind.write(row[column.key]);
      const classes = [kind.number && 'number', column.classOf?.(row),
                       i === 0 && text.length <= SHORT && 'short',
                       text.length > WORDY && 'wordy'];
      const attributes = {class: classes.filter(Boolean).join(' ') || null};
      const swatch = column.swatch
          ? [make('span', {class: 'swatch', 'aria-hidden': 'true',
                           style: `background:${column.swatch(row)}`})] : [];
      return i === 0
          ? make('th', {scope: 'row', ...attributes}, ...swatch, text)
          : make('td', attributes, text);
    });
    return make('tr', null, ...cells);
  }
}

function tableShown(spec) {
  return new DataTable(spec).element;
}

// Behind a chart, which says the same: closed until somebody wants it. It is
// opened for print.
function tableBehind(spec) {
  return make('details', {class: 'behind'},
              make('summary', null, `Table: ${spec.caption}`),
              new DataTable(spec).element);
}
