using System.Security.Claims;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>A teacher's own entry in the file: to see, to mend its contacts, and all that is kept about them (GDPR articles 15, 16 and 20).</summary>
static class OwnTeacherEndpoints
{
    public static void MapOwnTeacher(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/teachers/me").WithTags("Teachers").RequireAuthorization(Policies.Teacher);
        own.MapGet("/", Get);
        own.MapPut("/contacts", PutContacts);
        own.MapGet("/data", Data);
        own.MapGet("/erasure", Erasing.Get);
        own.MapPost("/erasure", Erasing.Post);
    }

    static async Task<IResult> Get(ClaimsPrincipal user, ApplicationsDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        await Own(user, db, cancellationToken) is { } teacher ? TypedResults.Ok(teacher) : Refused.NoTeacher(text, user.RegistryNumber() ?? "");

    internal static Task<Teacher?> Own(ClaimsPrincipal user, ApplicationsDb db, CancellationToken cancellationToken)
    {
        var number = user.RegistryNumber() ?? "";
        return db.Teachers.AsNoTracking().SingleOrDefaultAsync(teacher => teacher.RegistryNumber == number, cancellationToken);
    }

    /// <summary>Refused if the entry changed since the version that the form shows: nobody's correction is overwritten unseen.</summary>
    static async Task<IResult> PutContacts(ContactsRequest request, ClaimsPrincipal user, ApplicationsDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var (contacts, faults) = TeacherFile.ReadContacts(request.Email, request.Mobile, request.Language);
        if (faults.Count > 0)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "contacts", text["BadContacts"],
                faults: faults.Select(fault => new FieldFault(fault.Column, text[$"Teacher.{fault.Text}", fault.Value])));
        }
        if (await Own(user, db, cancellationToken) is not { } known)
        {
            return Refused.NoTeacher(text, user.RegistryNumber() ?? "");
        }
        if ((known.Email, known.Mobile, known.Language) == (contacts.Email, contacts.Mobile, contacts.Language))
        {
            return TypedResults.Ok(known);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var written = await db.Teachers.Where(teacher => teacher.RegistryNumber == known.RegistryNumber && teacher.Version == request.Version)
            .ExecuteUpdateAsync(change => change.SetProperty(teacher => teacher.Email, contacts.Email).SetProperty(teacher => teacher.Mobile, contacts.Mobile)
                .SetProperty(teacher => teacher.Language, contacts.Language).SetProperty(teacher => teacher.ContactsCorrectedAt, time.Now()).SetProperty(teacher => teacher.Version, teacher => teacher.Version + 1), cancellationToken);
        if (written == 0)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "changed-meanwhile", text["ChangedMeanwhile"], text["ChangedMeanwhile.Detail"]);
        }
        db.Publish(new TeachersChanged([new(known.RegistryNumber, request.Version + 1, known.FirstName, known.LastName, contacts.Email, contacts.Mobile, contacts.Language)]));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await Own(user, db, cancellationToken));
    }

    static async Task<IResult> Data(ClaimsPrincipal user, ApplicationsDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (await Own(user, db, cancellationToken) is not { RegistryNumber: var number } teacher)
        {
            return Refused.NoTeacher(text, user.RegistryNumber() ?? "");
        }
        var applications = await db.Applications.AsNoTracking().Where(row => row.RegistryNumber == number).ToListAsync(cancellationToken);
        var tickets = applications.ConvertAll(row => row.Ticket);
        return TypedResults.Ok(new OwnData(
            teacher, applications,
            await db.Receipts.AsNoTracking().Where(row => row.RegistryNumber == number).OrderBy(row => row.Period).ThenBy(row => row.Version).ToListAsync(cancellationToken),
            await db.Standings.AsNoTracking().Where(row => tickets.Contains(row.Ticket)).ToListAsync(cancellationToken),
            await db.SeatRequests.AsNoTracking().Where(row => row.RegistryNumber == number).OrderBy(row => row.Period).ThenBy(row => row.Order).ToListAsync(cancellationToken),
            await db.Decisions.AsNoTracking().Where(row => tickets.Contains(row.Ticket)).OrderBy(row => row.Period).ThenBy(row => row.Number).ToListAsync(cancellationToken),
            await db.Enrolments.AsNoTracking().Where(row => row.RegistryNumber == number).ToListAsync(cancellationToken)));
    }
}

/// <param name="Mobile">Null or empty for no SMS.</param>
/// <param name="Language"><c>el</c> or <c>en</c>.</param>
/// <param name="Version">Of the entry that is corrected.</param>
public record ContactsRequest(string? Email, string? Mobile, string? Language, int Version);

/// <summary>What is wrong with a field.</summary>
public record FieldFault(string Field, string Reason);

/// <summary>All that this service keeps about a teacher.</summary>
public record OwnData(
    Teacher Teacher, IReadOnlyList<Application> Applications, IReadOnlyList<Receipt> Receipts, IReadOnlyList<Standing> Standings,
    IReadOnlyList<SeatRequestRow> SeatRequests, IReadOnlyList<Decision> Decisions, IReadOnlyList<Enrolment> Enrolments);
