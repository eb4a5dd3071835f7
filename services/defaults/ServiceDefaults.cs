using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace EPimorfosi.Defaults;

/// <summary>What every process starts with: telemetry, health, problem details, languages, authentication, database, bus.</summary>
public static class ServiceDefaults
{
    const long OrdinaryBody = 1 << 20;

    /// <summary>All of it, for a service behind the gateway: callers are known by the gateway's internal token, and every route is denied unless it names a policy.</summary>
    /// <param name="service">The name in <c>[ConsumedBy]</c>, which also begins the names of its queues.</param>
    public static void AddServiceDefaults<TDb>(this WebApplicationBuilder builder, string service) where TDb : ServiceDb
    {
        builder.AddGatewayDefaults<TDb>(service);
        builder.AddInternalTokens();
    }

    /// <summary>The same without internal tokens: the gateway signs people in by its own means.</summary>
    /// <param name="prepared">How many statements each connection keeps prepared, none unless all of the service's find their rows by key: see docs/decisions/0032-the-claim-path-is-planned-once.md.</param>
    public static void AddGatewayDefaults<TDb>(this WebApplicationBuilder builder, string service, int prepared = 0) where TDb : ServiceDb
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry(service);
        builder.AddDatabase<TDb>(prepared);
        builder.AddBus<TDb>(service);
        builder.Services.AddAuthorizationBuilder().AddPolicies();
        builder.Services.AddLocalization();
        builder.Services.AddProblems();
        builder.Services.AddOpenApi("v1");
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.Converters.Add(new UtcTimes());
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = OrdinaryBody;
        });
    }

    /// <summary>The middleware in its order, the routes every process has (health and its OpenAPI document), and a 404 for any other.</summary>
    public static void UseServiceDefaults(this WebApplication app) => app.UseDefaults(AnswerForNoRoute);

    /// <summary>The same without the 404, for the gateway has pages.</summary>
    public static void UseGatewayDefaults(this WebApplication app) => app.UseDefaults((_, next) => next());

    /// <summary>Default deny is for routes. What is no route is 404, 405 or 415, as routing found, to whoever asks.</summary>
    static Task AnswerForNoRoute(HttpContext context, Func<Task> next)
    {
        switch (context.GetEndpoint())
        {
            case RouteEndpoint:
                return next();
            case { RequestDelegate: { } answer }:
                return answer(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    static void UseDefaults(this WebApplication app, Func<HttpContext, Func<Task>, Task> noRoute)
    {
        CultureInfo[] cultures = [new("el-GR"), new("el"), new("en-GB"), new("en")];
        app.UseRequestLocalization(options =>
        {
            options.DefaultRequestCulture = new("el-GR");
            options.SupportedCultures = options.SupportedUICultures = cultures;
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = Problems.StatusOf });
        app.UseStatusCodePages();
        app.Use(noRoute);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapBacklog();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
    }

    static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Database.ReadyTag) }).AllowAnonymous();
    }
}
