import { h, svg } from './dom.js';

const WIDTH = 480;
const HEIGHT = 150;
const LEFT = 52;
const BOTTOM = 20;
const TOP = 8;

/** The least of 1, 2 and 5 times a power of ten that is not below `value`. */
function niceCeiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find(step => step * power >= value) * power;
}

/**
 * A chart of lines over the last minutes. `series` is `[{ name, points }]`; a point is a number, or null for none. `format` writes a value.
 */
export function lineChart(title, series, slots, spanText, format) {
  const top = niceCeiling(Math.max(0, ...series.flatMap(({ points }) => points.filter(Number.isFinite))));
  const x = index => LEFT + ((WIDTH - LEFT - 4) * index) / (slots - 1);
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const chart = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': describe(title, series, format) });
  for (const part of [0, 0.5, 1]) {
    chart.append(
      svg('line', { x1: LEFT, x2: WIDTH - 4, y1: y(top * part), y2: y(top * part), class: part === 0 ? 'axis' : 'grid' }),
      svg('text', { x: LEFT - 8, y: y(top * part) + 4, 'text-anchor': 'end' }, format(top * part)));
  }

  chart.append(
    svg('text', { x: LEFT, y: HEIGHT - 4 }, spanText),
    svg('text', { x: WIDTH - 4, y: HEIGHT - 4, 'text-anchor': 'end' }, 'now'));
  series.forEach(({ points }, number) => {
    const first = slots - points.length;
    for (const run of runs(points)) {
      const path = run.map(([index, value]) => `${x(first + index).toFixed(1)} ${y(value).toFixed(1)}`).join('L');
      if (run.length === 1) chart.append(svg('circle', { cx: path.split(' ')[0], cy: path.split(' ')[1], r: 2, class: `dot line${number}` }));
      else chart.append(svg('path', { d: `M${path}`, class: `line line${number}` }));
    }
  });
  return chart;
}

/** Stretches of points that are not null, as pairs of index and value. */
function runs(points) {
  const found = [];
  let open = false;
  points.forEach((value, index) => {
    if (value === null) {
      open = false;
      return;
    }

    if (!open) found.push([]);
    open = true;
    found.at(-1).push([index, value]);
  });
  return found;
}

function describe(title, series, format) {
  const latest = series.map(({ name, points }) => `${name} ${points.at(-1) == null ? 'none' : format(points.at(-1))}`);
  return `${title}: now ${latest.join(', ')}`;
}

export const legend = names => h('ul', { class: 'legend' }, names.map((name, number) => h('li', { class: `line${number}` }, name)));

/** Horizontal bars, the longest first; `bars` is `[{ name, value }]`. */
export function barChart(title, bars, format) {
  const rowHeight = 30;
  const nameWidth = 130;
  const valueWidth = 90;
  const width = 720;
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const chart = svg('svg', {
    viewBox: `0 0 ${width} ${bars.length * rowHeight + 4}`, class: 'chart bars', role: 'img',
    'aria-label': `${title}: ${bars.map(({ name, value }) => `${name} ${format(value)}`).join(', ')}`,
  });
  bars.forEach(({ name, value }, index) => {
    const top = index * rowHeight + 4;
    const length = Math.max(2, ((width - nameWidth - valueWidth) * value) / most);
    const label = name.length > 18 ? `${name.slice(0, 17)}…` : name;
    chart.append(
      svg('text', { x: nameWidth - 10, y: top + 16, 'text-anchor': 'end', class: 'name' }, svg('title', {}, name), label),
      svg('rect', { x: nameWidth, y: top, width: length, height: 22, rx: 3, class: 'bar' }),
      svg('text', { x: nameWidth + length + 8, y: top + 16 }, format(value)));
  });
  return chart;
}

/** Columns in the order given, for days; `columns` is `[{ name, value }]`. */
export function columnChart(title, columns, format) {
  const width = 720;
  const height = 220;
  const left = 72;
  const most = niceCeiling(Math.max(...columns.map(({ value }) => value)));
  const step = (width - left) / columns.length;
  const y = value => 8 + (height - 32) * (1 - value / most);
  const chart = svg('svg', {
    viewBox: `0 0 ${width} ${height}`, class: 'chart bars', role: 'img',
    'aria-label': `${title}: ${columns.map(({ name, value }) => `${name} ${format(value)}`).join(', ')}`,
  });
  for (const part of [0, 0.5, 1]) {
    chart.append(
      svg('line', { x1: left, x2: width, y1: y(most * part), y2: y(most * part), class: part === 0 ? 'axis' : 'grid' }),
      svg('text', { x: left - 8, y: y(most * part) + 4, 'text-anchor': 'end' }, format(most * part)));
  }

  // Every name where there is room for it, otherwise one in so many.
  const every = Math.ceil(columns.length / 9);
  columns.forEach(({ name, value }, index) => {
    const x = left + step * index + step * 0.15;
    chart.append(svg('rect', { x, y: y(value), width: Math.min(step * 0.7, 48), height: y(0) - y(value), rx: 3, class: 'bar' },
      svg('title', {}, `${name}: ${format(value)}`)));
    if (index % every === 0) chart.append(svg('text', { x, y: height - 6 }, name));
  });
  return chart;
}
