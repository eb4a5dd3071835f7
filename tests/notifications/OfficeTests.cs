using System.Diagnostics;
using System.Net;
using EPimorfosi.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EPimorfosi.Notifications.Tests;

/// <summary>What the office sees, what a mail carries, and what is kept.</summary>
public sealed class OfficeTests : IAsyncLifetime
{
    PostOffice office = null!;

    public async ValueTask InitializeAsync() => office = await PostOffice.Open();

    public ValueTask DisposeAsync() => office.DisposeAsync();

    [Fact]
    public async Task The_summary_counts_and_shows_whether_everybody_has_a_result()
    {
        await office.TellBasics(1, 2, 3);
        await office.Tell(Given.Received(1, 1, 2, 3), Given.Outcomes(Given.Placed(1), Given.RunnerUp(2)), Given.Results(3));
        await office.UntilQuiet(7);

        var summary = await office.Get("/api/messages/summary");

        Assert.Equal(5, summary.GetProperty("total").GetInt32());
        Assert.Equal(5, summary.GetProperty("byState").GetProperty("Sent").GetInt32());
        Assert.Equal(3, summary.GetProperty("byKind").GetProperty("Received").GetInt32());
        Assert.Equal(1, summary.GetProperty("byKind").GetProperty("RunnerUp").GetInt32());
        Assert.Equal(5, summary.GetProperty("byChannel").GetProperty("Email").GetInt32());
        var told = summary.GetProperty("results")[0];
        Assert.Equal((3, 2), (told.GetProperty("applications").GetInt32(), told.GetProperty("messages").GetInt32())); // I13: one is missing
    }

    [Fact]
    public async Task Messages_are_the_office_s_alone()
    {
        Assert.Empty(office.Service.RoutesWithoutPolicy());
        foreach (var role in (string[])["teacher", "centre", "trainer", "auditor"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As(role).GetAsync("/api/messages")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await office.Service.Anyone().GetAsync("/api/messages")).StatusCode);
    }

    [Theory]
    [InlineData("/api/messages?state=lost", "urn:epimorfosi:problem:unknown-state", 400)]
    [InlineData("/api/messages?state=7", "urn:epimorfosi:problem:unknown-state", 400)]
    [InlineData("/api/messages?page=first", "urn:epimorfosi:problem:malformed-request", 400)]
    [InlineData("/api/messages/0190a1b2-0000-7000-8000-000000000009", "urn:epimorfosi:problem:not-found", 404)]
    public async Task A_question_that_makes_no_sense_gets_its_problem(string path, string type, int status)
    {
        var answer = await office.Service.As("office").GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type, System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_was_sent_is_kept_as_it_was_sent_and_found_by_person()
    {
        await office.TellBasics(1, 2);
        await office.Tell(Given.Received(1, 1, 2));
        await office.UntilQuiet(5);

        var found = await office.Get("/api/messages?q=000002&pageSize=10");
        var message = await office.Get($"/api/messages/{found.GetProperty("items")[0].GetProperty("id").GetString()}");

        Assert.Equal(1, found.GetProperty("total").GetInt32());
        var mail = office.Smtp.Mails.Single(m => m.To == Given.Address(2)).Mime;
        Assert.Equal(mail.Subject, message.GetProperty("subject").GetString());
        Assert.Equal(mail.TextBody!.ReplaceLineEndings("\n").TrimEnd(), message.GetProperty("body").GetString());
        Assert.Equal(("ePimorfosi", "no-reply@epimorfosi.example"), (mail.From.Mailboxes.Single().Name, mail.From.Mailboxes.Single().Address));
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Contains("<p ", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_of_an_invitation_is_sent_and_not_kept()
    {
        var invitation = Given.Invitation(null, "kse@example.gr");
        await office.Tell(invitation);
        await office.UntilQuiet(1);

        Assert.Contains(invitation.Link, office.Smtp.Mails.Single().Mime.TextBody, StringComparison.Ordinal);
        Assert.Equal(0L, await office.Scalar("select count(*) from messages where facts::text like '%s3cret%' or body like '%s3cret%'"));
    }

    [Fact]
    public async Task The_link_to_a_new_password_is_sent_to_the_address_in_the_register_and_not_kept()
    {
        await office.Tell(Given.Contacts(7), Given.Forgotten("000007", null));
        await office.UntilMails(1);

        Assert.Equal(Given.Address(7), office.Smtp.Mails.Single().To);
        Assert.Contains("https://epimorfosi.example/new-password?token=s3cret", office.Smtp.Mails.Single().Mime.TextBody, StringComparison.Ordinal);
        await office.UntilQuiet(1);
        Assert.Equal(0L, await office.Scalar("select count(*) from messages where facts::text like '%s3cret%' or body like '%s3cret%'"));
    }

    [Fact]
    public async Task Of_an_erased_teacher_neither_contact_nor_wording_is_kept_but_that_they_were_told()
    {
        await office.Tell(Given.Contacts(7), Given.Forgotten("000007", null));
        await office.UntilQuiet(1);
        await office.Tell(new Contracts.Applications.TeacherErased("000007", 2));

        await EPimorfosi.Tests.Servers.Until.True(async () => await office.Scalar("select email from contacts where registry_number = '000007'") is "", "the contact to go");
        Assert.Equal(0L, await office.Scalar($"select count(*) from messages where address is not null or body is not null or email is not null or facts::text like '%{Given.Address(7)}%'"));
        Assert.Equal(1L, await office.Scalar("select count(*) from messages where registry_number = '000007' and sent_at is not null"));
        await office.Tell(Given.Contacts(7)); // the first version, late
        await office.Tell(new Contracts.Applications.TeachersChanged([Given.Contact(7) with { Version = 3 }]));
        await EPimorfosi.Tests.Servers.Until.True(async () => await office.Scalar("select email from contacts where registry_number = '000007'") is { } back && back.Equals(Given.Address(7)), "the register to bring them back");
    }

    [Fact]
    public async Task An_invited_teacher_without_an_address_of_the_account_is_written_to_by_the_register()
    {
        await office.Tell(Given.Contacts(7), Given.Invitation("000007", null, "en"));

        await office.UntilMails(1);

        Assert.Equal(Given.Address(7), office.Smtp.Mails.Single().To);
        Assert.StartsWith("Dear Μαρία", office.Smtp.Mails.Single().Mime.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_with_a_line_break_makes_no_header()
    {
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(1),
            new Contracts.Applications.TeachersChanged([Given.Contact(1) with { FirstName = "A\r\nBcc: victim@example.gr\r\n" }]));
        await office.Tell(Given.Received(1, 1));

        await office.UntilMails(1);

        var mail = office.Smtp.Mails.Single();
        Assert.Equal(Given.Address(1), mail.To);
        Assert.DoesNotContain(mail.Mime.Headers, h => h.Field == "Bcc");
        Assert.Empty(mail.Mime.Bcc);
    }

    [Fact]
    public async Task The_mail_belongs_to_the_trace_of_what_caused_it()
    {
        var sends = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MassTransit" or "EPimorfosi" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { if (span.OperationName == "email send") { lock (sends) { sends.Add(span); } } },
        };
        ActivitySource.AddActivityListener(listener);
        await office.TellBasics(1);
        using var source = new ActivitySource("test");

        ActivityTraceId trace;
        using (var request = source.StartActivity("PUT /api/applications")!)
        {
            trace = request.TraceId;
            await office.Tell(Given.Received(1, 1));
        }

        await office.UntilMails(1);
        await Until.True(() => { lock (sends) { return sends.Any(s => s.TraceId == trace); } }, "the mail's span in the request's trace");
    }

    [Fact]
    public void The_migrations_are_the_model()
    {
        using var scope = office.Service.Services.CreateScope();
        Assert.False(scope.ServiceProvider.GetRequiredService<NotificationsDb>().Database.HasPendingModelChanges());
    }
}
