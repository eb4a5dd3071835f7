using System.Security.Claims;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>
/// Erasure (GDPR article 17) as far as the law lets go: contacts go at once, and with them whatever was sent there. The entry of the ministry's register, the applications, their receipts and
/// what became of them stay (article 17, 3 b and d): who got which seat by which right must be shown afterwards. Nobody is erased who has a part in a period that is under way.
/// </summary>
public static class Erasing
{
    /// <summary>A period that is not over holds its teachers while a list of theirs stands or a seat is theirs. Pure.</summary>
    public static bool Holds(Period period, bool listStands, bool hasSeat, DateOnly today) => today <= period.LastDay && (listStands || hasSeat);

    internal static async Task<IResult> Get(ClaimsPrincipal user, ApplicationsDb db, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        await OwnTeacherEndpoints.Own(user, db, cancellationToken) is { } teacher
            ? TypedResults.Ok(new Erasure(await Holding(teacher.RegistryNumber, db, catalogues, time, cancellationToken)))
            : Refused.NoTeacher(text, user.RegistryNumber() ?? "");

    internal static async Task<IResult> Post(ClaimsPrincipal user, ApplicationsDb db, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var number = user.RegistryNumber() ?? "";
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select from teachers where registry_number = {number} for no key update", cancellationToken); // who applies holds it, too
        if (await OwnTeacherEndpoints.Own(user, db, cancellationToken) is not { } teacher)
        {
            return Refused.NoTeacher(text, number);
        }
        if (await Holding(number, db, catalogues, time, cancellationToken) is { Count: > 0 } periods)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "takes-part", text["TakesPart"], text["TakesPart.Detail", string.Join(", ", periods)]);
        }
        await db.Teachers.Where(row => row.RegistryNumber == number).ExecuteUpdateAsync(change => change.SetProperty(row => row.Email, "").SetProperty(row => row.Mobile, (string?)null)
            .SetProperty(row => row.ContactsCorrectedAt, (DateTimeOffset?)null).SetProperty(row => row.ErasedAt, time.Now()).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
        db.Publish(new TeacherErased(number, teacher.Version + 1));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    static async Task<IReadOnlyList<string>> Holding(string number, ApplicationsDb db, Catalogues catalogues, TimeProvider time, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var parts = await db.Applications.AsNoTracking().Where(row => row.RegistryNumber == number)
            .Select(row => new { row.Period, Stands = row.Version > 0 && !row.Withdrawn, Seat = db.Standings.Any(standing => standing.Period == row.Period && standing.Ticket == row.Ticket && (standing.Seat != null || standing.LastEvent == "waiting")) })
            .ToListAsync(cancellationToken);
        var (today, holding) = (DateOnly.FromDateTime(time.Now().UtcDateTime), new List<string>());
        foreach (var part in parts)
        {
            if (await catalogues.Of(db.Connection(), part.Period, cancellationToken) is { } catalogue && Holds(catalogue.Period, part.Stands, part.Seat, today))
            {
                holding.Add(part.Period);
            }
        }
        return holding;
    }
}

/// <param name="HeldBy">Periods that are under way and in which the teacher has a part: while there is one, nothing is erased.</param>
public record Erasure(IReadOnlyList<string> HeldBy);
