using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Contracts.Imports;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Notifications.Templates;

namespace EPimorfosi.Notifications.Wordings;

/// <summary>A made-up recipient and made-up facts for each template: what the office looks at, and what every template is tried with.</summary>
public static class Samples
{
    const string Code = "B2-2023-2", Ticket = "0A3FQ7ZK9M2PX4TD";
    static readonly DateTimeOffset Day = new(2023, 1, 12, 9, 30, 5, TimeSpan.Zero);

    static readonly Period Period = new(
        Code, 1, new("2η περίοδος Β2, Μάρτιος – Ιούνιος 2023", "2nd B2 period, March – June 2023"), "B2", new(2023, 3, 6), new(2023, 6, 30),
        new(Day.AddDays(-3), Day.AddDays(8)), Day.AddDays(11), new(Day.AddDays(13), Day.AddDays(18)), new(Day.AddDays(19), Day.AddDays(25)), 10, 15, new());

    static readonly Programme Near = new(
        "ATH-01", 1, "B2.4", "IIa", "Ψηφιακά εργαλεία στη φιλολογία", "0501001", "1ο Γυμνάσιο Αθηνών", "GR-A1", ["GR-A1"], 10, 15, new(2023, 3, 7), ["Tue 17:00", "Thu 17:00"]);

    static readonly Programme Online = new("ONL-02", 1, "B2.4", "IIb", "Φιλολογία εξ αποστάσεως", "1901002", "2ο Λύκειο Θεσσαλονίκης", "GR-54", [], 10, 15, null, []);

    static readonly Announcement News = new()
    {
        Id = Guid.Parse("0190a1b2-0000-7000-8000-0000000000aa"),
        Title = new("Παράταση της Α΄ φάσης", "Phase A is extended"),
        Text = new("Η υποβολή αιτήσεων παρατείνεται έως τις **20 Ιανουαρίου**.", "Applications are accepted until **20 January**."),
        PublishAt = Day,
        WrittenBy = "office",
        ChangedAt = Day,
    };

    public static CatalogueExtract Catalogue { get; } = new(
        new Dictionary<string, Period> { [Code] = Period },
        new Dictionary<(string, string), Programme> { [(Code, Near.Code)] = Near, [(Code, Online.Code)] = Online },
        new Dictionary<Guid, Announcement> { [News.Id] = News });

    public static DueMessage Message(MessageKind kind, string language, Channel channel) => new(
        Guid.Parse("0190a1b2-0000-7000-8000-000000000001"), "sample", Ticket, channel, kind,
        Facts(kind) is InvitationIssued or PasswordForgotten or ImportFinished or ProgrammeReturned or ProgrammeApproved or QuestionFacts or AnnouncementFacts or DigestFacts ? null : Code,
        System.Text.Json.JsonSerializer.Serialize(Facts(kind), Facts(kind).GetType(), Defaults.Outbox.Json), null, 0,
        new("Μαρία", "Παπαδοπούλου", "maria@example.gr", "+306900000001", language) { RegistryNumber = "000001" });

    static object Facts(MessageKind kind) => kind switch
    {
        MessageKind.Received or MessageKind.Closed => new ApplicationVersion(Ticket, 2, "B2.4", [Near.Code, Online.Code], false, Day, new string('a', 64)),
        MessageKind.Withdrawn => new ApplicationVersion(Ticket, 3, "B2.4", [], true, Day, new string('b', 64)),
        MessageKind.Struck => new ApplicationStruck(Code, Ticket, 1, true, "Δεν κατέχει πιστοποίηση Β1 επιπέδου.", Day),
        MessageKind.Restored => new ApplicationStruck(Code, Ticket, 2, false, "Η πιστοποίηση προσκομίστηκε.", Day),
        MessageKind.Placed => new Outcome(Ticket, 412, Online.Code, 2, false, [new(Near.Code, 388, 7, 15, 140), new(Online.Code, 1499, null)]),
        MessageKind.PlacedProvisionally => new Outcome(Ticket, 412, Online.Code, 2, true, [new(Near.Code, 388, 7, 15, 140), new(Online.Code, null, null)]),
        MessageKind.RunnerUp => new Outcome(Ticket, 2412, null, 0, false, [new(Near.Code, 388, 101, 15, 140), new(Online.Code, 1499, 12, 12, 1023)]),
        MessageKind.Unplaced => new Outcome(Ticket, 2413, null, 0, false, [new(Near.Code, 388, null), new(Online.Code, 1499, null)]),
        MessageKind.SeatPlaced => Seat("placed"),
        MessageKind.SeatWaiting => Seat("waiting", null),
        MessageKind.SeatRefused => Seat("refused", null) with { Rule = "R21" },
        MessageKind.SeatReleased => Seat("released"),
        MessageKind.SeatPromoted => Seat("promoted"),
        MessageKind.SeatOffered => Seat("offered") with { ExpiresAt = Day.AddDays(2) },
        MessageKind.OfferAccepted => Seat("accepted"),
        MessageKind.OfferDeclined => Seat("declined"),
        MessageKind.OfferExpired => Seat("expired"),
        MessageKind.SeatRescued => Seat("rescued"),
        MessageKind.SeatCancelled => Seat("cancelled"),
        MessageKind.OfferCancelled => Seat("cancelled") with { Rule = "R25" },
        MessageKind.SeatOverridden => Seat("overridden"),
        MessageKind.EnrolmentConfirmed => new EnrolmentAnswered(Code, Ticket, Near.Code, true, Day),
        MessageKind.EnrolmentDeclined => new EnrolmentAnswered(Code, Ticket, Near.Code, false, Day),
        MessageKind.Invitation => new InvitationIssued(Guid.Empty, "kse.athens", null, "kse@example.gr", "el", "https://epimorfosi.example/account/invitation?token=…", Day),
        MessageKind.PasswordForgotten => new PasswordForgotten(Guid.Empty, "kse.athens", null, "kse@example.gr", "el", "https://epimorfosi.example/new-password?token=…", Day),
        MessageKind.Announcement => new AnnouncementFacts(News.Id),
        MessageKind.OfficeDigest => new DigestFacts(3, 1, 2, 4, [new(Code, "Freeze", Day), new(Code, "Draw", Day.AddDays(1)), new(Code, "PhaseBOpens", Day), new(Code, "PhaseBCloses", Day), new(Code, "EnrolmentCloses", Day)]),
        MessageKind.QuestionToConfirm or MessageKind.QuestionTaken => new QuestionFacts(Guid.Empty, 1024, "Δεν βλέπω το πρόγραμμα του σχολείου μου", null, "…"),
        MessageKind.QuestionAnswered => new QuestionFacts(Guid.Empty, 1024, "Δεν βλέπω το πρόγραμμα του σχολείου μου", "Το πρόγραμμα ανήκει σε άλλη συστάδα.\n\nΔείτε τις συστάδες στη σελίδα των προγραμμάτων.", "…"),
        MessageKind.ImportFinished => new ImportFinished(Guid.Empty, "programmes", Code, "office", 140, 12, 3, 1, Day),
        MessageKind.ProgrammeReturned => new ProgrammeReturned(Guid.Empty, Code, Near.Code, Near.Title, Near.CentreName, "kse@example.gr", "el", "Οι ώρες των συνεδριών δεν αθροίζουν σε 60.", Day),
        MessageKind.ProgrammeApproved => new ProgrammeApproved(Guid.Empty, Code, Near.Code, Near.Title, Near.CentreName, "kse@example.gr", "el", Day),
        _ => throw new NotSupportedException($"{kind} needs a sample."),
    };

    static SeatDecision Seat(string what, string? programme = "ONL-02") => new(7, 5, 1001, Ticket, what, programme, null, Day.AddDays(14));
}
