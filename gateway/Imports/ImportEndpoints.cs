using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Documents;
using EPimorfosi.Gateway.Services;
using Microsoft.AspNetCore.Mvc;

namespace EPimorfosi.Gateway.Imports;

/// <summary>Where the form with the file is sent, and what a page asks while a file is under way.</summary>
static class ImportEndpoints
{
    /// <summary>A short file is looked at within this; of a longer one the page shows how far it is.</summary>
    internal static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    internal static void AddImports(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ImportRuns>();
        foreach (var service in ApiDocument.Services)
        {
            builder.Services.AddHttpClient(ImportRuns.Client + service, client =>
            {
                client.BaseAddress = ServiceAddresses.Of(builder.Configuration, service).FirstOrDefault();
                client.Timeout = TimeSpan.FromMinutes(10);
            });
        }
    }

    internal static void MapImports(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/office/imports/file", Take).RequireAuthorization(Policies.Office).AllowImport().ExcludeFromDescription();
        routes.MapGet("/office/imports/{id:guid}/state", State).RequireAuthorization(Policies.Office).ExcludeFromDescription();
    }

    /// <summary>A form of a page: the framework asks for its antiforgery token.</summary>
    static async Task<IResult> Take(HttpContext http, ImportRuns runs, [FromForm] string? kind, [FromForm] string? period, IFormFile? file)
    {
        if (ImportKinds.Of(kind) is not { } known || file is not { Length: > 0 })
        {
            return Results.LocalRedirect($"/office/imports?missing={Uri.EscapeDataString(kind ?? "")}");
        }
        var run = await runs.Take(known, period, file, http.User, http.RequestAborted);
        await runs.Send(run.Id, http.User, import: false, partial: false, Short, http.RequestAborted);
        return Results.LocalRedirect($"/office/imports/{run.Id}");
    }

    static async Task<IResult> State(Guid id, HttpContext http, ImportRuns runs) =>
        await runs.Find(id, http.RequestAborted) is { } run ? Results.Json(new { underWay = run.IsUnderWay, read = run.Read, size = run.Size }) : Results.NotFound();
}
