using EPimorfosi.Defaults;
using EPimorfosi.Notifications;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Notifications.Sending;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<NotificationsDb>("notifications");
builder.Services.Configure<SmtpOptions>(builder.Configuration.GetSection("Smtp"));
builder.Services.Configure<SmsOptions>(builder.Configuration.GetSection("Sms"));
builder.Services.Configure<SendingOptions>(builder.Configuration.GetSection("Sending"));
builder.Services.Configure<IncomingOptions>(builder.Configuration.GetSection("Incoming"));
builder.Services.Configure<ImapOptions>(builder.Configuration.GetSection("Imap"));
builder.Services.AddScoped<MessageIntake>();
builder.Services.AddScoped<Intake>();
builder.Services.AddSingleton<PublicAddress>();
builder.Services.AddSingleton<DueMessages>();
builder.Services.AddSingleton<Allowance>();
builder.Services.AddSingleton<Turns>();
builder.Services.AddSingleton<Delivery>();
builder.Services.AddSingleton<Outlets>();
builder.Services.AddHttpClient("sms");
builder.Services.AddHostedService<Sender>();
builder.Services.AddHostedService<MailboxReader>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapMessages();
app.MapSuppressions();
app.MapIncoming();
app.Run();

/// <summary>The process, for tests that start it.</summary>
public partial class Program;
