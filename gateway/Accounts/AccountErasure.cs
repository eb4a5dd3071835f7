using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>A teacher's account goes: password, second step, sessions, links to other providers, drafts. Who is something else too keeps the account for that.</summary>
sealed class AccountErasure(IDbContextFactory<GatewayDb> contexts, SignInManager<Account> signIn, Sessions sessions)
{
    public async Task Do(HttpContext http, Guid id)
    {
        await using var db = await contexts.CreateDbContextAsync(http.RequestAborted);
        if (await db.Accounts.SingleOrDefaultAsync(one => one.Id == id, http.RequestAborted) is not { } account)
        {
            return;
        }
        if (account.Roles.Any(role => role != Policies.Teacher))
        {
            account.Roles = [.. account.Roles.Where(role => role != Policies.Teacher)];
            account.SecurityStamp = Guid.NewGuid().ToString("N");
            account.Version++;
            db.Publish(new AccountsChanged([account.ToContract()]));
            await db.SaveChangesAsync(http.RequestAborted);
            await db.Drafts.Where(draft => draft.Account == id).ExecuteDeleteAsync(http.RequestAborted);
        }
        else
        {
            await db.Accounts.Where(one => one.Id == id).ExecuteDeleteAsync(http.RequestAborted); // and all that is tied to it
        }
        sessions.Forget(id);
        await signIn.SignOutAsync();
    }
}
