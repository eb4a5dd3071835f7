using Xunit;

namespace EPimorfosi.Tests.Servers;

/// <summary>One service, database and virtual host for all tests of a class, as <c>IClassFixture</c>.</summary>
public sealed class ServiceFixture<TProgram> : IAsyncLifetime where TProgram : class
{
    public ServiceUnderTest<TProgram> Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest<TProgram>.Start();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
