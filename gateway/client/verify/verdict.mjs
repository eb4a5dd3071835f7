import { h } from './elements.mjs';

/** The verdict, which is announced, and then its figures or the first line that differs. */
export function showVerdict(verdict, t) {
  if (verdict.crash) return { announced: [banner('bad', t('Crashed'), verdict.crash)], rest: [] };
  if (!verdict.ok) return notOk(verdict, t);
  const { figures: f, log, rehearsal } = verdict;
  return {
    announced: [
      rehearsal && h('p', { class: 'verify-rehearsal' }, t('Rehearsal')),
      banner(rehearsal ? 'rehearsal' : 'good', t(rehearsal ? 'OkRehearsal' : 'Ok'), t(log ? 'OkLeadLog' : 'OkLead', f.applications, f.programmes, log?.claims)),
    ],
    rest: [verdict.asked && ticket(verdict.ticket, t, rehearsal), figures(verdict, t), compare(verdict, t)],
  };
}

const banner = (kind, title, lead) => h('div', { class: `verify-verdict verify-verdict--${kind}` },
  h('h2', { class: 'verify-verdict__title', tabindex: '-1' }, title), h('p', {}, lead));

const rows = (entries) => h('dl', { class: 'summary' }, entries.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));

const code = (text) => h('code', {}, text);

function notOk(verdict, t) {
  const place = verdict.line === null ? verdict.file : t('FaultAt', verdict.file, verdict.line);
  return {
    announced: [banner('bad', t('NotOk'), t('NotOkLead', place))],
    rest: [rows([
      [t('FaultWhere'), h('strong', {}, place)],
      [t('FaultWhat'), t(`Fault_${verdict.key}`, verdict.word)],
      [t('FaultIs'), verdict.is === null ? null : verdict.is === '' ? t('FaultNothing') : code(verdict.is)],
      [t('FaultShould'), verdict.should === null ? null : verdict.should === '' ? t('FaultNothing') : code(verdict.should)],
    ]), h('p', { class: 'govgr-body narrow' }, t('NotOkAdvice'))],
  };
}

function ticket(told, t, rehearsal) {
  if (told === null) return h('section', { class: 'verify-ticket' }, h('h2', { class: 'govgr-heading-m' }, t('TicketUnknown')), h('p', { class: 'govgr-body' }, t('TicketUnknownLead')));
  return h('section', { class: 'verify-ticket' },
    h('h2', { class: 'govgr-heading-l' }, rehearsal && `${t('RehearsalShort')} – `, t('Place', told.place, told.of)),
    h('p', { class: 'govgr-body' }, told.programme ? t(told.provisional ? 'PlacedProvisional' : 'Placed', told.programme, told.rank) : t('NotPlaced')),
    h('div', { class: 'scroll', role: 'region', 'aria-labelledby': 'verify-choices', tabindex: '0' }, h('table', { class: 'table' },
      h('caption', { id: 'verify-choices' }, t('Choices', told.ticket)),
      h('thead', {}, h('tr', {}, ['ChoiceRank', 'ChoiceProgramme', 'ChoiceWhy'].map((name) => h('th', { scope: 'col' }, t(name))))),
      h('tbody', {}, told.choices.map((choice, index) => h('tr', { class: choice.why === 'placed' ? 'table__mine' : null },
        h('td', {}, String(index + 1)), h('td', {}, choice.programme), h('td', {}, why(choice, told, t))))))),
    told.now && h('p', { class: 'govgr-body' }, told.now.programme ? t('NowSeat', told.now.programme) : told.now.waiting ? t('NowWaiting', told.now.waiting) : t('NowNothing'),
      told.now.offers.length > 0 && ` ${t('NowOffers', told.now.offers.join(', '))}`));
}

const why = (choice, told, t) => choice.why === 'full' ? t('WhyFull', told.place, choice.maximum, choice.cutOff, choice.runnersUp, choice.position)
  : choice.why === 'placed' ? t('WhyPlaced', choice.members, choice.maximum) : t('WhyLower');

function figures({ figures: f, log, seconds }, t) {
  const share = (count) => f.applications === 0 ? String(count) : t('Share', count, Math.round(count * 1000 / f.applications) / 10);
  const known = ['placed', 'waiting', 'refused', 'released', 'offered', 'accepted', 'declined', 'expired', 'promoted', 'rescued', 'cancelled', 'overridden'];
  return h('section', {}, h('h2', { class: 'govgr-heading-m' }, t('Figures')), rows([
    [t('FigureApplications'), t('Number', f.applications)], [t('FigureChoices'), t('Number', f.choices)],
    [t('FigureProgrammes'), t('ProgrammesSeats', f.programmes, f.seats)],
    [t('FigurePlaced'), share(f.placed)], [t('FigureFirst'), share(f.first)], [t('FigureTopThree'), share(f.topThree)], [t('FigureUnplaced'), share(f.unplaced)],
    [t('FigureBelow'), t('Number', f.belowMinimum)],
    [t('FigureLog'), log && t('LogLines', log.lines, log.claims)],
    [t('FigureEvents'), log && log.lines > 0 ? known.filter((event) => log.events[event]).map((event) => t(`Event_${event}`, log.events[event])).join(' · ') : null],
    [t('FigureSeconds'), t('Seconds', Math.max(0.1, Math.round(seconds * 10) / 10))],
  ]));
}

/** What a stranger cannot know from the files: that it is these that were published before the draw. */
function compare({ figures: f, randomness: r, struck, log }, t) {
  const source = r.kind === 'custodians' ? t('SourceCustodians', r.custodians.join(', ')) : r.kind === 'rehearsal' ? t('SourceRehearsal', r.rehearsal)
    : t('SourceDrand', r.chain, r.round, moment(r.time, t));
  return h('section', {}, h('h2', { class: 'govgr-heading-m' }, t('Compare')), h('p', { class: 'govgr-body narrow' }, t('CompareLead')), rows([
    [t('ComparePeriod'), f.period], [t('CompareCommitted'), moment(f.committedAt, t)], [t('CompareSource'), [source, h('br'), code(f.source)]],
    [t('CompareApplications'), code(f.applicationsSha256)], [t('CompareProgrammes'), code(f.programmesSha256)],
    [t('CompareStruck'), struck && [t(struck.checked ? 'StruckChecked' : 'Struck', struck.count), h('br'), code(struck.announcedSha256)]],
    [t('CompareRandomness'), code(f.randomness)], [t('CompareSeed'), code(f.seed)], [t('CompareLog'), log && log.lines > 0 ? code(log.hash) : null],
  ]));
}

const moment = (time, t) => new Intl.DateTimeFormat(t('Locale'), { timeZone: 'Europe/Athens', dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(time));
