import { openSession } from './api.js';
import { showBatches } from './batches.js';
import { showChat } from './chat.js';
import { showCosts } from './costs.js';
import { badge, h, notice } from './dom.js';
import { showLive } from './live.js';
import { showModels } from './models.js';

// Each takes the place to show itself in and the session, and returns what stops it.
const views = { models: showModels, live: showLive, chat: showChat, batches: showBatches, costs: showCosts };

const place = document.getElementById('view');
const links = [...document.querySelectorAll('#views a')];
let leave = () => {};

function navigate(session) {
  const name = location.hash.slice(2);
  const show = views[name];
  if (!show) {
    location.replace('#/models');
    return;
  }

  leave();
  for (const link of links) {
    const current = link.hash === location.hash;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    if (current) document.title = `${link.textContent} · Inference console`;
  }

  const root = h('div', { class: `view ${name}` });
  place.replaceChildren(root);
  leave = show(root, session);
}

try {
  const session = await openSession();
  document.getElementById('who').append(session.tenant, ' ', badge('', session.operator ? 'operator' : 'user'));
  addEventListener('hashchange', () => {
    // The link that skips the navigation is no view.
    if (location.hash !== '#view') navigate(session);
  });
  navigate(session);
} catch (error) {
  place.replaceChildren(notice('bad', `The console could not start. ${error.message}`));
}
