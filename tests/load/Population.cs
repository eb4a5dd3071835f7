using System.Globalization;

namespace EPimorfosi.Load;

public sealed record School(string Code, string Name, string Type, string Prefecture, string Nomos);

public sealed record Specialty(string Code, string Cluster, string? MainCluster);

/// <summary>How a teacher comes to the period.</summary>
public enum Way { Online, Paper, Newcomer, Late, Ineligible }

/// <summary>An invented teacher at real schools.</summary>
/// <param name="BarredBy">The rule that keeps an ineligible one out.</param>
public sealed record Teacher(
    int Number, string RegistryNumber, string FirstName, string LastName, string? Mobile, Specialty Specialty, School[] Schools, Way Way, string? BarredBy)
{
    /// <summary>A reserved domain (RFC 2606): nobody's.</summary>
    public string Email => $"teacher.{RegistryNumber}@sch.test";

    public bool Abroad => Schools.Length == 0;

    /// <summary>R11: the cluster chosen; special education often stays with the main specialty's.</summary>
    public string Cluster => Specialty.MainCluster is { } main && Number % 2 == 0 ? main : Specialty.Cluster;

    public bool English => Number % 40 == 0;
}

/// <summary>A programme to be proposed at a real school.</summary>
public sealed record Offering(string Code, string Cluster, string Category, School Centre, string? ExtraPrefecture, string? ExtraNomos, string Group, string Slots)
{
    /// <summary>R5, as the simulator understands it: the product must come to the same.</summary>
    public bool IsLocal(Teacher teacher) => Category == "IIb" || teacher.Schools.Any(school => school.Nomos == Centre.Nomos || school.Nomos == ExtraNomos);

    public bool Admits(Teacher teacher) => Cluster == teacher.Cluster && IsLocal(teacher);
}

/// <summary>Who and what takes part: the same for the same seed, over the real schools and specialties.</summary>
public sealed class Population
{
    /// <summary>Teachers of a hundred, by cluster: about what the real ones are.</summary>
    static readonly Dictionary<string, int> Share = new()
    {
        ["B2.1"] = 19,
        ["B2.2"] = 9,
        ["B2.3"] = 8,
        ["B2.4"] = 8,
        ["B2.5"] = 23,
        ["B2.6"] = 7,
        ["B2.7"] = 7,
        ["B2.8"] = 4,
        ["B2.9"] = 5,
        ["B2.10"] = 3,
        ["B2.11"] = 3,
        ["B2.12"] = 1,
        ["B2.13"] = 3,
    };

    /// <summary>The specialties that most teachers have.</summary>
    static readonly HashSet<string> Common =
    [
        "ΠΕ02", "ΠΕ03", "ΠΕ04.01", "ΠΕ04.02", "ΠΕ04.04", "ΠΕ86", "ΠΕ70", "ΠΕ60", "ΠΕ06", "ΠΕ05", "ΠΕ11", "ΠΕ79.01", "ΠΕ08", "ΠΕ80", "ΠΕ78",
        "ΠΕ82", "ΠΕ83", "ΠΕ88.01", "ΠΕ71", "ΠΕ61", "ΠΕ02.ΕΑΕ", "ΠΕ03.ΕΑΕ", "ΠΕ70.ΕΑΕ", "ΠΕ60.ΕΑΕ",
    ];

    static readonly string[] Women = ["Μαρία", "Ελένη", "Αικατερίνη", "Βασιλική", "Σοφία", "Αγγελική", "Γεωργία", "Δήμητρα", "Ιωάννα", "Ειρήνη", "Άννα", "Παρασκευή", "Χριστίνα", "Ευαγγελία"];
    static readonly string[] Men = ["Γεώργιος", "Δημήτριος", "Ιωάννης", "Κωνσταντίνος", "Νικόλαος", "Παναγιώτης", "Αθανάσιος", "Χρήστος", "Σπυρίδων", "Μιχαήλ"];
    static readonly (string His, string Hers)[] Surnames =
    [
        ("Αμπελάς", "Αμπελά"), ("Βουνίσιος", "Βουνίσιου"), ("Γαλανάκης", "Γαλανάκη"), ("Δαφνιώτης", "Δαφνιώτη"), ("Ελαιώνης", "Ελαιώνη"),
        ("Ζυγαριάς", "Ζυγαριά"), ("Θυμαρίδης", "Θυμαρίδου"), ("Ιτιάδης", "Ιτιάδου"), ("Κεδρινός", "Κεδρινού"), ("Λεμονάκης", "Λεμονάκη"),
        ("Μελισσάς", "Μελισσά"), ("Νησιώτης", "Νησιώτη"), ("Ξυλουράς", "Ξυλουρά"), ("Ορεινός", "Ορεινού"), ("Πλατανίδης", "Πλατανίδου"),
        ("Ροδάκης", "Ροδάκη"), ("Σταφυλίδης", "Σταφυλίδου"), ("Τριανταφύλλης", "Τριανταφύλλη"), ("Φιλυράς", "Φιλυρά"), ("Χελιδόνης", "Χελιδόνη"),
    ];

    static readonly string[] Evenings = ["Mon 17:00|Wed 17:00", "Tue 17:00|Thu 17:00", "Mon 18:00|Thu 18:00", "Tue 18:00|Fri 18:00", "Wed 17:30|Fri 17:30"];

    readonly Random random;
    readonly Dictionary<string, School[]> schoolsByType;
    readonly Dictionary<string, Specialty[]> specialties;

    Population(int seed, IReadOnlyCollection<School> schools, IEnumerable<Specialty> known)
    {
        random = new Random(seed);
        schoolsByType = schools.OrderBy(school => school.Code, StringComparer.Ordinal).GroupBy(school => school.Type).ToDictionary(type => type.Key, type => type.ToArray());
        specialties = known.OrderBy(one => one.Code, StringComparer.Ordinal).GroupBy(one => one.Cluster).ToDictionary(cluster => cluster.Key, cluster => cluster.ToArray());
        Popularity = [];
    }

    public List<Teacher> Teachers { get; private set; } = [];
    public List<Offering> Offerings { get; private set; } = [];

    /// <summary>How much each programme is liked by everybody: some far more than others.</summary>
    public Dictionary<string, double> Popularity { get; }

    /// <param name="run">Digits that keep the registry numbers of two runs on one system apart.</param>
    /// <param name="programmes">About how many are proposed.</param>
    public static Population Of(int seed, int teachers, int programmes, string period, string run, IReadOnlyCollection<School> schools, IEnumerable<Specialty> specialties)
    {
        var population = new Population(seed, schools, specialties);
        population.Teachers = [.. Enumerable.Range(1, teachers).Select(number => population.Teacher(number, run))];
        population.Offerings = population.Propose(period, programmes);
        foreach (var offering in population.Offerings)
        {
            population.Popularity[offering.Code] = Preferences.Normal(population.random);
        }
        return population;
    }

    Teacher Teacher(int number, string run)
    {
        var cluster = Weighted(Share);
        var common = specialties[cluster].Where(one => Common.Contains(one.Code)).ToArray();
        var specialty = Pick(common.Length > 0 && random.NextDouble() < 0.8 ? common : specialties[cluster]);
        var types = TypesFor(specialty);
        var first = Pick(schoolsByType[Pick(types)]);
        var second = schoolsByType[types[^1]].Where(school => school.Prefecture == first.Prefecture && school != first).ToArray();
        School[] schools = random.NextDouble() < 0.004 ? [] : second.Length > 0 && random.NextDouble() < 0.08 ? [first, Pick(second)] : [first];
        var (his, hers) = Pick(Surnames);
        var woman = random.NextDouble() < 0.68;
        var way = random.NextDouble() switch { < 0.10 => Way.Paper, < 0.15 => Way.Newcomer, < 0.165 => Way.Late, < 0.205 => Way.Ineligible, _ => Way.Online };
        return new(number, string.Create(CultureInfo.InvariantCulture, $"{run}{number:00000}"), Pick(woman ? Women : Men), woman ? hers : his,
            random.NextDouble() < 0.7 ? string.Create(CultureInfo.InvariantCulture, $"+3069900{random.Next(100000):00000}") : null,
            specialty, schools, way, way == Way.Ineligible ? Pick("R8", "R9", "R10", "R10") : null);
    }

    /// <summary>Programmes by cluster in rough proportion to its teachers, at centres where they are: some clusters get too few, some too many.</summary>
    List<Offering> Propose(string period, int count)
    {
        var wanted = Teachers.GroupBy(teacher => teacher.Cluster).OrderBy(cluster => cluster.Key, StringComparer.Ordinal)
            .Select(cluster => (Cluster: cluster.Key, Teachers: cluster.Where(teacher => !teacher.Abroad).ToArray(), Share: cluster.Count() * (0.55 + random.NextDouble() * 0.8)))
            .Where(cluster => cluster.Teachers.Length > 0).ToList();
        var all = wanted.Sum(cluster => cluster.Share);
        return [.. wanted.SelectMany(cluster => Enumerable.Range(1, Math.Max(1, (int)Math.Round(count * cluster.Share / all)))
            .Select(number => Propose(period, cluster.Cluster, number, cluster.Teachers)))];
    }

    Offering Propose(string period, string cluster, int number, Teacher[] teachers)
    {
        var centre = Pick(teachers).Schools[0];
        var category = random.NextDouble() < 0.4 ? "IIa" : "IIb";
        var other = Pick(teachers).Schools[0];
        var widened = category == "IIa" && other.Nomos != centre.Nomos && random.NextDouble() < 0.1;
        return new(
            $"{period}.{cluster["B2.".Length..]}-{number.ToString("000", CultureInfo.InvariantCulture)}", cluster, category, centre,
            widened ? other.Prefecture : null, widened ? other.Nomos : null,
            random.NextDouble() switch { < 0.1 => "12,15", < 0.2 => "10,12", _ => "," }, random.NextDouble() < 0.05 ? "" : Pick(Evenings));
    }

    static string[] TypesFor(Specialty specialty) => specialty switch
    {
        { Code: "ΠΕ61" or "ΠΕ60.ΕΑΕ" } or { Cluster: "B2.6" } => ["ΝΗΠΙΑΓΩΓΕΙΟ"],
        { Code: "ΠΕ71" or "ΠΕ70.ΕΑΕ" } or { Cluster: "B2.5" } => ["ΔΗΜΟΤΙΚΟ"],
        { Cluster: "B2.13" } => ["ΓΥΜΝΑΣΙΟ", "ΕΕΕΕΚ", "ΕΝΕΕΓΥΛ"],
        { Cluster: "B2.7" or "B2.8" or "B2.9" } => ["ΓΥΜΝΑΣΙΟ", "ΔΗΜΟΤΙΚΟ", "ΓΕΝΙΚΟ ΛΥΚΕΙΟ"],
        { Cluster: "B2.10" or "B2.12" } => ["ΕΠΑΓΓΕΛΜΑΤΙΚΟ ΛΥΚΕΙΟ"],
        _ => ["ΓΥΜΝΑΣΙΟ", "ΓΕΝΙΚΟ ΛΥΚΕΙΟ", "ΓΥΜΝΑΣΙΟ", "ΕΠΑΓΓΕΛΜΑΤΙΚΟ ΛΥΚΕΙΟ"],
    };

    T Pick<T>(params T[] from) => from[random.Next(from.Length)];

    string Weighted(Dictionary<string, int> weights)
    {
        var at = random.Next(weights.Values.Sum());
        return weights.First(weight => (at -= weight.Value) < 0).Key;
    }
}
