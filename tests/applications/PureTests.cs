using System.Globalization;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Applications.Tests;

public class PureTests
{
    internal static readonly IStringLocalizer<Texts> Text =
        new StringLocalizer<Texts>(new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance));

    [Fact]
    public void A_ticket_is_the_80_bits_in_order_in_Crockfords_alphabet()
    {
        Assert.Equal("0000000000000000", Ticket.Of(new byte[10]));
        Assert.Equal("ZZZZZZZZZZZZZZZZ", Ticket.Of([.. Enumerable.Repeat((byte)255, 10)]));
        Assert.Equal("G000000000000001", Ticket.Of([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
    }

    [Fact]
    public void Tickets_do_not_repeat_and_use_all_characters()
    {
        var tickets = Enumerable.Range(0, 20_000).Select(_ => Ticket.New()).ToHashSet();
        Assert.Equal(20_000, tickets.Count);
        Assert.All(tickets, ticket => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{16}$", ticket));
        Assert.Equal(32, tickets.SelectMany(ticket => ticket).Distinct().Count());
        Assert.All(Enumerable.Range(0, 16), place => Assert.Equal(32, tickets.Select(ticket => ticket[place]).Distinct().Count()));
    }

    [Theory]
    [InlineData("21:59:58.999", true)]
    [InlineData("21:59:59.000", true)]
    [InlineData("21:59:59.999", true)] // R30: inclusive to the second
    [InlineData("22:00:00.000", false)]
    [InlineData("05:59:59.999", false)]
    [InlineData("06:00:00.000", true)]
    public void A_phase_is_open_to_the_end_of_its_last_second(string clock, bool open)
    {
        var phase = new Phase(DateTimeOffset.Parse("2023-01-20T06:00:00Z", CultureInfo.InvariantCulture), DateTimeOffset.Parse("2023-01-20T21:59:59Z", CultureInfo.InvariantCulture));
        Assert.Equal(open, phase.IsOpen(DateTimeOffset.Parse($"2023-01-20T{clock}Z", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_boundary_moved_to_an_instant_closes_at_it()
    {
        var closes = DateTimeOffset.Parse("2023-01-20T10:00:00.5Z", CultureInfo.InvariantCulture);
        Assert.False(new Phase(closes.AddDays(-1), closes).IsOver(closes));
        Assert.True(new Phase(closes.AddDays(-1), closes).IsOver(closes.AddMilliseconds(1)));
    }

    [Fact]
    public void People_read_the_clock_of_Athens()
    {
        Assert.Equal("20/01/2023 23:59:59", DateTimeOffset.Parse("2023-01-20T21:59:59Z", CultureInfo.InvariantCulture).InAthens());
        Assert.Equal("20/07/2023 00:59:59", DateTimeOffset.Parse("2023-07-19T21:59:59Z", CultureInfo.InvariantCulture).InAthens());
    }

    [Fact]
    public void Every_reason_and_status_has_its_words_in_both_languages()
    {
        var names = Enum.GetNames<Reason>().Select(name => $"Refusal.{name}").Concat(Enum.GetNames<Status>().Select(name => $"Status.{name}")).ToArray();
        Assert.All(names, name => Assert.NotEqual(In("el", name), In("en", name)));
        Assert.All(names, name => Assert.False(Text[name].ResourceNotFound, name));
        Assert.Equal(Keys("el"), Keys("en"));
    }

    [Fact]
    public void The_outcome_is_told_in_plain_words()
    {
        var outcome = new Outcome("T", 412, "B", 2, true, [new("A", 388, 24), new("B", 500, null), new("C", null, null)]);
        Assert.Equal(
        [
            "Your place in the draw: 412.",
            "The last seat of your 1st choice (A) went to place 388 in the draw; you are runner-up number 24.",
            "You got your 2nd choice (B).",
            "Your 3rd choice (C) was not needed: you got an earlier one.",
            "The programme has not reached its minimum: your seat is provisional, and you may claim another in phase B.",
        ], With("en", () => Explanation.Of(outcome, Text).ToArray()));
        Assert.Equal("Η τελευταία θέση της 1ης επιλογής σας (A) δόθηκε στη σειρά 388 της κλήρωσης· είστε 24ος/η επιλαχών/ούσα.", With("el", () => Explanation.Of(outcome, Text).ElementAt(1)));
    }

    [Theory]
    [InlineData("registry_number", "", "Number")]
    [InlineData("registry_number", "12 3", "Number")]
    [InlineData("first_name", "", "Name")]
    [InlineData("last_name", "Α\u0000Β", "Name")]
    [InlineData("email", "nobody", "Email")]
    [InlineData("email", "a@b", "Email")]
    [InlineData("email", "Maria <m@sch.gr>", "Email")]
    [InlineData("mobile", "12345", "Mobile")]
    [InlineData("mobile", "69x2345678", "Mobile")]
    [InlineData("specialty", "ΠΕ999", "Specialty")]
    [InlineData("schools", "", "NoSchool")]
    [InlineData("schools", "9010001|777", "School")]
    [InlineData("language", "fr", "Language")]
    [InlineData("teaching_now", "yes", "Flag")]
    [InlineData("prior_b2", "", "Flag")]
    public void Each_fault_of_a_teachers_line_is_named_by_its_column(string column, string value, string fault)
    {
        var (teacher, faults) = TeacherFile.Read(Line(column, value), Specialties, Schools);
        Assert.Null(teacher);
        Assert.Equal((column, fault), (Assert.Single(faults).Column, faults[0].Text));
    }

    [Fact]
    public void A_right_line_is_read_and_written_back()
    {
        var (teacher, faults) = TeacherFile.Read(Line("mobile", "+30 694 123-4567"), Specialties, Schools);
        Assert.Empty(faults);
        Assert.Equal("+306941234567", teacher!.Mobile);
        var again = TeacherFile.Read(new CsvRow(2, TeacherFile.Columns, [.. TeacherFile.Write(teacher).Select(value => value ?? "")]), Specialties, Schools).Teacher!;
        Assert.Equal(TeacherFile.Write(teacher), TeacherFile.Write(again));
    }

    static readonly HashSet<string> Specialties = ["ΠΕ02"];
    static readonly HashSet<string> Schools = ["9010001"];

    static CsvRow Line(string column, string value)
    {
        string[] right = ["100001", "Μαρία", "Παπαδοπούλου", "maria@sch.gr", "6941234567", "ΠΕ02", "9010001|EXT", "el", "true", "true", "false", "false", "false"];
        right[Array.IndexOf(TeacherFile.Columns, column)] = value;
        return new(2, TeacherFile.Columns, right);
    }

    static string In(string language, string name) => With(language, () => Text[name].Value);

    static string[] Keys(string language) => With(language, () => Text.GetAllStrings(false).Select(text => text.Name).Order(StringComparer.Ordinal).ToArray());

    static T With<T>(string language, Func<T> read)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = new(language);
        try
        {
            return read();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
