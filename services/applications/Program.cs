using EPimorfosi.Applications;
using EPimorfosi.Defaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<ApplicationsDb>("applications");
builder.Services.AddSingleton<Catalogues>();
builder.Services.AddSingleton<IntakeDatabase>();
builder.Services.AddSingleton<DecisionWatch>();
builder.Services.AddHostedService(services => services.GetRequiredService<DecisionWatch>());
builder.Services.AddSingleton<Claimants>();
builder.Services.AddSingleton<ClaimWriter>();
builder.Services.AddHostedService(services => services.GetRequiredService<ClaimWriter>());
builder.Services.AddHostedService<Freezer>();
builder.Services.AddHostedService<OfferExpiry>();
builder.Services.AddHttpContextAccessor();
builder.Services.AddScoped<OfferEndpoints.Answers>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapTeachers();
app.MapOwnTeacher();
app.MapApplications();
app.MapApplicationImport();
app.MapClaims();
app.MapSeats();
app.MapRescue();
app.MapOffers();
app.MapEnrolments();
app.Run();

/// <summary>The process, for tests that start it.</summary>
public partial class Program;
