using System.Security.Cryptography;
using EPimorfosi.Defaults;

namespace EPimorfosi.Programmes;

/// <summary>The four files of <c>data/</c> as read and put together.</summary>
public sealed record ReferenceFiles(
    string Digest, IReadOnlyList<Cluster> Clusters, IReadOnlyList<Prefecture> Prefectures, IReadOnlyList<Specialty> Specialties, IReadOnlyList<School> Schools)
{
    /// <summary>To be raised when the same files are to give other data.</summary>
    const string Reading = "1";

    const string SpecialEducation = "B2.13";
    const string SpecialEducationEnding = ".ΕΑΕ";

    static readonly string[] Names = ["clusters.csv", "prefectures.csv", "specialties.csv", "schools.csv"];

    public static async Task<string> DigestOf(string folder, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData("reading "u8);
        digest.AppendData(System.Text.Encoding.UTF8.GetBytes(Reading));
        foreach (var name in Names)
        {
            digest.AppendData(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, name), cancellationToken)));
        }
        return Canonical.Hex(digest.GetHashAndReset());
    }

    /// <exception cref="InvalidDataException">A line is not what <c>data/README.md</c> says.</exception>
    public static async Task<ReferenceFiles> Read(string folder, CancellationToken cancellationToken)
    {
        var clusters = await Rows(folder, Names[0], "code,code_el,title_el,title_en,specialties_text_el",
            row => new Cluster(row["code"], row["code_el"], row["title_el"], row["title_en"], row["specialties_text_el"]), cancellationToken);
        var prefectures = await Rows(folder, Names[1], "code,name_el,name_en,region_el,region_iso,nomos_code,nomos_el,iso_exact,ministry_prefix,directorate_secondary_code,directorate_primary_code",
            row => new Prefecture(row["code"], row["name_el"], row["name_en"], row["nomos_code"], row["nomos_el"], row["region_el"]), cancellationToken);
        var specialties = await Rows(folder, Names[2], "code,title_el,cluster_code,mapping_basis,status,successor_code,alias_code,title_source,uncertainty,note",
            row => new Specialty(row["code"], row["title_el"], row["cluster_code"], null, row["status"], OrNull(row["successor_code"]), OrNull(row["alias_code"]), row["uncertainty"]), cancellationToken);
        var nomoi = prefectures.ToDictionary(prefecture => prefecture.Code, prefecture => prefecture.NomosCode);
        var schools = await Rows(folder, Names[3], "school_code,name_el,type_el,level,municipality_el,prefecture_code,locality_basis",
            row => new School(row["school_code"], row["name_el"], row["type_el"], row["level"], OrNull(row["municipality_el"]), row["prefecture_code"],
                nomoi.GetValueOrDefault(row["prefecture_code"]) ?? throw new InvalidDataException($"schools.csv, line {row.Line}: no prefecture '{row["prefecture_code"]}'.")), cancellationToken);
        var known = clusters.Select(cluster => cluster.Code).ToHashSet();
        return specialties.Find(specialty => !known.Contains(specialty.ClusterCode)) is { } stray
            ? throw new InvalidDataException($"specialties.csv: {stray.Code} has the cluster '{stray.ClusterCode}', which is none.")
            : new(await DigestOf(folder, cancellationToken), clusters, prefectures, WithMainClusters(specialties), schools);
    }

    /// <summary>
    /// R11 [D]: teachers of special education may choose the main specialty's cluster. It follows from the code where the code tells it: X.ΕΑΕ is
    /// specialty X in special education; ΠΕ61 and ΠΕ71 are the kindergarten and primary teachers (ΠΕ60, ΠΕ70), ΠΕ11.01 the physical education of ΠΕ11.
    /// </summary>
    public static List<Specialty> WithMainClusters(IReadOnlyList<Specialty> specialties)
    {
        var clusters = specialties.ToDictionary(specialty => specialty.Code, specialty => specialty.ClusterCode);
        return
        [
            .. specialties.Select(specialty => specialty.ClusterCode != SpecialEducation ? specialty : specialty with
            {
                MainCluster = clusters.GetValueOrDefault(MainSpecialty(specialty.Code)) is { } main and not SpecialEducation ? main : null,
            }),
        ];
    }

    static string MainSpecialty(string code) => code switch
    {
        "ΠΕ61" => "ΠΕ60",
        "ΠΕ71" => "ΠΕ70",
        "ΠΕ11.01" => "ΠΕ11",
        _ when code.EndsWith(SpecialEducationEnding, StringComparison.Ordinal) => code[..^SpecialEducationEnding.Length],
        _ => "",
    };

    static async Task<List<T>> Rows<T>(string folder, string name, string columns, Func<CsvRow, T> read, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path.Combine(folder, name));
        var rows = new List<T>();
        await foreach (var row in CsvTable.Read(file, columns.Split(','), cancellationToken))
        {
            rows.Add(row.Fault is null ? read(row) : throw new InvalidDataException($"{name}, line {row.Line}: {row.Fault}"));
        }
        return rows;
    }

    static string? OrNull(string value) => value.Length == 0 ? null : value;
}
