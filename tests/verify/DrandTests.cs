using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Allocation.Draws;

namespace EPimorfosi.Verify.Tests;

/// <summary>drand: rounds that the League of Entropy really published, checked against the public keys of its chains.</summary>
public sealed class DrandTests(Verifiers verifiers) : IClassFixture<Verifiers>
{
    public static TheoryData<string> Chains => new() { "quicknet", "default" };

    static Round Of(string chain) => chain == "quicknet" ? Round.Quicknet : Round.Default;

    [Theory, MemberData(nameof(Chains))]
    public void A_published_round_is_the_chains_and_its_randomness_the_digest_of_its_signature(string chain)
    {
        var round = Of(chain);
        Assert.Equal(round.Randomness, Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(round.Signature))));
        Assert.True(Signed(round));
    }

    [Theory, MemberData(nameof(Chains))]
    public void One_flipped_bit_in_the_signature_makes_it_nobodys(string chain)
    {
        var round = Of(chain);
        foreach (var bit in Enumerable.Range(0, round.Signature.Length * 4).Where(bit => bit % 37 == 0).Append(0).Append(1).Append(2))
        {
            Assert.False(Signed(round with { Signature = Flipped(round.Signature, bit) }), $"bit {bit}");
        }
    }

    [Theory, MemberData(nameof(Chains))]
    public void The_signature_is_of_that_round_and_chain_alone(string chain)
    {
        var round = Of(chain);
        Assert.False(Signed(round with { Number = round.Number + 1 }));
        Assert.False(Signed(round with { Signature = Of(chain == "quicknet" ? "default" : "quicknet").Signature }));
        if (round.Previous is { } previous)
        {
            Assert.False(Signed(round with { Previous = Flipped(previous, 300) }));
        }
    }

    [Theory, MemberData(nameof(Chains))]
    public void A_draw_whose_signature_was_made_up_is_found_by_the_page_even_if_all_else_fits(string chain)
    {
        var round = Of(chain);
        var forged = Flipped(round.Signature, 200);
        var draw = Small(Randomness.Drand(round with { Signature = forged, Randomness = Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(forged))) }));
        var verdict = verifiers.Page.Check(draw.Files());
        Assert.Equal("signature", verdict.Answer["key"]?.GetValue<string>());
        Assert.Equal("draw.json", verdict.File);
        Assert.True(verifiers.Python.Check(draw.Files()).Ok); // says that it leaves this to the page
    }

    [Theory, MemberData(nameof(Chains))]
    public void Both_verifiers_find_another_randomness_round_or_signature_and_a_missing_one(string chain)
    {
        var files = Small(Randomness.Drand(Of(chain))).Files();
        var verdict = verifiers.Both(files);
        Assert.True(verdict.Ok, verdict.ToString());
        Assert.True(verdict.Answer["randomness"]!["signatureChecked"]!.GetValue<bool>());
        Assert.Equal("randomness", With(json => json["randomness"] = Published.Hex("x")));
        Assert.Equal("randomness", With(json => json["drand"]!["signature"] = Flipped(Of(chain).Signature, 9)));
        Assert.Equal("member", With(json => json["drand"]!["signature"] = "xyz"));
        Assert.Equal("member", With(json => json.Remove("drand")));
        Assert.Equal("chain", With(json => json["source"] = $"drand:{new string('0', 64)}:7"));
        Assert.Equal("source", With(json => json["source"] = $"drand:{Of(chain).Chain}:0"));

        string? With(Action<JsonObject> tamper)
        {
            var json = JsonNode.Parse(files["draw.json"])!.AsObject();
            tamper(json);
            return verifiers.Both(new Dictionary<string, byte[]>(files) { ["draw.json"] = Encoding.UTF8.GetBytes(json.ToJsonString()) }).Answer["key"]?.GetValue<string>();
        }
    }

    [Theory, MemberData(nameof(Chains))]
    public void One_changed_byte_anywhere_in_draw_json_is_found_unless_it_means_the_same(string chain)
    {
        var files = Small(Randomness.Drand(Of(chain))).Files();
        var right = files["draw.json"];
        var linked = Encoding.UTF8.GetString(right).IndexOf("\"previousSignature\"", StringComparison.Ordinal); // ASCII before it
        for (var at = 0; at < right.Length; at += chain == "quicknet" ? 1 : 7)
        {
            files["draw.json"] = [.. right[..at], (byte)(right[at] ^ 1), .. right[(at + 1)..]];
            var (page, python) = (verifiers.Page.Check(files), verifiers.Python.Check(files));
            Assert.True(!page.Ok || TamperTests.Meaning(right) == TamperTests.Meaning(files["draw.json"]) || Unlinked(at), $"byte {at}: {page}");
            // That a signature is of another round or another round before, only the page can tell; verify.py finds the former by the seed.
            Assert.True(page.Place == python.Place || (page.Answer["key"]?.GetValue<string>() == "signature" && python.Ok == at > linked), $"byte {at}: {page}; {python}");
        }

        // What a chain that links no rounds says of the round before is nothing, under whatever name.
        bool Unlinked(int at) => chain == "quicknet" && at >= linked && at < linked + "\"previousSignature\"".Length;
    }

    [Theory]
    [InlineData("quicknet", "2023-09-15T11:00:03Z")]
    [InlineData("default", "2023-09-15T11:55:00Z")]
    public void A_round_that_was_known_at_the_commitment_is_refused_by_the_chains_own_clock(string chain, string made)
    {
        var at = DateTimeOffset.Parse(made, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(verifiers.Both(Small(Randomness.Drand(Of(chain)) with { CommittedAt = at.AddTicks(-1) }).Files()).Ok);
        Assert.Equal("early", verifiers.Both(Small(Randomness.Drand(Of(chain)) with { CommittedAt = at }).Files()).Answer["key"]?.GetValue<string>());
    }

    bool Signed(Round round) => verifiers.Page.Ask(new()
    {
        ["round"] = new JsonObject { ["chain"] = round.Chain, ["round"] = round.Number, ["signature"] = round.Signature, ["previousSignature"] = round.Previous },
    }).Ok;

    static string Flipped(string hex, int bit)
    {
        var bytes = Convert.FromHexString(hex);
        bytes[bit / 8] ^= (byte)(0x80 >> bit % 8);
        return Convert.ToHexStringLower(bytes);
    }

    static Published Small(Randomness randomness) => Published.Of(
        [new("P-0", 1, "B2.4", "IIb", "τίτλος", "C", "C", "GR-01", [], 1, 1, null, [])], [("0A3FQ7VN2M5K8R1T", ["P-0"]), ("1B3FQ7VN2M5K8R1T", ["P-0"])], randomness);
}
