import { legend, lineChart } from './chart.js';
import { h, heading, noticeBoard } from './dom.js';
import { number, seconds } from './format.js';
import { poll } from './poll.js';
import { buckets, parse, quantile, sum } from './prometheus.js';

const SLOTS = 90;
const SPAN = '3 minutes ago';

// Quantiles of one poll alone would jump: they are taken over half a minute.
const WINDOW_SECONDS = 30;

const RUNNING = ['validating', 'in_progress', 'finalizing', 'cancelling'];

// What clients ask for; scrapes and this page are not load.
const isServing = ({ api }) => api === 'openai' || api === 'open-inference';

export function showLive(root, { api, operator }) {
  const board = noticeBoard();
  root.append(heading('Live', 'Read every two seconds from the gateway’s metrics, while this page can be seen.'), board.element);
  if (!operator) {
    board.say('', 'Live figures need an operator’s key.');
    return () => {};
  }

  const panels = {
    rate: panel('Requests per second', ['all', 'failed'], number),
    latency: panel('Latency of the last 30 s', ['p50', 'p99'], seconds),
    held: panel('Held for a replica', ['requests'], number),
    queue: panel('Lines to answer in your batches', ['lines'], number),
  };
  const callers = h('tbody');
  root.append(
    h('div', { class: 'grid' }, Object.values(panels).map(({ element }) => element)),
    h('div', { class: 'card scroll' }, h('h2', {}, 'By caller, since the gateway started'), h('table', {},
      h('thead', {}, h('tr', {}, ['Caller', 'Requests', 'Refused (4xx)', 'Failed (5xx)'].map(title => h('th', { scope: 'col' }, title)))),
      callers)));

  const history = [];

  async function ask() {
    const [response, batches] = await Promise.all([api.send('/metrics'), api.json('/v1/batches?limit=100')]);
    const now = read(parse(await response.text()));
    const last = history.at(-1);
    // Another instance answered, or the gateway started anew: what was counted before says nothing about this one.
    if (last && now.requests < last.requests) history.length = 0;
    const before = history.find(({ at }) => now.at - at <= WINDOW_SECONDS * 1000) ?? now;
    history.push(now);
    if (history.length > SLOTS) history.shift();

    board.clear();
    panels.rate.add(last ? [rate(last, now, 'requests'), rate(last, now, 'failed')] : [null, null]);
    panels.latency.add([0.5, 0.99].map(q => quantile(q, before.duration, now.duration)));
    panels.held.add([now.held]);
    panels.queue.add([batches.data.filter(({ status }) => RUNNING.includes(status)).reduce((lines, { request_counts: counts }) =>
      lines + Math.max(0, counts.total - counts.completed - counts.failed), 0)]);
    callers.replaceChildren(...now.callers.map(([name, all, refused, failed]) =>
      h('tr', {}, h('th', { scope: 'row' }, name), [all, refused, failed].map(value => h('td', { class: 'number' }, value.toLocaleString('en'))))));
  }

  const polling = poll(ask, error => board.say('bad', error.message));
  return polling.stop;
}

const rate = (before, now, what) => Math.max(0, (now[what] - before[what]) / ((now.at - before.at) / 1000));

function read(samples) {
  const isFailed = labels => isServing(labels) && labels.status >= '500';
  const callers = new Map();
  for (const { labels, value } of samples.get('serverless_gateway_requests') ?? []) {
    if (!isServing(labels)) continue;
    const row = callers.get(labels.caller) ?? [labels.caller, 0, 0, 0];
    row[1] += value;
    if (labels.status >= '400') row[labels.status >= '500' ? 3 : 2] += value;
    callers.set(labels.caller, row);
  }

  return {
    at: performance.now(),
    requests: sum(samples, 'serverless_gateway_requests', isServing),
    failed: sum(samples, 'serverless_gateway_requests', isFailed),
    duration: buckets(samples, 'serverless_gateway_request_duration', isServing),
    held: sum(samples, 'serverless_gateway_held'),
    callers: [...callers.values()].sort((a, b) => b[1] - a[1]),
  };
}

function panel(title, names, format) {
  const series = names.map(name => ({ name, points: [] }));
  const value = h('p', { class: 'value' }, '–');
  const drawing = h('div');
  return {
    element: h('section', { class: 'card panel', 'aria-label': title }, h('h2', {}, title), value, drawing, names.length > 1 && legend(names)),
    add(values) {
      series.forEach(({ points }, index) => {
        points.push(values[index]);
        if (points.length > SLOTS) points.shift();
      });
      value.textContent = values.map(latest => (latest === null ? '–' : format(latest))).join(' / ');
      drawing.replaceChildren(lineChart(title, series, SLOTS, SPAN, format));
    },
  };
}
