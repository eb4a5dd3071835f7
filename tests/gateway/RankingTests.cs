using CsCheck;
using EPimorfosi.Gateway.Drafts;

namespace EPimorfosi.Gateway.Tests;

/// <summary>What the buttons of a ranked list can do to it (R13).</summary>
public sealed class RankingTests
{
    static readonly string[] Codes = ["A1", "A2", "A3", "B1", "B2", "B3"];

    static bool IsIia(string code) => code[0] == 'A';

    [Theory]
    [InlineData("add:A2", "A1 A2 B1 B2")]
    [InlineData("add:B3", "A1 B1 B2 B3")]
    [InlineData("add:A1", "A1 B1 B2")]
    [InlineData("remove:B1", "A1 B2")]
    [InlineData("remove:A3", "A1 B1 B2")]
    [InlineData("up:B2", "A1 B2 B1")]
    [InlineData("up:B1", "A1 B1 B2")]
    [InlineData("down:A1", "A1 B1 B2")]
    [InlineData("move:B2:1", "A1 B2 B1")]
    [InlineData("move:B1:99", "A1 B2 B1")]
    [InlineData("add:NONE", null)]
    [InlineData("sort", null)]
    [InlineData("move:B1:x", null)]
    [InlineData(null, null)]
    public void A_press_does_what_its_button_says(string? act, string? after) =>
        Assert.Equal(after?.Split(' '), Ranking.Do(act, ["A1", "B1", "B2"], IsIia, Codes.Contains));

    [Fact]
    public void No_presses_whatever_bring_a_IIa_programme_behind_a_IIb_one_or_list_one_twice() => Gen.Select(
        Gen.OneOf(Gen.Const("add"), Gen.Const("remove"), Gen.Const("up"), Gen.Const("down"), Gen.Const("move")), Gen.Int[0, Codes.Length - 1].Select(index => Codes[index]), Gen.Int[1, 9]).List[0, 40].Sample(presses =>
        {
            IReadOnlyList<string> list = [];
            foreach (var (verb, code, place) in presses)
            {
                list = Ranking.Do(verb == "move" ? $"move:{code}:{place}" : $"{verb}:{code}", list, IsIia, Codes.Contains) ?? list;
            }
            Assert.Equal(list.Distinct(), list);
            Assert.Equal(list.OrderBy(code => IsIia(code) ? 0 : 1), list);
        });
}
