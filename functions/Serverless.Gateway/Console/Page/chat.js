import { ApiError } from './api.js';
import { h, heading, noticeBoard } from './dom.js';
import { count, number, seconds } from './format.js';
import { events } from './events.js';

export function showChat(root, { api }) {
  const board = noticeBoard();
  const models = h('select', { id: 'chat-model' });
  const system = h('textarea', { id: 'chat-system', rows: 3, placeholder: 'None' });
  const temperature = h('input', { id: 'chat-temperature', type: 'number', min: 0, max: 2, step: 0.1, value: 0.7 });
  const limit = h('input', { id: 'chat-limit', type: 'number', min: 1, max: 100000, step: 1, value: 128 });
  const log = h('div', { class: 'log', role: 'log', 'aria-label': 'Conversation', tabindex: 0 },
    h('p', { class: 'muted empty' }, 'Ask something. The first answer of a model at zero takes as long as it takes to start.'));
  const prompt = h('textarea', { id: 'chat-prompt', rows: 2, required: true, placeholder: 'Message. Enter sends it, Shift+Enter starts a line.' });
  const send = h('button', { type: 'submit', class: 'primary' }, 'Send');
  const stop = h('button', { type: 'button', disabled: true, onclick: () => running?.abort() }, 'Stop');
  const clear = h('button', { type: 'button', onclick: reset }, 'New conversation');
  const form = h('form', { class: 'prompt' },
    h('label', { class: 'unseen', for: 'chat-prompt' }, 'Message'), prompt, h('div', { class: 'actions' }, send, stop));
  root.append(
    heading('Chat', 'A playground for text models, answered token by token.', clear),
    board.element,
    h('div', { class: 'split' },
      h('section', { class: 'card conversation' }, log, form),
      h('aside', { class: 'card fields', 'aria-label': 'Settings' },
        field('Model', models), field('System prompt', system), field('Temperature', temperature), field('At most so many tokens', limit))));

  const messages = [];
  let running = null;

  form.addEventListener('submit', event => {
    event.preventDefault();
    const text = prompt.value.trim();
    if (!text || running || !models.value) return;
    prompt.value = '';
    answer(text);
  });
  prompt.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  async function answer(text) {
    const controller = new AbortController();
    running = controller;
    board.clear();
    setBusy(true);
    messages.push({ role: 'user', content: text });
    bubble('user', 'You', text);
    const reply = bubble('assistant', models.value, '');
    reply.element.setAttribute('aria-busy', 'true');
    let got = '';
    try {
      const took = await stream(controller.signal, piece => {
        got += piece;
        reply.add(piece);
      });
      reply.note(took);
    } catch (error) {
      if (error.name === 'AbortError') reply.note('Stopped.');
      else {
        reply.note('Broken off.');
        if (running === controller) board.say('bad', error.message);
      }
    } finally {
      reply.element.removeAttribute('aria-busy');
      // A conversation that was left keeps nothing of what comes late.
      if (running === controller) {
        if (got) messages.push({ role: 'assistant', content: got });
        else messages.pop();
        running = null;
        setBusy(false);
        prompt.focus();
      }
    }
  }

  async function stream(signal, add) {
    const started = performance.now();
    const history = system.value.trim() ? [{ role: 'system', content: system.value.trim() }, ...messages] : messages;
    const response = await api.send('/v1/chat/completions', {
      method: 'POST',
      signal,
      body: {
        model: models.value,
        messages: history,
        stream: true,
        stream_options: { include_usage: true },
        temperature: temperature.valueAsNumber || 0,
        max_tokens: limit.valueAsNumber || 128,
      },
    });
    let first = null;
    let usage = null;
    for await (const data of events(response)) {
      // What had come before the stop is not shown after it.
      signal.throwIfAborted();
      if (data === '[DONE]') break;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new ApiError(200, chunk.error.message ?? String(chunk.error));
      const piece = chunk.choices?.[0]?.delta?.content;
      if (piece) {
        first ??= performance.now();
        add(piece);
      }

      usage = chunk.usage ?? usage;
    }

    return summary(started, first, usage);
  }

  function summary(started, first, usage) {
    const ended = performance.now();
    const parts = [];
    if (first) parts.push(`first token after ${seconds((first - started) / 1000)}`);
    if (usage) parts.unshift(count(usage.completion_tokens, 'token'));
    if (usage?.completion_tokens > 1 && first) parts.push(`${number((usage.completion_tokens - 1) / ((ended - first) / 1000))} tokens/s`);
    return parts.join(' · ') || 'Nothing was said.';
  }

  function bubble(kind, who, text) {
    log.querySelector('.empty')?.remove();
    const words = h('p', { class: 'text' }, text);
    const element = h('article', { class: `bubble ${kind}`, 'aria-label': who }, h('p', { class: 'by' }, who), words);
    log.append(element);
    log.scrollTop = log.scrollHeight;
    return {
      element,
      add(piece) {
        // Whoever scrolled up to read is left there.
        const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        words.append(piece);
        if (follows) log.scrollTop = log.scrollHeight;
      },
      note(remark) {
        element.append(h('p', { class: 'note muted' }, remark));
        log.scrollTop = log.scrollHeight;
      },
    };
  }

  function reset() {
    const old = running;
    running = null;
    old?.abort();
    messages.length = 0;
    log.replaceChildren();
    board.clear();
    setBusy(false);
    prompt.focus();
  }

  function setBusy(isBusy) {
    send.disabled = isBusy;
    stop.disabled = !isBusy;
  }

  fillModels().catch(error => board.say('bad', error.message));

  async function fillModels() {
    const { data } = await api.json('/console/models');
    const texts = data.filter(({ task }) => task === 'text-generation');
    models.replaceChildren(...texts.map(({ id }) => h('option', {}, id)));
    if (texts.length === 0) board.say('', 'The store has no model that generates text.');
  }

  return () => {
    const old = running;
    running = null;
    old?.abort();
  };
}

const field = (label, input) => h('div', { class: 'field' }, h('label', { for: input.id }, label), input);
