using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace EPimorfosi.Verify.Tests;

/// <summary>I11: the service, the page and <c>tools/verify.py</c> agree on whatever the service may publish.</summary>
public sealed class AgreementTests(Verifiers verifiers) : IClassFixture<Verifiers>
{
    const int Iterations = 150;

    [Fact]
    public void Whatever_the_service_draws_both_verifiers_find_right() => Instances.Draws.Sample(draw =>
    {
        var verdict = verifiers.Both(draw.Files());
        Assert.True(verdict.Ok, verdict.ToString());
        Assert.Equal(draw.Randomness.Source.StartsWith("rehearsal:", StringComparison.Ordinal), verdict.Answer["rehearsal"]!.GetValue<bool>());
        Assert.Equal(draw.Result.Seat.Count(seat => seat >= 0), verdict.Answer["figures"]!["placed"]!.GetValue<int>());
    }, iter: Iterations, threads: 1);

    [Fact]
    public void The_page_tells_each_ticket_what_the_service_would() => Instances.QuickDraws.Where(draw => draw.Applications.Length > 0).Sample(draw => // R19
    {
        var application = draw.Applications.Length / 2;
        var (ticket, list) = draw.Applications[application];
        var typed = $"{ticket[..4].ToLowerInvariant()} {ticket[4..8]}-{ticket[8..]}";
        var told = verifiers.Page.Check(draw.Files(), new() { ["ticket"] = typed }).Answer["ticket"]!;
        Assert.Equal(Array.IndexOf(draw.Result.Order, application) + 1, told["place"]!.GetValue<int>());
        Assert.Equal(draw.Result.Rank(application), told["rank"]!.GetValue<int>());
        Assert.Equal(list, told["choices"]!.AsArray().Select(choice => choice!["programme"]!.GetValue<string>()));
        foreach (var (choice, index) in told["choices"]!.AsArray().Select((choice, index) => (choice!, index)))
        {
            var programme = draw.Result.Book.Choices(application)[index];
            Assert.Equal(draw.Result.RunnerUpOf(application)[index], choice["position"]?.GetValue<int>() ?? 0);
            Assert.Equal(draw.Result.CutOff[programme], choice["cutOff"]?.GetValue<int>() ?? 0);
            Assert.Equal(draw.Result.RunnersUp[programme], choice["runnersUp"]!.GetValue<int>());
            Assert.Equal(draw.Result.Members[programme], choice["members"]!.GetValue<int>());
        }
        var python = verifiers.Python.Check(draw.Files(), new() { ["ticket"] = typed }).Answer["told"]!.AsArray().Select(line => line!.GetValue<string>()).ToArray();
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{ticket}: place {told["place"]} of {draw.Applications.Length}"), python[0], StringComparison.Ordinal);
        Assert.Equal(list.Length + 1, python.Length);
    }, iter: Iterations, threads: 1);

    [Fact]
    public void A_ticket_that_is_not_on_the_list_is_told_so() => Instances.QuickDraws.Sample(draw =>
    {
        var verdict = verifiers.Page.Check(draw.Files(), new() { ["ticket"] = "NO SUCH TICKET" });
        Assert.True(verdict.Ok);
        Assert.True(verdict.Answer["asked"]!.GetValue<bool>());
        Assert.Null(verdict.Answer["ticket"]);
        Assert.Equal("There is no such ticket on the list.", verifiers.Python.Check(draw.Files(), new() { ["ticket"] = "NO SUCH TICKET" }).Answer["told"]![0]!.GetValue<string>());
    }, iter: 5, threads: 1);

    [Fact]
    public void Whatever_the_service_decides_in_phase_B_both_verifiers_find_right() => Instances.PhasesB.Sample(phase => // R23-R27
    {
        var files = phase.Draw.Files();
        files["log.txt"] = Encoding.UTF8.GetBytes(phase.Log);
        var verdict = verifiers.Both(files, new() { ["scope"] = phase.Scope, ["upgrade"] = phase.Upgrade });
        Assert.True(verdict.Ok, $"{verdict}\n{phase.Log}");
        Assert.Equal(phase.Log.Count(letter => letter == '\n') - 1, verdict.Answer["log"]!["lines"]!.GetValue<int>());
        if (phase is { Scope: "AnyVacancy", Upgrade: false } && !phase.Log.Contains("|refused|-|-|", StringComparison.Ordinal) && !phase.Log.Contains("NO-SUCH", StringComparison.Ordinal))
        {
            Assert.Null(Replay.Of(phase.Draw).Run(Load.SeatReplay.Parse(phase.Log)));
        }
    }, iter: 4 * Iterations, threads: 1);

    [Fact]
    public void Struck_lines_and_the_list_together_are_what_was_announced() => Instances.QuickDraws.Where(draw => draw.Applications.Length > 3).Sample(draw => // R31
    {
        var struck = draw.Applications.Where((_, index) => index % 3 == 1).ToArray();
        var left = Published.Of(draw.Programmes, [.. draw.Applications.Except(struck)], draw.Randomness);
        var files = left.Files();
        files["struck.txt"] = Encoding.UTF8.GetBytes($"epimorfosi-struck-v1 {Published.Period}\n{Published.Lines(struck)}");
        var announced = Published.Hex(Published.ApplicationsText(draw.Applications));
        var verdict = verifiers.Both(files, new() { ["announcedSha256"] = announced });
        Assert.True(verdict.Ok, verdict.ToString());
        Assert.Equal(announced, verdict.Answer["struck"]!["announcedSha256"]!.GetValue<string>());
        Assert.Equal(struck.Length, verdict.Answer["struck"]!["count"]!.GetValue<int>());
        Assert.Equal("struck.txt", verifiers.Both(files, new() { ["announcedSha256"] = new string('0', 64) }).Place);
        files["struck.txt"] = Encoding.UTF8.GetBytes($"epimorfosi-struck-v1 {Published.Period}\n{Published.Lines([left.Applications[0]])}");
        Assert.Equal("struck.txt:2", verifiers.Both(files).Place);
    }, iter: 30, threads: 1);
}
