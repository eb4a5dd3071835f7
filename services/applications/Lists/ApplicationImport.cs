using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;
using NpgsqlTypes;

namespace EPimorfosi.Applications;

/// <summary>
/// Paper or migrated applications, one row a preference, by the same checks, tickets and receipts as the teacher's own form. The file streams
/// into a temporary table, which is then walked an application at a time: memory does not grow with the file. All in one transaction.
/// </summary>
static class ApplicationImport
{
    const int Chunk = 500;
    static readonly string[] Columns = ["registry_number", "rank", "programme"];

    public static void MapApplicationImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/applications/import", Import).WithTags("Applications").RequireAuthorization(Policies.Office)
            .AllowImport();

    static async Task<IResult> Import(
        string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text,
        CancellationToken cancellationToken, bool partial = false, bool preview = false, string? reason = null)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (admission, closed) = await Admission.Seek(connection, catalogues, period, time, text, cancellationToken);
        if (admission is null)
        {
            return closed!;
        }
        var by = new Caller("", $"{http.User.DisplayName()} ({http.User.Subject()})", string.IsNullOrWhiteSpace(reason) ? "import" : reason);
        var run = new Run(connection, period, admission, by, partial, preview, text, cancellationToken);
        await run.Stage(await CsvTable.Body(http.Request));
        await run.Walk();
        if (!preview && (run.Report.Rejected == 0 || partial))
        {
            if (run.Report.Created + run.Report.Updated > 0)
            {
                await connection.Record(OfficeAct.By(http.User, admission.Now, "applications.imported", period, reason: reason, detail: run.Report.Counts), cancellationToken);
            }
            await connection.Publish(run.Report.Finished("applications", period, http.User, admission.Now), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return ImportAnswer.Of(run.Report, partial || preview, text);
    }

    /// <summary>The lines of one application, by rank.</summary>
    sealed record Sheet(string RegistryNumber, int[] Lines, int[] Ranks, string[] Programmes);

    sealed class Run(NpgsqlConnection connection, string period, Admission admission, Caller by, bool partial, bool preview, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        public ImportReport Report { get; } = new();

        public async Task Stage(Stream file)
        {
            await connection.Execute("create temp table staged (line int, registry_number text collate \"C\", rank int, programme text) on commit drop", cancel);
            await using var copy = await connection.BeginBinaryImportAsync("copy staged (line, registry_number, rank, programme) from stdin (format binary)", cancel);
            await foreach (var row in CsvTable.Read(file, Columns, cancel))
            {
                if (row.Fault is not null)
                {
                    Report.Rejected++;
                    Report.Add(row.Line, null, row.Fault);
                }
                else if (row["registry_number"] is var number && !TeacherFile.IsNumber(number))
                {
                    Report.Rejected++;
                    Report.Add(row.Line, "registry_number", text["Teacher.Number", number.Length > 60 ? number[..60] : number]);
                }
                else
                {
                    await copy.StartRowAsync(cancel);
                    await copy.WriteAsync(row.Line, NpgsqlDbType.Integer, cancel);
                    await copy.WriteAsync(number, NpgsqlDbType.Text, cancel);
                    await copy.WriteAsync(Rank(row), NpgsqlDbType.Integer, cancel);
                    await copy.WriteAsync(row["programme"] is { Length: <= 40 } code && !code.Any(char.IsControl) ? code : "?", NpgsqlDbType.Text, cancel);
                }
            }
            await copy.CompleteAsync(cancel);
        }

        /// <summary>0 for what is not a rank: it keeps its application out.</summary>
        static int Rank(CsvRow row) => int.TryParse(row["rank"], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : 0;

        public async Task Walk()
        {
            await connection.Execute("analyze staged", cancel);
            await connection.Execute("set local work_mem = '64MB'", cancel);
            await connection.Execute("""
                declare walk no scroll cursor for
                select registry_number, array_agg(line order by rank, line), array_agg(rank order by rank, line), array_agg(programme order by rank, line)
                from staged group by registry_number order by registry_number
                """, cancel);
            await using var fetch = connection.Command($"fetch {Chunk} from walk");
            fetch.CommandTimeout = 0; // the first one sorts the whole file
            while (true)
            {
                var sheets = new List<Sheet>(Chunk);
                await using (var reader = await fetch.ExecuteReaderAsync(cancel))
                {
                    while (await reader.ReadAsync(cancel))
                    {
                        sheets.Add(new(reader.GetString(0), reader.GetFieldValue<int[]>(1), reader.GetFieldValue<int[]>(2), reader.Texts(3)));
                    }
                }
                if (sheets.Count == 0)
                {
                    return;
                }
                await TakeIn(sheets);
            }
        }

        async Task TakeIn(List<Sheet> sheets)
        {
            var numbers = sheets.Select(sheet => sheet.RegistryNumber).ToArray();
            var candidates = await Candidates.Lock(connection, numbers, cancel);
            var current = await Versions.Current(connection, period, numbers, cancel);
            var next = new List<NewVersion>(sheets.Count);
            foreach (var sheet in sheets)
            {
                var faults = Faults(sheet, candidates.GetValueOrDefault(sheet.RegistryNumber), out var cluster);
                if (faults.Count > 0)
                {
                    Report.Rejected += sheet.Lines.Length;
                    faults.ForEach(fault => Report.Add(fault.Line, fault.Column, fault.Reason, fault.Rule));
                }
                else if (Versions.Next(current.GetValueOrDefault(sheet.RegistryNumber), sheet.RegistryNumber, cluster!, sheet.Programmes, false, Ticket.New) is { } version)
                {
                    next.Add(version);
                    var before = current.GetValueOrDefault(sheet.RegistryNumber);
                    Report.Changed(sheet.Lines[0], sheet.RegistryNumber, ["programme"], before is null or { Version: 0 } ? null : [string.Join(", ", before.Preferences)], [string.Join(", ", version.Preferences)]);
                }
                else
                {
                    Report.Unchanged++;
                }
            }
            Report.Created += next.Count(version => version.Version == 1);
            Report.Updated += next.Count(version => version.Version > 1);
            if (next.Count > 0 && !preview && (Report.Rejected == 0 || partial))
            {
                await Versions.Store(connection, period, next, admission.Now, by, cancel);
            }
        }

        List<ImportFault> Faults(Sheet sheet, Candidate? who, out string? cluster)
        {
            cluster = null;
            var faults = new List<ImportFault>();
            for (var index = 0; index < sheet.Ranks.Length; index++)
            {
                if (sheet.Ranks[index] != index + 1)
                {
                    faults.Add(new(sheet.Lines[index], "rank", text["Import.Rank", index + 1], "R13"));
                }
            }
            if (who is null)
            {
                faults.Add(new(sheet.Lines[0], "registry_number", text["NoTeacher.Detail", sheet.RegistryNumber]));
                return faults;
            }
            var (programmes, policy) = (admission.Catalogue.Programmes, admission.Catalogue.Period.Policy);
            cluster = Eligibility.ClusterOf(who, null, sheet.Programmes, programmes);
            faults.AddRange(Eligibility.OfApplication(who, declaredTeaching: true, cluster, sheet.Programmes, programmes, policy)
                .Select(refusal => new ImportFault(
                    sheet.Lines[Math.Max(0, LineOf(sheet, refusal))], refusal.Programme is null ? "registry_number" : "programme",
                    Refused.Fault(refusal, text).Reason, refusal.Rule)));
            return faults;
        }

        /// <summary>Of a programme listed twice the second line is at fault.</summary>
        static int LineOf(Sheet sheet, Refusal refusal) => refusal.Reason == Reason.TwiceOnTheList
            ? Array.LastIndexOf(sheet.Programmes, refusal.Programme)
            : Array.IndexOf(sheet.Programmes, refusal.Programme);
    }
}
