using System.Globalization;
using System.Xml.Linq;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Gateway.Pages;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

public class PureTests
{
    static readonly Services.Period Period = new(
        "P", new("", ""), new(2023, 3, 6), new(2023, 6, 30), Phase("2023-01-09T06:00:00Z", "2023-01-20T21:59:59Z"), At("2023-01-23T10:00:00Z"),
        Phase("2023-01-25T10:00:00Z", "2023-01-30T21:59:59Z"), Phase("2023-01-31T06:00:00Z", "2023-02-06T21:59:59Z"), 10, 15);

    [Theory]
    [InlineData("2023-01-09T05:59:59Z", "Collecting", "Upcoming")]
    [InlineData("2023-01-09T06:00:00Z", "Collecting", "PhaseA")]
    [InlineData("2023-01-20T21:59:59.999Z", "Collecting", "PhaseA")] // R30: inclusive to the second
    [InlineData("2023-01-20T22:00:00Z", "Collecting", "Closed")]
    [InlineData("2023-01-20T22:00:00Z", null, "Closed")]
    [InlineData("2023-01-21T08:00:00Z", "Frozen", "Frozen")]
    [InlineData("2023-01-26T08:00:00Z", "Committed", "Committed")] // late: what is so counts, not the calendar
    [InlineData("2023-01-23T10:00:00Z", "Drawn", "Drawn")]
    [InlineData("2023-01-23T11:00:00Z", "Published", "Results")]
    [InlineData("2023-01-25T10:00:00Z", "Published", "PhaseB")]
    [InlineData("2023-01-30T22:00:00Z", "Published", "BeforeEnrolment")]
    [InlineData("2023-02-06T21:59:59Z", "Published", "Enrolment")]
    [InlineData("2023-03-06T08:00:00Z", "Published", "Lessons")]
    [InlineData("2023-07-01T08:00:00Z", "Published", "Over")]
    public void The_public_is_told_where_the_period_stands(string now, string? draw, string stage) =>
        Assert.Equal(stage, Stages.Of(Period, draw, At(now)).ToString());

    [Theory]
    [InlineData("0123456789ABCDEF", "0123456789ABCDEF")]
    [InlineData(" o123-4567 89ab cdef", "0123456789ABCDEF")]
    [InlineData("iL23456789ABCDEF", "1123456789ABCDEF")]
    [InlineData("0123456789ABCDE", null)]
    [InlineData("U123456789ABCDEF", null)]
    [InlineData("Α123456789ABCDEF", null)] // a Greek Alpha
    public void A_ticket_is_read_as_people_type_it(string typed, string? ticket) => Assert.Equal(ticket, Tickets.Read(typed));

    [Fact]
    public void Every_text_is_in_both_languages_with_the_same_places_to_fill_in()
    {
        var (greek, english) = (Texts("Texts.resx"), Texts("Texts.en.resx"));
        Assert.Equal(greek.Keys.Order(), english.Keys.Order());
        foreach (var key in greek.Keys)
        {
            Assert.False(string.IsNullOrWhiteSpace(greek[key]) || string.IsNullOrWhiteSpace(english[key]), key);
            Assert.True(Places(greek[key]).SetEquals(Places(english[key])), key);
        }
    }

    static Dictionary<string, string> Texts(string file) => XDocument.Load(ProjectRoot.Combine("gateway", file)).Root!.Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    static HashSet<char> Places(string text) => [.. text.Zip(text.Skip(1)).Where(pair => pair.First == '{').Select(pair => pair.Second)];

    static DateTimeOffset At(string moment) => DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);

    static Phase Phase(string opens, string closes) => new(At(opens), At(closes));
}
