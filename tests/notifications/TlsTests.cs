using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Notifications.Tests;

/// <summary>Mail goes out under TLS, to the server it is meant for, by the account that was given; else not at all.</summary>
public sealed class TlsTests : IDisposable
{
    readonly string trusted = Path.GetTempFileName();

    [Theory]
    [InlineData(true, "right", 2)]
    [InlineData(false, "right", 0)] // a certificate of nobody we trust
    [InlineData(true, "wrong", 0)]
    public async Task Only_a_server_with_a_trusted_certificate_gets_password_and_mail(bool trust, string password, int taken)
    {
        await using var smtp = SmtpPeer.Start();
        (smtp.Certificate, smtp.Account) = (Certificate(), ("epimorfosi", "right"));
        await File.WriteAllTextAsync(trusted, trust ? smtp.Certificate.ExportCertificatePem() : "", TestContext.Current.CancellationToken);
        await using var host = await Broker.NewVirtualHostAsync(TestContext.Current.CancellationToken);
        var database = await PostgresServer.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await using var probe = await BusProbe.Start(host.Amqp);
        using var service = new ServiceProcess(new Dictionary<string, string>
        {
            ["ConnectionStrings:Database"] = database,
            ["ConnectionStrings:Bus"] = host.Amqp,
            ["Sending:Poll"] = "00:00:00.050",
            ["Smtp:Host"] = "localhost",
            ["Smtp:Port"] = $"{smtp.Port}",
            ["Smtp:UseTls"] = "true",
            ["Smtp:User"] = "epimorfosi",
            ["Smtp:Password"] = password,
            ["SSL_CERT_FILE"] = trusted,
            ["SSL_CERT_DIR"] = "/nowhere",
        });
        await service.Start();
        await using var source = NpgsqlDataSource.Create(database);
        await ServiceProcess.UntilHeard(probe, source);
        foreach (var told in (object[])[Given.ProgrammesPublished, Given.Contacts(1, 2), Given.Holders(1, 2), Given.Received(1, 1, 2)])
        {
            await probe.Publish(told);
        }
        await using var pending = source.CreateCommand("select count(*) from messages");
        await Until.True(async () => (long)(await pending.ExecuteScalarAsync())! == 2 && (smtp.Connections >= 3 || smtp.Mails.Count == 2), "both to be tried", 30);

        if (taken > 0)
        {
            await Until.True(() => smtp.Mails.Count == taken, "both to be taken");
        }
        Assert.Equal(taken, smtp.Mails.Count);
        await using var attempts = source.CreateCommand("select coalesce(max(attempts), 0) from messages where state <> 'Sent'");
        Assert.Equal(0, (int)(await attempts.ExecuteScalarAsync())!); // it is our fault, and uses up nobody's attempts
    }

    static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose() => File.Delete(trusted);
}
