using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Verify.Tests;

/// <summary>A published draw: the files as the service's own code writes them.</summary>
public sealed record Published(Programme[] Programmes, (string Ticket, string[] Preferences)[] Applications, Randomness Randomness, DrawResult Result, Ceremony Draw, Custodian[] Custodians)
{
    public const string Period = "B2-2023-2";

    public static Published Of(Programme[] programmes, (string Ticket, string[] Preferences)[] applications, Randomness randomness)
    {
        var book = new DrawBook(programmes.Select(programme => new DrawProgramme(programme.Code, programme.Minimum, programme.Maximum)));
        Array.ForEach(applications, application => book.Add(application.Ticket, application.Preferences));
        var draw = new Ceremony
        {
            Period = Period,
            Number = 1,
            Applications = applications.Length,
            Programmes = programmes.Length,
            ApplicationsSha256 = Hex(ApplicationsText(applications)),
            ProgrammesSha256 = Hex(ProgrammesText(programmes)),
            Source = randomness.Source,
            CommittedAt = randomness.CommittedAt,
            CommittedBy = "office",
        };
        var seed = Seed.Of(Period, draw.ApplicationsSha256, draw.ProgrammesSha256, draw.Source, randomness.Value);
        draw.Run(randomness.Value, Convert.ToHexStringLower(seed), randomness.Round, randomness.CommittedAt.AddYears(1), "office");
        return new(programmes, applications, randomness, Allocation.Draws.Draw.Run(book, seed), draw, randomness.Custodians());
    }

    public Dictionary<string, byte[]> Files() => new()
    {
        ["applications.txt"] = Encoding.UTF8.GetBytes(ApplicationsText(Applications)),
        ["programmes.txt"] = Encoding.UTF8.GetBytes(ProgrammesText(Programmes)),
        ["results.txt"] = Encoding.UTF8.GetBytes(Bundle.ResultsHeader(Period) + string.Concat(Result.Order.Select((application, place) => Bundle.ResultLine(
            place + 1, Applications[application].Ticket, Result.Seat[application] is >= 0 and var seat ? Programmes[seat].Code : null, Result.Rank(application))))),
        ["draw.json"] = Encoding.UTF8.GetBytes(Bundle.DrawJson(Draw, Custodians)),
    };

    public static string ApplicationsText(IEnumerable<(string Ticket, string[] Preferences)> applications) =>
        Canonical.ApplicationsHeader(Period) + Lines(applications);

    public static string Lines(IEnumerable<(string Ticket, string[] Preferences)> applications) =>
        string.Concat(applications.Select(application => Canonical.ApplicationLine(application.Ticket, "B2.4", application.Preferences)));

    static string ProgrammesText(IEnumerable<Programme> programmes) => Canonical.ProgrammesHeader(Period) + string.Concat(programmes.Select(Canonical.ProgrammeLine));

    public static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Where a draw's randomness came from.</summary>
public sealed record Randomness(string Source, string Value, DateTimeOffset CommittedAt, string[] Reveals, DrandRound? Round)
{
    static readonly DateTimeOffset Before = new(2023, 1, 22, 10, 0, 0, 123, TimeSpan.Zero);

    public static Randomness Of(string[] reveals) => new(Seed.Custodians(reveals.Length), Seed.Randomness(reveals), Before, reveals, null);

    public static Randomness Rehearsal(string text) => new($"rehearsal:{text}", Published.Hex(text), Before, [], null);

    public static Randomness Drand(Round round) => new($"drand:{round.Chain}:{round.Number}", round.Randomness, Before, [], new(round.Number, round.Randomness, round.Signature, round.Previous));

    public Custodian[] Custodians() => [.. Reveals.Select((reveal, index) =>
    {
        var custodian = new Custodian
        {
            Period = Published.Period,
            Draw = 1,
            Subject = $"s{index}",
            Position = index + 1,
            Name = $"Θεματοφύλακας {index + 1}",
            Commitment = Seed.Commitment(reveal),
            CommittedAt = CommittedAt,
        };
        custodian.Open(reveal);
        return custodian;
    })];
}

/// <summary>A round that the League of Entropy really published.</summary>
public sealed record Round(string Chain, long Number, string Signature, string? Previous, string Randomness)
{
    public static Round Quicknet { get; } = new("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", 657413,
        "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b", null, "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587");

    public static Round Default { get; } = new("8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce", 3311596,
        "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f900e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754",
        "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b430e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8",
        "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920");
}

/// <summary>Random small draws and phases B, crowded enough for every rule to matter.</summary>
public static class Instances
{
    const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    static readonly Gen<string> Ticket = Gen.String[Gen.Char[Crockford], 16, 16];

    static readonly Gen<Randomness> AnyRandomness = Gen.OneOf(
        Gen.String[Gen.Char["αβγ abc\"\\\n€"], 1, 12].Array[1, 4].Select(Randomness.Of),
        Gen.String[Gen.Char["πρόβα:1"], 1, 8].Select(Randomness.Rehearsal),
        Gen.Bool.Select(quick => Randomness.Drand(quick ? Round.Quicknet : Round.Default)));

    public static Gen<Published> Draws { get; } = Of(AnyRandomness, 30);

    /// <summary>Without a signature to check, which takes its time.</summary>
    public static Gen<Published> QuickDraws { get; } = Of(Gen.String[Gen.Char["αβγ abc\""], 1, 12].Array[1, 4].Select(Randomness.Of), 20);

    static Gen<Published> Of(Gen<Randomness> any, int most) =>
        from programmes in Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4], Gen.Bool, (minimum, seats, online) => (minimum: Math.Min(minimum, seats), seats, online)).Array[1, 6]
        from tickets in Ticket.HashSet[0, most]
        from lists in List(programmes.Length).Array[tickets.Count]
        from randomness in any
        select Published.Of(
            [.. programmes.Select((p, i) => new Programme(Code(i), 1, "B2.4", p.online ? "IIb" : "IIa", "τίτλος", "C", "C", "GR-01", p.online ? [] : ["GR-12", "GR-01"], p.minimum, p.seats, null, []))],
            [.. tickets.Zip(lists).OrderBy(application => application.First, StringComparer.Ordinal)], randomness);

    /// <summary>A draw and the log of what followed, as the service's book decides it.</summary>
    public static Gen<(Published Draw, string Scope, bool Upgrade, string Log)> PhasesB { get; } =
        from draw in QuickDraws
        from scope in Gen.Int[0, 2].Select(some => some == 0 ? "BelowMinimum" : "AnyVacancy")
        from upgrade in Gen.Bool
        from asked in Gen.Select(Gen.Int[0, 24], Gen.Int[0, 11], List(draw.Programmes.Length), Gen.Int[0, 40]).Array[1, 60]
        from rescue in Gen.Int[0, 2 * asked.Length] // in every other one after the end, so not at all
        from kept in Gen.Int[0, 3].Array[draw.Programmes.Length]
        select (draw, scope, upgrade, PhaseB.Log(draw, scope, upgrade, asked, (rescue, [.. draw.Programmes.Select(programme => programme.Code).Where((_, index) => kept[index] == 0)])));

    static string Code(int programme) => $"P-{programme}";

    static Gen<string[]> List(int programmes) =>
        from shuffled in Gen.Shuffle(Enumerable.Range(0, programmes).Select(Code).ToArray())
        from length in Gen.Int[1, programmes]
        select shuffled[..length];
}
