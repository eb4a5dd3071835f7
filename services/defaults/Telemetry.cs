using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EPimorfosi.Defaults;

/// <summary>Traces, metrics and logs over OTLP, on where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class Telemetry
{
    /// <summary>Our own spans; a service's further sources begin with <c>EPimorfosi</c> too.</summary>
    public static readonly ActivitySource Source = new("EPimorfosi");

    internal static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // A failed command is an exception, and told by it; a start on a new database fails one on purpose.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // At their ordinary level these write every request with its query, and every statement: persons' numbers among them.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddOpenTelemetry(logs => logs.IncludeScopes = true);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"epimorfosi-{service}"))
            .WithTracing(tracing => tracing
                .AddSource("EPimorfosi", "EPimorfosi.*", "MassTransit", "Npgsql")
                .AddAspNetCoreInstrumentation(web => web.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter("EPimorfosi", "EPimorfosi.*", "MassTransit", "Npgsql")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation());
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    /// <summary>The W3C <c>traceparent</c> of what is going on, to be kept with a row and continued later.</summary>
    public static string? Traceparent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>A span that continues the trace kept with a row.</summary>
    public static Activity? Continue(string name, string? traceparent, ActivityKind kind = ActivityKind.Internal) =>
        Source.StartActivity(name, kind, ActivityContext.TryParse(traceparent, null, out var parent) ? parent : default);
}
