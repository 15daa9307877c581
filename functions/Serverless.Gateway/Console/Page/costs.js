import { barChart, columnChart } from './chart.js';
import { h, heading, noticeBoard } from './dom.js';
import { day, money, number } from './format.js';

const MAX_BARS = 20;
const DAYS = 7;

export function showCosts(root, { api, operator }) {
  const board = noticeBoard();
  const by = h('select', { id: 'cost-by' }, ['tenant', 'model', 'day'].map(name => h('option', {}, name)));
  const to = h('input', { id: 'cost-to', type: 'date', required: true, value: day(new Date()) });
  const from = h('input', { id: 'cost-from', type: 'date', required: true, value: day(new Date(Date.now() - (DAYS - 1) * 86_400_000)) });
  const result = h('div', { class: 'view', 'aria-live': 'polite' });
  const form = h('form', { class: 'card row' },
    [['By', by], ['From', from], ['To (UTC, inclusive)', to]].map(([label, input]) =>
      h('div', { class: 'field' }, h('label', { for: input.id }, label), input)),
    h('button', { type: 'submit' }, 'Show'));
  root.append(
    heading('Cost', operator ? 'What was charged, over all tenants.' : 'What was charged to your tenant.'), board.element, form, result);
  form.addEventListener('submit', event => {
    event.preventDefault();
    read();
  });
  form.addEventListener('change', () => form.checkValidity() && read());

  let asked = 0;

  async function read() {
    const mine = ++asked;
    try {
      const query = new URLSearchParams({ by: by.value, from: from.value, to: to.value });
      const costs = await api.json(`/v1/costs?${query}`);
      if (mine !== asked) return;
      board.clear();
      render(costs);
    } catch (error) {
      if (mine !== asked) return;
      result.replaceChildren();
      if (error.status === 404) board.say('', 'Costs are not available on this gateway.');
      else board.say('bad', error.message);
    }
  }

  function render(costs) {
    const { currency, data, total } = costs;
    const shown = value => money(value, currency);
    const isByDay = costs.by === 'day';
    const rows = data.map(row => ({ name: (isByDay ? row.day : row.key) ?? row.key, ...row }));
    rows.sort(isByDay ? (a, b) => a.name.localeCompare(b.name) : (a, b) => b.cost - a.cost);
    const marks = rows.map(({ name, cost }) => ({ name, value: cost }));
    const title = `Cost by ${costs.by}`;
    result.replaceChildren(
      h('section', { class: 'card' },
        h('h2', {}, title),
        h('p', { class: 'value' }, shown(total)),
        rows.length === 0
          ? h('p', { class: 'muted' }, 'Nothing was charged in this time.')
          : isByDay ? columnChart(title, marks, shown) : barChart(title, marks.slice(0, MAX_BARS), shown)),
      h('div', { class: 'card scroll' }, h('table', {},
        h('thead', {}, h('tr', {}, [costs.by, 'Cost', 'Share', 'Device seconds', 'Requests'].map(text => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, rows.map(row => h('tr', {}, h('th', { scope: 'row' }, row.name), [
          shown(row.cost), `${number(total > 0 ? (100 * row.cost) / total : 0)} %`, number(row.device_seconds), row.requests.toLocaleString('en'),
        ].map(text => h('td', { class: 'number' }, text))))))));
  }

  read();
  return () => asked++;
}
