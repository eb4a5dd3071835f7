using System.Xml.Linq;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Defaults.Tests;

/// <summary>Who may know whom: services meet in messages only.</summary>
public class References
{
    const string Contracts = "services/contracts";
    const string Defaults = "services/defaults";

    /// <summary>Each project's folder, with the folders of the projects it references.</summary>
    static readonly Dictionary<string, string[]> Projects = new[] { "services", "gateway", "tests", "tools" }
        .Select(top => Path.Combine(ProjectRoot.Path, top)).Where(Directory.Exists)
        .SelectMany(top => Directory.GetFiles(top, "*.csproj", SearchOption.AllDirectories))
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
        .ToDictionary(Folder, file => XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Folder(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, reference.Attribute("Include")!.Value.Replace('\\', '/'))))).Order().ToArray());

    public static TheoryData<string> Services => [.. Projects.Keys.Where(p => p.StartsWith("services/", StringComparison.Ordinal) && p is not (Contracts or Defaults))];

    [Theory, MemberData(nameof(Services))]
    public void A_service_references_contracts_and_defaults_and_nothing_else(string service) =>
        Assert.Equal([Contracts, Defaults], Projects[service]);

    [Fact]
    public void The_gateway_references_no_service() => Assert.Equal([Contracts, Defaults], Projects["gateway"]);

    [Fact]
    public void The_contracts_reference_nothing()
    {
        Assert.Empty(Projects[Contracts]);
        var file = XDocument.Load(Directory.GetFiles(Path.Combine(ProjectRoot.Path, Contracts), "*.csproj").Single());
        Assert.Empty(file.Descendants("PackageReference"));
    }

    [Fact]
    public void Defaults_reference_contracts_only() => Assert.Equal([Contracts], Projects[Defaults]);

    [Fact]
    public void No_product_references_a_test() =>
        Assert.All(Projects.Where(p => !IsTest(p.Key)), p => Assert.DoesNotContain(p.Value, IsTest));

    /// <summary>
    /// But for the tests of the check of a draw, which compare what the gateway's page says with what allocation did, and the bench, which is no test and
    /// measures parts of several.
    /// </summary>
    [Fact]
    public void A_test_references_one_service_at_most() => Assert.All(
        Projects.Where(p => IsTest(p.Key) && p.Key is not ("tests/verify" or "tests/bench")), p => Assert.InRange(p.Value.Count(r => !IsTest(r) && r is not (Contracts or Defaults)), 0, 1));

    [Fact]
    public void The_simulator_knows_the_public_interface_only() => Assert.Empty(Projects["tests/load"]);

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(ProjectRoot.Path, "EPimorfosi.sln")).Replace('\\', '/');
        Assert.All(Projects.Keys, project => Assert.Contains($"\"{project}/", solution, StringComparison.Ordinal));
    }

    static bool IsTest(string project) => project.StartsWith("tests/", StringComparison.Ordinal);

    static string Folder(string file) => Path.GetRelativePath(ProjectRoot.Path, Path.GetDirectoryName(file)!).Replace('\\', '/');
}
