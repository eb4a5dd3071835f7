// The page /verify, and the same as one file on somebody's disk. What is chosen here stays here: the check runs in a worker, and only the
// button that loads the published files ever asks a server for anything.
import { h, texts } from './elements.mjs';
import { showVerdict } from './verdict.mjs';

const ACCEPTED = /\.(zip|txt|json)$/i;

/** @param published { periods: [{ code, title }], draw } where the page has a server to load the published files from */
export function start(root, { language, newWorker, published = null }) {
  const t = texts(language);
  const state = { files: [], options: {}, worker: newWorker(), running: false };

  const period = published && published.periods.length > 1
    ? h('select', { id: 'verify-period', class: 'govgr-select' }, published.periods.map(({ code, title }) => h('option', { value: code }, title))) : null;
  const load = published && published.periods.length > 0
    ? h('button', { type: 'button', class: 'govgr-btn govgr-btn-primary', onclick: () => loadPublished() }, t('Load')) : null;
  const list = h('ul', { class: 'verify-files' }), hint = h('p', { class: 'govgr-error-message', hidden: true, role: 'alert' });
  const input = h('input', { id: 'verify-files', type: 'file', multiple: true, accept: '.zip,.txt,.json', class: 'visually-hidden', onchange: () => add([...input.files]) });
  const drop = h('div', { class: 'verify-drop' },
    h('p', { class: 'govgr-body' }, t(load ? 'Drop' : 'DropAlone')), h('label', { class: 'govgr-btn govgr-btn-secondary', for: 'verify-files' }, t('Choose')), input,
    h('p', { class: 'govgr-hint' }, t('ChooseHint')));
  // Anywhere on the page, lest the browser leaves it for the file that missed the frame.
  document.ondragover = (moved) => { moved.preventDefault(); drop.classList.add('verify-drop--over'); };
  document.ondragleave = (moved) => { if (moved.relatedTarget === null) drop.classList.remove('verify-drop--over'); };
  document.ondrop = (moved) => {
    moved.preventDefault();
    drop.classList.remove('verify-drop--over');
    add([...moved.dataTransfer.files]);
  };
  const ticket = h('input', { id: 'verify-ticket', class: 'govgr-input govgr-input--width-20', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: '40', 'aria-describedby': 'verify-ticket-hint' });
  const belowOnly = checkbox('verify-below', t('BelowOnly')), upgrade = checkbox('verify-upgrade', t('Upgrade'));
  const run = h('button', { type: 'submit', class: 'govgr-btn govgr-btn-primary' }, t('Run'));
  const bar = h('progress', { max: '1', value: '0', id: 'verify-bar', 'aria-labelledby': 'verify-stage' }), stage = h('p', { id: 'verify-stage', class: 'govgr-hint' });
  const progress = h('div', { class: 'verify-progress', hidden: true }, stage, bar);
  const announced = h('div', { role: 'status', 'aria-live': 'polite' }), rest = h('div');
  const outcome = h('div', { class: 'verify-outcome' }, announced, rest);

  root.replaceChildren(
    h('form', { onsubmit: (submitted) => { submitted.preventDefault(); check(); } },
      h('section', { 'aria-labelledby': 'verify-step-files' },
        h('h2', { id: 'verify-step-files', class: 'govgr-heading-m' }, t('StepFiles')),
        load && h('div', { class: 'verify-load' }, h('p', { class: 'govgr-body' }, t('Published'), period ? '' : [': ', h('strong', {}, published.periods[0].title)]),
          period && h('div', { class: 'govgr-field' }, h('label', { class: 'govgr-label', for: 'verify-period' }, t('Period')), period), load, h('p', { class: 'govgr-hint' }, t('LoadHint'))),
        drop, list, hint),
      h('section', { 'aria-labelledby': 'verify-step-ticket', class: 'narrow' },
        h('h2', { id: 'verify-step-ticket', class: 'govgr-heading-m' }, t('StepTicket')),
        h('div', { class: 'govgr-field' }, h('label', { class: 'govgr-label', for: 'verify-ticket' }, t('Ticket')), h('p', { id: 'verify-ticket-hint', class: 'govgr-hint' }, t('TicketHint')), ticket),
        h('details', { class: 'verify-policy' }, h('summary', {}, t('Policy')), h('p', { class: 'govgr-hint' }, t('PolicyHint')), belowOnly.field, upgrade.field)),
      run),
    progress, outcome);
  show();

  function checkbox(id, label) {
    const box = h('input', { type: 'checkbox', id });
    return { box, field: h('div', { class: 'verify-check' }, box, h('label', { for: id }, label)) };
  }

  function say(message) {
    hint.textContent = message;
    hint.hidden = message === '';
  }

  function show() {
    list.replaceChildren(...state.files.map((file) => h('li', {}, h('span', {}, file.name), h('span', { class: 'verify-files__size' }, size(file.size)),
      h('button', { type: 'button', class: 'verify-link', onclick: () => { state.files = state.files.filter((other) => other !== file); show(); input.focus(); } }, t('Remove'), h('span', { class: 'visually-hidden' }, ` ${file.name}`)))));
  }

  function add(files) {
    const wrong = files.filter((file) => !ACCEPTED.test(file.name));
    say(wrong.length === 0 ? '' : t('WrongFile', wrong.map((file) => file.name).join(', ')));
    const fresh = files.filter((file) => !wrong.includes(file));
    // A new archive is another draw: what was there before goes.
    if (fresh.some((file) => /\.zip$/i.test(file.name))) state.options = {};
    const kept = fresh.some((file) => /\.zip$/i.test(file.name)) ? state.files.filter((file) => file.name === 'log.txt' && !file.published) : state.files;
    state.files = [...kept.filter((file) => fresh.every((other) => other.name !== file.name)), ...fresh];
    input.value = '';
    show();
  }

  const size = (bytes) => bytes < 100_000 ? t('Kilobytes', Math.max(1, Math.round(bytes / 1000))) : t('Megabytes', Math.round(bytes / 100_000) / 10);

  async function loadPublished() {
    const code = period?.value ?? published.periods[0].code, query = published.draw ? `?draw=${encodeURIComponent(published.draw)}` : '';
    const at = (path) => `/api/${path.replace('{period}', encodeURIComponent(code))}`;
    say('');
    busy(t('Loading'));
    try {
      const bundle = await fetch(at('draws/{period}/bundle.zip') + query);
      if (!bundle.ok) { say(t(bundle.status === 409 || bundle.status === 404 ? 'NotPublished' : 'NotReachable')); return; }
      const files = [named(await bundle.blob(), `${code}-bundle.zip`)];
      const [log, draw, about] = await Promise.all([fetch(at('seats/{period}/log.txt')), fetch(at('draws/{period}') + query), fetch(at('periods/{period}'))]);
      if (log.ok && !published.draw) files.push(named(await log.blob(), 'log.txt'));
      add(files);
      const policy = about.ok ? (await about.json()).policy : null;
      state.options = { announcedSha256: draw.ok ? (await draw.json()).announcedSha256 ?? null : null };
      belowOnly.box.checked = policy?.phaseBScope === 'BelowMinimum';
      upgrade.box.checked = policy?.upgrade === true;
    } catch {
      say(t('NotReachable'));
      return;
    } finally {
      busy(null);
    }
    check();
  }

  function named(blob, name) {
    const file = new File([blob], name);
    file.published = true;
    return file;
  }

  function busy(text, part = null) {
    progress.hidden = text === null;
    stage.textContent = text ?? '';
    if (part === null) bar.removeAttribute('value'); else bar.value = part;
    for (const button of [run, load]) if (button) button.disabled = text !== null;
  }

  function check() {
    if (state.running) return;
    if (state.files.length === 0) { say(t('NoFiles')); input.focus(); return; }
    say('');
    state.running = true;
    fill({ announced: [], rest: [] });
    delete outcome.dataset.verdict;
    busy(t('Stage_read'), 0);
    progress.scrollIntoView({ block: 'nearest' });
    state.worker.onmessage = ({ data }) => {
      if (!data.verdict) { busy(t(`Stage_${data.stage}`), data.part); return; }
      finish(data.verdict);
    };
    state.worker.onerror = (fault) => {
      state.worker.terminate();
      state.worker = newWorker();
      finish({ ok: false, crash: fault.message ?? '' });
    };
    state.worker.postMessage({
      files: state.files,
      options: { ...state.options, ticket: ticket.value, scope: belowOnly.box.checked ? 'BelowMinimum' : 'AnyVacancy', upgrade: upgrade.box.checked },
    });
  }

  function fill(shown) {
    announced.replaceChildren(...shown.announced.filter(Boolean));
    rest.replaceChildren(...shown.rest.filter(Boolean));
  }

  function finish(verdict) {
    state.running = false;
    busy(null);
    fill(showVerdict(verdict, t));
    outcome.classList.toggle('verify-outcome--rehearsal', verdict.rehearsal === true);
    outcome.dataset.verdict = verdict.ok ? 'ok' : 'not-ok';
    const title = outcome.querySelector('h2');
    title.focus({ preventScroll: true });
    outcome.scrollIntoView({ block: 'start' });
  }
}
