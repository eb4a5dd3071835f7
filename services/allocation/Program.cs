using EPimorfosi.Allocation;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Defaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<AllocationDb>("allocation");
builder.Services.AddSingleton<Publication>();
builder.Services.AddHostedService<Freezer>();
builder.Services.AddHostedService<Decider>();
builder.AddInsight();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDraws();
app.MapBundle();
app.MapCeremony();
app.MapSeats();
app.MapInsight();
app.Run();
