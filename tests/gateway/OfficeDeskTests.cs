using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EPimorfosi.Gateway.Exports;
using EPimorfosi.Gateway.Pages.Auditor;
using EPimorfosi.Gateway.Pages.Office;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>The parts of the office's pages that are pure: cells that are no formulas, and what two people made of one period.</summary>
public sealed partial class OfficeDeskTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1"), InlineData("+30210", "'+30210"), InlineData("-5", "'-5"), InlineData("@SUM(A1)", "'@SUM(A1)"), InlineData("\t=1", "'\t=1"), InlineData("'=1", "''=1")]
    [InlineData("Μαρία", "Μαρία"), InlineData("a=b", "a=b"), InlineData("", ""), InlineData("'quoted", "'quoted")]
    public void No_cell_of_a_csv_file_is_a_formula(string value, string cell) => Assert.Equal(cell, Sheets.Guarded(value));

    [Fact]
    public async Task Every_cell_of_an_xlsx_file_is_text()
    {
        using var file = new MemoryStream();
        await Sheets.Write(file, "Φύλλο", Rows());
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        var sheet = XDocument.Load(zip.Entries.Single(entry => entry.FullName.Contains("worksheets/", StringComparison.Ordinal)).Open());
        var cells = sheet.Descendants().Where(element => element.Name.LocalName == "c").ToArray();
        Assert.Equal(["code", "value", "001", "=HYPERLINK(\"http://x\")", "+30210", "@x\nδεύτερη"], cells.Select(cell => cell.Value));
        Assert.All(cells, cell => Assert.Equal("inlineStr", cell.Attribute("t")?.Value));
        Assert.DoesNotContain(sheet.Descendants(), element => element.Name.LocalName == "f");

        static async IAsyncEnumerable<string[]> Rows()
        {
            await Task.Yield();
            yield return ["code", "value"];
            yield return ["001", "=HYPERLINK(\"http://x\")"];
            yield return ["+30210", "@x\nδεύτερη"];
        }
    }

    [Fact]
    public void Of_two_editors_each_keeps_what_only_they_changed_and_a_clash_is_named()
    {
        Dictionary<string, string> seen = new() { ["level"] = "B2", ["groupMinimum"] = "10", ["groupMaximum"] = "15" };
        Dictionary<string, string> mine = new() { ["level"] = "B2", ["groupMinimum"] = "8", ["groupMaximum"] = "16" };
        Dictionary<string, string> theirs = new() { ["level"] = "B3", ["groupMinimum"] = "10", ["groupMaximum"] = "20" };
        var (merged, differences) = PeriodFields.Merge(seen, mine, theirs);
        Assert.Equal(("B3", "8", "16"), (merged["level"], merged["groupMinimum"], merged["groupMaximum"]));
        Assert.Equal(["level: B2 → B3 (-)", "groupMaximum: 15 → 20 (16)"], differences.Select(one => $"{one.Field.Name}: {one.Before} → {one.After} ({one.Mine ?? "-"})"));
    }

    [Fact]
    public void A_form_that_nobody_touched_is_the_same_period_to_the_microsecond()
    {
        var stored = JsonNode.Parse("""
            {"title":{"el":"Τίτλος","en":"Title"},"level":"B2","firstDay":"2023-03-06","lastDay":"2023-06-30","phaseA":{"opens":"2023-01-09T06:00:00.123456Z","closes":"2023-01-20T21:59:59Z"},"drawAt":null,
             "phaseB":{"opens":"2023-01-25T10:00:00Z","closes":"2023-01-30T21:59:59Z"},"enrolment":{"opens":"2023-03-26T00:30:00Z","closes":"2023-03-26T02:30:00Z"},"groupMinimum":10,"groupMaximum":15,
             "policy":{"iiaFirst":true,"iiaRequired":false,"maxChoices":0,"excludePriorB2":true,"phaseBScope":"AnyVacancy","offerHours":48,"enrolmentDays":5,"upgrade":false,"objectionHours":24,"phaseBLater":""}}
            """)!;
        var form = PeriodFields.All.ToDictionary(field => field.Name, field => PeriodFields.Shown(field, stored));
        Assert.Equal("2023-01-09T08:00:00", form["phaseA.opens"]); // Athens
        Assert.True(JsonNode.DeepEquals(stored, PeriodFields.Period(form, stored)), PeriodFields.Period(form, stored).ToJsonString());
        form["phaseA.closes"] = "2023-01-21T23:59:59";
        Assert.Equal("2023-01-21T21:59:59+00:00", PeriodFields.Period(form, stored)["phaseA"]!["closes"]!.ToJsonString().Trim('"').Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Fact]
    public void The_texts_of_the_offices_pages_are_there_in_both_languages()
    {
        var (greek, english) = (Texts("OfficeTexts.resx"), Texts("OfficeTexts.en.resx"));
        Assert.Equal(greek.Keys.Order(), english.Keys.Order());
        Assert.All(greek, text => Assert.Equal(Place().Matches(text.Value).Select(match => match.Value).Distinct().Order(), Place().Matches(english[text.Key]).Select(match => match.Value).Distinct().Order()));
        var sources = Directory.EnumerateFiles(ProjectRoot.Combine("gateway", "Pages", "Office")).Where(file => file.EndsWith(".razor", StringComparison.Ordinal)).Select(File.ReadAllText).ToArray();
        Assert.Empty(sources.SelectMany(source => Asked().Matches(source).Select(match => match.Groups[1].Value)).Distinct().Except(greek.Keys));
        Assert.Empty(AuditPage.Kinds.Select(kind => $"Act_{kind}").Except(greek.Keys));
        Assert.Empty(PeriodFields.All.Select(field => $"Field_{field.Name}").Except(greek.Keys));
    }

    static Dictionary<string, string> Texts(string file) =>
        XDocument.Load(ProjectRoot.Combine("gateway", "Pages", "Office", file)).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    [GeneratedRegex("""Say\["([^"]+)"[\],]""")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
