using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Defaults;

/// <summary>The texts of this assembly.</summary>
public sealed class Texts;

/// <summary>Refusals as RFC 9457 problem details: a stable <c>type</c>, a title in the caller's language, the rule where one refuses.</summary>
public static class Problems
{
    /// <param name="slug">The stable end of the type, <c>urn:epimorfosi:problem:{slug}</c>.</param>
    /// <param name="rule">Such as <c>R9</c>.</param>
    /// <param name="faults">All that is wrong, where it is more than one thing.</param>
    public static ProblemHttpResult Refuse(int status, string slug, string title, string? detail = null, string? rule = null, object? faults = null)
    {
        var extensions = new Dictionary<string, object?>();
        if (rule is not null)
        {
            extensions["rule"] = rule;
        }
        if (faults is not null)
        {
            extensions["faults"] = faults;
        }
        return TypedResults.Problem(detail, statusCode: status, title: title, type: $"urn:epimorfosi:problem:{slug}", extensions: extensions);
    }

    internal static int StatusOf(Exception fault) => fault switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        _ when Database.IsAway(fault) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    internal static void AddProblems(this IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            if (problem.Type?.StartsWith("urn:epimorfosi:", StringComparison.Ordinal) == true)
            {
                return;
            }
            var status = problem.Status ?? context.HttpContext.Response.StatusCode;
            var text = context.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
            if (status == StatusCodes.Status503ServiceUnavailable)
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
            }
            problem.Type = $"urn:epimorfosi:problem:{Slug(status)}";
            problem.Title = text[$"Status{status}"] is { ResourceNotFound: false } title ? title : text["Status"];
            // Of a fault in the request the reader is told what; of one of ours, never more than that it happened.
            problem.Detail = context.Exception is BadHttpRequestException bad ? bad.InnerException?.Message ?? bad.Message : problem.Detail;
        });
    }

    static string Slug(int status) => status switch
    {
        400 => "malformed-request",
        401 => "not-signed-in",
        403 => "not-allowed",
        404 => "not-found",
        405 => "method-not-allowed",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "try-again",
        _ => "fault",
    };
}
