using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Programmes;

/// <summary>
/// Loads the files of <c>DataDirectory</c> before the service answers, if the database does not hold them yet, and tells the other services. Of
/// several replicas one loads and the others wait.
/// </summary>
sealed class LoadReference(IDbContextFactory<ProgrammesDb> contexts, NpgsqlDataSource source, IConfiguration configuration, ILogger<LoadReference> log) : IHostedService
{
    const int SchoolsAMessage = 1000;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = configuration["DataDirectory"] ?? throw new InvalidOperationException("DataDirectory is not set: the folder of clusters.csv, specialties.csv, prefectures.csv and schools.csv.");
        await using var election = await Election.Enter(source, "reference", cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var edition = await db.ReferenceEdition.SingleOrDefaultAsync(cancellationToken);
        if (edition?.Digest == await ReferenceFiles.DigestOf(folder, cancellationToken))
        {
            return;
        }
        var files = await ReferenceFiles.Read(folder, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var imported = await Replace((NpgsqlConnection)db.Database.GetDbConnection(), files, cancellationToken);
        edition ??= db.Add(new ReferenceEdition { Digest = "", LoadedAt = default }).Entity;
        (edition.Digest, edition.LoadedAt) = (files.Digest, DateTimeOffset.UtcNow);
        db.Publish(new SpecialtiesPublished([.. files.Specialties.Select(specialty => new Contracts.Programmes.Specialty(specialty.Code, specialty.TitleEl, specialty.ClusterCode, specialty.MainCluster))]));
        foreach (var schools in files.Schools.Where(school => !imported.Contains(school.Code)).Chunk(SchoolsAMessage))
        {
            db.Publish(new SchoolsPublished([.. schools.Select(school => new Contracts.Programmes.School(school.Code, school.NameEl, school.PrefectureCode, school.NomosCode))]));
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.LogInformation("Reference data {Digest}: {Schools} schools, {Specialties} specialties.", files.Digest[..12], files.Schools.Count, files.Specialties.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whole tables: programmes keep what they need of their centre, so a school that closed leaves no programme without one.</summary>
    /// <returns>The schools that the office imported: they stay as they are.</returns>
    static async Task<HashSet<string>> Replace(NpgsqlConnection connection, ReferenceFiles files, CancellationToken cancellationToken)
    {
        await using (var delete = new NpgsqlCommand("delete from clusters; delete from prefectures; delete from specialties; delete from schools where not imported", connection))
        {
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
        await Copy(connection, "clusters (code, code_el, title_el, title_en, specialties_el, search)", files.Clusters.Select(row => new[]
            { row.Code, row.CodeEl, row.TitleEl, row.TitleEn, row.SpecialtiesEl, SearchText.Fold(row.Code, row.TitleEl, row.TitleEn, row.SpecialtiesEl) }), cancellationToken);
        await Copy(connection, "prefectures (code, name_el, name_en, nomos_code, nomos_el, region_el, search)", files.Prefectures.Select(row => new[]
            { row.Code, row.NameEl, row.NameEn, row.NomosCode, row.NomosEl, row.RegionEl, SearchText.Fold(row.Code, row.NameEl, row.NameEn, row.NomosEl) }), cancellationToken);
        await Copy(connection, "specialties (code, title_el, cluster_code, main_cluster, status, successor_code, alias_code, uncertainty, search)", files.Specialties.Select(row => new[]
            { row.Code, row.TitleEl, row.ClusterCode, row.MainCluster, row.Status, row.SuccessorCode, row.AliasCode, row.Uncertainty, SearchText.Fold(row.Code, row.TitleEl, row.AliasCode) }), cancellationToken);
        await using var left = new NpgsqlCommand("select coalesce(array_agg(code), '{}') from schools", connection);
        var imported = ((string[])(await left.ExecuteScalarAsync(cancellationToken))!).ToHashSet();
        await Copy(connection, "schools (code, name_el, type_el, level, municipality_el, prefecture_code, nomos_code, search)", files.Schools.Where(row => !imported.Contains(row.Code)).Select(row => new[]
            { row.Code, row.NameEl, row.TypeEl, row.Level, row.MunicipalityEl, row.PrefectureCode, row.NomosCode, SearchText.Fold(row.Code, row.NameEl, row.MunicipalityEl) }), cancellationToken);
        return imported;
    }

    static async Task Copy(NpgsqlConnection connection, string target, IEnumerable<string?[]> rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {target} from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            foreach (var value in row)
            {
                await (value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, NpgsqlTypes.NpgsqlDbType.Text, cancellationToken));
            }
        }
        await copy.CompleteAsync(cancellationToken);
    }
}
