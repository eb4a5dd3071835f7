using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>A centre's own programmes, and a trainer's: to see, and the centre's to set the weekly times of (R3).</summary>
static class OwnProgrammes
{
    public static void MapOwnProgrammes(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/programmes").WithTags("Programmes");
        own.MapGet("/mine", List).RequireAuthorization(Policies.CentreOrTrainer);
        own.MapGet("/mine/{code}", Get).RequireAuthorization(Policies.CentreOrTrainer);
        own.MapPost("/mine/{code}/timetable/sum", Sum).RequireAuthorization(Policies.CentreOrTrainer);
        own.MapPut("/mine/{code}/timetable", Put).RequireAuthorization(Policies.Centre);
    }

    static async Task<Paged<OwnProgramme>> List(ClaimsPrincipal user, ProgrammesDb db, string? period, int page = 1, int pageSize = 200, CancellationToken cancellationToken = default)
    {
        var found = await Of(user, db.Programmes.AsNoTracking()).Where(programme => string.IsNullOrEmpty(period) || programme.Period == period)
            .OrderBy(programme => programme.Code).ToPage(page, pageSize, cancellationToken);
        return new([.. found.Items.Select(OwnProgramme.From)], found.Page, found.PageSize, found.Total);
    }

    /// <summary>Of the centre that the account acts for, or that name its registry number among their trainers.</summary>
    static IQueryable<TrainingProgramme> Of(ClaimsPrincipal user, IQueryable<TrainingProgramme> all)
    {
        var (centre, number) = (user.Is(Policies.Centre) ? user.Centre() : null, user.Is(Policies.Trainer) ? user.RegistryNumber() : null);
        var withHours = number + ":%"; // registry numbers hold no wildcards
        return all.Where(programme => (centre != null && programme.Centre == centre) || (number != null && programme.Trainers.Any(trainer => trainer == number || EF.Functions.Like(trainer, withHours))));
    }

    static async Task<IResult> Get(string code, ClaimsPrincipal user, ProgrammesDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        await Of(user, db.Programmes.AsNoTracking()).SingleOrDefaultAsync(row => row.Code == code, cancellationToken) is { } programme
            ? TypedResults.Ok(OwnProgramme.From(programme))
            : Refused.NoProgramme(text, code);

    /// <summary>What a timetable adds up to, before it is kept.</summary>
    static async Task<IResult> Sum(string code, TimetableRequest request, ClaimsPrincipal user, ProgrammesDb db, TimetablePlan plan, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (await Of(user, db.Programmes.AsNoTracking()).SingleOrDefaultAsync(row => row.Code == code, cancellationToken) is not { } programme)
        {
            return Refused.NoProgramme(text, code);
        }
        var period = await db.Periods.AsNoTracking().SingleAsync(row => row.Code == programme.Period, cancellationToken);
        return TypedResults.Ok(TimetableSum.Of(programme.Category, request, period.FirstDay, period.LastDay, plan, text));
    }

    /// <summary>Refused if the programme changed since the version that the form shows, and once phase A is over (R17).</summary>
    static async Task<IResult> Put(
        string code, TimetableRequest request, ClaimsPrincipal user, ProgrammesDb db, TimetablePlan plan, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (await Of(user, db.Programmes.AsNoTracking()).Select(row => new { row.Code, row.Period }).SingleOrDefaultAsync(row => row.Code == code, cancellationToken) is not { } found)
        {
            return Refused.NoProgramme(text, code);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await PeriodLock.Take(db, found.Period, cancellationToken);
        var (period, programme) = (await db.Periods.SingleAsync(row => row.Code == found.Period, cancellationToken), await Of(user, db.Programmes).SingleAsync(row => row.Code == code, cancellationToken));
        var phase = period.PhaseA.StateAt(time.Now());
        if (period.CatalogueIsOver(time.Now()))
        {
            return Refused.Frozen(text, period.Code);
        }
        if (programme.Version != request.Version)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "changed-meanwhile", text["ProgrammeChanged", code], text["ProgrammeChanged.Detail"]);
        }
        var (slots, faults) = TimetableSum.Check(programme.Category, request, period.FirstDay, period.LastDay, plan);
        if (phase == PhaseState.Open && request.StartsOn != programme.StartsOn)
        {
            faults.Add(new("starts_on", "R17", "FixedWhileOpen"));
        }
        if (faults.Count > 0)
        {
            return Refused.Invalid(text, faults);
        }
        if (programme.Meet(request.StartsOn, [.. slots.Select(slot => slot.ToString())]))
        {
            period.CatalogueChanged();
            db.Publish(new Contracts.Programmes.ProgrammesPublished(period.Code, [programme.ToContract()]));
            await db.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(OwnProgramme.From(programme));
    }
}

/// <summary>With its trainers, who are not public: registry number, and hours where they are given.</summary>
public sealed record OwnProgramme(ProgrammeView View, IReadOnlyList<string> Trainers) : ProgrammeView(View)
{
    internal static OwnProgramme From(TrainingProgramme programme) => new(ProgrammeView.Of(programme), programme.Trainers);
}

/// <param name="Slots">Weekly times such as <c>Tue 17:00</c>.</param>
/// <param name="Version">Of the programme that the form shows; not asked for a sum.</param>
public sealed record TimetableRequest(DateOnly StartsOn, IReadOnlyList<string?>? Slots, int Version = 0);
