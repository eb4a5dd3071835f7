using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using EPimorfosi.Notifications.Sending;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace EPimorfosi.Notifications.Tests;

/// <summary>Mail is signed as a receiver checks it (RFC 6376), and carries what machines read.</summary>
public sealed class DkimTests : IDisposable
{
    readonly RSA key = RSA.Create(2048);
    readonly string file = Path.GetTempFileName();

    [Fact]
    public async Task A_signed_mail_is_verified_as_it_arrives_and_a_changed_one_is_not()
    {
        await File.WriteAllTextAsync(file, key.ExportRSAPrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var office = await PostOffice.Open(null, ("Smtp:Dkim:Domain", "epimorfosi.example"), ("Smtp:Dkim:Selector", "a2023"), ("Smtp:Dkim:KeyFile", file));
        await office.TellBasics(1);
        await office.Tell(Given.Received(1, 1));
        await office.UntilMails(1);

        var mail = office.Smtp.Mails.Single().Mime;
        Assert.True(Verify(mail));
        mail.Subject += "!";
        Assert.False(Verify(mail));
    }

    /// <summary>Ten thousand results are written by one outlet: an address that it keeps must not keep the mails that it is in.</summary>
    [Fact]
    public void A_mail_that_was_sent_is_let_go()
    {
        var mail = new Mail(new());
        var sent = Enumerable.Range(0, 20).Select(_ => Write()).ToArray();
        for (var tries = 0; tries < 5 && sent.Any(one => one.IsAlive); tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.DoesNotContain(sent, one => one.IsAlive);
        GC.KeepAlive(mail);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Write()
        {
            using var message = mail.Of(new("0123", "anna@example.gr", "Άννα", "el", "Θέμα", "Κείμενο"));
            return new(message);
        }
    }

    [Fact]
    public void What_nobody_must_get_says_how_to_end_it()
    {
        var parcel = new Parcel("0123", "anna@example.gr", "Άννα", "el", "Θέμα", "Κείμενο", new("https://epimorfosi.example/unsubscribe/x"));
        var mail = new Mail(new()).Of(parcel);

        Assert.Equal("<https://epimorfosi.example/unsubscribe/x>", mail.Headers[HeaderId.ListUnsubscribe]);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers[HeaderId.ListUnsubscribePost]);
        Assert.False(new Mail(new()).Of(parcel with { Unsubscribe = null }).Headers.Contains(HeaderId.ListUnsubscribe));
    }

    bool Verify(MimeMessage mail) => new DkimVerifier(new Locator(DotNetUtilities.GetRsaPublicKey(key))).Verify(mail, mail.Headers[mail.Headers.IndexOf(HeaderId.DkimSignature)]);

    public void Dispose()
    {
        key.Dispose();
        File.Delete(file);
    }

    /// <summary>In place of the DNS record.</summary>
    sealed class Locator(AsymmetricKeyParameter found) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            (domain, selector) == ("epimorfosi.example", "a2023") ? found : throw new InvalidOperationException("Another key was asked for.");

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
