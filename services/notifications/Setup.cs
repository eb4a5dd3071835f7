using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Notifications.Wordings;

namespace EPimorfosi.Notifications;

/// <summary>What each part of the service needs, with its section of the configuration.</summary>
static class Setup
{
    internal static void AddWordings(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WordingVersions>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WordingVersions>());
    }

    internal static void AddSending(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<SmtpOptions>(builder.Configuration.GetSection("Smtp"));
        builder.Services.Configure<SmsOptions>(builder.Configuration.GetSection("Sms"));
        builder.Services.Configure<SendingOptions>(builder.Configuration.GetSection("Sending"));
        builder.Services.AddScoped<MessageIntake>();
        builder.Services.AddScoped<ClosedLetters>();
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddSingleton(services => new Links(services.GetRequiredService<Npgsql.NpgsqlDataSource>()));
        builder.Services.AddSingleton<DueMessages>();
        builder.Services.AddSingleton<Allowance>();
        builder.Services.AddSingleton<Turns>();
        builder.Services.AddSingleton<Delivery>();
        builder.Services.AddSingleton<Outlets>();
        builder.Services.AddHttpClient("sms");
        builder.Services.AddHostedService<Sender>();
    }

    internal static void AddIncoming(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<IncomingOptions>(builder.Configuration.GetSection("Incoming"));
        builder.Services.Configure<ImapOptions>(builder.Configuration.GetSection("Imap"));
        builder.Services.AddScoped<Intake>();
        builder.Services.AddHostedService<MailboxReader>();
    }

    internal static void AddNews(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<OfficeOptions>(builder.Configuration.GetSection("Office"));
        builder.Services.AddHostedService<AnnouncementMails>();
        builder.Services.AddHostedService<OfficeDigests>();
    }

    internal static void AddHelpDesk(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HelpDeskOptions>(builder.Configuration.GetSection("HelpDesk"));
        builder.Services.AddScoped<Threads>();
        builder.Services.AddSingleton<Scanner>();
    }
}
