using System.Security.Cryptography;

namespace EPimorfosi.Load;

/// <summary>What the run was asked for.</summary>
/// <param name="ToAProgramme">Teachers for each programme proposed: with 13 there are about as many seats as teachers.</param>
public sealed record Options(Uri Gateway, string OfficePasswordFile, Uri Mail, int Teachers, int Seed, DirectoryInfo? BundleTo, int ToAProgramme = 13);

/// <summary>A teacher as the run goes on: what they did and what they were told.</summary>
public sealed class Player(Teacher teacher, string password, int seed)
{
    public Teacher Teacher => teacher;
    public string Password => password;

    /// <summary>Own choices, the same for the same seed however requests interleave.</summary>
    public Random Random { get; } = new(unchecked(seed * 1_000_003 + teacher.Number));

    public Session? Session { get; set; }

    /// <summary>Everything the teacher may list.</summary>
    public Offering[] Allowed { get; set; } = [];

    public string? Ticket { get; private set; }

    /// <summary>Versions of the application that were acknowledged; each is owed one message.</summary>
    public int Versions { get; private set; }

    /// <summary>The list that stands; null if there is none or it was withdrawn.</summary>
    public string[]? List { get; private set; }
    public bool Withdrew { get; private set; }
    public List<Claimed> Claims { get; } = [];

    /// <summary>Struck from the list by the office and not put back (R31).</summary>
    public bool Struck { get; set; }

    /// <summary>How often the office struck the application or put it back; each is owed one message.</summary>
    public int Strikes { get; set; }

    /// <summary>The programme whose seat was confirmed or declined.</summary>
    public string? Answered { get; set; }

    /// <summary>What contradicts R14: a ticket that changed.</summary>
    public string? TicketFault { get; private set; }

    public void Acknowledged(Answer receipt, string[]? list)
    {
        Versions = (int)receipt.Number("version");
        (List, Withdrew) = (list, list is null);
        Told(receipt.Text("ticket"));
    }

    public void Told(string ticket)
    {
        if (Ticket is not null && Ticket != ticket)
        {
            TicketFault = $"{Ticket} became {ticket}";
        }
        Ticket = ticket;
    }
}

/// <summary>A claim as it was acknowledged.</summary>
/// <param name="Outcome">Null where the answer came before the decision.</param>
public sealed record Claimed(long Sequence, string[] List, string? Outcome, string? Programme);

/// <summary>Messages of the period as the office sees them.</summary>
public sealed record MessageCount(string Kind, string State, long Count);

/// <summary>All that a run knows.</summary>
public sealed class Play(Options options, GatewayClient gateway, Mailbox mailbox)
{
    public Options Options => options;
    public GatewayClient Gateway => gateway;
    public Mailbox Mailbox => mailbox;
    public Session Office { get; set; } = null!;
    public string Period { get; set; } = "";
    public PeriodFile Calendar { get; set; } = null!;
    public Population Population { get; set; } = null!;
    public List<Player> Players { get; set; } = [];
    public IReadOnlyDictionary<string, Player> ByTicket => byTicket ??= Players.Where(player => player.Ticket is not null).ToDictionary(player => player.Ticket!);
    Dictionary<string, Player>? byTicket;
    public Dictionary<string, Offering> Offerings { get; set; } = [];
    public List<Custodian> Custodians { get; } = [];
    public int MailBefore { get; set; }

    /// <summary>Refusals that had to come and came, by what was tried.</summary>
    public Dictionary<string, int> Refusals { get; } = [];

    public Bundle Bundle { get; set; } = null!;
    public List<Placement> Results { get; set; } = [];
    public List<ListedProgramme> Programmes { get; set; } = [];
    public List<ListedApplication> Applications { get; set; } = [];
    public string Log { get; set; } = "";
    public int Repeats { get; set; }
    public int Releases { get; set; }

    /// <summary>Lines of the log when the rescue was done (R27).</summary>
    public int Rescued { get; set; }
    public long Delivered { get; set; }
    public List<MessageCount> Messages { get; set; } = [];

    /// <summary>Writes a public file to where it was asked for.</summary>
    public Task Keep(string name, string text)
    {
        if (options.BundleTo is not { } folder)
        {
            return Task.CompletedTask;
        }
        folder.Create();
        return File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);
    }

    readonly Lock counting = new();

    public void Refused(string what)
    {
        lock (counting)
        {
            Refusals[what] = Refusals.GetValueOrDefault(what) + 1;
        }
    }

    /// <summary>128 random bits that no rule for passwords objects to.</summary>
    public static string NewPassword() => $"Aa1-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
}

/// <summary>Who keeps a share of the draw's randomness until the list is committed (R18).</summary>
public sealed record Custodian(string Name, string UserName, string Password, string Secret)
{
    public Session Session { get; set; } = null!;
}

/// <summary>A period as <c>PUT /api/periods/{period}</c> takes it.</summary>
public sealed record PeriodFile(
    object Title, string Level, DateOnly FirstDay, DateOnly LastDay, Span PhaseA, DateTimeOffset DrawAt, Span PhaseB, Span Enrolment,
    int GroupMinimum, int GroupMaximum, object Policy);

public sealed record Span(DateTimeOffset Opens, DateTimeOffset Closes);
