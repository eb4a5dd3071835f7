import { findTicket } from './lists.mjs';

/** A ticket as people type it (R14). */
export const typed = (text) => {
  const plain = text.replace(/[\s-]/g, '').toUpperCase();
  return plain.length === 16 ? plain.replaceAll('O', '0').replace(/[IL]/g, '1') : text.trim().toUpperCase();
};

/** A ticket's place, and for each choice how far its seats went and why (R19). Null if it is not on the list. */
export function explain(text, applications, programmes, draw, log) {
  const ticket = typed(text), number = findTicket(applications, ticket);
  const code = (programme) => programme === undefined || programme < 0 ? null : programmes.codes[programme];
  if (number < 0) return null;
  const choices = [];
  for (let at = applications.starts[number]; at < applications.starts[number + 1]; at++) {
    const programme = applications.choices[at], rank = at - applications.starts[number] + 1;
    choices.push({
      programme: code(programme), maximum: programmes.maximum[programme], members: draw.members[programme], cutOff: draw.cutOff[programme] || null,
      runnersUp: draw.runnersUp[programme], position: draw.runnerUp[at] || null, why: draw.runnerUp[at] ? 'full' : rank === draw.rank[number] ? 'placed' : 'lower',
    });
  }
  const seat = draw.seat[number];
  return {
    ticket, place: draw.place[number], of: applications.count, programme: code(seat), rank: draw.rank[number], choices,
    provisional: seat >= 0 && draw.members[seat] < programmes.minimum[seat],
    now: log ? { programme: code(log.seats.held.get(ticket)), waiting: log.seats.claims.get(ticket) ?? null, offers: (log.seats.offers.get(ticket) ?? []).map(code) } : null,
  };
}
