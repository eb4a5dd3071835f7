namespace EPimorfosi.Tests.Servers;

/// <summary>An SMTP catcher with a web interface, which a test may stop and start.</summary>
public sealed class NativeMail() : NativeServer("mail.sh", NewDirectory("mail"))
{
    readonly int[] ports = FreePorts(2);

    protected override int[] Ports => ports;

    public int Smtp => ports[0];

    /// <summary>Where the caught mail is read.</summary>
    public Uri Web => new($"http://127.0.0.1:{ports[1]}");

    public static async Task<NativeMail> StartNewAsync()
    {
        var server = new NativeMail();
        await server.StartAsync();
        return server;
    }
}
