// The seats of phase B as the rules move them (R20-R25): what follows from a line of the log, and what each claim must get.

/** Who has a seat, an open offer or a waiting claim, from the outcome of the draw on. Programmes go by number, tickets by text. */
export class Seats {
  /**
   * @param inLine by programme the tickets of its runners-up in draw order that may be offered a freed seat (R19, R25)
   * @param held by ticket the programme of the draw's seat
   */
  constructor(programmes, held, inLine) {
    const size = programmes.codes.length, lists = () => Array.from({ length: size }, () => []);
    Object.assign(this, { programmes, inLine, held: new Map(held), members: new Int32Array(size), open: new Int32Array(size), next: new Int32Array(size), head: new Int32Array(size) });
    this.queues = lists(); // by programme the sequences of claims that list it
    this.waiting = new Map(); // by sequence
    this.claims = new Map(); // by ticket the sequence that waits
    this.offers = new Map(); // by ticket the programmes offered, in that order
    this.ended = new Set(); // tickets whose ranks have ended
    this.freed = []; // seats not yet dealt with, first in, first out
    this.closing = []; // offers that end with a ticket's ranks
    for (const programme of this.held.values()) this.members[programme]++;
  }

  isFree(programme) { return this.members[programme] + this.open[programme] < this.programmes.maximum[programme]; }

  isViable(programme) { return this.members[programme] >= this.programmes.minimum[programme]; }

  /** What must follow before anything else is decided; null if nothing. */
  due() {
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
    return null;
  }

  /** Does what is due. */
  follow({ event, ticket, programme }) {
    if (event === 'declined') {
      this.closing.shift();
      this.end(ticket, programme);
      return;
    }
    this.freed.shift();
    if (event === 'promoted') this.take(ticket, programme);
    else {
      this.next[programme]++;
      this.open[programme]++;
      this.offers.set(ticket, [...this.offers.get(ticket) ?? [], programme]);
    }
  }

  /** A claim's outcome, in its turn. The claimant's own seat, and one on offer to them, are free to them. */
  claim(ticket, sequence, list, refused) {
    const own = this.held.get(ticket);
    if (refused || (own !== undefined && this.isViable(own))) return { event: 'refused', programme: null };
    const programme = list.find((code) => this.isFree(code) || code === own || this.hasOffer(ticket, code));
    this.stopWaiting(ticket);
    if (programme !== undefined) {
      if (this.hasOffer(ticket, programme)) this.close(ticket, programme);
      this.take(ticket, programme);
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

  /** The first phase-B seat ends the ticket's ranks for ever, and its other offers (R26). */
  take(ticket, programme) {
    this.stopWaiting(ticket);
    if (this.held.get(ticket) !== programme) {
      this.leave(ticket);
      this.held.set(ticket, programme);
      this.members[programme]++;
    }
    this.ended.add(ticket);
    for (const offered of this.offers.get(ticket) ?? []) this.closing.push({ ticket, programme: offered });
  }

  leave(ticket) {
    const own = this.held.get(ticket);
    if (own === undefined) return;
    this.held.delete(ticket);
    this.members[own]--;
    this.freed.push(own);
  }

  stopWaiting(ticket) {
    this.waiting.delete(this.claims.get(ticket));
    this.claims.delete(ticket);
  }
}
