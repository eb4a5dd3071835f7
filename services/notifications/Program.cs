using EPimorfosi.Defaults;
using EPimorfosi.Notifications;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Notifications.Wordings;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<NotificationsDb>("notifications");
builder.AddWordings(); // before what sends
builder.AddSending();
builder.AddIncoming();
builder.AddNews();
builder.AddHelpDesk();

var app = builder.Build();
app.UseServiceDefaults();
app.MapMessages();
app.MapOwnMessages();
app.MapPreviews();
app.MapPreferences();
app.MapSuppressions();
app.MapIncoming();
app.MapAnnouncements();
app.MapFaq();
app.MapAsking();
app.MapDesk();
app.MapOfficeActs();
app.Run();

/// <summary>The process, for tests that start it.</summary>
public partial class Program;
