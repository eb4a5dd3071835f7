using System.Threading.Channels;
using EPimorfosi.Contracts.Gateway;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>
/// Letters with a link to choose a new password. Who asks is answered before anything is looked up, so that neither the answer nor its time tells which names
/// exist; what was asked and not yet done when the process ends is lost, and can be asked again.
/// </summary>
sealed class PasswordLetters(
    IServiceScopeFactory scopes, IServer server, IConfiguration configuration, IOptions<PasswordTokens.Validity> validity, TimeProvider clock, ILogger<PasswordLetters> log) : BackgroundService
{
    /// <summary>No mailbox is filled by others: one letter an account in this time.</summary>
    internal static readonly TimeSpan Between = TimeSpan.FromMinutes(5);

    readonly Channel<(string UserName, string Language)> asked = Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Ask(string userName, string language) => asked.Writer.TryWrite((userName, language));

    /// <summary>An address of the account's own, or one in the teachers' file.</summary>
    internal static bool Reaches(Account account) => (account.Email ?? account.RegistryNumber) is not null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (userName, language) in asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await Send(userName, language, stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested) // the next one must have their letter
            {
                log.LogWarning("A letter for a new password was not written: {Reason}", fault.Message);
            }
        }
    }

    async Task Send(string userName, string language, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        if (await accounts.FindByNameAsync(userName) is not { } account || !Reaches(account))
        {
            return;
        }
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Accounts.Where(one => one.Id == account.Id && (one.LetterAt == null || one.LetterAt < now - Between))
            .ExecuteUpdateAsync(change => change.SetProperty(one => one.LetterAt, now), cancellationToken) == 0)
        {
            return;
        }
        var token = await accounts.GeneratePasswordResetTokenAsync(account);
        var link = $"{Root.TrimEnd('/')}/new-password?account={account.Id}&token={Uri.EscapeDataString(token)}";
        db.Publish(new PasswordForgotten(Guid.CreateVersion7(), account.UserName!, account.RegistryNumber, account.Email, language, link, now + validity.Value.TokenLifespan));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Never what the request says: who sends it could make the link lead elsewhere.</summary>
    string Root => configuration["PublicAddress"] ?? server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
}
