using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>A teacher's application for a period: what they may choose, the ranked list, its receipts (R7, R12-R15).</summary>
static class ApplicationEndpoints
{
    public static void MapApplications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/applications/{period}/frozen", Frozen).WithTags("Applications").AllowAnonymous();
        var own = routes.MapGroup("/api/applications/{period}").WithTags("Applications").RequireAuthorization(Policies.TeacherOrOffice);
        own.MapGet("/options", Options);
        own.MapPut("/", Submission.Put);
        own.MapDelete("/", Submission.Withdraw);
        own.MapGet("/", Get);
        own.MapGet("/receipts", Receipts);
        routes.MapApplicationSearch();
        routes.MapApplicationFigures();
        routes.MapOfficeActs();
    }

    static async Task<IResult> Frozen(string period, ApplicationsDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        await db.Freezes.AsNoTracking().SingleOrDefaultAsync(freeze => freeze.Period == period, cancellationToken) is { } freeze
            ? TypedResults.Ok(new FrozenList(freeze.Count, freeze.Sha256, freeze.FrozenAt))
            : Problems.Refuse(StatusCodes.Status404NotFound, "not-frozen", text["NotFrozen"], rule: "R17");

    static async Task<IResult> Options(
        string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: false, out var caller) is { } refused)
        {
            return refused;
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return Refused.NoPeriod(text, period);
        }
        if (await Candidates.Of(connection, caller.RegistryNumber, cancellationToken) is not { } who)
        {
            return Refused.NoTeacher(text, caller.RegistryNumber);
        }
        var ofTeacher = Eligibility.OfTeacher(who, catalogue.Period.Policy).ToArray();
        var clusters = who.Clusters.ToArray();
        Option[] options =
        [
            .. catalogue.Programmes.Values.Where(programme => clusters.Contains(programme.Cluster))
                .Select(programme => Option.Of(programme, ofTeacher.FirstOrDefault() ?? Eligibility.OfProgramme(who, programme.Cluster, programme), text))
                .OrderByDescending(option => option.Allowed).ThenBy(option => option.Category, StringComparer.Ordinal).ThenBy(option => option.Code, StringComparer.Ordinal),
        ];
        var openings = clusters.ToDictionary(cluster => cluster, cluster => StaggeredOpening.Of(catalogue.Period, cluster, who.Nomoi).Opens);
        return TypedResults.Ok(new OptionsPage(options, 1, options.Length, options.Length, clusters, openings, [.. ofTeacher.Select(refusal => Refused.Fault(refusal, text))], time.Now()));
    }

    static async Task<IResult> Get(
        string period, HttpContext http, ApplicationsDb db, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: false, out var caller) is { } refused)
        {
            return refused;
        }
        await db.Database.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(db.Connection(), period, cancellationToken) is not { } catalogue)
        {
            return Refused.NoPeriod(text, period);
        }
        return await ApplicationView.Read(db, catalogue, caller.RegistryNumber, time.Now(), text, cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Refused.NoApplication(text);
    }

    static async Task<IResult> Receipts(string period, HttpContext http, ApplicationsDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: false, out var caller) is { } refused)
        {
            return refused;
        }
        var ticket = await db.Applications.Where(application => application.Period == period && application.RegistryNumber == caller.RegistryNumber)
            .Select(application => application.Ticket).SingleOrDefaultAsync(cancellationToken);
        if (ticket is null)
        {
            return Refused.NoApplication(text);
        }
        var receipts = await db.Receipts.AsNoTracking().Where(receipt => receipt.Period == period && receipt.RegistryNumber == caller.RegistryNumber)
            .OrderBy(receipt => receipt.Version).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Paged<ReceiptView>([.. receipts.Select(receipt => ReceiptView.Of(ticket, receipt))], 1, receipts.Count, receipts.Count));
    }
}

/// <summary>R17: digest and count of the frozen list, which is published in full with the draw.</summary>
public record FrozenList(int Count, string Sha256, DateTimeOffset FrozenAt);

/// <summary>R7: a programme of the teacher's cluster, and whether they may list it; if not, the rule and the reason (R12).</summary>
public record Option(
    string Code, string Cluster, string Category, string Title, string Centre, string CentreName, string Prefecture,
    IReadOnlyList<string> Slots, DateOnly? StartsOn, int Minimum, int Maximum, bool Allowed, string? Rule, string? Reason)
{
    internal static Option Of(Programme programme, Refusal? refusal, IStringLocalizer<Texts> text) => new(
        programme.Code, programme.Cluster, programme.Category, programme.Title, programme.Centre, programme.CentreName, programme.Prefecture,
        programme.Slots, programme.StartsOn, programme.Minimum, programme.Maximum, refusal is null, refusal?.Rule, refusal is null ? null : Refused.Fault(refusal, text).Reason);
}

/// <summary>All options in one page: those allowed first, IIa before IIb.</summary>
/// <param name="Clusters">R11: those the teacher may choose from, one for the whole application.</param>
/// <param name="PhaseBOpens">When phase B opens for this teacher, by cluster: it may be later than the period says.</param>
/// <param name="Faults">What keeps the teacher out of every programme.</param>
public record OptionsPage(
    IReadOnlyList<Option> Items, int Page, int PageSize, long Total, IReadOnlyList<string> Clusters, IReadOnlyDictionary<string, DateTimeOffset> PhaseBOpens, IReadOnlyList<FaultText> Faults, DateTimeOffset ServerTime);

/// <param name="Digest">SHA-256, lower-case hex, of the UTF-8 bytes of <paramref name="Line"/> with its LF.</param>
/// <param name="Line">The version as a line of <c>applications.txt</c>, its LF included.</param>
/// <param name="ActedBy">R31: who of the office acted for the teacher; null for the teacher.</param>
public record ReceiptView(
    string Ticket, int Version, string Cluster, IReadOnlyList<string> Preferences, bool Withdrawn, DateTimeOffset ReceivedAt, string Digest, string Line,
    string? ActedBy, string? ActReason)
{
    internal static ReceiptView Of(string ticket, Receipt receipt) => new(
        ticket, receipt.Version, receipt.Cluster, receipt.Preferences, receipt.Withdrawn, receipt.ReceivedAt, receipt.Digest,
        Canonical.ApplicationLine(ticket, receipt.Cluster, receipt.Preferences), receipt.ActedBy, receipt.ActReason);
}
