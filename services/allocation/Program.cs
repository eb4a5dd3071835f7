using System.Text.Encodings.Web;
using System.Text.Unicode;
using EPimorfosi.Allocation;
using EPimorfosi.Allocation.Audit;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Defaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<AllocationDb>("allocation");
builder.Services.AddOptions<DrandOptions>().BindConfiguration("Drand").ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddHttpClient<Drand>();
builder.Services.AddHttpContextAccessor();
builder.Services.AddSingleton<PublishedLines>();
builder.Services.AddScoped<LinePositions>();
builder.Services.AddSingleton<Publication>();
builder.Services.AddScoped<BundleEndpoints.Files>();
builder.Services.AddScoped<StrikeEndpoints.Acts>();
builder.Services.AddScoped<RehearsalEndpoints.Office>();
builder.Services.AddScoped<AuditEndpoints.Download>();
builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // Greek in the report as it is, not as entities
builder.Services.AddHostedService<Freezer>();
builder.Services.AddHostedService<Decider>();
builder.AddLiveSeats();
builder.AddInsight();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDraws();
app.MapBundle();
app.MapCeremony();
app.MapStrikes();
app.MapRehearsals();
app.MapAudit();
app.MapSeats();
app.MapInsight();
app.Run();
