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
    public void Every_step_is_that_of_a_naive_model() => Instances.Seats.Sample(instance => // R20-R23, I8
    {
        var (book, naive) = (Book(instance), new NaiveSeats(instance));
        foreach (var request in instance.Requests)
        {
            var events = new List<SeatEvent>();
            book.Decide(request, events);
            Assert.Equal(naive.Decide(request), events.Select(e => (e.Ticket, e.Event, e.Programme)));
            Assert.All(instance.Programmes, programme => Assert.Equal(naive.Members(programme.Code), book.Members[programme.Code]));
        }
    }, iter: 1000);

    [Fact]
    public void No_programme_gets_too_many_members_and_every_request_one_answer() => Instances.Seats.Sample(instance => // I2, I13
    {
        var book = Book(instance);
        foreach (var request in instance.Requests)
        {
            var events = new List<SeatEvent>();
            book.Decide(request, events);
            Assert.All(instance.Programmes, programme => Assert.InRange(book.Members[programme.Code], 0, programme.Maximum));
            Assert.Equal([request.Order], events.Where(e => e.Order is not null).Select(e => e.Order!.Value));
            Assert.Equal(request.Order, events[0].Order);
            Assert.Equal(request.Sequence, events[0].Sequence);
        }
    }, iter: 1000);

    [Fact]
    public void Nobody_waits_for_a_programme_with_a_free_seat() => Instances.Seats.Sample(instance => // R23
    {
        var (book, waits) = (Book(instance), new Dictionary<string, SeatRequest>());
        foreach (var request in instance.Requests)
        {
            book.Decide(request, []);
            if (book.WaitingOf(request.Ticket)?.Sequence == request.Sequence)
            {
                waits[request.Ticket] = request;
            }
            foreach (var code in waits.Values.Where(claim => book.WaitingOf(claim.Ticket)?.Sequence == claim.Sequence).SelectMany(claim => claim.Preferences))
            {
                Assert.Equal(instance.Programmes.Single(programme => programme.Code == code).Maximum, book.Members[code]);
            }
        }
    }, iter: 1000);

    [Fact]
    public void A_book_loaded_half_way_goes_on_as_if_it_had_never_stopped() => Instances.Seats.Sample(instance => // I8: a killed decider
    {
        var (whole, half, resumed) = (new List<SeatEvent>(), new List<SeatEvent>(), new List<SeatEvent>());
        var (book, first) = (Book(instance), Book(instance));
        var middle = instance.Requests.Length / 2;
        Array.ForEach(instance.Requests, request => book.Decide(request, whole));
        Array.ForEach(instance.Requests[..middle], request => first.Decide(request, half));
        var tickets = instance.Requests.Select(request => request.Ticket).Concat(instance.Seats.Select(seat => seat.Key)).Distinct().ToList();
        var second = new SeatBook(instance.Programmes,
            tickets.Where(ticket => first.SeatOf(ticket) is not null).Select(ticket => KeyValuePair.Create(ticket, first.SeatOf(ticket)!)),
            tickets.Select(first.WaitingOf).OfType<WaitingClaim>(), instance.Scope);
        Array.ForEach(instance.Requests[middle..], request => second.Decide(request, resumed));
        Assert.Equal(whole.Select(Written), half.Concat(resumed).Select(Written));

        static string Written(SeatEvent e) => SeatLog.Body(0, e) + e.Rule;
    }, iter: 1000);

    [Fact]
    public void Anybody_can_replay_the_log_and_finds_each_decision_right() => Instances.Seats.Sample(instance => // R24
    {
        var (book, events, hash) = (Book(instance), new List<SeatEvent>(), SeatLog.Genesis);
        Array.ForEach(instance.Requests, request => book.Decide(request, events));
        var text = new StringBuilder(SeatLog.Header("B2-2023-2"));
        foreach (var (i, e) in events.Index())
        {
            var body = SeatLog.Body(i + 1, e);
            hash = SeatLog.Hash(hash, body);
            text.Append(body).Append('|').Append(hash).Append('\n');
        }
        LogReplay.Verify(text.ToString(), instance.Programmes.ToDictionary(programme => programme.Code, programme => programme.Maximum), new(instance.Seats));
    }, iter: 1000);

    [Fact]
    public void A_seat_in_a_viable_programme_must_be_given_up_before_a_claim() // R21
    {
        var book = new SeatBook([new("P-1", 1, 2, false), new("P-2", 1, 2, false)], [new("A", "P-1")], [], "AnyVacancy");
        Assert.Equal(["refused R21"], Decide(book, Claim(1, "A", "P-2")));
        Assert.Equal(["released P-1"], Decide(book, Release(2, "A")));
        Assert.Equal(["placed P-2"], Decide(book, Claim(3, "A", "P-2")));
    }

    [Fact]
    public void A_provisional_seat_is_kept_while_its_holder_waits_and_passes_on_when_they_move() // R20
    {
        var book = new SeatBook([new("P-1", 2, 2, true), new("P-2", 1, 1, false)], [new("A", "P-1"), new("B", "P-2")], [], "AnyVacancy");
        Assert.Equal(["waiting"], Decide(book, Claim(1, "A", "P-2")));
        Assert.Equal("P-1", book.SeatOf("A"));
        Assert.Equal(["placed P-1"], Decide(book, Claim(2, "C", "P-1")));
        Assert.Equal(["waiting"], Decide(book, Claim(3, "D", "P-1")));
        Assert.Equal(["released P-2", "promoted P-2", "promoted P-1"], Decide(book, Release(4, "B")));
    }

    [Fact]
    public void A_claim_outside_the_scope_or_for_an_unknown_programme_is_refused_and_changes_nothing() // R22
    {
        var book = new SeatBook([new("P-1", 2, 3, true), new("P-2", 1, 3, false)], [], [], "BelowMinimum");
        Assert.Equal(["refused R22"], Decide(book, Claim(1, "A", "P-1", "P-2")));
        Assert.Equal(["refused R22"], Decide(book, Claim(2, "A", "NO-SUCH")));
        Assert.Equal(["refused R22"], Decide(book, Claim(3, "A")));
        Assert.Equal(["placed P-1"], Decide(book, Claim(4, "A", "P-1")));
    }

    static SeatBook Book(SeatInstance instance) => new(instance.Programmes, instance.Seats, [], instance.Scope);

    static SeatRequest Claim(long order, string ticket, params string[] list) => new(order, order, SeatRequestKind.Claim, ticket, list, default);

    static SeatRequest Release(long order, string ticket) => new(order, null, SeatRequestKind.Release, ticket, [], default);

    static IEnumerable<string> Decide(SeatBook book, SeatRequest request)
    {
        var events = new List<SeatEvent>();
        book.Decide(request, events);
        return events.Select(e => $"{e.Event} {e.Programme ?? e.Rule}".TrimEnd());
    }
}
