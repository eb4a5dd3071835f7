using System.Globalization;
using System.Security.Claims;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>What centres propose in answer to the call, until phase A is over (R6, R17). A centre sees its own, the office all.</summary>
static class ProposalEndpoints
{
    public static void MapProposals(this IEndpointRouteBuilder routes)
    {
        var proposals = routes.MapGroup("/api/programmes/proposals").WithTags("Proposals");
        proposals.MapGet("/", List).RequireAuthorization(Policies.CentreOrOffice);
        proposals.MapGet("/{id:guid}", Get).RequireAuthorization(Policies.CentreOrOffice);
        proposals.MapPost("/", Propose).RequireAuthorization(Policies.Centre);
        proposals.MapPut("/{id:guid}", ProposeAgain).RequireAuthorization(Policies.Centre);
        proposals.MapPost("/{id:guid}/withdraw", Withdraw).RequireAuthorization(Policies.Centre);
        proposals.MapPost("/sum", Sum).RequireAuthorization(Policies.CentreOrOffice);
        proposals.MapProposalAnswers();
    }

    /// <summary>What waits for the office first, the oldest of it at the top.</summary>
    static async Task<Paged<ProposalView>> List(
        ClaimsPrincipal user, ProgrammesDb db, string? period, ProposalState? state, string? q, int page = 1, int pageSize = 50, CancellationToken cancellationToken = default)
    {
        var found = Of(user, db.Proposals.AsNoTracking()).Where(proposal => (string.IsNullOrEmpty(period) || proposal.Period == period) && (state == null || proposal.State == state));
        found = SearchText.Pattern(q) is { } pattern ? found.Where(proposal => EF.Functions.Like(proposal.Search, pattern)) : found;
        var paged = await found.OrderBy(proposal => proposal.State != ProposalState.Proposed).ThenBy(proposal => proposal.ProposedAt).ThenBy(proposal => proposal.Id).ToPage(page, pageSize, cancellationToken);
        return new([.. paged.Items.Select(ProposalView.Of)], paged.Page, paged.PageSize, paged.Total);
    }

    /// <summary>All of the office's; the centre's own for who acts for one.</summary>
    static IQueryable<Proposal> Of(ClaimsPrincipal user, IQueryable<Proposal> all) =>
        user.Is(Policies.Office) ? all : all.Where(proposal => proposal.Centre == user.Centre());

    static async Task<IResult> Get(Guid id, ClaimsPrincipal user, ProgrammesDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        await Of(user, db.Proposals.AsNoTracking()).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } proposal
            ? TypedResults.Ok(ProposalView.Of(proposal))
            : Refused.NoProposal(text);

    static async Task<IResult> Propose(
        ProposalForm form, ClaimsPrincipal user, ProgrammesDb db, TimetablePlan plan, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var (code, centre) = (ProposalForm.Trimmed(form.Period), user.Centre() ?? "");
        if (!Codes.IsCode(code) || !await db.Periods.AnyAsync(row => row.Code == code, cancellationToken))
        {
            return Refused.NoPeriod(text, code);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await PeriodLock.Take(db, code, cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('proposals ' || {centre}, 0))", cancellationToken); // codes are given one by one
        var proposal = new Proposal { Id = Guid.CreateVersion7(), Period = code, Centre = centre, Code = await NextCode(db, centre, cancellationToken) };
        if (await Fill(proposal, form, user, db, plan, time, text, cancellationToken) is { } refused)
        {
            return refused;
        }
        db.Proposals.Add(proposal);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/programmes/proposals/{proposal.Id}", ProposalView.Of(proposal));
    }

    /// <summary>The centre's school code and the first number that is no programme's and no proposal's.</summary>
    static async Task<string> NextCode(ProgrammesDb db, string centre, CancellationToken cancellationToken)
    {
        var prefix = $"{centre}-";
        var taken = await db.Proposals.Where(row => row.Code.StartsWith(prefix)).Select(row => row.Code)
            .Concat(db.Programmes.Where(row => row.Code.StartsWith(prefix)).Select(row => row.Code)).ToHashSetAsync(cancellationToken);
        return Enumerable.Range(1, int.MaxValue).Select(number => prefix + number.ToString("00", CultureInfo.InvariantCulture)).First(code => !taken.Contains(code));
    }

    static Task<IResult> ProposeAgain(
        Guid id, ProposalForm form, ClaimsPrincipal user, ProgrammesDb db, TimetablePlan plan, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        Change(id, form.Version, user, db, text, proposal => Fill(proposal, form, user, db, plan, time, text, cancellationToken), cancellationToken);

    static Task<IResult> Withdraw(Guid id, ProposalAnswer act, ClaimsPrincipal user, ProgrammesDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        Change(id, act.Version, user, db, text, proposal =>
        {
            proposal.Withdraw();
            return Task.FromResult<ProblemHttpResult?>(null);
        }, cancellationToken);

    /// <summary>Of two who act on one version the second is told, and on what is decided nobody acts any more.</summary>
    internal static async Task<IResult> Change(
        Guid id, int version, ClaimsPrincipal user, ProgrammesDb db, IStringLocalizer<Texts> text, Func<Proposal, Task<ProblemHttpResult?>> act, CancellationToken cancellationToken)
    {
        if (await Of(user, db.Proposals.AsNoTracking()).Where(row => row.Id == id).Select(row => row.Period).SingleOrDefaultAsync(cancellationToken) is not { } period)
        {
            return Refused.NoProposal(text);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await PeriodLock.Take(db, period, cancellationToken);
        var proposal = await Of(user, db.Proposals).SingleAsync(row => row.Id == id, cancellationToken);
        if (proposal.Version != version)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "changed-meanwhile", text["ProposalChanged"], text["ProposalChanged.Detail"]);
        }
        if (!proposal.IsOpen)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "proposal-decided", text[$"Proposal.{proposal.State}"], rule: "R6");
        }
        if (await act(proposal) is { } refused)
        {
            return refused;
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(ProposalView.Of(proposal));
    }

    static async Task<ProblemHttpResult?> Fill(
        Proposal proposal, ProposalForm form, ClaimsPrincipal user, ProgrammesDb db, TimetablePlan plan, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var period = await db.Periods.AsNoTracking().SingleAsync(row => row.Code == proposal.Period, cancellationToken);
        if (period.CatalogueIsOver(time.Now()))
        {
            return Refused.Frozen(text, period.Code);
        }
        var faults = new List<Fault>();
        var checks = new ProgrammeChecks(await ReferenceBook.Read(db, proposal.Centre, cancellationToken), period.ToContract(), plan);
        if (form.Check(proposal.Code, proposal.Centre, checks, faults) is not { } draft)
        {
            return Refused.Invalid(text, faults);
        }
        proposal.Propose(draft, ProposalForm.Trimmed(form.Email), CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? "en" : "el", user.DisplayName(), time.Now());
        return null;
    }

    /// <summary>What a timetable adds up to, before anything is proposed (R3).</summary>
    static async Task<IResult> Sum(ProposedTimes times, ProgrammesDb db, TimetablePlan plan, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var code = ProposalForm.Trimmed(times.Period);
        return Codes.IsCode(code) && await db.Periods.AsNoTracking().SingleOrDefaultAsync(row => row.Code == code, cancellationToken) is { } period
            ? TypedResults.Ok(TimetableSum.Of(ProposalForm.Trimmed(times.Category), new(times.StartsOn ?? period.FirstDay, times.Slots), period.FirstDay, period.LastDay, plan, text))
            : Refused.NoPeriod(text, code);
    }
}

/// <param name="StartsOn">Null for the period's first day.</param>
public sealed record ProposedTimes(string? Period, string? Category, DateOnly? StartsOn, IReadOnlyList<string?>? Slots);
