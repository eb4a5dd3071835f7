using System.Net.Http.Headers;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Services;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace EPimorfosi.Gateway.Proxy;

/// <summary>The way to the services: which path is whose is in <c>appsettings.json</c> (ReverseProxy), where they are in <c>Services:*</c>.</summary>
static class Proxy
{
    internal static void AddProxy(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IForwarderHttpClientFactory, WholeBodies>();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<Addresses>()
            .AddTransforms(transforms => transforms.AddRequestTransform(InternalIdentity));
    }

    /// <summary>Anybody may pass: each service judges by the internal token.</summary>
    internal static void MapProxy(this WebApplication app) => app.MapReverseProxy(pipeline =>
    {
        pipeline.Use(StreamsEndWithUs);
        pipeline.Use(FaultsAsStatus);
        pipeline.UseLoadBalancing();
        pipeline.UsePassiveHealthChecks();
    }).AllowAnonymous();

    /// <summary>What the caller sent to identify themselves stays here; a service hears only our own word.</summary>
    static async ValueTask InternalIdentity(RequestTransformContext context)
    {
        var headers = context.ProxyRequest.Headers;
        headers.Remove(HeaderNames.Cookie);
        headers.Authorization = await context.HttpContext.RequestServices.GetRequiredService<Sessions>()
            .Of(context.HttpContext.User, context.CancellationToken) is { } session ? new AuthenticationHeaderValue("Bearer", session.Token) : null;
    }

    /// <summary>A route with <c>Stream</c> in its metadata is one that never ends: its readers would keep us from stopping, and come back to another replica.</summary>
    static async Task StreamsEndWithUs(HttpContext context, RequestDelegate next)
    {
        var stops = context.GetReverseProxyFeature().Route.Config.Metadata?.ContainsKey("Stream") == true
            ? context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping : default;
        await using var end = stops.Register(context.Abort);
        await next(context);
    }

    /// <summary>A service that cannot be reached or does not answer is a 503 with a problem; a body too large is a 413, told before it is sent on.</summary>
    static async Task FaultsAsStatus(HttpContext context, RequestDelegate next)
    {
        var largest = context.GetReverseProxyFeature().Route.Config.MaxRequestBodySize
            ?? context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (context.Request.ContentLength > largest)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        await next(context);
        if (context.Response.HasStarted || context.GetForwarderErrorFeature() is not { } fault)
        {
            return;
        }
        if (fault.Exception is BadHttpRequestException bad)
        {
            context.Response.StatusCode = bad.StatusCode;
        }
        else if (fault.Error is not (ForwarderError.RequestBodyClient or ForwarderError.RequestCanceled or ForwarderError.ResponseBodyClient))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    /// <summary>Replicas take turns. Cluster <c>programmes</c> is at <c>Services:Programmes</c>, and so on.</summary>
    sealed class Addresses(IConfiguration configuration) : IProxyConfigFilter
    {
        /// <summary>A replica that cannot be reached is left out for some seconds, unless none is left.</summary>
        static readonly HealthCheckConfig PassOverTheDead = new() { AvailableDestinationsPolicy = "HealthyOrPanic", Passive = new() { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5) } };

        public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
        {
            var addresses = ServiceAddresses.Of(configuration, cluster.ClusterId);
            return addresses.Length == 0
                ? throw new InvalidOperationException($"Services:{cluster.ClusterId} is not set: the address of that service.")
                : ValueTask.FromResult(cluster with
                {
                    Destinations = addresses.ToDictionary(address => address.Authority, address => new DestinationConfig { Address = address.ToString() }),
                    HealthCheck = addresses.Length == 1 ? null : PassOverTheDead,
                });
        }

        public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => ValueTask.FromResult(route);
    }
}
