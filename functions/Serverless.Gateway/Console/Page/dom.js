// Elements from data. Text only ever becomes a text node: what a model or a file's name says is never markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
}

export const heading = (title, text, ...actions) =>
  h('div', { class: 'heading' }, h('div', {}, h('h1', {}, title), h('p', { class: 'muted' }, text)), h('div', { class: 'actions' }, actions));

export const badge = (kind, text, title) => h('span', { class: `badge ${kind}`, title }, text);

export const notice = (kind, text) => h('p', { class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, text);

/** A place that shows one notice at a time, or none. */
export function noticeBoard() {
  const element = h('div', { class: 'board' });
  let last = '';
  return {
    element,
    say(kind, text) {
      // Said again every two seconds, a screen reader would read it every two seconds.
      if (last === kind + text) return;
      last = kind + text;
      element.replaceChildren(notice(kind, text));
    },
    clear() {
      last = '';
      element.replaceChildren();
    },
  };
}
