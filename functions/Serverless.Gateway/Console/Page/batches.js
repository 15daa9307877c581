import { badge, h, heading, noticeBoard } from './dom.js';
import { bytes, time } from './format.js';
import { poll } from './poll.js';

const PAGE = 20;

const ENDPOINTS = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'];

const kinds = { completed: 'good', failed: 'bad', expired: 'bad', cancelled: '' };

const isOver = ({ status }) => status in kinds;

export function showBatches(root, { api }) {
  const board = noticeBoard();
  const body = h('tbody');
  const empty = h('p', { class: 'muted' }, 'There is no batch yet.');
  const file = h('input', { id: 'batch-file', type: 'file', accept: '.jsonl,application/jsonl', required: true });
  const endpoint = h('input', { id: 'batch-endpoint', list: 'batch-endpoints', required: true, value: ENDPOINTS[0], spellcheck: 'false' });
  const endpoints = h('datalist', { id: 'batch-endpoints' }, ENDPOINTS.map(path => h('option', { value: path })));
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Start batch');
  const form = h('form', { class: 'card row' },
    h('div', { class: 'field' }, h('label', { for: file.id }, 'Requests, one JSON object a line'), file),
    h('div', { class: 'field wide' }, h('label', { for: endpoint.id }, 'Endpoint of every line'), endpoint, endpoints),
    submit);
  root.append(
    heading('Batches', `The ${PAGE} newest jobs of your tenant. Every line is answered exactly once.`),
    board.element,
    form,
    h('div', { class: 'card scroll' }, h('table', {},
      h('thead', {}, h('tr', {}, ['Input', 'State', 'Progress', 'Started'].map(title => h('th', { scope: 'col' }, title)),
        h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Actions')))),
      body), empty));

  const rows = new Map();
  const names = new Map();

  form.addEventListener('submit', async event => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await start(file.files[0], endpoint.value.trim());
      form.reset();
    } catch (error) {
      board.say('bad', error.message);
    } finally {
      submit.disabled = false;
    }
  });

  async function start(input, path) {
    board.say('', `Uploading ${bytes(input.size)}…`);
    const upload = new FormData();
    upload.append('purpose', 'batch');
    upload.append('file', input, input.name);
    const { id } = await api.json('/v1/files', { method: 'POST', body: upload });
    await api.json('/v1/batches', { method: 'POST', body: { input_file_id: id, endpoint: path, completion_window: '24h' } });
    board.clear();
    polling.again();
  }

  async function ask() {
    const { data } = await api.json(`/v1/batches?limit=${PAGE}`);
    await Promise.all(data.filter(batch => !names.has(batch.input_file_id)).map(batch => readName(batch.input_file_id)));
    const shown = data.map(batch => {
      const row = rows.get(batch.id) ?? addRow(batch);
      row.update(batch);
      return row.element;
    });
    // Only when the order changed: moving an element takes the focus from it.
    if (shown.some((element, index) => body.children[index] !== element)) body.replaceChildren(...shown);
    empty.hidden = shown.length > 0;
  }

  async function readName(id) {
    // A blob of the lake is its own name; a file that was deleted since is known by its id alone.
    if (id.startsWith('lake:')) names.set(id, id);
    else names.set(id, await api.json(`/v1/files/${id}`).then(({ filename }) => filename, () => id));
  }

  function addRow({ id, endpoint: path, input_file_id: input, created_at: created }) {
    const state = h('td');
    const bar = h('progress', { max: 1, value: 0, 'aria-label': `Progress of ${names.get(input)}` });
    const counts = h('small');
    const actions = h('td', { class: 'actions' });
    const element = h('tr', { 'data-batch': id },
      h('th', { scope: 'row' }, h('span', { class: 'cut', title: names.get(input) }, names.get(input)), h('small', { class: 'muted' }, path)),
      state, h('td', { class: 'progress' }, bar, counts), h('td', {}, time(created)), actions);
    let shown = '';
    const row = {
      element,
      update(batch) {
        const { total, completed, failed } = batch.request_counts;
        bar.max = total || 1;
        bar.value = completed + failed;
        counts.textContent = total === 0 ? '' : `${(completed + failed).toLocaleString('en')} of ${total.toLocaleString('en')}${
          failed ? `, ${failed.toLocaleString('en')} failed` : ''}`;
        if (shown === batch.status) return;
        shown = batch.status;
        state.replaceChildren(badge(kinds[shown] ?? 'busy', shown.replaceAll('_', ' ')), reasons(batch));
        actions.replaceChildren(...buttons(batch));
      },
    };
    rows.set(id, row);
    return row;
  }

  function reasons({ errors }) {
    const first = errors?.data?.[0];
    if (!first) return '';
    const rest = errors.data.length > 1 ? ` (and ${errors.data.length - 1} more)` : '';
    return h('small', { class: 'reason' }, `${first.line ? `Line ${first.line}: ` : ''}${first.message}${rest}`);
  }

  function buttons(batch) {
    const name = names.get(batch.input_file_id);
    const found = [];
    const add = (text, act) => found.push(h('button', {
      type: 'button',
      'aria-label': `${text} of ${name}`,
      async onclick(event) {
        event.target.disabled = true;
        try {
          await act();
        } catch (error) {
          board.say('bad', error.message);
        } finally {
          event.target.disabled = false;
        }
      },
    }, text));
    if (batch.output_file_id) add('Answers', () => download(batch.output_file_id, `${stem(name)}-answers.jsonl`));
    if (batch.error_file_id) add('Errors', () => download(batch.error_file_id, `${stem(name)}-errors.jsonl`));
    if (!isOver(batch) && batch.status !== 'cancelling') add('Cancel', () => cancel(batch.id));
    return found;
  }

  async function cancel(id) {
    await api.json(`/v1/batches/${id}/cancel`, { method: 'POST' });
    polling.again();
  }

  /** The API wants the key in a header, which a link cannot send: the file is fetched, and handed to the browser to save. */
  async function download(id, name) {
    const content = await (await api.send(`/v1/files/${id}/content`)).blob();
    const address = URL.createObjectURL(content);
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  async function addModels() {
    const { data } = await api.json('/console/models');
    endpoints.append(...data.map(({ id }) => h('option', { value: `/v2/models/${id}/infer` })));
  }

  addModels().catch(() => {
    // Only suggestions are missing; the list of batches says when the gateway cannot be reached.
  });
  const polling = poll(ask, error => board.say('bad', error.message));
  return polling.stop;
}

const stem = name => name.replace(/\.jsonl?$/i, '').replace(/[^\w.-]+/g, '_').slice(0, 80) || 'batch';
