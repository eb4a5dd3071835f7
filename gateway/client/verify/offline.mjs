import worker from 'worker';
import { h, texts } from './elements.mjs';
import { start } from './page.mjs';

const newWorker = () => new Worker(URL.createObjectURL(new Blob([worker], { type: 'text/javascript' })));

function show(language) {
  const t = texts(language), root = h('div', { id: 'verify' });
  document.documentElement.lang = language;
  document.title = t('Title');
  document.body.replaceChildren(
    h('header', { class: 'govgr-header' }, h('div', { class: 'govgr-header__container' }, h('span', { class: 'govgr-header-title' }, t('Product')),
      h('button', { type: 'button', class: 'account__link verify-language', lang: language === 'el' ? 'en' : 'el', onclick: () => show(language === 'el' ? 'en' : 'el') }, t('OtherLanguage')))),
    h('main', { id: 'main', class: 'page' }, h('div', { class: 'page-width' },
      h('h1', { class: 'govgr-heading-xl' }, t('Title')), h('p', { class: 'govgr-body lead narrow' }, t('Lead')), h('p', { class: 'govgr-body narrow' }, t('Alone')), root)));
  start(root, { language, newWorker });
}

show((navigator.language ?? 'el').startsWith('el') || !navigator.language ? 'el' : 'en');
