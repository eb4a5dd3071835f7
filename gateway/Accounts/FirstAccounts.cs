using EPimorfosi.Defaults;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>At the first start: the key ring, and the account <c>office</c> with <c>Accounts:OfficePassword</c>. Several replicas may start at once.</summary>
sealed class FirstAccounts(IServiceScopeFactory scopes, NpgsqlDataSource source, IConfiguration configuration, TimeProvider clock, ILogger<FirstAccounts> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var election = await Election.Enter(source, "first-accounts", cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<IKeyManager>();
        if (keys.GetAllKeys().Count == 0)
        {
            keys.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90)); // the key ring goes by the machine's clock
        }
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        if (await accounts.FindByNameAsync(Policies.Office) is not null)
        {
            return;
        }
        if (configuration["Accounts:OfficePassword"] is not { Length: > 0 } password)
        {
            log.LogWarning("There is no account of the office, for Accounts:OfficePassword is not set.");
            return;
        }
        var office = new Account { UserName = Policies.Office, Roles = [Policies.Office], CreatedAt = clock.GetUtcNow() };
        var made = await accounts.CreateAsync(office, password);
        if (!made.Succeeded)
        {
            throw new InvalidOperationException($"Accounts:OfficePassword is refused: {string.Join(' ', made.Errors.Select(error => error.Description))}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
