import { Fault } from './faults.mjs';
import { compare, hex, same, utf8 } from './bytes.mjs';
import { readApplications } from './lists.mjs';

/**
 * struck.txt: lines that the office took off between the announcement and the commitment (R31). Merged with the list by ticket they are the
 * list that was announced; returns its digest, which is checked where the announced one is known.
 */
export function checkStruck(bytes, period, applications, programmes, announced, { newSha256 }) {
  const struck = readApplications(bytes, period, programmes, { file: 'struck.txt', format: 'struck' });
  const hash = newSha256();
  const line = (list, number) => list.bytes.subarray(list.tickets[number], list.bytes.indexOf(10, list.tickets[number]) + 1);
  const ticket = (list, number) => list.bytes.subarray(list.tickets[number], list.tickets[number] + list.lengths[number]);
  hash.update(utf8(`epimorfosi-applications-v1 ${period}\n`));
  let copied = applications.count > 0 ? applications.tickets[0] : 0;
  const upTo = (end) => { if (end > copied) hash.update(applications.bytes.subarray(copied, end)); copied = Math.max(copied, end); };
  for (let number = 0, next = 0; number < struck.count; number++) {
    const own = ticket(struck, number);
    while (next < applications.count && compare(ticket(applications, next), 0, applications.lengths[next], own, 0, own.length) < 0) next++;
    if (next < applications.count && same(ticket(applications, next), own)) throw new Fault('struckListed', 'struck.txt', { line: number + 2, word: struck.ticket(number) });
    upTo(next < applications.count ? applications.tickets[next] : applications.bytes.length);
    hash.update(line(struck, number));
  }
  upTo(applications.bytes.length);
  const sha256 = hex(hash.digest());
  if (announced && announced !== sha256) throw new Fault('announced', 'struck.txt', { is: sha256, should: announced });
  return { count: struck.count, announcedSha256: sha256, checked: Boolean(announced) };
}
