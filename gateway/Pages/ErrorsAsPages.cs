using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Pages;

/// <summary>Where a browser asked for a page, a problem is a page.</summary>
sealed class ErrorsAsPages(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        !context.HttpContext.Request.Path.StartsWithSegments("/api")
        && context.HttpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        var problem = context.ProblemDetails;
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        context.HttpContext.Response.Headers.Remove("blazor-enhanced-nav"); // set once by the page, and added again
        // A page may have been begun with this request's services, and its navigation cannot be begun twice.
        var own = context.HttpContext.RequestServices;
        await using var fresh = own.CreateAsyncScope();
        context.HttpContext.RequestServices = fresh.ServiceProvider;
        try
        {
            await new RazorComponentResult<ErrorPage>(new Dictionary<string, object?>
            {
                [nameof(ErrorPage.Status)] = problem.Status ?? context.HttpContext.Response.StatusCode,
                [nameof(ErrorPage.Title)] = problem.Title,
                [nameof(ErrorPage.Detail)] = problem.Detail,
            }).ExecuteAsync(context.HttpContext);
        }
        finally
        {
            context.HttpContext.RequestServices = own;
        }
    }
}
