using System.Security.Claims;
using EPimorfosi.Gateway.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace EPimorfosi.Gateway.Pages.Access;

/// <summary>A page of who is signed in, about their own account.</summary>
public abstract class AccessPage : ComponentBase
{
    [Inject] internal SignInManager<Account> SignIns { get; set; } = null!;
    [Inject] internal Sessions Sessions { get; set; } = null!;
    [Inject] internal NavigationManager Navigation { get; set; } = null!;
    [CascadingParameter] public HttpContext Http { get; set; } = null!;

    internal Account Own { get; private set; } = null!;

    /// <summary>A page is drawn while it waits, too.</summary>
    internal bool Known => Own is not null;

    internal UserManager<Account> Accounts => SignIns.UserManager;

    protected override async Task OnInitializedAsync() => Own = (await Accounts.FindByIdAsync(Http.User.FindFirstValue("sub")!))!;

    /// <summary>The account's stamp has changed, so all its sessions have ended; this one goes on.</summary>
    internal async Task Stay()
    {
        Sessions.Forget(Own.Id);
        await SignIns.SignInAsync(Own, isPersistent: false);
    }
}
