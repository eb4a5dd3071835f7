using System.Text;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Recipients;
using MimeKit;

namespace EPimorfosi.Notifications.Tests;

/// <summary>What is decided from the text alone.</summary>
public class PureTests
{
    [Theory]
    [InlineData("Auto-Submitted: auto-replied", true)]
    [InlineData("Auto-Submitted: no", false)]
    [InlineData("Precedence: bulk", true)]
    [InlineData("List-Id: <all.example.gr>", true)]
    [InlineData("Return-Path: <>", true)]
    [InlineData("X-Priority: 1", false)]
    public void What_a_machine_wrote_is_known_by_its_headers(string header, bool automatic) // RFC 3834
    {
        var mail = MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes($"From: anna@example.gr\r\nTo: help@epimorfosi.example\r\n{header}\r\n\r\nΕίμαι εκτός γραφείου.")));

        Assert.Equal(automatic, IncomingMail.Read(mail) is IncomingMail.Automatic);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("[a](javascript:alert(1))", "javascript:")]
    [InlineData("[a]( JaVaScRiPt:alert(1))", "avaScRiPt")]
    [InlineData("[a](data:text/html,x)", "data:")]
    [InlineData("<javascript:alert(1)>", "href=\"javascript")]
    [InlineData("![a](https://tracker.example/x.png)", "<img")]
    [InlineData("[a](//evil.example)", "href=\"//")]
    [InlineData("<a href=x onclick=y>", "<a ")]
    public void What_is_written_can_do_no_harm(string markdown, string never) => Assert.DoesNotContain(never, SafeMarkdown.Html(markdown), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void What_is_written_is_shown_as_meant()
    {
        var html = SafeMarkdown.Html("**Νέα** προθεσμία\n\n- [αιτήσεις](/programmes)\n- https://www.gov.gr");

        Assert.Contains("<strong>Νέα</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/programmes\">αιτήσεις</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://www.gov.gr\">", html, StringComparison.Ordinal);
        Assert.Equal("Νέα προθεσμία", SafeMarkdown.Plain("**Νέα** προθεσμία"));
    }

    [Theory]
    [InlineData("ναι\n\nOn Mon, 23 Jan 2023 at 10:00, ePimorfosi <x@y> wrote:\n> τι", "ναι")]
    [InlineData("ναι\n\nΣτις 23/1/2023 10:00, ο/η ePimorfosi έγραψε:\n> τι", "ναι")]
    [InlineData("ναι\n-----Original Message-----\nFrom: x", "ναι")]
    [InlineData("ναι\nΑπό: ePimorfosi <x@y>\nΣτάλθηκε: Δευτέρα", "ναι")]
    [InlineData("πάνω\n> εσείς\nκάτω", "πάνω\nκάτω")]
    [InlineData("Στις 5 το απόγευμα γράφτηκα\nκαι μετά όχι", "Στις 5 το απόγευμα γράφτηκα\nκαι μετά όχι")]
    public void What_was_quoted_is_cut(string mail, string kept) => Assert.Equal(kept, Quoted.Cut(mail));

    [Fact]
    public void Of_html_the_words_are_kept() =>
        Assert.Equal("Ναι & όχι\nτέλος", Quoted.Cut(Quoted.OfHtml("<html><style>p{}</style><p>Ναι &amp; όχι</p><p>τέλος</p><blockquote>παλιό <b>κείμενο</b></blockquote></html>")));

    [Theory]
    [InlineData("22:00", "07:00", "2023-01-12T21:00:00Z", "2023-01-13T05:00:00Z")] // 23:00 in Athens
    [InlineData("22:00", "07:00", "2023-01-13T04:00:00Z", "2023-01-13T05:00:00Z")]
    [InlineData("22:00", "07:00", "2023-01-13T05:00:00Z", null)]
    [InlineData("14:00", "17:00", "2023-07-13T12:00:00Z", "2023-07-13T14:00:00Z")]
    [InlineData("14:00", "14:00", "2023-07-13T11:00:00Z", null)]
    public void Quiet_hours_are_of_Athens_and_may_pass_midnight(string from, string to, string now, string? end) =>
        Assert.Equal(end is null ? null : Given.At(end), new QuietHours(TimeOnly.Parse(from, null), TimeOnly.Parse(to, null)).EndsAfter(Given.At(now)));
}
