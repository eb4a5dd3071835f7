// The seats of phase B as the rules move them (R20-R27): what follows from a line of the log, and what each claim must get.
import { Rescue } from './rescue.mjs';

/** Who has a seat, an open offer or a waiting claim, from the outcome of the draw on. Programmes go by number, tickets by text. */
export class Seats {
  /**
   * @param inLine by programme the tickets of its runners-up in draw order that may be offered a freed seat (R19, R25)
   * @param held by ticket the programme of the draw's seat
   * @param drawn of a ticket of the draw its place, and the list of its application
   */
  constructor(programmes, held, inLine, drawn) {
    const size = programmes.codes.length, lists = () => Array.from({ length: size }, () => []);
    Object.assign(this, { programmes, inLine, drawn, held: new Map(held), open: new Int32Array(size), next: new Int32Array(size), head: new Int32Array(size) });
    this.members = Array.from({ length: size }, () => new Set()); // by programme the tickets
    this.queues = lists(); // by programme the sequences of claims that list it
    this.waiting = new Map(); // by sequence
    this.claims = new Map(); // by ticket the sequence that waits
    this.offers = new Map(); // by ticket the programmes offered, in that order
    this.ended = new Set(); // tickets whose ranks have ended
    this.freed = []; // seats not yet dealt with, first in, first out
    this.closing = []; // offers that end with a ticket's ranks
    this.claimed = new Map(); // by ticket the claim that got its seat
    this.cancelled = new Set();
    this.rescue = null;
    for (const [ticket, programme] of this.held) this.members[programme].add(ticket);
  }

  isFree(programme) { return !this.cancelled.has(programme) && this.members[programme].size + this.open[programme] < this.programmes.maximum[programme]; }

  isViable(programme) { return this.members[programme].size >= this.programmes.minimum[programme]; }

  /** By which claim the ticket has its seat, and its list; sequence 0 for a seat of the draw or of an offer, which goes by the application. */
  standing(ticket) { return this.claimed.get(ticket) ?? { sequence: 0, ...this.drawn(ticket) }; }

  /** What must follow before anything else is decided; null if nothing. The event that the log has tells whether the office keeps a programme (R27). */
  due(event) {
    if (this.closing.length > 0) return { event: 'declined', ...this.closing[0] };
    for (; this.freed.length > 0; this.freed.shift()) {
      const programme = this.freed[0];
      if (!this.isFree(programme)) continue;
      const line = this.inLine[programme];
      while (this.next[programme] < line.length && this.ended.has(line[this.next[programme]])) this.next[programme]++;
      if (this.next[programme] < line.length) return { event: 'offered', ticket: line[this.next[programme]], programme };
      const queue = this.queues[programme];
      while (this.head[programme] < queue.length && !this.waiting.has(queue[this.head[programme]])) this.head[programme]++;
      if (this.head[programme] < queue.length) {
        const sequence = queue[this.head[programme]];
        return { event: 'promoted', sequence, ticket: this.waiting.get(sequence).ticket, programme };
      }
    }
    return this.rescue?.due(event) ?? null;
  }

  /** Does what is due. */
  follow(due) {
    const { event, ticket, programme } = due;
    if (event === 'declined') {
      this.closing.shift();
      this.end(ticket, programme);
    } else if (event === 'promoted') {
      this.freed.shift();
      this.seat(ticket, due.sequence, this.waiting.get(due.sequence).list, programme);
    } else if (event === 'offered') {
      this.freed.shift();
      this.next[programme]++;
      this.open[programme]++;
      this.offers.set(ticket, [...this.offers.get(ticket) ?? [], programme]);
    } else {
      this.rescue.follow(due);
    }
  }

  /** A claim's outcome, in its turn. The claimant's own seat, and one on offer to them, are free to them. */
  claim(ticket, sequence, list, refused) {
    const own = this.held.get(ticket);
    if (refused || this.rescue || (own !== undefined && this.isViable(own))) return { event: 'refused', programme: null };
    const programme = list.find((code) => this.isFree(code) || code === own || this.hasOffer(ticket, code));
    this.stopWaiting(ticket);
    if (programme !== undefined) {
      if (this.hasOffer(ticket, programme)) this.close(ticket, programme);
      this.seat(ticket, sequence, list, programme);
      return { event: 'placed', programme };
    }
    this.waiting.set(sequence, { ticket, list });
    this.claims.set(ticket, sequence);
    for (const code of list) this.queues[code].push(sequence);
    return { event: 'waiting', programme: null };
  }

  /** Gives the seat up; where there is none, the claim that waits. The programme left, or null. */
  release(ticket) {
    const own = this.held.get(ticket);
    if (own === undefined) { this.stopWaiting(ticket); return null; }
    this.leave(ticket);
    return own;
  }

  hasOffer(ticket, programme) { return this.offers.get(ticket)?.includes(programme) ?? false; }

  accept(ticket, programme) {
    this.close(ticket, programme);
    this.take(ticket, programme);
  }

  /** Declined or expired. */
  end(ticket, programme) {
    this.close(ticket, programme);
    this.freed.push(programme);
  }

  close(ticket, programme) {
    this.offers.set(ticket, this.offers.get(ticket).filter((offered) => offered !== programme));
    this.open[programme]--;
  }

  /** By a claim. */
  seat(ticket, sequence, list, programme) {
    this.claimed.set(ticket, { sequence, list });
    this.take(ticket, programme);
  }

  /** The first phase-B seat ends the ticket's ranks for ever, and its other offers (R26). */
  take(ticket, programme) {
    this.stopWaiting(ticket);
    if (this.held.get(ticket) !== programme) {
      this.leave(ticket);
      this.held.set(ticket, programme);
      this.members[programme].add(ticket);
    }
    this.ended.add(ticket);
    for (const offered of this.offers.get(ticket) ?? []) this.closing.push({ ticket, programme: offered });
  }

  leave(ticket) {
    const own = this.held.get(ticket);
    if (own === undefined) return;
    this.held.delete(ticket);
    this.members[own].delete(ticket);
    this.freed.push(own);
  }

  stopWaiting(ticket) {
    this.waiting.delete(this.claims.get(ticket));
    this.claims.delete(ticket);
  }
}
