using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Drafts;
using EPimorfosi.Gateway.Services;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Gateway.Pages.My;

/// <summary>What a teacher takes along: the calendar of the programme, and a copy of all that is kept about them.</summary>
static class OwnFiles
{
    static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void MapOwnFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/my/programme.ics", Calendar).RequireAuthorization(Policies.Teacher).ExcludeFromDescription();
        routes.MapGet("/my/data.json", Copy).RequireAuthorization(Policies.Teacher).ExcludeFromDescription();
    }

    static async Task<IResult> Calendar(HttpContext http, OwnData own, PublicData data, TimeProvider clock, IStringLocalizer<Texts> text, string? period)
    {
        period ??= Stages.Current(await data.Periods(http.RequestAborted) ?? [], clock.GetUtcNow())?.Code;
        return period is not null && (await own.Part(http, period)).Value?.Seat is { } seat
            && (await data.Programme(seat, http.RequestAborted)).Value is { Timetable: { Count: > 0 } timetable } programme
            ? Results.File(CalendarFile.Of(programme, timetable, clock.GetUtcNow(), text), "text/calendar; charset=utf-8", $"{programme.Code}.ics")
            : Results.NotFound();
    }

    static async Task<IResult> Copy(HttpContext http, OwnData own, DraftStore drafts, IDbContextFactory<GatewayDb> contexts, TimeProvider clock)
    {
        var id = Guid.Parse(http.User.FindFirstValue("sub")!);
        var (found, kept) = await own.Get<JsonObject>(http, "api/teachers/me/data");
        if (found == Found.Unavailable)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable); // half a copy would pass for all
        }
        await using var db = await contexts.CreateDbContextAsync(http.RequestAborted);
        var account = await db.Accounts.AsNoTracking().Where(one => one.Id == id)
            .Select(one => new { one.UserName, one.Email, one.Roles, one.RegistryNumber, one.CreatedAt }).SingleAsync(http.RequestAborted);
        var all = JsonSerializer.SerializeToUtf8Bytes(new { CopiedAt = clock.GetUtcNow(), Account = account, Drafts = await drafts.All(id, http.RequestAborted), Kept = kept }, Readable);
        return Results.File(all, "application/json; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"epimorfosi-{account.UserName}.json"));
    }
}
