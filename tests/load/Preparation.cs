using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>Before phase A: the office's work, by the files it would have.</summary>
public static class Preparation
{
    public static async Task<string> SignIn(Play play, Step step)
    {
        var password = (await File.ReadAllTextAsync(play.Options.OfficePasswordFile)).Trim();
        play.Office = await play.Gateway.SignIn("office", password);
        play.MailBefore = await play.Mailbox.Count();
        return $"{play.MailBefore} messages were in the catcher before";
    }

    /// <summary>A period nobody has used, with the calendar around now; the boundaries are moved by hand as the play goes on (R31).</summary>
    public static async Task<string> Period(Play play, Step step)
    {
        var now = DateTimeOffset.UtcNow;
        var used = (await Pages(play.Gateway, "/api/periods")).Select(period => period.GetProperty("code").GetString()).ToHashSet();
        var number = Enumerable.Range(1, 999).First(n => !used.Contains(Code(now, n)));
        play.Period = Code(now, number);
        var monday = DateOnly.FromDateTime(now.UtcDateTime.AddDays(35 - ((int)now.DayOfWeek + 6) % 7));
        play.Calendar = new(
            new { el = $"Δοκιμαστική περίοδος Β2 {now.Year} αρ. {number}", en = $"Demonstration period B2 {now.Year} no. {number}" }, "B2", monday, monday.AddDays(7 * 17),
            new(now.AddHours(1), now.AddDays(7)), now.AddDays(8), new(now.AddDays(9), now.AddDays(12)), new(now.AddDays(13), now.AddDays(18)), 10, 15,
            new { iiaFirst = true, iiaRequired = false, maxChoices = 0, excludePriorB2 = true, phaseBScope = "AnyVacancy", offerHours = 48, enrolmentDays = 5, upgrade = false, objectionHours = 0 });
        (await play.Gateway.Put($"/api/periods/{play.Period}", play.Calendar, play.Office)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        return $"{play.Period}; the objection window (R18) is 0 hours in this play, in earnest 24";
    }

    public static async Task<string> Reference(Play play, Step step)
    {
        var schools = (await Pages(play.Gateway, "/api/reference/schools", step))
            .Select(school => new School(Code(school), Text(school, "nameEl"), Text(school, "typeEl"), Text(school, "prefectureCode"), Text(school, "nomosCode"))).ToList();
        var specialties = (await Pages(play.Gateway, "/api/reference/specialties")).Where(one => Text(one, "status") == "current")
            .Select(one => new Specialty(Code(one), Text(one, "clusterCode"), one.TryGetProperty("mainCluster", out var main) ? main.GetString() : null)).ToList();
        var run = play.Period["B2-20".Length..].Split('-');
        play.Population = Population.Of(play.Options.Seed, play.Options.Teachers, play.Options.Teachers / play.Options.ToAProgramme, play.Period, $"{run[0]}{int.Parse(run[1], CultureInfo.InvariantCulture):000}", schools, specialties);
        play.Players = [.. play.Population.Teachers.Select(teacher => new Player(teacher, Play.NewPassword(), play.Options.Seed))];
        play.Offerings = play.Population.Offerings.ToDictionary(offering => offering.Code);
        return $"{schools.Count:#,0} schools, {specialties.Count} specialties in force";
    }

    public static async Task<string> Programmes(Play play, Step step)
    {
        var csv = Csv("code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures", play.Population.Offerings.Select(offering =>
            $"{offering.Code},{offering.Cluster},{offering.Category},{offering.Centre.Code},Τμήμα Β2 {offering.Code},{offering.Group},{play.Calendar.FirstDay:yyyy-MM-dd},{offering.Slots},,{offering.ExtraPrefecture}"));
        Imported(await play.Gateway.Import($"/api/programmes/import?period={play.Period}", csv, play.Office), play.Population.Offerings.Count);
        var again = (await play.Gateway.Import($"/api/programmes/import?period={play.Period}", csv, play.Office)).Expect(HttpStatusCode.OK);
        return again.Number("unchanged") == play.Population.Offerings.Count
            ? $"{play.Population.Offerings.Count} programmes, {play.Population.Offerings.Count(one => one.Category == "IIa")} of them IIa; a second import changed nothing"
            : throw again.Unexpected("nothing changed by a second import");
    }

    public static async Task<string> Teachers(Play play, Step step)
    {
        var csv = Csv("registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2",
            play.Population.Teachers.Select(Line));
        var answer = await play.Gateway.Import("/api/teachers/import", csv, play.Office);
        Imported(answer, play.Population.Teachers.Count);
        return $"{play.Population.Teachers.Count:#,0} teachers at {play.Population.Teachers.SelectMany(teacher => teacher.Schools).Distinct().Count():#,0} schools";
    }

    /// <summary>R10 has three grounds; the number says which.</summary>
    static string Line(Teacher teacher)
    {
        var prior = teacher.BarredBy == "R10" ? teacher.Number % 3 : -1;
        var schools = teacher.Abroad ? "EXT" : string.Join('|', teacher.Schools.Select(school => school.Code));
        return string.Join(',', teacher.RegistryNumber, teacher.FirstName, teacher.LastName, teacher.Email, teacher.Mobile, teacher.Specialty.Code, schools,
            teacher.English ? "en" : "el", Flag(teacher.BarredBy != "R8"), Flag(teacher.BarredBy != "R9"), Flag(prior == 0), Flag(prior == 1), Flag(prior == 2));
    }

    /// <summary>An account for every teacher, and for three auditors who will be the draw's custodians.</summary>
    public static async Task<string> Accounts(Play play, Step step)
    {
        play.Custodians.AddRange(new[] { "Θεμιστοκλής", "Υπατία", "Πλάτων" }.Select((name, index) => new Custodian(
            name, $"auditor{index + 1}-{play.Period.ToLowerInvariant()}", Play.NewPassword(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)))));
        foreach (var (index, some) in play.Players.Chunk(1000).Index())
        {
            var csv = Csv("user_name,role,registry_number,centre,password",
                some.Select(player => $"{player.Teacher.RegistryNumber},teacher,{player.Teacher.RegistryNumber},,{player.Password}")
                    .Concat(index == 0 ? play.Custodians.Select(custodian => $"{custodian.UserName},auditor,,,{custodian.Password}") : []));
            Imported(await play.Gateway.Import("/api/accounts/import", csv, play.Office), some.Length + (index == 0 ? play.Custodians.Count : 0));
            step.At((index + 1) * 1000, play.Players.Count);
        }
        return $"{play.Players.Count:#,0} teachers and {play.Custodians.Count} auditors, each with a random password of 128 bits";
    }

    /// <summary>R18: while the list is still open, each custodian binds themselves to a secret.</summary>
    public static async Task<string> Custodians(Play play, Step step)
    {
        foreach (var custodian in play.Custodians)
        {
            custodian.Session = await play.Gateway.SignIn(custodian.UserName, custodian.Password);
            (await Eventually(play, step, () => play.Gateway.Post($"/api/draws/{play.Period}/commitments",
                new { name = custodian.Name, commitment = SecondDraw.Digest(custodian.Secret) }, custodian.Session))).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        }
        return $"{string.Join(", ", play.Custodians.Select(custodian => custodian.Name))} committed to a secret each";
    }

    public static Task<Answer> Phase(Play play, string phase, string state) =>
        play.Gateway.Post($"/api/periods/{play.Period}/phase", new { phase, state, reason = "Επίδειξη του συστήματος: η προθεσμία μετακινείται τώρα." }, play.Office);

    /// <summary>News travels between the services by itself; until it has arrived, the answer is that the period is not known.</summary>
    static Task<Answer> Eventually(Play play, Step step, Func<Task<Answer>> ask) =>
        Step.Until($"every service to know {play.Period}", TimeSpan.FromMinutes(1), async () => await ask() is { Status: not HttpStatusCode.NotFound } answer ? answer : null);

    public static async Task<List<JsonElement>> Pages(GatewayClient gateway, string path, Step? step = null, Session? who = null)
    {
        var all = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var answer = (await gateway.Get($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}page={page}&pageSize=500", who)).Expect(HttpStatusCode.OK);
            var items = answer.Find("items") ?? throw answer.Unexpected("a page of items");
            all.AddRange(items.EnumerateArray());
            step?.At(all.Count, answer.Number("total"));
            if (items.GetArrayLength() == 0 || all.Count >= answer.Number("total"))
            {
                return all;
            }
        }
    }

    /// <summary>All lines taken, all new.</summary>
    public static void Imported(Answer answer, int lines)
    {
        answer.Expect(HttpStatusCode.OK);
        if (answer.Number("created") != lines || answer.Number("rejected") != 0)
        {
            throw answer.Unexpected($"{lines} created");
        }
    }

    public static string Csv(string header, IEnumerable<string> lines) => new StringBuilder(header).Append('\n').AppendJoin('\n', lines).Append('\n').ToString();

    static string Code(DateTimeOffset now, int number) => string.Create(CultureInfo.InvariantCulture, $"B2-{now.Year}-{number}");

    static string Code(JsonElement row) => Text(row, "code");

    static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    static string Flag(bool value) => value ? "true" : "false";
}
