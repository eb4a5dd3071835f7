using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The public formats, byte for byte; the figures were computed by hand with another language.</summary>
public sealed class FormatTests
{
    const string Period = "B2-2023-2";
    const string ApplicationsSha256 = "7671fdb81df7155d5280fdd19b0e0016a58808da277753188cd0941b47d23c3d";
    const string ProgrammesSha256 = "d5e30232c432e0864ee0a883ec6ddf5b39fb5cb14098ba8587cd0bec38468829";
    const string RandomnessOfTwo = "6bd0beb28db2e9e330e037234ca884624d090c5fe3efdf6eb22f0864befaaabf";
    const string SeedOfAll = "41fb2df4595485ab120bbebb86d2a3389becf39acc48955bf8017bc18d783f16";
    static readonly string[] Reveals = ["secret of A", "το μυστικό της Β"];

    static readonly (string Ticket, string[] Preferences)[] Applications =
    [
        ("0A3FQ7VN2M5K8R1T", ["P-1", "P-2"]), ("1B3FQ7VN2M5K8R1T", ["P-1"]), ("2C3FQ7VN2M5K8R1T", ["P-1", "P-2"]), ("ZZ3FQ7VN2M5K8R1T", ["P-2"]),
    ];

    [Fact]
    public void The_frozen_lists_have_the_digests_of_the_public_format()
    {
        var applications = Canonical.ApplicationsHeader(Period) + string.Concat(Applications.Select(a => Canonical.ApplicationLine(a.Ticket, "B2.4", a.Preferences)));
        var programmes = Canonical.ProgrammesHeader(Period) + Canonical.ProgrammeLine(Programme("P-1", "IIa", ["GR-12", "GR-01"], 1, 2)) + Canonical.ProgrammeLine(Programme("P-2", "IIb", [], 2, 3));
        Assert.Equal(ApplicationsSha256, Hex(applications));
        Assert.Equal(ProgrammesSha256, Hex(programmes));
    }

    [Fact]
    public void Custodians_randomness_and_seed_are_those_of_the_public_format()
    {
        Assert.Equal("f058afa345d6123b493af1745bbf3d72c359c7f2538d6ba599bda5ade1e922a3", Seed.Commitment(Reveals[0]));
        Assert.Equal("8eb8304fffe5aec46b80116b0a0d8eee9d6fb18de70401795fdc8fa9b1d29de7", Seed.Commitment(Reveals[1]));
        Assert.Equal(RandomnessOfTwo, Seed.Randomness(Reveals));
        Assert.Equal(SeedOfAll, Convert.ToHexStringLower(Seed.Of(Period, ApplicationsSha256, ProgrammesSha256, Seed.Custodians(2), RandomnessOfTwo)));
    }

    [Fact]
    public void The_results_of_the_draw_are_those_of_the_public_format()
    {
        var book = new DrawBook([new("P-1", 1, 2), new("P-2", 2, 3)]);
        foreach (var (ticket, preferences) in Applications)
        {
            book.Add(ticket, preferences);
        }
        var result = Draw.Run(book, Convert.FromHexString(SeedOfAll));
        var lines = result.Order.Select((application, place) =>
            Bundle.ResultLine(place + 1, book.Tickets[application], book.Programmes[result.Seat[application]].Code, result.Rank(application)));
        Assert.Equal("epimorfosi-results-v1 B2-2023-2\n1|0A3FQ7VN2M5K8R1T|P-1|1\n2|ZZ3FQ7VN2M5K8R1T|P-2|1\n3|1B3FQ7VN2M5K8R1T|P-1|1\n4|2C3FQ7VN2M5K8R1T|P-2|2\n",
            Bundle.ResultsHeader(Period) + string.Concat(lines));
        Assert.Equal([3, 0], result.CutOff);
        Assert.Equal([1, 0], result.RunnersUp);
        Assert.Equal("4|2C3FQ7VN2M5K8R1T|-|0\n", Bundle.ResultLine(4, "2C3FQ7VN2M5K8R1T", null, 0));
    }

    [Fact]
    public void The_claim_log_chains_its_lines()
    {
        var (placed, released) = (new SeatEvent(1, 1, "0A3FQ7VN2M5K8R1T", SeatEvents.Placed, "P-2", ["P-1", "P-2"]), new SeatEvent(2, null, "0A3FQ7VN2M5K8R1T", SeatEvents.Released, "P-2", []));
        var first = SeatLog.Hash(SeatLog.Genesis, SeatLog.Body(1, placed));
        Assert.Equal("6d440d24aaf75f167657b0eeab14e38ea1bdbec98ba83dce7e976bc68e194bff", first);
        Assert.Equal("a3abc6d75240e035658392249623f756c323723eb59c864d960cbc27aa10198b", SeatLog.Hash(first, SeatLog.Body(2, released)));
        Assert.Equal("3|7|0A3FQ7VN2M5K8R1T|refused|-|P-1", SeatLog.Body(3, new(3, 7, "0A3FQ7VN2M5K8R1T", SeatEvents.Refused, null, ["P-1"], "R21")));
        Assert.Equal("epimorfosi-seats-v1 B2-2023-2\n", SeatLog.Header(Period));
    }

    [Fact]
    public void Draw_json_has_the_fields_of_the_public_format()
    {
        var draw = new Ceremony
        {
            Period = Period,
            Number = 1,
            Applications = 4,
            Programmes = 2,
            ApplicationsSha256 = ApplicationsSha256,
            ProgrammesSha256 = ProgrammesSha256,
            Source = Seed.Custodians(2),
            CommittedAt = new(2023, 1, 22, 10, 0, 0, TimeSpan.Zero),
            CommittedBy = "office",
        };
        draw.Run(RandomnessOfTwo, SeedOfAll, null, new(2023, 1, 23, 10, 0, 0, TimeSpan.Zero), "office");
        var json = Bundle.DrawJson(draw, [Custodian("Α", Reveals[0], 1)]);
        Assert.DoesNotContain('\r', json);
        var root = JsonDocument.Parse(json).RootElement;
        Assert.Equal(["format", "period", "algorithm", "applicationsSha256", "programmesSha256", "applications", "programmes", "source", "randomness", "seed", "committedAt", "drawnAt", "custodians"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("2023-01-23T10:00:00Z", root.GetProperty("drawnAt").GetString());
        Assert.Equal(["name", "commitment", "reveal"], root.GetProperty("custodians")[0].EnumerateObject().Select(property => property.Name));
    }

    static Custodian Custodian(string name, string reveal, int position)
    {
        var custodian = new Custodian { Period = Period, Draw = 1, Subject = name, Position = position, Name = name, Commitment = Seed.Commitment(reveal), CommittedAt = default };
        custodian.Open(reveal);
        return custodian;
    }

    static Programme Programme(string code, string category, string[] nomoi, int minimum, int maximum) =>
        new(code, 1, "B2.4", category, code, "C", "C", "GR-01", nomoi, minimum, maximum, null, []);

    static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
