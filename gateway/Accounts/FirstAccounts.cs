using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>
/// At the first start: the key ring, and the account <c>office</c> with <c>Accounts:OfficePassword</c>; at each, accounts that others were not told of yet are told. Several replicas may
/// start at once.
/// </summary>
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
        await MakeOffice(scope.ServiceProvider.GetRequiredService<UserManager<Account>>());
        await Tell(scope.ServiceProvider.GetRequiredService<GatewayDb>(), cancellationToken);
    }

    async Task MakeOffice(UserManager<Account> accounts)
    {
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

    static async Task Tell(GatewayDb db, CancellationToken cancellationToken)
    {
        string[] others = [.. Policies.Roles.Where(role => role != Policies.Teacher)];
        var untold = await db.Accounts.Where(account => account.Version == 0 && account.Roles.Any(role => others.Contains(role))).OrderBy(account => account.Id).ToListAsync(cancellationToken);
        foreach (var some in untold.Chunk(AccountImport.AccountsAMessage))
        {
            Array.ForEach(some, account => account.Version++);
            db.Publish(new AccountsChanged([.. some.Select(account => account.ToContract())]));
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
