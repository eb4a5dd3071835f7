using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;
using NpgsqlTypes;

namespace EPimorfosi.Applications;

/// <summary>
/// The teachers' file, of any length in little memory: each line is checked as it comes and copied into a temporary table, and what differs
/// from what is known is then written in chunks, all in one transaction.
/// </summary>
static class TeacherImport
{
    const int Chunk = 500;
    const string Columns = "registry_number, first_name, last_name, email, mobile, specialty, schools, language, teaching_now, b1_certified, prior_b_level, prior_pake, prior_b2";

    /// <returns>Null if the copy of the specialties or of the schools hasn't arrived.</returns>
    public static async Task<ImportReport?> Run(NpgsqlConnection connection, Stream file, bool partial, bool preview, bool overwriteContacts, Func<ImportReport, OfficeAct> act,
        Func<ImportReport, IEnumerable<object>> finished, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var specialties = (await connection.Rows("select code from specialties", row => row.GetString(0), cancellationToken)).ToHashSet();
        var schools = (await connection.Rows("select code from schools", row => row.GetString(0), cancellationToken)).ToHashSet();
        if (specialties.Count == 0 || schools.Count == 0)
        {
            return null;
        }
        await connection.Execute("select pg_advisory_xact_lock(hashtextextended('teacher import', 0))", cancellationToken);
        await connection.Execute($"create temp table staged on commit drop as select 0 as line, {Columns} from teachers limit 0", cancellationToken);
        var report = new ImportReport();
        await Stage(connection, file, row => Check(row, specialties, schools, report, text), cancellationToken);
        await RejectRepeats(connection, report, text, cancellationToken);
        report.ContactsKept = overwriteContacts ? 0 : await KeepCorrections(connection, cancellationToken);
        await Compare(connection, report, cancellationToken);
        await Show(connection, report, cancellationToken);
        if (!preview && (report.Rejected == 0 || partial))
        {
            if (report.Created + report.Updated > 0)
            {
                await connection.Record(act(report), cancellationToken);
            }
            await Write(connection, report.Created + report.Updated, overwriteContacts, cancellationToken);
            await connection.Publish(finished(report), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return report;
    }

    static Teacher? Check(CsvRow row, HashSet<string> specialties, HashSet<string> schools, ImportReport report, IStringLocalizer<Texts> text)
    {
        if (row.Fault is not null)
        {
            report.Rejected++;
            report.Add(row.Line, null, row.Fault);
            return null;
        }
        var (teacher, faults) = TeacherFile.Read(row, specialties, schools);
        report.Rejected += teacher is null ? 1 : 0;
        foreach (var fault in faults)
        {
            report.Add(row.Line, fault.Column, text[$"Teacher.{fault.Text}", fault.Value]);
        }
        return teacher;
    }

    static async Task Stage(NpgsqlConnection connection, Stream file, Func<CsvRow, Teacher?> check, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy staged (line, {Columns}) from stdin (format binary)", cancellationToken);
        await foreach (var row in CsvTable.Read(file, TeacherFile.Columns, cancellationToken))
        {
            if (check(row) is not { } teacher)
            {
                continue;
            }
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(row.Line, NpgsqlDbType.Integer, cancellationToken);
            foreach (var value in new[] { teacher.RegistryNumber, teacher.FirstName, teacher.LastName, teacher.Email, teacher.Mobile, teacher.Specialty })
            {
                await (value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken));
            }
            await copy.WriteAsync(teacher.Schools, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(teacher.Language, NpgsqlDbType.Text, cancellationToken);
            foreach (var value in new[] { teacher.TeachingNow, teacher.B1Certified, teacher.PriorBLevel, teacher.PriorPake, teacher.PriorB2 })
            {
                await copy.WriteAsync(value, NpgsqlDbType.Boolean, cancellationToken);
            }
        }
        await copy.CompleteAsync(cancellationToken);
    }

    static async Task RejectRepeats(NpgsqlConnection connection, ImportReport report, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("""
            with numbered as (select line, registry_number, min(line) over (partition by registry_number) as first from staged)
            delete from staged using numbered where staged.line = numbered.line and numbered.line > numbered.first
            returning numbered.line, numbered.registry_number, numbered.first
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            report.Rejected++;
            report.Add(reader.GetInt32(0), "registry_number", text["Teacher.Repeated", reader.GetString(1), reader.GetInt32(2)]);
        }
    }

    /// <summary>R29: what a teacher corrected stands before what the file says. The rows are held, so that nobody corrects meanwhile.</summary>
    static async Task<int> KeepCorrections(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.Execute("select from teachers where registry_number in (select registry_number from staged) order by registry_number for no key update", cancellationToken);
        return await connection.Execute("""
            update staged set email = known.email, mobile = known.mobile, language = known.language from teachers known
            where known.registry_number = staged.registry_number and known.contacts_corrected_at is not null
              and (known.email, known.mobile, known.language) is distinct from (staged.email, staged.mobile, staged.language)
            """, cancellationToken);
    }

    static async Task Compare(NpgsqlConnection connection, ImportReport report, CancellationToken cancellationToken)
    {
        await connection.Execute($"""
            create temp table changed on commit drop as
            select row_number() over (order by staged.registry_number) as n, known.registry_number is null as is_new, staged.*
            from staged left join teachers known using (registry_number)
            where row(known.{Columns.Replace(", ", ", known.", StringComparison.Ordinal)}) is distinct from
                  row(staged.{Columns.Replace(", ", ", staged.", StringComparison.Ordinal)})
               or known.erased_at is not null
            """, cancellationToken);
        await connection.Execute("create unique index on changed (n)", cancellationToken);
        var counts = await connection.Rows("""
            select (select count(*) from staged), count(*) filter (where is_new), count(*) filter (where not is_new) from changed
            """, row => (Lines: row.GetInt64(0), New: row.GetInt64(1), Changed: row.GetInt64(2)), cancellationToken);
        (report.Created, report.Updated) = ((int)counts[0].New, (int)counts[0].Changed);
        report.Unchanged = (int)(counts[0].Lines - counts[0].New - counts[0].Changed);
    }

    static async Task Show(NpgsqlConnection connection, ImportReport report, CancellationToken cancellationToken)
    {
        string[] columns = [.. TeacherFile.Columns];
        foreach (var (line, number, before, after) in await connection.Rows("""
            select changed.line, changed.registry_number, to_jsonb(known)::text, to_jsonb(changed)::text from changed left join teachers known using (registry_number) order by changed.line limit 200
            """, row => (row.GetInt32(0), row.GetString(1), row.Text(2), row.GetString(3)), cancellationToken))
        {
            report.Changed(line, number, columns, before is null ? null : Values(before), Values(after));
        }

        string?[] Values(string json)
        {
            using var row = JsonDocument.Parse(json);
            return [.. columns.Select(column => row.RootElement.GetProperty(column) is { ValueKind: JsonValueKind.Array } list
                ? string.Join('|', list.EnumerateArray().Select(value => value.GetString()))
                : row.RootElement.GetProperty(column) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetRawText() : row.RootElement.GetProperty(column).GetString())];
        }
    }

    static async Task Write(NpgsqlConnection connection, int rows, bool overwriteContacts, CancellationToken cancellationToken)
    {
        for (var from = 0; from < rows; from += Chunk)
        {
            var contacts = await connection.Rows($"""
                insert into teachers as mine ({Columns}, version) select {Columns}, 1 from changed where n > $1 and n <= $1 + {Chunk} order by n
                on conflict (registry_number) do update set ({Columns}, version, erased_at, contacts_corrected_at)
                    = row(excluded.{Columns.Replace(", ", ", excluded.", StringComparison.Ordinal)}, mine.version + 1, null, {(overwriteContacts ? "null" : "mine.contacts_corrected_at")})
                returning registry_number, version, first_name, last_name, email, mobile, language
                """, row => new Contact(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Text(5), row.GetString(6)),
                cancellationToken, from);
            await connection.Publish([new TeachersChanged(contacts)], cancellationToken);
        }
    }
}
