using System.Net;

namespace EPimorfosi.Load;

/// <summary>Phase A: everybody's ranked list, with second thoughts and mistakes (R13-R15).</summary>
public static class PhaseA
{
    public static async Task<string> Open(Play play, Step step)
    {
        (await Preparation.Phase(play, "A", "open")).Expect(HttpStatusCode.OK);
        var early = play.Players.First(player => player.Teacher is { Way: Way.Online });
        early.Session = await play.Gateway.SignIn(early.Teacher.RegistryNumber, early.Password);
        await Step.Until("phase A to be open for applications", TimeSpan.FromMinutes(1), async () =>
            await play.Gateway.Put(Path(play), Application(early, []), early.Session) is { Status: HttpStatusCode.UnprocessableEntity } answer ? answer : null);
        await Step.Until("the whole catalogue to be open for applications", TimeSpan.FromMinutes(1), async () =>
            (await play.Gateway.Get($"{Path(play)}/options", early.Session)).Expect(HttpStatusCode.OK) is var answer && answer.Number("total") == Offered(play, early) ? answer : null);
        return "by the office, with its reason in the record";
    }

    public static async Task<string> Apply(Play play, Step step)
    {
        await step.Each([.. play.Players.Where(player => player.Teacher.Way is Way.Online or Way.Ineligible)], player => Apply(play, player));
        var applied = play.Players.Count(player => player.Versions > 0);
        return $"{applied:#,0} applied, {play.Players.Count(player => player.Versions > 1):#,0} had second thoughts, {play.Refusals.Values.Sum():#,0} refused with the rule";
    }

    static async Task Apply(Play play, Player player)
    {
        await SignIn(play, player);
        await LookAtOptions(play, player);
        var list = List(play, player);
        if (player.Teacher.BarredBy is { } rule)
        {
            (await play.Gateway.Put(Path(play), Application(player, list), player.Session!)).ExpectRefusal(HttpStatusCode.UnprocessableEntity, rule);
            play.Refused($"not eligible ({rule})");
            return;
        }
        if (player.Random.NextDouble() < 0.03)
        {
            await Err(play, player, list);
        }
        if (list.Length == 0)
        {
            return; // no programme of the cluster admits them
        }
        await Submit(play, player, list);
        await ThinkAgain(play, player);
    }

    public static async Task SignIn(Play play, Player player) => player.Session ??= await play.Gateway.SignIn(player.Teacher.RegistryNumber, player.Password);

    /// <summary>What the service allows must be what the rules allow as an outsider reads them (R5, R8-R11).</summary>
    public static async Task LookAtOptions(Play play, Player player)
    {
        await SignIn(play, player);
        var answer = (await play.Gateway.Get($"{Path(play)}/options", player.Session)).Expect(HttpStatusCode.OK);
        if (answer.Number("total") != Offered(play, player))
        {
            throw answer.Unexpected($"{Offered(play, player)} programmes of the teacher's clusters");
        }
        foreach (var option in answer.Find("items")!.Value.EnumerateArray())
        {
            var offering = play.Offerings[option.GetProperty("code").GetString()!];
            if (option.GetProperty("allowed").GetBoolean() != (player.Teacher.BarredBy is null && offering.IsLocal(player.Teacher)))
            {
                throw answer.Unexpected($"another answer on {offering.Code} for a teacher of {string.Join(", ", player.Teacher.Schools.Select(school => school.Nomos))}: {option}");
            }
        }
        player.Allowed = Allowed(play, player);
    }

    /// <summary>R7: all of the clusters that are the teacher's, special education's two among them (R11).</summary>
    static int Offered(Play play, Player player) =>
        play.Population.Offerings.Count(offering => offering.Cluster == player.Teacher.Specialty.Cluster || offering.Cluster == player.Teacher.Specialty.MainCluster);

    public static Offering[] Allowed(Play play, Player player) => [.. play.Population.Offerings.Where(offering => offering.Admits(player.Teacher))];

    static string[] List(Play play, Player player) => Preferences.Ranked(player.Random, player.Teacher, player.Allowed, play.Population.Popularity);

    static async Task Submit(Play play, Player player, string[] list) =>
        player.Acknowledged((await play.Gateway.Put(Path(play), Application(player, list), player.Session!)).Expect(HttpStatusCode.OK), list);

    /// <summary>R15: some edit, some withdraw, some of those come back.</summary>
    static async Task ThinkAgain(Play play, Player player)
    {
        var mood = player.Random.NextDouble();
        if (mood < 0.08)
        {
            var other = List(play, player);
            await Submit(play, player, other.SequenceEqual(player.List!) && other.Length > 1 ? other[..^1] : other);
        }
        else if (mood < 0.12)
        {
            player.Acknowledged((await play.Gateway.Delete(Path(play), player.Session!)).Expect(HttpStatusCode.OK), null);
            if (mood < 0.10)
            {
                await Submit(play, player, List(play, player));
            }
        }
    }

    /// <summary>Wrong lists, each refused by its rule.</summary>
    static async Task Err(Play play, Player player, string[] list)
    {
        var strange = play.Population.Offerings.First(offering => offering.Cluster != player.Teacher.Specialty.Cluster && offering.Cluster != player.Teacher.Specialty.MainCluster);
        await Wrong("programme of another cluster", "R11", [.. list, strange.Code]);
        if (play.Population.Offerings.FirstOrDefault(offering => offering.Cluster == player.Teacher.Cluster && !offering.IsLocal(player.Teacher)) is { } far)
        {
            await Wrong("IIa programme of another nomos", "R5", [far.Code, .. list]);
        }
        if (player.Allowed.FirstOrDefault(one => one.Category == "IIa") is { } near && player.Allowed.FirstOrDefault(one => one.Category == "IIb") is { } online)
        {
            await Wrong("IIb before IIa", "R13", [online.Code, near.Code]);
        }

        async Task Wrong(string what, string rule, string[] wrong)
        {
            (await play.Gateway.Put(Path(play), Application(player, wrong), player.Session!)).ExpectRefusal(HttpStatusCode.UnprocessableEntity, rule);
            play.Refused($"{what} ({rule})");
        }
    }

    /// <summary>What came on paper, typed in by the office as one file.</summary>
    public static async Task<string> Paper(Play play, Step step)
    {
        var paper = play.Players.Where(player => player.Teacher.Way == Way.Paper).ToList();
        paper.ForEach(player => player.Allowed = Allowed(play, player));
        var lists = paper.Select(player => (Player: player, List: List(play, player))).Where(one => one.List.Length > 0).ToList();
        var csv = Preparation.Csv("registry_number,rank,programme", lists.SelectMany(one => one.List.Select((code, index) => $"{one.Player.Teacher.RegistryNumber},{index + 1},{code}")));
        Preparation.Imported(await play.Gateway.Import($"/api/applications/import?period={play.Period}", csv, play.Office), lists.Count);
        await step.Each(lists, async one =>
        {
            await SignIn(play, one.Player);
            var receipt = (await play.Gateway.Get($"{Path(play)}/receipts", one.Player.Session)).Expect(HttpStatusCode.OK);
            var version = receipt.Find("items")!.Value.EnumerateArray().Single();
            one.Player.Acknowledged(new(receipt.Asked, receipt.Status, System.Text.Encoding.UTF8.GetBytes(version.GetRawText())), one.List);
        });
        return $"{lists.Count:#,0} applications in one file; each then found their receipt";
    }

    public static async Task<string> Close(Play play, Step step)
    {
        (await Preparation.Phase(play, "A", "closed")).Expect(HttpStatusCode.OK);
        await Step.Until("phase A to be closed for applications", TimeSpan.FromMinutes(1), async () =>
            await play.Gateway.Get($"{Path(play)}/frozen") is { Status: HttpStatusCode.OK } answer ? answer : null);
        var late = play.Players.Where(player => player.Teacher.Way == Way.Late).ToList();
        await step.Each(late, async player =>
        {
            await LookAtOptions(play, player);
            (await play.Gateway.Put(Path(play), Application(player, List(play, player)), player.Session!)).ExpectRefusal(HttpStatusCode.Conflict, "R15");
            play.Refused("late application (R15)");
        });
        return $"{late.Count} came late and were refused";
    }

    static object Application(Player player, string[] list) =>
        new { preferences = list, cluster = player.Teacher.Cluster, declarations = new { teachingNow = player.Teacher.BarredBy != "R8" } };

    public static string Path(Play play) => $"/api/applications/{play.Period}";
}
