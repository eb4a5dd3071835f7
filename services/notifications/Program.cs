using EPimorfosi.Defaults;
using EPimorfosi.Notifications;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Sending;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<NotificationsDb>("notifications");
builder.Services.Configure<SmtpOptions>(builder.Configuration.GetSection("Smtp"));
builder.Services.Configure<SmsOptions>(builder.Configuration.GetSection("Sms"));
builder.Services.Configure<SendingOptions>(builder.Configuration.GetSection("Sending"));
builder.Services.AddScoped<MessageIntake>();
builder.Services.AddSingleton<DueMessages>();
builder.Services.AddSingleton<Delivery>();
builder.Services.AddSingleton<Outlets>();
builder.Services.AddHttpClient("sms");
builder.Services.AddHostedService<Sender>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapMessages();
app.Run();

/// <summary>The process, for tests that start it.</summary>
public partial class Program;
