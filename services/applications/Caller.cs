using System.Diagnostics.CodeAnalysis;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Whose data a request is about: the teacher's own; or the office's <c>?teacher=</c>, whose acts need a reason and are kept with the person (R31).</summary>
sealed record Caller(string RegistryNumber, string? ActedBy, string? ActReason)
{
    const int LongestReason = 1000;

    /// <summary>Records what the office did for the teacher; a teacher's own act is recorded by what it made.</summary>
    public async Task Record(HttpContext http, NpgsqlConnection connection, DateTimeOffset at, string act, string period, string? detail, CancellationToken cancellationToken)
    {
        if (ActedBy is not null)
        {
            await connection.Record(OfficeAct.By(http.User, at, act, period, RegistryNumber, ActReason, detail), cancellationToken);
        }
    }

    /// <summary>The same for what another's transaction stores, with person and reason in its row: the record of acts follows it.</summary>
    public async Task Record(HttpContext http, NpgsqlDataSource source, DateTimeOffset at, string act, string period, string? detail)
    {
        if (ActedBy is not null)
        {
            await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
            await Record(http, connection, at, act, period, detail, CancellationToken.None);
        }
    }

    /// <param name="acts">Whether something will be changed.</param>
    /// <returns>The refusal, or null.</returns>
    public static IResult? Of(HttpContext http, IStringLocalizer<Texts> text, bool acts, [NotNull] out Caller? caller)
    {
        caller = new("", null, null);
        string? teacher = http.Request.Query["teacher"], reason = http.Request.Query["reason"].ToString().Trim();
        var own = http.User.Is(Policies.Teacher) ? http.User.RegistryNumber() : null;
        if (!http.User.Is(Policies.Office))
        {
            caller = new(own ?? "", null, null);
            return own is null || teacher is not null && teacher != own
                ? Problems.Refuse(StatusCodes.Status403Forbidden, "not-yours", text["NotYours"], text["NotYours.Detail"])
                : null;
        }
        if (string.IsNullOrWhiteSpace(teacher))
        {
            return Problems.Refuse(StatusCodes.Status400BadRequest, "teacher-missing", text["TeacherMissing"], text["TeacherMissing.Detail"]);
        }
        if (!TeacherFile.IsNumber(teacher))
        {
            return Refused.NoTeacher(text, teacher);
        }
        if (acts && (reason.Length is 0 or > LongestReason || reason.Any(char.IsControl)))
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "reason-missing", text["ReasonMissing"], text["ReasonMissing.Detail", LongestReason], "R31");
        }
        caller = new(teacher, acts ? $"{http.User.DisplayName()} ({http.User.Subject()})" : null, acts ? reason : null);
        return null;
    }
}
