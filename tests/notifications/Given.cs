using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Contracts.Imports;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Notifications.Tests;

/// <summary>A period, two programmes and teachers by number: what the other services would tell.</summary>
public static class Given
{
    public const string P = "B2-2023-2";

    public static readonly Period Period = new(
        P, 1, new("2η περίοδο Β2, Μάρτιος – Ιούνιος 2023", "2nd B2 period, March – June 2023"), "B2", new(2023, 3, 6), new(2023, 6, 30),
        new(At("2023-01-09T06:00:00Z"), At("2023-01-20T21:59:59Z")), At("2023-01-23T10:00:00Z"),
        new(At("2023-01-25T10:00:00Z"), At("2023-01-30T21:59:59Z")), new(At("2023-01-31T06:00:00Z"), At("2023-02-06T21:59:59Z")), 10, 15, new());

    public static readonly Programme Near = new(
        "ATH-01", 1, "B2.4", "IIa", "Ψηφιακά <εργαλεία> & φιλολογία", "0501001", "1ο Γυμνάσιο Αθηνών", "GR-A1", ["GR-A1"], 10, 15, new(2023, 3, 7), ["Tue 17:00", "Thu 17:00"]);

    public static readonly Programme Online = new(
        "ONL-02", 1, "B2.4", "IIb", "Φιλολογία εξ αποστάσεως", "1901002", "2ο Λύκειο Θεσσαλονίκης", "GR-54", [], 10, 15, null, []);

    public static PeriodChanged PeriodChanged => new(Period);
    public static ProgrammesPublished ProgrammesPublished => new(P, [Near, Online]);

    public static string Ticket(int teacher) => $"{teacher:D16}";
    public static string Address(int teacher) => $"teacher{teacher}@example.gr";

    public static Contact Contact(int teacher, string language = "el", string? mobile = null, int version = 1) =>
        new($"{teacher:D6}", version, "Μαρία", $"Παπαδοπούλου {teacher}", Address(teacher), mobile, language);

    public static TeachersChanged Contacts(params int[] teachers) => new([.. teachers.Select(n => Contact(n))]);
    public static TicketsIssued Holders(params int[] teachers) => new(P, [.. teachers.Select(n => new TicketHolder(Ticket(n), $"{n:D6}"))]);

    public static ApplicationsReceived Received(int version, params int[] teachers) => new(P, [.. teachers.Select(n =>
        new ApplicationVersion(Ticket(n), version, "B2.4", [Near.Code, Online.Code], false, At("2023-01-12T09:30:05Z"), new string('a', 64)))]);

    public static ApplicationsReceived Withdrawn(int version, int teacher) =>
        new(P, [new(Ticket(teacher), version, "B2.4", [], true, At("2023-01-13T09:30:05Z"), new string('b', 64))]);

    public static Outcome Placed(int teacher, bool provisional = false) =>
        new(Ticket(teacher), 412, Online.Code, 2, provisional, [new(Near.Code, 388, 7), new(Online.Code, 1499, null)]);

    public static Outcome RunnerUp(int teacher) => new(Ticket(teacher), 2412, null, 0, false, [new(Near.Code, 388, 101, 15, 140), new(Online.Code, 1499, 12, 12, 1023)]);
    public static Outcome Unplaced(int teacher) => new(Ticket(teacher), 2413, null, 0, false, [new(Near.Code, 388, null), new(Online.Code, 1499, null)]);

    public static OutcomesDecided Outcomes(params Outcome[] outcomes) => new(P, 1, outcomes);
    public static ResultsPublished Results(int applications) => new(P, 1, applications, 1, [], At("2023-01-23T11:00:00Z"));

    public static SeatDecision Seat(long number, int teacher, string what, string? programme = "ONL-02", string? rule = null) =>
        new(number, number, what == "released" ? null : number + 1000, Ticket(teacher), what, programme, rule, At("2023-01-26T09:00:00Z"));

    public static SeatsDecided Seats(params SeatDecision[] decisions) => new(P, decisions);

    public static ApplicationsFrozen Frozen(int count) => new(P, count, new string('c', 64), At("2023-01-20T22:00:05Z"));

    public static EnrolmentAnswered Enrolment(int teacher, bool confirmed) => new(P, Ticket(teacher), Near.Code, confirmed, At("2023-02-01T09:00:00Z"));

    public static ApplicationStruck Strike(int teacher, bool struck) => new(P, Ticket(teacher), 1, struck, "Δεν κατέχει πιστοποίηση Β1 επιπέδου.", At("2023-01-22T08:30:00Z"));

    public static InvitationIssued Invitation(string? registryNumber, string? email, string language = "el") => new(
        Guid.Parse("0190a1b2-0000-7000-8000-000000000001"), "kse.athens", registryNumber, email, language, "https://epimorfosi.example/account/invitation?token=s3cret", At("2023-01-10T09:00:00Z"));

    public const string Office = "office@example.gr";

    /// <summary>A day on which everything happens to six teachers: each kind of message that an event causes at least once.</summary>
    public static IEnumerable<object> Day
    {
        get
        {
            int[] teachers = [1, 2, 3, 4, 5, 6];
            return
            [
                PeriodChanged, ProgrammesPublished, new TeachersChanged([.. teachers.Select(n => Contact(n, n == 6 ? "en" : "el", $"+3069000000{n:00}"))]), Holders(teachers),
                Received(1, teachers), Received(2, 1, 2), Withdrawn(3, 2), Frozen(5), Strike(3, true), Strike(3, false) with { Number = 2 },
                Outcomes(Placed(1), Placed(3, provisional: true), RunnerUp(4), Unplaced(5)), Results(4),
                Seats(Seat(1, 4, "waiting", null), Seat(2, 5, "placed")),
                Seats(Seat(3, 1, "refused", null, "R21"), Seat(4, 5, "released"), Seat(5, 4, "promoted"), Seat(6, 2, "offered") with { ExpiresAt = At("2023-01-28T09:00:00Z") }, Seat(7, 2, "expired")),
                Seats(Seat(8, 5, "offered") with { ExpiresAt = At("2023-01-28T09:00:00Z") }, Seat(9, 5, "accepted"), Seat(10, 5, "declined"), Seat(11, 5, "cancelled", rule: "R25")),
                Seats(Seat(12, 4, "rescued"), Seat(13, 3, "cancelled"), Seat(14, 4, "overridden")),
                Enrolment(1, true), Enrolment(3, false), Invitation(null, "kse@example.gr"), Forgotten(null, "kse@example.gr"),
                new ImportFinished(Guid.Parse("0190a1b2-0000-7000-8000-000000000002"), "teachers", null, "office", 6, 0, 0, 0, At("2023-01-05T09:00:00Z")),
                new ProgrammeReturned(Guid.Parse("0190a1b2-0000-7000-8000-000000000003"), P, "ATH-07", "Τίτλος", "1ο Γυμνάσιο Αθηνών", "kse@example.gr", "el", "Ελλιπές ωράριο.", At("2023-01-04T09:00:00Z")),
                new ProgrammeApproved(Guid.Parse("0190a1b2-0000-7000-8000-000000000004"), P, "ATH-07", "Τίτλος", "1ο Γυμνάσιο Αθηνών", "kse@example.gr", "el", At("2023-01-05T09:00:00Z")),
                new TrainersAssigned(P, [new(Near.Code, 1, ["T-1"])]), new AccountsChanged([new(Guid.Parse("0190a1b2-0000-7000-8000-000000000005"), 1, "kse", ["centre"], null, Near.Centre, "kse@example.gr")]),
            ];
        }
    }

    public static PasswordForgotten Forgotten(string? registryNumber, string? email) => new(
        Guid.Parse("0190a1b2-0000-7000-8000-000000000002"), "kse.athens", registryNumber, email, "el", "https://epimorfosi.example/new-password?token=s3cret", At("2023-01-10T09:00:00Z"));

    public static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
}
