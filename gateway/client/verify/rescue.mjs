// The rescue at the end of phase B (R27): programmes below their minimum are cancelled or kept, the emptiest first, and the members of the cancelled move.

/** The words of its lines; the first of them in the log begins it. */
export const WORDS = ['rescued', 'cancelled', 'overridden'];

export class Rescue {
  constructor(seats) {
    Object.assign(this, { seats, had: new Set(), turn: null, over: false });
  }

  /**
   * What must follow; null when the rescue is over.
   * @param event what the log has: only it tells that the office keeps a programme whose turn begins
   */
  due(event) {
    const { seats } = this;
    while (!this.over && (this.turn || this.next(event))) {
      const { programme, kept, members, offered } = this.turn;
      while (members.length > 0 && seats.held.get(members[0]) !== programme) members.shift(); // promoted meanwhile
      if (members.length > 0) {
        const [ticket] = members;
        if (kept) return { event: 'overridden', ticket, programme };
        const to = seats.standing(ticket).list.find((choice) => seats.isFree(choice) && seats.members[choice].size > 0);
        return to === undefined ? { event: 'cancelled', ticket, programme } : { event: 'rescued', ticket, programme: to };
      }
      while (offered.length > 0 && !seats.hasOffer(offered[0], programme)) offered.shift();
      if (offered.length > 0) return { event: 'cancelled', ticket: offered[0], programme };
      this.turn = null;
    }
    this.over = true; // who falls below the minimum later is not rescued
    return null;
  }

  follow({ event, ticket, programme }) {
    const { members, offered } = this.turn, isMember = members.length > 0;
    (isMember ? members : offered).shift();
    if (event === 'rescued') this.seats.take(ticket, programme);
    else if (event === 'cancelled' && isMember) this.seats.leave(ticket);
    else if (event === 'cancelled') this.seats.close(ticket, programme);
  }

  /** Begins the turn of the emptiest programme below its minimum that has not had one; false if there is none. */
  next(event) {
    const { seats, had } = this;
    let programme = -1;
    seats.members.forEach(({ size }, other) => {
      if (!seats.isViable(other) && !had.has(other) && (programme < 0 || size < seats.members[programme].size)) programme = other; // they go by code
    });
    if (programme < 0) return false;
    had.add(programme);
    const members = [...seats.members[programme]], kept = members.length > 0 && event === 'overridden';
    if (!kept) seats.cancelled.add(programme);
    const by = new Map(members.map((ticket) => [ticket, seats.standing(ticket)]));
    members.sort((one, other) => by.get(one).sequence - by.get(other).sequence || by.get(one).place - by.get(other).place);
    this.turn = { programme, kept, members, offered: kept ? [] : seats.inLine[programme].filter((ticket) => seats.hasOffer(ticket, programme)) };
    return true;
  }
}
