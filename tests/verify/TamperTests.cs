using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace EPimorfosi.Verify.Tests;

/// <summary>A changed bundle is found by every verifier, at the same place.</summary>
public sealed class TamperTests(Verifiers verifiers) : IClassFixture<Verifiers>
{
    static readonly Gen<(Published Draw, int[] Where, int[] Bits)> Changes = Gen.Select(
        Instances.QuickDraws.Where(draw => draw.Applications.Length > 2), Gen.Int[0, int.MaxValue].Array[24], Gen.Int[1, 255].Array[24], (draw, where, bits) => (draw, where, bits));

    [Theory]
    [InlineData("applications.txt")]
    [InlineData("programmes.txt")]
    [InlineData("results.txt")]
    [InlineData("log.txt")]
    public void One_changed_byte_anywhere_in_a_list_is_found(string name) => Instances.PhasesB.Where(phase => phase.Draw.Applications.Length > 2).Select(Changes).Sample((phase, change) =>
    {
        var files = phase.Draw.Files();
        files["log.txt"] = Encoding.UTF8.GetBytes(phase.Log);
        var options = new JsonObject { ["scope"] = phase.Scope, ["upgrade"] = phase.Upgrade };
        foreach (var (where, bits) in change.Where.Zip(change.Bits))
        {
            var changed = new Dictionary<string, byte[]>(files) { [name] = Changed(files[name], where, bits) };
            var verdict = verifiers.Both(changed, options);
            Assert.False(verdict.Ok, $"byte {where % files[name].Length} of {name}, {bits:x2}");
            Assert.Equal(name, verdict.File);
        }
    }, iter: 12, threads: 1);

    /// <summary>
    /// In draw.json white space means nothing, and nothing else in the bundle depends on the custodians' names or, within reason, on the two
    /// times: those are to be compared with what was published before the draw. Every other byte is found.
    /// </summary>
    [Fact]
    public void One_changed_byte_in_draw_json_is_found_unless_it_means_the_same_or_is_a_name_or_a_time() => Changes.Sample(change =>
    {
        var files = change.Draw.Files();
        foreach (var (where, bits) in change.Where.Zip(change.Bits))
        {
            var changed = new Dictionary<string, byte[]>(files) { ["draw.json"] = Changed(files["draw.json"], where, bits) };
            var verdict = verifiers.Both(changed);
            if (verdict.Ok)
            {
                Assert.Equal(Meaning(files["draw.json"]), Meaning(changed["draw.json"]));
            }
        }
    }, iter: 40, threads: 1);

    [Fact]
    public void One_changed_byte_anywhere_in_the_archive_never_passes_for_another_content() => Changes.Sample(change =>
    {
        var zip = Publisher.Zip(change.Draw.Files());
        var contents = verifiers.Page.CheckZip(zip).Answer["contents"]!.ToJsonString();
        foreach (var (where, bits) in change.Where.Zip(change.Bits))
        {
            foreach (var verifier in new[] { verifiers.Page, verifiers.Python })
            {
                if (verifier.CheckZip(Changed(zip, where, bits)) is { Ok: true } verdict)
                {
                    Assert.True(JsonNode.DeepEquals(JsonNode.Parse(contents), verdict.Answer["contents"]), $"byte {where % zip.Length}");
                }
            }
        }
    }, iter: 15, threads: 1);

    /// <summary>Nothing else in the bundle says when the draw was committed to; but the archive itself has a checksum.</summary>
    [Fact]
    public void Another_time_of_the_commitment_in_an_archive_is_found_by_its_checksum() => Changes.Sample(change =>
    {
        var zip = Publisher.Zip(change.Draw.Files(), CompressionLevel.NoCompression);
        zip[zip.AsSpan().IndexOf("10:00:00.123Z"u8) + 1]++;
        Assert.Equal("draw.json", verifiers.Page.CheckZip(zip).Place);
        Assert.Equal("draw.json", verifiers.Python.CheckZip(zip).Place);
    }, iter: 5, threads: 1);

    [Fact]
    public void Two_lines_in_each_others_place_are_found() => Changes.Where(change => change.Draw.Programmes.Length > 1).Sample(change =>
    {
        var files = change.Draw.Files();
        foreach (var name in new[] { "applications.txt", "programmes.txt", "results.txt" })
        {
            var lines = Lines(files[name]);
            var at = 1 + change.Where[0] % (lines.Length - 2);
            (lines[at], lines[at + 1]) = (lines[at + 1], lines[at]);
            var verdict = verifiers.Both(new Dictionary<string, byte[]>(files) { [name] = Bytes(lines) });
            Assert.Equal(name == "results.txt" ? $"{name}:{at + 1}" : $"{name}:{at + 2}", verdict.Place);
        }
    }, iter: 30, threads: 1);

    [Fact]
    public void A_seat_given_to_another_a_line_left_out_and_one_too_many_are_found_at_their_line() => Changes.Sample(change =>
    {
        var files = change.Draw.Files();
        var lines = Lines(files["results.txt"]);
        var at = 1 + change.Where[0] % (lines.Length - 1);
        var parts = lines[at].Split('|');
        Assert.Equal($"results.txt:{at + 1}", Of([.. lines[..at], $"{parts[0]}|{parts[1]}|{(parts[2] == "-" ? "P-0" : "-")}|{(parts[2] == "-" ? 1 : 0)}", .. lines[(at + 1)..]]));
        Assert.Equal($"results.txt:{lines.Length}", Of(lines[..^1]));
        Assert.Equal($"results.txt:{lines.Length + 1}", Of([.. lines, $"{lines.Length}|FFFFFFFFFFFFFFFF|-|0"]));

        string Of(string[] results) => verifiers.Both(new Dictionary<string, byte[]>(files) { ["results.txt"] = Bytes(results) }).Place;
    }, iter: 30, threads: 1);

    [Fact]
    public void Another_seed_randomness_commitment_reveal_digest_or_count_is_found_in_draw_json() => Changes.Sample(change =>
    {
        var files = change.Draw.Files();
        foreach (var (member, expected) in new[] { ("seed", "draw.json"), ("randomness", "draw.json"), ("applicationsSha256", "applications.txt"), ("programmesSha256", "programmes.txt") })
        {
            Assert.Equal(expected, With(json => json[member] = Published.Hex(member)).File);
        }
        Assert.Equal("applications.txt", With(json => json["applications"] = 1000).File);
        Assert.Equal("draw.json", With(json => json["custodians"]![0]!["commitment"] = Published.Hex("another")).File);
        Assert.Equal("draw.json", With(json => json["custodians"]![0]!["reveal"] = "another").File);
        Assert.Equal("draw.json", With(json => json["custodians"]![0]!["reveal"] = null).File);
        Assert.Equal("draw.json", With(json => json["custodians"]!.AsArray().RemoveAt(0)).File);
        Assert.Equal("draw.json", With(json => json["source"] = "dice:6").File);
        Assert.Equal("draw.json", With(json => json["drawnAt"] = "2000-01-01T00:00:00Z").File);
        Assert.Equal("draw.json", With(json => json["format"] = 2).File);

        Verdict With(Action<JsonObject> tamper)
        {
            var json = JsonNode.Parse(files["draw.json"])!.AsObject();
            tamper(json);
            return verifiers.Both(new Dictionary<string, byte[]>(files) { ["draw.json"] = Encoding.UTF8.GetBytes(json.ToJsonString()) });
        }
    }, iter: 10, threads: 1);

    /// <summary>Who changes the list must change its digest and so the seed and with it everybody's place: the results give it away.</summary>
    [Fact]
    public void A_changed_list_with_all_digests_and_the_seed_made_to_fit_is_found_by_the_results() => Changes.Sample(change =>
    {
        var (draw, files) = (change.Draw, change.Draw.Files());
        var longest = draw.Applications.MaxBy(application => application.Preferences.Length);
        var other = Published.Of(draw.Programmes, [.. draw.Applications.Where(application => application != longest)], draw.Randomness);
        var tampered = other.Files();
        tampered["results.txt"] = files["results.txt"];
        Assert.Equal("results.txt", verifiers.Both(tampered).File);
    }, iter: 20, threads: 1);

    [Theory]
    [InlineData("applications.txt")]
    [InlineData("programmes.txt")]
    [InlineData("results.txt")]
    [InlineData("draw.json")]
    public void A_file_that_is_not_there_is_named(string name) => Changes.Sample(change =>
    {
        var files = change.Draw.Files();
        files.Remove(name);
        Assert.Equal(name, verifiers.Both(files).Place);
    }, iter: 3, threads: 1);

    static byte[] Changed(byte[] content, int where, int bits)
    {
        var changed = content.ToArray();
        changed[where % changed.Length] ^= (byte)bits;
        return changed;
    }

    /// <summary>What the rules read of draw.json, without the names and times that nothing else depends on.</summary>
    internal static string Meaning(byte[] drawJson)
    {
        var json = JsonNode.Parse(drawJson)!.AsObject();
        foreach (var custodian in json["custodians"]!.AsArray())
        {
            custodian!["name"] = null;
        }
        string[] known = ["format", "period", "algorithm", "applicationsSha256", "programmesSha256", "applications", "programmes", "source", "randomness", "seed", "custodians", "drand"];
        return string.Join('\n', known.Select(member => $"{member}: {json[member]?.ToJsonString()}"));
    }

    static string[] Lines(byte[] content) => Encoding.UTF8.GetString(content)[..^1].Split('\n');

    static byte[] Bytes(string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
