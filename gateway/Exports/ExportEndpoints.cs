using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Operations;

namespace EPimorfosi.Gateway.Exports;

/// <summary>The office's downloads, as CSV and as XLSX, from what the services export; each is recorded, for most of them name persons.</summary>
static class ExportEndpoints
{
    /// <param name="OfPeriod">Whether it is asked of one period.</param>
    internal sealed record Export(string Name, string Service, string Path, bool OfPeriod);

    internal static readonly Export[] All =
    [
        new("schools", "Programmes", "api/reference/schools/export.csv", false), new("programmes", "Programmes", "api/programmes/export.csv", true),
        new("teachers", "Applications", "api/teachers/export.csv", false), new("applications", "Applications", "api/applications/export.csv", true),
    ];

    internal static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/office/exports/{name}.csv", (string name, HttpContext http, string? period) => Give(name, "csv", http, period)).RequireAuthorization(Policies.Office).ExcludeFromDescription();
        routes.MapGet("/office/exports/{name}.xlsx", (string name, HttpContext http, string? period) => Give(name, "xlsx", http, period)).RequireAuthorization(Policies.Office).ExcludeFromDescription();
        routes.MapGet("/office/audit.{form}", GiveAudit).RequireAuthorization(Policies.OfficeOrAuditor).ExcludeFromDescription();
    }

    static async Task<IResult> Give(string name, string form, HttpContext http, string? period)
    {
        if (All.FirstOrDefault(export => export.Name == name) is not { } known || (known.OfPeriod && string.IsNullOrEmpty(period)))
        {
            return Results.NotFound();
        }
        var services = http.RequestServices;
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient(Imports.ImportRuns.Client + known.Service);
        http.Response.RegisterForDispose(client);
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(known.Path + (known.OfPeriod ? QueryString.Create("period", period!) : ""), UriKind.Relative));
        http.Response.RegisterForDispose(request);
        request.Headers.Authorization = await services.GetRequiredService<Sessions>().Of(http.User, http.RequestAborted) is { } session ? new AuthenticationHeaderValue("Bearer", session.Token) : null;
        HttpResponseMessage answer;
        try
        {
            answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        }
        catch (HttpRequestException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
        http.Response.RegisterForDispose(answer);
        if (!answer.IsSuccessStatusCode)
        {
            return Results.StatusCode((int)answer.StatusCode);
        }
        await services.GetRequiredService<Audit>().Record(OfficeAct.By(http.User, services.GetRequiredService<TimeProvider>().GetUtcNow(), "exported", known.OfPeriod ? period : null, $"{name}.{form}"), http.RequestAborted);
        return await File(form, known.OfPeriod ? $"{name}-{period}" : name, Rows(await answer.Content.ReadAsStreamAsync(http.RequestAborted), http.RequestAborted), http);
    }

    static async IAsyncEnumerable<string[]> Rows(Stream csv, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(csv);
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture));
        while (await parser.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return parser.Record!;
        }
    }

    static async Task<IResult> GiveAudit(string form, HttpContext http, Audit audit, TimeProvider clock, [AsParameters] ActFilter filter)
    {
        if (form is not ("csv" or "xlsx"))
        {
            return Results.NotFound();
        }
        var (acts, missing) = await audit.Find(http, filter with { PageSize = 1000, Before = null });
        if (missing.Count > 0)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable); // half a record would pass for a whole one
        }
        await audit.Record(OfficeAct.By(http.User, clock.GetUtcNow(), "exported", filter.Period, $"audit.{form}"), http.RequestAborted);
        return await File(form, "audit", AsyncRows(), http);

        async IAsyncEnumerable<string[]> AsyncRows()
        {
            yield return ["at", "person", "act", "period", "subject", "reason", "detail"];
            for (var page = acts; page.Count > 0;)
            {
                foreach (var act in page)
                {
                    yield return [act.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), act.Person, act.Act, act.Period ?? "", act.Subject ?? "", act.Reason ?? "", act.Detail ?? ""];
                }
                page = page.Count < 1000 ? [] : (await audit.Find(http, filter with { PageSize = 1000, Before = page[^1].Id })).Acts;
            }
        }
    }

    static async Task<IResult> File(string form, string name, IAsyncEnumerable<string[]> rows, HttpContext http)
    {
        if (form == "csv")
        {
            return Results.Stream(async body =>
            {
                await body.WriteAsync("\uFEFF"u8.ToArray(), http.RequestAborted); // by which a spreadsheet knows that it is UTF-8
                await using var text = new StreamWriter(body, leaveOpen: true);
                await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
                await foreach (var row in rows)
                {
                    foreach (var value in row)
                    {
                        csv.WriteField(Sheets.Guarded(value));
                    }
                    await csv.NextRecordAsync();
                }
            }, "text/csv; charset=utf-8", $"{name}.csv");
        }
        // The format is a zip that is written back and forth: it needs a file.
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await Sheets.Write(file, name.Length > 31 ? name[..31] : name, rows);
        file.Position = 0;
        return Results.Stream(file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"{name}.xlsx");
    }
}
