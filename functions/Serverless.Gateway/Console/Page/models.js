import { badge, h, heading, noticeBoard } from './dom.js';
import { bytes, count, time } from './format.js';
import { poll } from './poll.js';

const WARM_SECONDS = 30;

// Triton's words, which the worker's index uses.
const states = {
  READY: ['good', 'ready'],
  LOADING: ['busy', 'loading'],
  UNLOADING: ['busy', 'unloading'],
  UNAVAILABLE: ['', 'not loaded'],
};

export function showModels(root, { api, operator }) {
  const board = noticeBoard();
  const replica = h('p', { class: 'replica' });
  const body = h('tbody');
  const refresh = h('button', { type: 'button', onclick: () => reread() }, 'Read states again');
  root.append(
    heading('Models', 'What is in the store, and what a replica holds in memory.', refresh),
    board.element,
    replica,
    h('div', { class: 'card scroll' }, h('table', {},
      h('thead', {}, h('tr', {}, ['Model', 'State', 'Task', 'Size', 'Stored', 'Pushed'].map(title => h('th', { scope: 'col' }, title)),
        operator && h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Actions')))),
      body)));

  const rows = new Map();
  const known = new Map();
  const warming = new Set();
  let awake = null;
  let isStale = true;

  async function ask() {
    const list = await api.json('/console/models');
    if (list.awake && !awake) isStale = true;
    awake = list.awake;
    // The worker is asked when its state may have changed, not every time: whoever asks keeps a replica awake.
    if (awake && isStale) {
      isStale = false;
      await readStates(list.data);
    }

    board.clear();
    replica.replaceChildren(awake ? badge('good', 'awake') : badge('', 'at zero'), ' ',
      awake ? 'A replica answered within the last seconds.' : 'No replica answered lately. The first request starts one and waits for it.');
    render(list.data);
  }

  async function readStates(models) {
    known.clear();
    if (operator) {
      for (const { name, version, state, reason } of await api.json('/v2/repository/index', { method: 'POST', body: {} }))
        known.set(`${name}:${version}`, { state, reason });
      return;
    }

    await Promise.all(models.map(async ({ id, version }) => {
      const isReady = await api.send(`/v2/models/${id}/versions/${version}/ready`).then(() => true, () => false);
      known.set(`${id}:${version}`, { state: isReady ? 'READY' : 'UNAVAILABLE' });
    }));
  }

  function stateOf({ id, version }) {
    if (warming.has(id)) return badge('busy', 'warming');
    if (!awake) return badge('', 'at zero');
    const { state, reason } = known.get(`${id}:${version}`) ?? { state: 'UNAVAILABLE' };
    return badge(...(states[state] ?? ['', state.toLowerCase()]), reason);
  }

  function render(models) {
    for (const model of models) {
      const row = rows.get(model.id) ?? addRow(model.id);
      row.update(model);
    }

    for (const [id, row] of rows) {
      if (models.some(model => model.id === id)) continue;
      row.element.remove();
      rows.delete(id);
    }

    if (models.length === 0 && !body.firstChild) board.say('', 'There is no model yet. “infer model push” brings one.');
  }

  function addRow(id) {
    const version = h('small', { class: 'muted' });
    const cells = { state: h('td'), task: h('td'), size: h('td', { class: 'number' }), stored: h('td', { class: 'number' }), pushed: h('td') };
    const button = h('button', { type: 'button', 'aria-label': `Warm ${id}`, onclick: () => warm(id) }, 'Warm');
    const element = h('tr', { 'data-model': id }, h('th', { scope: 'row' }, id, version), Object.values(cells), operator && h('td', {}, button));
    body.append(element);
    const row = {
      element,
      update(model) {
        version.textContent = ` v${model.version} · ${count(model.versions, 'version')}`;
        cells.state.replaceChildren(stateOf(model));
        cells.task.textContent = model.task ?? 'generic';
        cells.size.textContent = bytes(model.bytes);
        cells.stored.textContent = bytes(model.stored_bytes);
        cells.pushed.textContent = time(model.created);
        button.disabled = warming.has(id);
      },
    };
    rows.set(id, row);
    return row;
  }

  async function warm(id) {
    warming.add(id);
    polling.again();
    try {
      let status;
      do ({ status } = await api.json('/v1/warm', { method: 'POST', body: { models: [id], wait: WARM_SECONDS } }));
      while (status === 'loading');
    } catch (error) {
      fail(error);
    } finally {
      warming.delete(id);
      reread();
    }
  }

  function reread() {
    isStale = true;
    polling.again();
  }

  const fail = error => board.say('bad', error.message);
  const polling = poll(ask, fail);
  return polling.stop;
}
