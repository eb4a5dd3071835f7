#!/usr/bin/env python3
"""Checks a published draw of EPimorfosi from its bundle alone, and phase B if the claim log is given too. See docs/verify.md.

Python 3.9 or later and its standard library; nothing of it is shared with the services or with the page /verify.
"""
import argparse
import datetime
import hashlib
import json
import lzma
import os
import re
import struct
import sys
import time
import zipfile
import zlib

NAME = r"[A-Z0-9.-]{1,40}"
IS_NAME = re.compile(NAME).fullmatch
APPLICATION = re.compile(rf"({NAME})\|{NAME}\|({NAME}(?:,{NAME})*)".encode()).fullmatch
PROGRAMME = re.compile(rf"({NAME})\|{NAME}\|(?:IIa\|{NAME}(?:,{NAME})*|IIb\|\*)\|(0|[1-9][0-9]{{0,5}})\|([1-9][0-9]{{0,5}})".encode()).fullmatch
LOG_LINE = re.compile(rf"([^|]*)\|([^|]*)\|({NAME})\|([^|]*)\|([^|]*)\|(-|[^|,]+(?:,[^|,]+)*)\|([^|]*)").fullmatch
HASH = re.compile("[0-9a-f]{64}").fullmatch
BYTES = re.compile("(?:[0-9a-f]{2})+").fullmatch
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?Z", re.ASCII).fullmatch
DRAND = re.compile("drand:([0-9a-f]{64}):([1-9][0-9]{0,14})").fullmatch

# The League of Entropy's chains: genesis and period in seconds, and whether each round is linked to the one before.
CHAINS = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": ("quicknet", 1692803367, 3, False),
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": ("default", 1595431050, 30, True),
}


class Fault(Exception):
    """The first thing that is wrong: where, what it is, what it should be."""

    def __init__(self, what, file, line=None, was=None, should=None):
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {what}" + ("" if was is None else f"\n  it is:        {was}") + ("" if should is None else f"\n  it should be: {should}"))
        self.file, self.line = file, line


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def utf8(text):
    return text.encode("utf-8", "surrogatepass")


def shown(line):
    return line[:300].decode("utf-8", "backslashreplace")


def lines_of(data, file, header):
    """The lines after the header, as bytes."""
    if not data.endswith(b"\n"):
        raise Fault("the file does not end with a line feed", file, data.count(b"\n") + 1)
    lines = data[:-1].split(b"\n")
    if lines[0] != utf8(header):
        raise Fault("the first line is not that of the format and the period", file, 1, shown(lines[0]), header)
    return lines[1:]


# The lists

def read_programmes(data, period):
    """By code the minimum and the maximum, in the order of the file."""
    file, programmes, last = "programmes.txt", {}, b""
    for number, line in enumerate(lines_of(data, file, f"epimorfosi-programmes-v1 {period}"), 2):
        parts = PROGRAMME(line)
        if not parts or int(parts[2]) > int(parts[3]):
            raise Fault("the line is not in the format", file, number, shown(line), "CODE|CLUSTER|IIa or IIb|NOMOI|MINIMUM|MAXIMUM")
        if parts[1] <= last:
            raise Fault("the line does not come after the one before it", file, number, shown(line))
        last = parts[1]
        programmes[last.decode()] = (int(parts[2]), int(parts[3]))
    return programmes


def read_applications(data, period, programmes, file="applications.txt", form="applications"):
    """(ticket, list of codes), sorted by ticket."""
    applications, last = [], b""
    known = {code.encode(): code for code in programmes}
    for number, line in enumerate(lines_of(data, file, f"epimorfosi-{form}-v1 {period}"), 2):
        parts = APPLICATION(line)
        if not parts:
            raise Fault("the line is not in the format", file, number, shown(line), "TICKET|CLUSTER|CODE1,CODE2,…")
        ticket = parts[1]
        if ticket <= last:
            raise Fault("the line does not come after the one before it", file, number, shown(line))
        last = ticket
        codes = parts[2].split(b",")
        try:
            choices = [known[code] for code in codes]
        except KeyError as unknown:
            raise Fault(f"the list names {unknown.args[0].decode()}, which is not in programmes.txt", file, number, shown(line)) from None
        if len(set(choices)) != len(choices):
            raise Fault("the list names a programme twice", file, number, shown(line))
        applications.append((ticket.decode(), choices))
    return applications


def check_digest(name, data, count, expected, expected_count):
    if count != expected_count:
        raise Fault("the number of lines is not the one committed to", name, None, count, expected_count)
    if sha256(data) != expected:
        raise Fault("the SHA-256 of the file is not the one committed to before the draw", name, None, sha256(data), expected)


def check_struck(data, applications_data, period, programmes, announced):
    """Merged with the list, the struck lines are the list that was announced. Its digest."""
    struck = read_applications(data, period, programmes, "struck.txt", "struck")
    lines = applications_data[:-1].split(b"\n")[1:]
    listed = {line.split(b"|", 1)[0] for line in lines}
    for number, (ticket, _) in enumerate(struck, 2):
        if ticket.encode() in listed:
            raise Fault(f"{ticket} was struck and is still on the list", "struck.txt", number)
    merged = sorted(lines + data[:-1].split(b"\n")[1:], key=lambda line: line.split(b"|", 1)[0])
    digest = sha256(b"".join(line + b"\n" for line in [utf8(f"epimorfosi-applications-v1 {period}")] + merged))
    if announced and digest != announced:
        raise Fault("with the struck lines this is not the list that was announced", "struck.txt", None, digest, announced)
    return {"count": len(struck), "announcedSha256": digest, "checked": bool(announced)}


# draw.json

def is_text(value):
    return isinstance(value, str)


def is_hash(value):
    return is_text(value) and bool(HASH(value))


def is_count(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**53 and value == int(value)


def instant(value):
    """Ten millionths of a second since the year 1; None for what is not a time."""
    parts = TIME(value) if is_text(value) else None
    if not parts:
        return None
    try:
        moment = datetime.datetime(*(int(part) for part in parts.groups()[:6]))
    except ValueError:
        return None
    seconds = int((moment - datetime.datetime(1, 1, 1)).total_seconds())
    return seconds * 10_000_000 + int((parts[7] or "0").ljust(7, "0"))


MEMBERS = {
    "format": lambda value: value == 1 and not isinstance(value, bool),
    "period": lambda value: is_text(value) and bool(IS_NAME(value)),
    "algorithm": lambda value: value == "serial-dictatorship-v1",
    "applicationsSha256": is_hash, "programmesSha256": is_hash,
    "applications": is_count, "programmes": is_count,
    "source": is_text, "randomness": is_hash, "seed": is_hash,
    "committedAt": lambda value: instant(value) is not None, "drawnAt": lambda value: instant(value) is not None,
    "custodians": lambda value: isinstance(value, list),
}


class DrawJson:
    def __init__(self, data):
        try:
            self.text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Fault("the bytes are not UTF-8 text", "draw.json") from None
        try:
            self.value = json.loads(self.text, parse_constant=self.no_number)
        except (ValueError, RecursionError):
            raise Fault("this is not JSON", "draw.json") from None
        for name, holds in MEMBERS.items():
            self.member(self.value, name, holds)
        self.committed, self.drawn = instant(self.value["committedAt"]), instant(self.value["drawnAt"])

    @staticmethod
    def no_number(name):
        raise ValueError(name)

    def member(self, thing, name, holds, nth=0):
        value = thing.get(name) if isinstance(thing, dict) else None
        if not holds(value):
            raise self.fault(f'"{name}" is missing or is not what the format asks for', name, json.dumps(value, ensure_ascii=False), None, nth)
        return value

    def fault(self, what, name, was, should=None, nth=0):
        at = -1
        for _ in range(nth + 1):
            at = self.text.find(f'"{name}"', at + 1)
        return Fault(what, "draw.json", None if at < 0 else self.text.count("\n", 0, at) + 1, was, should)


def check_randomness(draw):
    """Where the randomness came from, in words. Each source is recomputed."""
    value = draw.value
    source, randomness, custodians = value["source"], value["randomness"], value["custodians"]
    if draw.drawn < draw.committed:
        raise draw.fault("the draw is earlier than the commitment", "drawnAt", value["drawnAt"], f">= {value['committedAt']}")

    def expect(gives):
        if gives != randomness:
            raise draw.fault("the randomness is not what its source gives", "randomness", randomness, gives)

    if source.split(":")[0] == "custodians":
        if not custodians or source != f"custodians:{len(custodians)}":
            raise draw.fault("the source does not count the custodians", "source", source, f"custodians:{len(custodians)}")
        for nth, custodian in enumerate(custodians):
            name = draw.member(custodian, "name", is_text, nth)
            commitment = draw.member(custodian, "commitment", is_text, nth)
            opens = sha256(utf8(draw.member(custodian, "reveal", is_text, nth)))
            if opens != commitment:
                raise draw.fault(f"what {name} revealed does not open the commitment", "commitment", commitment, opens, nth)
        expect(sha256(b"".join(utf8(custodian["reveal"]) + b"\n" for custodian in custodians)))
        return "revealed by " + ", ".join(custodian["name"] for custodian in custodians)
    if source.startswith("rehearsal:"):
        expect(sha256(utf8(source[len("rehearsal:"):])))
        return f'the text "{source[len("rehearsal:"):]}"'
    parts = DRAND(source)
    if not parts:
        raise draw.fault("the source of the randomness is none that the format knows", "source", source, "custodians:{k} / drand:{chain}:{round} / rehearsal:{text}")
    if parts[1] not in CHAINS:
        raise draw.fault("the drand chain is none that this check knows", "source", parts[1], " / ".join(CHAINS))
    name, genesis, period, chained = CHAINS[parts[1]]
    signature = draw.member(value.get("drand"), "signature", lambda text: is_text(text) and bool(BYTES(text)))
    draw.member(value["drand"], "previousSignature", lambda text: not chained if text is None else is_text(text) and bool(BYTES(text)))
    made = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=min(genesis + (int(parts[2]) - 1) * period, 250_000_000_000))
    at = instant(made.strftime("%Y-%m-%dT%H:%M:%SZ"))
    if draw.committed >= at:
        raise draw.fault("the drand round was known when the draw was committed to", "committedAt", value["committedAt"], f"< {made.isoformat()}Z")
    if draw.drawn < at:
        raise draw.fault("the draw is earlier than the drand round", "drawnAt", value["drawnAt"], f">= {made.isoformat()}Z")
    expect(sha256(bytes.fromhex(signature)))
    return f"drand {name}, round {parts[2]} of {made.isoformat()}Z; that the chain signed it (BLS) is checked by the page /verify, not here"


def check_seed(draw):
    value = draw.value
    parts = ["epimorfosi-draw-v1", *(value[name] for name in ("period", "applicationsSha256", "programmesSha256", "source", "randomness")), ""]
    seed = hashlib.sha256(utf8("\n".join(parts))).digest()
    if seed.hex() != value["seed"]:
        raise draw.fault("the seed is not what its parts give", "seed", value["seed"], seed.hex())
    return seed


# The draw

class Outcome:
    """Each in the order of SHA-256(seed || ticket) takes the first programme of the list with fewer members than its maximum."""

    def __init__(self, applications, programmes, seed):
        begun = hashlib.sha256(seed)

        def key(application):
            digest = begun.copy()
            digest.update(application[0].encode())
            return digest.digest()

        self.order = sorted(applications, key=key)  # stable, so equal keys go by ticket
        self.programmes = programmes
        self.members, self.cut_off, self.runners_up = dict.fromkeys(programmes, 0), {}, {code: [] for code in programmes}
        self.seats = []  # in draw order, (code or None, rank)
        maxima = {code: maximum for code, (_, maximum) in programmes.items()}
        for place, (ticket, choices) in enumerate(self.order, 1):
            for rank, code in enumerate(choices, 1):
                if self.members[code] < maxima[code]:
                    self.members[code] += 1
                    if self.members[code] == maxima[code]:
                        self.cut_off[code] = place
                    self.seats.append((code, rank))
                    break
                self.runners_up[code].append(place)
            else:
                self.seats.append((None, 0))

    def below_minimum(self, code):
        return self.members[code] < self.programmes[code][0]

    def lines(self):
        for place, ((ticket, _), (code, rank)) in enumerate(zip(self.order, self.seats), 1):
            yield f"{place}|{ticket}|{code or '-'}|{rank}"


def check_results(data, period, outcome):
    file = "results.txt"
    given = lines_of(data, file, f"epimorfosi-results-v1 {period}")
    number = 1
    for number, line in enumerate(outcome.lines(), 2):
        if number - 2 >= len(given):
            raise Fault("the outcome is not what the lists and the seed give", file, number, "", line)
        if given[number - 2] != line.encode():
            raise Fault("the outcome is not what the lists and the seed give", file, number, shown(given[number - 2]), line)
    if len(given) > number - 1:
        raise Fault("the outcome is not what the lists and the seed give", file, number + 1, shown(given[number - 1]), "")


def tell(ticket, outcome):
    """The ticket's place, and for each choice how far its seats went (R19)."""
    plain = re.sub(r"[\s-]", "", ticket).upper()
    wanted = plain.replace("O", "0").replace("I", "1").replace("L", "1") if len(plain) == 16 else ticket.strip().upper()
    for place, ((name, choices), (code, rank)) in enumerate(zip(outcome.order, outcome.seats), 1):
        if name == wanted:
            yield f"{name}: place {place} of {len(outcome.order)}, " + (f"{code}, choice {rank}" if code else "no seat")
            for number, choice in enumerate(choices, 1):
                line = outcome.runners_up[choice]
                if choice == code:
                    yield f"    {choice}: placed here"
                elif rank and number > rank:
                    yield f"    {choice}: a seat of a higher choice was free"
                else:
                    yield f"    {choice}: the last of {outcome.programmes[choice][1]} seats went to place {outcome.cut_off[choice]}; number {line.index(place) + 1} of {len(line)} runners-up"
            return
    yield "There is no such ticket on the list."


# Phase B

RESCUE = ("rescued", "cancelled", "overridden")


class PhaseB:
    """The seats as R20-R27 move them."""

    def __init__(self, outcome, upgrade):
        self.outcome, self.programmes = outcome, outcome.programmes
        self.members = dict(outcome.members)
        self.seat = {ticket: code for (ticket, _), (code, _) in zip(outcome.order, outcome.seats) if code}
        self.waiting = {}  # by sequence, ascending: (ticket, list)
        self.sequence_of = {}
        self.listing = {code: [] for code in self.programmes}  # waiting claims by programme, and those that no longer wait
        self.offers = []  # (ticket, code), in the order of offering
        self.offered_to = dict.fromkeys(self.programmes, 0)
        self.without_ranks = set()
        self.to_fill, self.to_close = [], []
        self.by_claim = {}  # of whom a claim, and no offer, brought into the seat: (sequence, list)
        self.in_rescue = None  # from its first line on: programmes that had their turn
        self.cancelled = set()
        # Runners-up who may be offered a seat, the next one last.
        self.line = {
            code: [outcome.order[place - 1][0] for place in reversed(places)
                   if upgrade or outcome.seats[place - 1][0] is None or outcome.below_minimum(outcome.seats[place - 1][0])]
            for code, places in outcome.runners_up.items()}

    def room(self, code):
        return code not in self.cancelled and self.members[code] + self.offered_to[code] < self.programmes[code][1]

    def must_follow(self, written=None):
        """(event, sequence, ticket, code) of the line that no request may come before; None if there is none. The event as written tells what the office keeps."""
        if self.to_close:
            ticket, code = self.to_close[0]
            return "declined", None, ticket, code
        while self.to_fill:
            code = self.to_fill[0]
            if self.room(code):
                line = self.line[code]
                while line and line[-1] in self.without_ranks:
                    line.pop()
                if line:
                    return "offered", None, line[-1], code
                queue = self.listing[code]
                while queue and queue[0] not in self.waiting:
                    queue.pop(0)
                if queue:
                    return "promoted", queue[0], self.waiting[queue[0]][0], code
            self.to_fill.pop(0)
        return self.rescue_follows(written) if self.in_rescue is not None else None

    def do(self, event, sequence, ticket, code):
        if event == "declined":
            self.to_close.pop(0)
            self.end_offer(ticket, code)
            return
        if event in RESCUE:
            self.do_rescue(event, ticket, code)
            return
        self.to_fill.pop(0)
        if event == "promoted":
            self.by_claim[ticket] = (sequence, self.waiting[sequence][1])
            self.sit(ticket, code)
        else:
            self.line[code].pop()
            self.offers.append((ticket, code))
            self.offered_to[code] += 1

    def decide(self, ticket, sequence, choices, refusable):
        """A claim's outcome in its turn. The claimant's own seat, and one on offer to them, are free to them."""
        own = self.seat.get(ticket)
        if refusable or self.in_rescue is not None or (own and self.members[own] >= self.programmes[own][0]):
            return "refused", None
        code = next((choice for choice in choices if self.room(choice) or choice == own or (ticket, choice) in self.offers), None)
        self.wait_no_more(ticket)
        if code:
            if (ticket, code) in self.offers:
                self.take_offer(ticket, code)
            self.by_claim[ticket] = (sequence, choices)
            self.sit(ticket, code)
            return "placed", code
        self.waiting[sequence] = (ticket, choices)
        self.sequence_of[ticket] = sequence
        for choice in choices:
            self.listing[choice].append(sequence)
        return "waiting", None

    def release(self, ticket):
        own = self.seat.get(ticket)
        self.stand_up(ticket) if own else self.wait_no_more(ticket)
        return own

    def sit(self, ticket, code):
        self.wait_no_more(ticket)
        if self.seat.get(ticket) != code:
            self.stand_up(ticket)
            self.seat[ticket] = code
            self.members[code] += 1
            if self.in_rescue is not None:
                self.seated[code].add(ticket)
        self.without_ranks.add(ticket)
        self.to_close += [offer for offer in self.offers if offer[0] == ticket]

    def stand_up(self, ticket):
        own = self.seat.pop(ticket, None)
        if own:
            self.members[own] -= 1
            self.to_fill.append(own)

    def wait_no_more(self, ticket):
        self.waiting.pop(self.sequence_of.pop(ticket, None), None)

    def take_offer(self, ticket, code):
        self.offers.remove((ticket, code))
        self.offered_to[code] -= 1

    def end_offer(self, ticket, code):
        self.take_offer(ticket, code)
        self.to_fill.append(code)

    # The rescue (R27)

    def may_begin_rescue(self):
        return self.in_rescue is None and not self.must_follow()

    def begin_rescue(self):
        self.drawn = {ticket: (place, choices) for place, (ticket, choices) in enumerate(self.outcome.order, 1)}
        self.in_rescue, self.turn, self.kept, self.agenda, self.rescued = set(), None, False, [], False
        self.seated = {code: set() for code in self.programmes}  # whoever was once in it; the others have left
        for ticket, code in self.seat.items():
            self.seated[code].add(ticket)

    def came_by(self, ticket):
        """The draw and its offers before the claims; a place or a sequence; the list."""
        return (True, *self.by_claim[ticket]) if ticket in self.by_claim else (False, *self.drawn[ticket])

    def rescue_follows(self, written):
        while not self.rescued:
            code = self.turn
            while self.agenda:
                of_member, ticket = self.agenda[0]
                if of_member and self.seat.get(ticket) == code:
                    if self.kept:
                        return "overridden", None, ticket, code
                    for choice in self.came_by(ticket)[2]:
                        if self.members[choice] and self.room(choice):
                            return "rescued", None, ticket, choice
                    return "cancelled", None, ticket, code
                if not of_member and (ticket, code) in self.offers:
                    return "cancelled", None, ticket, code
                self.agenda.pop(0)
            below = [(self.members[code], code) for code, (minimum, _) in self.programmes.items() if self.members[code] < minimum and code not in self.in_rescue]
            if not below:
                self.rescued = True  # for good: a programme that falls below its minimum later stays
                break
            count, self.turn = min(below)
            self.in_rescue.add(self.turn)
            members = sorted((ticket for ticket in self.seated[self.turn] if self.seat.get(ticket) == self.turn), key=self.came_by)
            self.kept = count > 0 and written == "overridden"
            self.agenda = [(True, ticket) for ticket in members]
            if not self.kept:
                self.cancelled.add(self.turn)
                self.agenda += [(False, ticket) for ticket, code in self.offers if code == self.turn]
        return None

    def do_rescue(self, event, ticket, code):
        of_member, _ = self.agenda.pop(0)
        if event == "rescued":
            self.sit(ticket, code)
        elif event == "cancelled" and of_member:
            self.stand_up(ticket)
        elif event == "cancelled":
            self.take_offer(ticket, code)


def check_log(data, period, outcome, below_minimum_only=False, upgrade=False):
    """Replays the claim log over the results: chain of hashes and each decision. How many claims, lines, and the last hash."""
    file, period_b, previous, claims = "log.txt", PhaseB(outcome, upgrade), "0" * 64, 0
    number = 0
    for number, raw in enumerate(lines_of(data, file, f"epimorfosi-seats-v1 {period}"), 1):
        def fault(what, was, should=None):
            return Fault(what, file, number + 1, was, should)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise fault("the bytes are not UTF-8 text", shown(raw)) from None
        parts = LOG_LINE(text)
        if not parts:
            raise fault("the line is not in the format", text, "N|SEQUENCE|TICKET|EVENT|PROGRAMME|LIST|HASH")
        if parts[1] != str(number):
            raise fault("the lines of the log are not numbered one by one", text, f"{number}|…")
        body = text[:text.rindex("|")]
        chained = sha256(utf8(f"{previous}\n{body}"))
        if parts[7] != chained:
            raise fault("the chain of hashes is broken", text, f"{body}|{chained}")
        previous = chained
        ticket, event, code, written = parts[3], parts[4], parts[5], parts[6]
        if event in RESCUE and period_b.may_begin_rescue():
            period_b.begin_rescue()
        due = period_b.must_follow(event)
        sequence, choices = None, "-"
        if due:
            event, sequence, ticket, seat = due
            period_b.do(event, sequence, ticket, seat)
        elif event in ("placed", "waiting", "refused"):
            claims += 1
            sequence, choices = claims, written
            asked = [] if written == "-" else written.split(",")
            event, seat = period_b.decide(ticket, claims, asked, not asked or any(
                choice not in outcome.programmes or (below_minimum_only and not outcome.below_minimum(choice)) for choice in asked))
        elif event == "released":
            seat = period_b.release(ticket)
        elif event in ("accepted", "declined", "expired"):
            if (ticket, code) not in period_b.offers:
                raise fault(f"the answer to an offer of {code} that is not open", text)
            seat = code
            if event == "accepted":
                period_b.take_offer(ticket, code)
                period_b.sit(ticket, code)
            else:
                period_b.end_offer(ticket, code)
        elif event in ("offered", "promoted") + RESCUE:
            raise fault("the decision is not the one that the rules give", body)
        else:
            raise fault(f"an event that this check does not know: {event}", body)
        right = f"{number}|{sequence or '-'}|{ticket}|{event}|{seat or '-'}|{choices}"
        if body != right:
            raise fault("the decision is not the one that the rules give", body, right)
    due = period_b.must_follow()
    if due:
        raise Fault("the log ends although a decision must follow", file, number + 2, "", "|".join(str(part or "-") for part in (number + 1, due[1], due[2], due[0], due[3])) + "|-")
    return {"claims": claims, "lines": number, "hash": previous}


# All of it

def verify(files, announced=None, below_minimum_only=False, upgrade=False):
    """files: name -> bytes. What was found, or a Fault."""
    def file(name):
        if name not in files:
            raise Fault("the bundle has no such file", name)
        return files[name]

    draw = DrawJson(file("draw.json"))
    value, period = draw.value, draw.value["period"]
    programmes = read_programmes(file("programmes.txt"), period)
    check_digest("programmes.txt", files["programmes.txt"], len(programmes), value["programmesSha256"], value["programmes"])
    applications = read_applications(file("applications.txt"), period, programmes)
    check_digest("applications.txt", files["applications.txt"], len(applications), value["applicationsSha256"], value["applications"])
    struck = check_struck(files["struck.txt"], files["applications.txt"], period, programmes, announced or value.get("announcedSha256")) if "struck.txt" in files else None
    randomness = check_randomness(draw)
    outcome = Outcome(applications, programmes, check_seed(draw))
    check_results(file("results.txt"), period, outcome)
    log = check_log(files["log.txt"], period, outcome, below_minimum_only, upgrade) if "log.txt" in files else None
    return {"value": value, "outcome": outcome, "randomness": randomness, "struck": struck, "log": log, "rehearsal": value["source"].startswith("rehearsal:")}


def last_draw(files):
    """An audit.zip has a folder for each draw: the last one's files, and the log."""
    numbers = [int(found[1]) for found in (re.match("draw-([1-9][0-9]{0,3})/", name) for name in files) if found]
    if "draw.json" in files or not numbers:
        return files
    folder = f"draw-{max(numbers)}/"
    return {name.split("/")[-1]: data for name, data in files.items() if name.startswith(folder) or name == "log.txt"}


def read_bundle(path):
    if os.path.isdir(path):
        names = [name for name in os.listdir(path) if re.fullmatch(r"[a-z]+\.(?:txt|json)", name) and name != "log.txt"]
        return {name: open(os.path.join(path, name), "rb").read() for name in names}
    name = path
    with open(path, "rb") as stream:
        try:
            files = {}
            with zipfile.ZipFile(stream) as archive:
                for name in archive.namelist():
                    if name in files:
                        raise Fault("it is in the archive twice", name)
                    files[name] = archive.read(name)  # checks the checksum
            return last_draw(files)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError, RuntimeError, ValueError, OSError) as fault:
            raise Fault(f"this archive cannot be read: {fault}", name) from None


def report(found, ticket, seconds):
    value, outcome, struck, log = found["value"], found["outcome"], found["struck"], found["log"]
    placed = sum(1 for code, _ in outcome.seats if code)
    if found["rehearsal"]:
        yield "REHEARSAL / ΔΟΚΙΜΗ: this is not the draw."
    yield f"OK: {value['period']}, {len(outcome.order)} applications over {len(outcome.programmes)} programmes, drawn again in {seconds:.1f} s: the same, byte for byte ({placed} placed, {len(outcome.order) - placed} not)."
    yield f"    randomness: {found['randomness']}"
    yield f"    compare with what was published before the draw: applications.txt {value['applicationsSha256']}, programmes.txt {value['programmesSha256']}, {value['source']}, committed {value['committedAt']}"
    if struck:
        yield f"    {struck['count']} lines were struck; the list as announced: {struck['announcedSha256']}" + (", as it should be" if struck["checked"] else " (compare)")
    if log:
        yield f"OK: {log['claims']} claims of phase B decided right, in {log['lines']} lines ending with {log['hash']}."
    if ticket:
        yield from tell(ticket, outcome)


def main():
    parser = argparse.ArgumentParser(description="Checks a published draw from its bundle alone. Ends with 0 and OK, or with 1 and the first line that differs.")
    parser.add_argument("bundle", metavar="BUNDLE", help="bundle.zip, or a folder with its files")
    parser.add_argument("--log", help="log.txt of phase B")
    parser.add_argument("--ticket", help="tells this ticket's place, and how far the seats of each choice went")
    parser.add_argument("--announced", metavar="SHA256", help="the digest of the list as announced, where lines were struck")
    parser.add_argument("--below-minimum", action="store_true", help="the period's phase B is for programmes below their minimum only (R22)")
    parser.add_argument("--upgrade", action="store_true", help="the period offers freed seats to the placed too (R26)")
    asked = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    began = time.monotonic()
    try:
        files = read_bundle(asked.bundle)
        if asked.log:
            with open(asked.log, "rb") as log:
                files["log.txt"] = log.read()
        found = verify(files, asked.announced, asked.below_minimum, asked.upgrade)
    except Fault as fault:
        print(f"NOT OK: {fault}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"verify.py: {fault}", file=sys.stderr)
        return 2
    print("\n".join(report(found, asked.ticket, time.monotonic() - began)))
    return 0


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the answer has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
