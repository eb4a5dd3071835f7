using EPimorfosi.Defaults;
using EPimorfosi.Programmes;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults<ProgrammesDb>("programmes");
builder.Services.AddSingleton(TimetablePlan.From(builder.Configuration.GetSection("Timetable")));
builder.Services.AddHostedService<LoadReference>();
builder.Services.AddHostedService<Freezer>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapReference();
app.MapPeriods();
app.MapPhases();
app.MapCatalogue();
app.MapOwnProgrammes();
app.MapProposals();
app.MapProgrammeImport();
app.MapProgrammeExport();
app.MapSchoolImport();
app.MapOfficeActs();
app.Run();

/// <summary>The process, for tests that start it.</summary>
public partial class Program;
