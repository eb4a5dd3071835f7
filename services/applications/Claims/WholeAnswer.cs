using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Applications;

/// <summary>
/// A small answer as JSON whose length is told ahead. Chunked, as JSON is answered otherwise, it takes two packets on each leg of its way, and a stampede is thousands of them a second. See docs/decisions/0050-small-bodies-whole.md.
/// </summary>
sealed class WholeAnswer<T>(int status, T value) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        var response = httpContext.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, "application/json; charset=utf-8", json.Length);
        await response.BodyWriter.WriteAsync(json, httpContext.RequestAborted);
    }
}
