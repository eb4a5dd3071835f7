using Yarp.ReverseProxy.Forwarder;

namespace EPimorfosi.Gateway.Proxy;

/// <summary>
/// A small body is read before it is sent on, and goes with its headers in one piece: streamed, as larger ones are, it costs a second packet, and the service a second read, more than all else that a small request asks of the
/// gateway. See docs/decisions/0050-small-bodies-whole.md.
/// </summary>
sealed class WholeBodies : ForwarderHttpClientFactory
{
    const long Small = 16 << 10;

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) => new Whole(base.WrapHandler(context, handler));

    sealed class Whole(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { Headers.ContentLength: > 0 and <= Small and var length } streamed)
            {
                var bytes = new byte[length];
                await streamed.CopyToAsync(new MemoryStream(bytes), cancellationToken);
                request.Content = new ByteArrayContent(bytes);
                foreach (var (name, values) in streamed.Headers.NonValidated)
                {
                    request.Content.Headers.TryAddWithoutValidation(name, values);
                }
            }
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
