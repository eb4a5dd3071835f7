using System.Security.Cryptography;
using System.Text;
using CsCheck;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Phase B's decisions over random requests.</summary>
public sealed class SeatBookTests
{
    [Fact]
    public void Every_step_is_that_of_a_naive_model() => Instances.Seats.Sample(instance => // R20-R27, I8
    {
        var (book, naive) = (Book(instance), new NaiveSeats(instance));
        var log = new List<SeatEvent>();
        foreach (var request in instance.Requests.Select(naive.Aim))
        {
            var before = log.Count;
            Decide(book, instance, request, log);
            Assert.Equal(naive.Decide(request), log[before..].Select(e => (e.Ticket, e.Event, e.Programme)));
            Assert.Equal(naive.Cancelled.Order(StringComparer.Ordinal), book.Cancelled.Order(StringComparer.Ordinal));
            Assert.All(instance.Programmes, programme => Assert.Equal(
                (naive.Members(programme.Code), naive.Taken(programme.Code)), (book.Members[programme.Code], book.Members[programme.Code] + book.Reserved[programme.Code])));
        }
    }, iter: 1000);

    [Fact]
    public void No_programme_gets_too_many_members_and_every_request_one_answer() => Instances.Seats.Sample(instance => // I2, I13
    {
        var (book, log) = (Book(instance), new List<SeatEvent>());
        foreach (var request in instance.Requests)
        {
            var before = log.Count;
            Decide(book, instance, request, log);
            var events = log[before..];
            Assert.All(instance.Programmes, programme => Assert.InRange(book.Members[programme.Code] + book.Reserved[programme.Code], 0, programme.Maximum));
            if (request.Kind == SeatRequestKind.Rescue)
            {
                Assert.All(events, e => Assert.Null(e.Order));
            }
            else if (events.Count > 0 || request.Kind is SeatRequestKind.Claim or SeatRequestKind.Release) // the answer to an offer that is closed is void
            {
                Assert.Equal([request.Order], events.Where(e => e.Order is not null).Select(e => e.Order!.Value));
                Assert.Equal((request.Order, request.Sequence), (events[0].Order, events[0].Sequence));
            }
        }
    }, iter: 1000);

    [Fact]
    public void A_rescue_leaves_no_programme_too_small_but_those_kept_and_none_cancelled_gets_anybody_again() => Instances.Seats.Sample(instance => // R27, I12
    {
        var (book, log, rescued) = (Book(instance), new List<SeatEvent>(), false);
        foreach (var request in instance.Requests)
        {
            Decide(book, instance, request, log);
            if (request.Kind == SeatRequestKind.Rescue && !rescued)
            {
                rescued = true;
                Assert.All(instance.Programmes.Where(programme => book.Members[programme.Code] < programme.Minimum && book.Members[programme.Code] > 0), programme => Assert.Contains(programme.Code, instance.Kept!));
            }
            Assert.All(book.Cancelled, code => Assert.Equal((0, 0), (book.Members[code], book.Reserved[code])));
        }
    }, iter: 1000);

    [Fact]
    public void Nobody_waits_for_a_programme_with_a_free_seat() => Instances.Seats.Sample(instance => // R23
    {
        var (book, waits, log) = (Book(instance), new Dictionary<string, SeatRequest>(), new List<SeatEvent>());
        foreach (var request in instance.Requests)
        {
            Decide(book, instance, request, log);
            if (request.Kind == SeatRequestKind.Claim && book.WaitingOf(request.Ticket)?.Sequence == request.Sequence)
            {
                waits[request.Ticket] = request;
            }
            foreach (var code in waits.Values.Where(claim => book.WaitingOf(claim.Ticket)?.Sequence == claim.Sequence).SelectMany(claim => claim.Preferences).Except(book.Cancelled))
            {
                Assert.Equal(instance.Programmes.Single(programme => programme.Code == code).Maximum, book.Members[code] + book.Reserved[code]);
            }
        }
    }, iter: 1000);

    [Fact]
    public void A_book_loaded_half_way_goes_on_as_if_it_had_never_stopped() => Instances.Seats.Sample(instance => // I8: a killed decider
    {
        var (whole, half, resumed, naive) = (new List<SeatEvent>(), new List<SeatEvent>(), new List<SeatEvent>(), new NaiveSeats(instance));
        var (book, first) = (Book(instance), Book(instance));
        var middle = instance.Requests.Length / 2;
        SeatRequest[] requests = [.. instance.Requests.Select(request => { var aimed = naive.Aim(request); naive.Decide(aimed); return aimed; })];
        Array.ForEach(requests, request => Decide(book, instance, request, whole));
        Array.ForEach(requests[..middle], request => Decide(first, instance, request, half));
        var tickets = requests.Select(request => request.Ticket).Concat(instance.Seats.Select(seat => seat.Key)).Concat(half.Select(e => e.Ticket)).Distinct().ToList();
        var offers = half.Where(e => e.Event == SeatEvents.Offered).ToList();
        var second = new SeatBook(instance.Start with
        {
            Seats = tickets.Where(ticket => first.SeatOf(ticket) is not null).Select(ticket => KeyValuePair.Create(ticket, first.SeatOf(ticket)!)),
            Waiting = tickets.Select(first.WaitingOf).OfType<WaitingClaim>(),
            Open = offers.Where(offer => !half.Skip(half.IndexOf(offer) + 1).Any(e => e.Ticket == offer.Ticket && e.Programme == offer.Programme)).Select(offer => new OpenOffer(offer.Ticket, offer.Programme!)),
            Offered = offers.GroupBy(offer => offer.Programme!).ToDictionary(line => line.Key, line => Array.IndexOf(instance.Lines![line.Key], line.Last().Ticket) + 1),
            Ended = half.Where(e => e.Event is "placed" or "promoted" or "accepted" or "rescued").Select(e => e.Ticket),
            Cancelled = first.Cancelled,
            Over = first.IsOver,
        }, instance.Scope);
        resumed.AddRange(half);
        Array.ForEach(requests[middle..], request => Decide(second, instance, request, resumed));
        Assert.Equal(whole.Select(Written), resumed.Select(Written));

        static string Written(SeatEvent e) => SeatLog.Body(0, e) + e.Rule;
    }, iter: 1000);

    [Fact]
    public void Anybody_can_replay_the_log_and_finds_each_decision_right() => Instances.Seats.Sample(instance => // R24
    {
        var (book, events, hash, naive) = (Book(instance), new List<SeatEvent>(), SeatLog.Genesis, new NaiveSeats(instance));
        foreach (var request in instance.Requests.Select(naive.Aim))
        {
            if (request.Kind == SeatRequestKind.Claim && book.IsOver && !events.Exists(e => e.Event is SeatEvents.Rescued or SeatEvents.Cancelled or SeatEvents.Overridden))
            {
                continue; // a rescue without a line: the log does not tell why the claim is refused
            }
            Decide(book, instance, request, events);
            naive.Decide(request);
        }
        var text = new StringBuilder(SeatLog.Header("B2-2023-2"));
        foreach (var (i, e) in events.Index())
        {
            var body = SeatLog.Body(i + 1, e);
            hash = SeatLog.Hash(hash, body);
            text.Append(body).Append('|').Append(hash).Append('\n');
        }
        LogReplay.Verify(text.ToString(), instance.Programmes.ToDictionary(programme => programme.Code, programme => programme.Maximum), new(instance.Seats), instance.Lines,
            instance.Programmes.ToDictionary(programme => programme.Code, programme => programme.Minimum), instance.Lists);
    }, iter: 1000);

    [Fact]
    public void A_seat_in_a_viable_programme_must_be_given_up_before_a_claim() // R21
    {
        var book = Book([new("P-1", 1, 2, false), new("P-2", 1, 2, false)], [new("A", "P-1")]);
        Assert.Equal(["refused R21"], Decide(book, Claim(1, "A", "P-2")));
        Assert.Equal(["released P-1"], Decide(book, Release(2, "A")));
        Assert.Equal(["placed P-2"], Decide(book, Claim(3, "A", "P-2")));
    }

    [Fact]
    public void A_provisional_seat_is_kept_while_its_holder_waits_and_passes_on_when_they_move() // R20
    {
        var book = Book([new("P-1", 2, 2, true), new("P-2", 1, 1, false)], [new("A", "P-1"), new("B", "P-2")]);
        Assert.Equal(["waiting"], Decide(book, Claim(1, "A", "P-2")));
        Assert.Equal("P-1", book.SeatOf("A"));
        Assert.Equal(["placed P-1"], Decide(book, Claim(2, "C", "P-1")));
        Assert.Equal(["waiting"], Decide(book, Claim(3, "D", "P-1")));
        Assert.Equal(["released P-2", "promoted P-2", "promoted P-1"], Decide(book, Release(4, "B")));
    }

    [Fact]
    public void A_claim_outside_the_scope_or_for_an_unknown_programme_is_refused_and_changes_nothing() // R22
    {
        var book = Book([new("P-1", 2, 3, true), new("P-2", 1, 3, false)], [], "BelowMinimum");
        Assert.Equal(["refused R22"], Decide(book, Claim(1, "A", "P-1", "P-2")));
        Assert.Equal(["refused R22"], Decide(book, Claim(2, "A", "NO-SUCH")));
        Assert.Equal(["refused R22"], Decide(book, Claim(3, "A")));
        Assert.Equal(["placed P-1"], Decide(book, Claim(4, "A", "P-1")));
    }

    [Fact]
    public void A_freed_seat_is_offered_to_each_runner_up_in_turn_then_to_who_waits_then_to_all() // R25
    {
        var book = Book([new("P-1", 1, 1, false)], [new("A", "P-1")], lines: new() { ["P-1"] = ["R1", "R2"] });
        Assert.Equal(["waiting"], Decide(book, Claim(1, "W", "P-1")));
        Assert.Equal(["released P-1", "offered P-1"], Decide(book, Release(2, "A")));
        Assert.Equal(["waiting"], Decide(book, Claim(3, "V", "P-1"))); // the seat is held back
        Assert.Equal(["declined P-1", "offered P-1"], Decide(book, Answer(4, SeatRequestKind.Decline, "R1", "P-1")));
        Assert.Equal(["expired P-1", "promoted P-1"], Decide(book, Answer(5, SeatRequestKind.Expire, "R2", "P-1")));
        Assert.Equal("P-1", book.SeatOf("W"));
        Assert.Empty(Decide(book, Answer(6, SeatRequestKind.Accept, "R2", "P-1"))); // too late
        Assert.Equal(["released P-1", "promoted P-1"], Decide(book, Release(7, "W")));
        Assert.Equal(["released P-1"], Decide(book, Release(8, "V")));
        Assert.Equal(["placed P-1"], Decide(book, Claim(9, "R1", "P-1")));
    }

    [Fact]
    public void An_accepted_offer_ends_the_other_ranks_and_frees_the_provisional_seat() // R25, R26
    {
        var book = Book([new("P-1", 1, 1, false), new("P-2", 1, 1, false), new("P-3", 2, 2, true)], [new("A", "P-1"), new("B", "P-2"), new("R", "P-3"), new("S", "P-3")],
            lines: new() { ["P-1"] = ["R"], ["P-2"] = ["R", "T"] });
        Assert.Equal(["waiting"], Decide(book, Claim(1, "W", "P-3")));
        Assert.Equal(["released P-1", "offered P-1"], Decide(book, Release(2, "A")));
        Assert.Equal(["released P-2", "offered P-2"], Decide(book, Release(3, "B")));
        Assert.Equal(["accepted P-1", "declined P-2", "promoted P-3", "offered P-2"], Decide(book, Answer(4, SeatRequestKind.Accept, "R", "P-1")));
        Assert.Equal(["accepted P-2"], Decide(book, Answer(5, SeatRequestKind.Accept, "T", "P-2")));
    }

    [Fact]
    public void A_claim_may_take_the_seat_on_offer_to_the_claimant_and_no_other() // R23, R25
    {
        var book = Book([new("P-1", 1, 1, false), new("P-2", 1, 1, false)], [new("A", "P-1"), new("B", "P-2")], lines: new() { ["P-1"] = ["R", "S"], ["P-2"] = ["R"] });
        Decide(book, Release(1, "A"));
        Decide(book, Release(2, "B"));
        Assert.Equal(["waiting"], Decide(book, Claim(3, "S", "P-1")));
        Assert.Equal(["placed P-1", "declined P-2"], Decide(book, Claim(4, "R", "P-1", "P-2")));
        Assert.Equal(["released P-1", "offered P-1"], Decide(book, Release(5, "R")));
        Assert.Equal("S", book.WaitingOf("S")?.Ticket); // and is first in line
        Assert.Equal(["placed P-2"], Decide(book, Claim(6, "N", "P-1", "P-2")));
    }

    [Fact]
    public void Who_is_promoted_by_the_rescue_may_be_moved_by_it_again_and_then_by_the_list_of_that_claim() // R25, R27
    {
        var book = Book([new("P-1", 3, 3, true), new("P-2", 4, 4, false), new("P-3", 1, 2, false), new("P-4", 1, 5, false)],
            [new("M", "P-1"), new("Z1", "P-2"), new("Z2", "P-2"), new("X1", "P-2"), new("X2", "P-2"), new("K", "P-3"), new("X3", "P-3"), new("Q", "P-4")],
            lines: new() { ["P-2"] = ["M", "N"], ["P-3"] = ["M"] });
        Assert.Equal(["released P-2", "offered P-2", "released P-2", "offered P-2", "released P-3", "offered P-3"],
            new[] { "X1", "X2", "X3" }.SelectMany((ticket, i) => Decide(book, Release(i + 1, ticket))));
        Assert.Equal(["waiting"], Decide(book, Claim(4, "W", "P-2", "P-3"))); // both seats are held back
        var log = new List<SeatEvent>();

        book.Rescue(new(new[] { "M", "Z1", "Z2", "K", "Q" }.Index().ToDictionary(member => member.Item, member => new MemberStanding(null, member.Index, member.Item == "M" ? ["P-1", "P-4"] : [])), new HashSet<string>()), log);

        Assert.Equal(
        [
            "M rescued P-4", "M declined P-2", "M declined P-3", "W promoted P-2", // M's offers end, and W is the next for P-2
            "Z1 cancelled P-2", "Z2 cancelled P-2", "W rescued P-3", "N cancelled P-2", // which has 3 of 4
        ], log.Select(e => $"{e.Ticket} {e.Event} {e.Programme}"));
        Assert.Equal(("P-3", "P-4", null), (book.SeatOf("W"), book.SeatOf("M"), book.SeatOf("Z1")));
    }

    static SeatBook Book(SeatInstance instance) => new(instance.Start, instance.Scope);

    static SeatBook Book(SeatProgramme[] programmes, KeyValuePair<string, string>[] seats, string scope = "AnyVacancy", Dictionary<string, string[]>? lines = null) =>
        Book(new(programmes, seats, scope, [], lines));

    static SeatRequest Claim(long order, string ticket, params string[] list) => new(order, order, SeatRequestKind.Claim, ticket, list, default);

    static SeatRequest Answer(long order, SeatRequestKind kind, string ticket, string programme) => new(order, null, kind, ticket, [programme], default);

    static SeatRequest Release(long order, string ticket) => new(order, null, SeatRequestKind.Release, ticket, [], default);

    /// <param name="log">All lines so far.</param>
    static void Decide(SeatBook book, SeatInstance instance, SeatRequest request, List<SeatEvent> log)
    {
        if (request.Kind == SeatRequestKind.Rescue)
        {
            book.Rescue(instance.Rescue(log), log);
        }
        else
        {
            book.Decide(request, log);
        }
    }

    static IEnumerable<string> Decide(SeatBook book, SeatRequest request)
    {
        var events = new List<SeatEvent>();
        book.Decide(request, events);
        return events.Select(e => $"{e.Event} {e.Programme ?? e.Rule}".TrimEnd());
    }
}
