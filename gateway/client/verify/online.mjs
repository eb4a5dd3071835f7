import { start } from './page.mjs';

const root = document.getElementById('verify');
start(root, {
  language: document.documentElement.lang === 'en' ? 'en' : 'el',
  // At once, so that everything is here should the network go.
  newWorker: () => new Worker(root.dataset.worker, { type: 'module' }),
  published: { periods: JSON.parse(root.dataset.periods), draw: root.dataset.draw || null },
});
