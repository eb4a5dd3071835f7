using System.Globalization;
using System.Security.Claims;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>The office corrects one teacher's entry, by the rules of the file and with a reason (R31).</summary>
static class TeacherCorrection
{
    const int LongestReason = 1000;

    /// <summary>Refused if the entry changed since the version that the form shows.</summary>
    public static async Task<IResult> Put(
        string registryNumber, TeacherRequest request, ClaimsPrincipal user, ApplicationsDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken, string? reason = null)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason || reason.Any(char.IsControl))
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "reason-missing", text["ReasonMissing"], text["ReasonMissing.Detail", LongestReason], "R31");
        }
        var specialties = await db.Set<SpecialtyCopy>().Select(specialty => specialty.Code).ToHashSetAsync(cancellationToken);
        var named = (request.Schools ?? "").Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var schools = await db.Set<SchoolCopy>().Where(school => named.Contains(school.Code)).Select(school => school.Code).ToHashSetAsync(cancellationToken);
        var (wanted, faults) = TeacherFile.Read(new CsvRow(1, TeacherFile.Columns, request.Values(registryNumber)), specialties, schools);
        if (wanted is null)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "teacher", text["BadTeacher"],
                faults: faults.Select(fault => new FieldFault(fault.Column, text[$"Teacher.{fault.Text}", fault.Value])));
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var known = await db.Teachers.FromSql($"select * from teachers where registry_number = {registryNumber} for no key update").AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (known is null)
        {
            return Refused.NoTeacher(text, registryNumber);
        }
        if (known.Version != request.Version)
        {
            return Problems.Refuse(StatusCodes.Status412PreconditionFailed, "changed-meanwhile", text["ChangedMeanwhile"], text["ChangedMeanwhile.Detail"]);
        }
        var changes = TeacherFile.Columns.Zip(TeacherFile.Write(known), TeacherFile.Write(wanted)).Where(value => (value.Second ?? "") != (value.Third ?? "")).ToArray();
        if (changes.Length == 0)
        {
            return TypedResults.Ok(known);
        }
        var version = known.Version + 1;
        // What the office corrected stands like what the teacher did: the next file does not undo it unasked.
        var corrected = (known.Email, known.Mobile, known.Language) == (wanted.Email, wanted.Mobile, wanted.Language) ? known.ContactsCorrectedAt : time.Now();
        await db.Teachers.Where(teacher => teacher.RegistryNumber == registryNumber).ExecuteUpdateAsync(row => row
            .SetProperty(teacher => teacher.FirstName, wanted.FirstName).SetProperty(teacher => teacher.LastName, wanted.LastName).SetProperty(teacher => teacher.Email, wanted.Email)
            .SetProperty(teacher => teacher.Mobile, wanted.Mobile).SetProperty(teacher => teacher.Specialty, wanted.Specialty).SetProperty(teacher => teacher.Schools, wanted.Schools)
            .SetProperty(teacher => teacher.Language, wanted.Language).SetProperty(teacher => teacher.TeachingNow, wanted.TeachingNow).SetProperty(teacher => teacher.B1Certified, wanted.B1Certified)
            .SetProperty(teacher => teacher.PriorBLevel, wanted.PriorBLevel).SetProperty(teacher => teacher.PriorPake, wanted.PriorPake).SetProperty(teacher => teacher.PriorB2, wanted.PriorB2)
            .SetProperty(teacher => teacher.ContactsCorrectedAt, corrected).SetProperty(teacher => teacher.ErasedAt, (DateTimeOffset?)null).SetProperty(teacher => teacher.Version, version), cancellationToken);
        db.Publish(new TeachersChanged([new(registryNumber, version, wanted.FirstName, wanted.LastName, wanted.Email, wanted.Mobile, wanted.Language)]));
        // Which fields, and not what stood there: the record is kept longer than an address is.
        db.Record(OfficeAct.By(user, time.Now(), "teacher.corrected", null, registryNumber, reason, string.Join(", ", changes.Select(change => change.First))));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await db.Teachers.AsNoTracking().SingleAsync(teacher => teacher.RegistryNumber == registryNumber, cancellationToken));
    }
}

/// <summary>A teacher's entry as it ought to be.</summary>
/// <param name="Schools">School codes with <c>|</c> between.</param>
/// <param name="Version">Of the entry that is corrected.</param>
public sealed record TeacherRequest(
    string? FirstName, string? LastName, string? Email, string? Mobile, string? Specialty, string? Schools, string? Language,
    bool TeachingNow, bool B1Certified, bool PriorBLevel, bool PriorPake, bool PriorB2, int Version)
{
    /// <summary>As a line of the file.</summary>
    internal string[] Values(string registryNumber) =>
    [
        registryNumber, FirstName ?? "", LastName ?? "", Email ?? "", Mobile ?? "", Specialty ?? "", Schools ?? "", Language ?? "",
        Flag(TeachingNow), Flag(B1Certified), Flag(PriorBLevel), Flag(PriorPake), Flag(PriorB2),
    ];

    static string Flag(bool value) => value.ToString(CultureInfo.InvariantCulture);
}
