using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Programmes;

namespace EPimorfosi.Programmes.Tests;

public class ProgrammeChecksTests
{
    internal static readonly Period Period = new("B2-2023-2", 1, new("2η περίοδος Β2", "2nd B2 period"), "B2", new(2023, 3, 6), new(2023, 6, 30),
        new(new(2023, 1, 9, 6, 0, 0, TimeSpan.Zero), new(2023, 1, 20, 21, 59, 59, TimeSpan.Zero)), new(2023, 1, 23, 10, 0, 0, TimeSpan.Zero),
        new(new(2023, 1, 25, 10, 0, 0, TimeSpan.Zero), new(2023, 1, 30, 21, 59, 59, TimeSpan.Zero)),
        new(new(2023, 1, 31, 6, 0, 0, TimeSpan.Zero), new(2023, 2, 6, 21, 59, 59, TimeSpan.Zero)), 10, 15, new());

    static readonly ReferenceBook Book = new(
        new HashSet<string> { "B2.1", "B2.4" },
        new Dictionary<string, string> { ["GR-01"] = "GR-01", ["GR-A1-A"] = "GR-A1", ["GR-A1-B"] = "GR-A1", ["EXT"] = "EXT" },
        new[]
        {
            new School("0101", "1ο ΓΥΜΝΑΣΙΟ ΑΓΡΙΝΙΟΥ", "ΓΥΜΝΑΣΙΟ", "secondary", null, "GR-01", "GR-01"),
            new School("9901", "ΕΛΛΗΝΙΚΟ ΣΧΟΛΕΙΟ ΒΡΥΞΕΛΛΩΝ", "ΓΥΜΝΑΣΙΟ", "secondary", null, "EXT", "EXT"),
        }.ToDictionary(school => school.Code));

    static (ProgrammeDraft? Draft, List<Fault> Faults) Check(string line)
    {
        var faults = new List<Fault>();
        return (new ProgrammeChecks(Book, Period, TimetablePlan.Default).Check(new CsvRow(2, ProgrammeChecks.Columns, line.Split(',')), faults), faults);
    }

    [Fact]
    public void A_full_line_passes()
    {
        var (draft, faults) = Check("P1,B2.4,IIa,0101,Πληροφορική,8,12,2023-03-07,Thu 17:00|Tue 17:00,E1:30|E2:30,GR-A1-B|GR-A1-A");

        Assert.Empty(faults);
        Assert.Equal((8, 12, new DateOnly(2023, 3, 7)), (draft!.Minimum, draft.Maximum, draft.StartsOn));
        Assert.Equal(["Tue 17:00", "Thu 17:00"], draft.Slots);
        Assert.Equal(["E1:30", "E2:30"], draft.Trainers);
        Assert.Equal(["GR-A1-A", "GR-A1-B"], draft.ExtraPrefectures);
        Assert.Equal(["GR-01", "GR-A1"], draft.Nomoi); // R5: the centre's nomos and those added, each once
    }

    [Fact]
    public void What_may_be_empty_has_the_periods_defaults()
    {
        var (draft, faults) = Check("P1,B2.4,IIb,0101,Πληροφορική,,,2023-03-07,,,");

        Assert.Empty(faults);
        Assert.Equal((10, 15), (draft!.Minimum, draft.Maximum)); // R2
        Assert.Empty(draft.Slots.Concat(draft.Trainers).Concat(draft.ExtraPrefectures).Concat(draft.Nomoi));
    }

    [Theory]
    [InlineData("p1,B2.4,IIa,0101,T,,,2023-03-07,,,", "code", null, "Code")]
    [InlineData(",B2.4,IIa,0101,T,,,2023-03-07,,,", "code", null, "Code")]
    [InlineData("Π1,B2.4,IIa,0101,T,,,2023-03-07,,,", "code", null, "Code")]
    [InlineData("P1,B2.9,IIa,0101,T,,,2023-03-07,,,", "cluster", "R1", "NoCluster")]
    [InlineData("P1,B2.4,IIc,0101,T,,,2023-03-07,,,", "category", "R4", "OneOf")]
    [InlineData("P1,B2.4,IIA,0101,T,,,2023-03-07,,,", "category", "R4", "OneOf")]
    [InlineData("P1,B2.4,IIa,0102,T,,,2023-03-07,,,", "centre", "R6", "NoCentre")]
    [InlineData("P1,B2.4,IIb,9901,T,,,2023-03-07,,,", "centre", "R6", "NoCentre")]
    [InlineData("P1,B2.4,IIa,,T,,,2023-03-07,,,", "centre", "R6", "NoCentre")]
    [InlineData("P1,B2.4,IIa,0101,,,,2023-03-07,,,", "title", null, "Text")]
    [InlineData("P1,B2.4,IIa,0101,T,0,,2023-03-07,,,", "min", "R2", "Between")]
    [InlineData("P1,B2.4,IIa,0101,T,x,,2023-03-07,,,", "min", "R2", "Between")]
    [InlineData("P1,B2.4,IIa,0101,T,,1001,2023-03-07,,,", "max", "R2", "Between")]
    [InlineData("P1,B2.4,IIa,0101,T,,9,2023-03-07,,,", "max", "R2", "NotLess")]
    [InlineData("P1,B2.4,IIa,0101,T,16,,2023-03-07,,,", "max", "R2", "NotLess")]
    [InlineData("P1,B2.4,IIa,0101,T,,,7/3/2023,,,", "starts_on", "R3", "Day")]
    [InlineData("P1,B2.4,IIa,0101,T,,,,,,", "starts_on", "R3", "Day")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-02-07,,,", "starts_on", "R3", "OutsidePeriod")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,Tue,,", "slots", "R3", "Slot")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,Tue 17:00|,,", "slots", "R3", "Slot")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,Tue 17:00,,", "slots", "R3", "TooFewHours")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,Tue 09:00|Thu 17:00,,", "slots", "R3", "SchoolHours")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-06-07,Tue 17:00|Thu 17:00,,", "starts_on", "R3", "EndsTooLate")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,E1:30|E2:29,", "trainers", "R6", "HoursOfTrainers")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,E1:60|E2,", "trainers", "R6", "HoursForAll")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,E1:30|E1:30,", "trainers", "R6", "TrainerTwice")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,E1:30:30,", "trainers", "R6", "Trainers")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,E1:sixty,", "trainers", "R6", "Trainers")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,|E1,", "trainers", "R6", "Trainers")]
    [InlineData("P1,B2.4,IIb,0101,T,,,2023-03-07,,,GR-A1-A", "extra_prefectures", "R5", "OnlyIIa")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,,GR-99", "extra_prefectures", "R5", "NoPrefecture")]
    [InlineData("P1,B2.4,IIa,0101,T,,,2023-03-07,,,EXT", "extra_prefectures", "R5", "NoPrefecture")]
    public void Each_fault_is_named_with_its_column_and_rule(string line, string column, string? rule, string text)
    {
        var (draft, faults) = Check(line);

        Assert.Null(draft);
        var fault = Assert.Single(faults);
        Assert.Equal((column, rule, text), (fault.Field, fault.Rule, fault.Text));
    }

    [Fact]
    public void All_faults_of_a_line_are_told_at_once() =>
        Assert.Equal(["code", "cluster", "category", "title", "centre", "min", "starts_on", "slots", "trainers", "extra_prefectures"],
            Check("p,B3,II,1,,x,,then,now,E1:1,GR").Faults.Select(fault => fault.Field).Distinct());

    static TrainingProgramme Published(string line)
    {
        var programme = new TrainingProgramme { Code = "P1", Period = Period.Code };
        Assert.True(programme.Become(Check(line).Draft!));
        return programme;
    }

    const string InForce = "P1,B2.4,IIa,0101,T,10,15,2023-03-07,Tue 17:00|Thu 17:00,,GR-A1-A";

    [Theory]
    [InlineData("P1,B2.4,IIa,0101,Another,10,16,2023-03-07,Mon 17:00|Thu 17:00,E1,GR-A1-A", "")]
    [InlineData("P1,B2.4,IIa,0101,T,10,15,2023-03-07,Tue 17:00|Thu 17:00,,GR-A1-B", "")] // of the same nomos
    [InlineData("P1,B2.1,IIa,0101,T,10,15,2023-03-07,Tue 17:00|Thu 17:00,,GR-A1-A", "cluster")]
    [InlineData("P1,B2.4,IIb,0101,T,10,15,2023-03-07,Tue 17:00|Thu 17:00,,", "category")]
    [InlineData("P1,B2.4,IIa,0101,T,9,15,2023-03-07,Tue 17:00|Thu 17:00,,GR-A1-A", "min")]
    [InlineData("P1,B2.4,IIa,0101,T,10,14,2023-03-07,Tue 17:00|Thu 17:00,,GR-A1-A", "max")]
    [InlineData("P1,B2.4,IIa,0101,T,10,15,2023-03-08,Tue 17:00|Thu 17:00,,GR-A1-A", "starts_on")]
    [InlineData("P1,B2.4,IIa,0101,T,10,15,2023-03-07,Tue 17:00|Thu 17:00,,", "extra_prefectures")]
    public void While_phase_A_is_open_a_programme_is_only_widened(string line, string faults) =>
        Assert.Equal(faults, string.Join(',', Published(InForce).NarrowedBy(Check(line).Draft!).Select(fault => fault.Field)));

    [Fact]
    public void What_is_exported_imports_as_no_change()
    {
        var programme = Published(InForce);
        var again = Check(string.Join(',', ProgrammeExport.Values(programme))).Draft!;

        Assert.False(programme.Become(again));
        Assert.Equal(1, programme.Version);
    }
}
