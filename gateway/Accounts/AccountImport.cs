using System.Text.RegularExpressions;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>Accounts from a CSV file: with a password, or with an invitation to choose one.</summary>
static partial class AccountImport
{
    internal const string UserNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@+";
    internal const int AccountsAMessage = 500;
    const int Batch = 1000;
    static readonly string[] Columns = ["user_name", "role", "registry_number", "centre", "password"];

    internal static void MapAccountImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/accounts/import", Import).WithTags("Accounts").RequireAuthorization(Policies.Office).AllowImport()
            .Produces<ImportReport>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    static async Task<IResult> Import(
        HttpRequest request, GatewayDb db, NpgsqlDataSource source, UserManager<Account> accounts, Sessions sessions, TimeProvider clock,
        IConfiguration configuration, IStringLocalizer<Texts> text, CancellationToken cancellationToken, bool partial = false)
    {
        var report = new ImportReport();
        var rows = await ReadRows(await CsvTable.Body(request), report, text, accounts.Options.Password.RequiredLength, cancellationToken);
        if (report.Rejected > 0 && !partial)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "import-rejected", text["ImportRejected"], text["ImportRejectedDetail", report.Rejected], faults: report.Faults)
                .With(("created", 0), ("updated", 0), ("unchanged", 0), ("rejected", report.Rejected));
        }
        await using var election = await Election.Enter(source, "account-import", cancellationToken); // imports one at a time
        var known = await Known(db, rows, cancellationToken);
        Hash(rows, known, accounts.PasswordHasher, cancellationToken);
        var publicAddress = configuration["PublicAddress"] ?? $"{request.Scheme}://{request.Host}";
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var batch in rows.Chunk(Batch))
        {
            var changed = new List<AccountOwner>();
            foreach (var row in batch)
            {
                var account = known.GetValueOrDefault(row.Key);
                var before = account?.IsMoreThanATeachers == true;
                if (await Store(row, account, report, db, accounts, publicAddress, clock.GetUtcNow()) is { } stored && (before || stored.IsMoreThanATeachers))
                {
                    changed.Add(stored.ToContract());
                }
            }
            foreach (var some in changed.Chunk(AccountsAMessage))
            {
                db.Publish(new AccountsChanged(some));
            }
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
        if (report.Created + report.Updated > 0)
        {
            db.Record(OfficeAct.By(request.HttpContext.User, clock.GetUtcNow(), "accounts.imported", detail: report.Counts));
            await db.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        sessions.ForgetAll();
        return Results.Ok(report);
    }

    static async Task<List<Row>> ReadRows(Stream body, ImportReport report, IStringLocalizer<Texts> text, int passwordLength, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        var names = new HashSet<string>();
        await foreach (var csv in CsvTable.Read(body, Columns, cancellationToken))
        {
            if (csv.Fault is not null)
            {
                report.Rejected++;
                report.Add(csv.Line, null, csv.Fault);
                continue;
            }
            var row = new Row(csv["user_name"], csv["role"].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Value(csv["registry_number"]), Value(csv["centre"]), Value(csv["password"]));
            var faults = Faults(row, names, text, passwordLength).ToArray();
            foreach (var (column, reason) in faults)
            {
                report.Add(csv.Line, column, reason);
            }
            if (faults.Length > 0)
            {
                report.Rejected++;
            }
            else
            {
                rows.Add(row);
            }
        }
        return rows;

        static string? Value(string cell) => cell.Length == 0 ? null : cell;
    }

    static IEnumerable<(string Column, string Reason)> Faults(Row row, HashSet<string> names, IStringLocalizer<Texts> text, int passwordLength)
    {
        if (!UserName().IsMatch(row.UserName))
        {
            yield return ("user_name", text["ImportUserName"]);
        }
        else if (!names.Add(row.Key))
        {
            yield return ("user_name", text["ImportTwice"]);
        }
        if (row.Roles.Length == 0 || row.Roles.Except(Policies.Roles).Any())
        {
            yield return ("role", text["ImportRole", string.Join(", ", Policies.Roles)]);
        }
        if (row.RegistryNumber is null ? row.Roles.Contains(Policies.Teacher) : !Code().IsMatch(row.RegistryNumber))
        {
            yield return ("registry_number", text["ImportRegistryNumber"]);
        }
        if (row.Centre is null ? row.Roles.Contains(Policies.Centre) : !Code().IsMatch(row.Centre))
        {
            yield return ("centre", text["ImportCentre"]);
        }
        if (row.Password is { } password && (password.Length < passwordLength || password.Length > 200))
        {
            yield return ("password", text["ImportPassword", passwordLength]);
        }
    }

    static async Task<Dictionary<string, Account>> Known(GatewayDb db, List<Row> rows, CancellationToken cancellationToken)
    {
        var names = rows.ConvertAll(row => row.Key);
        return await db.Accounts.AsNoTracking().Where(account => names.Contains(account.NormalizedUserName!)).ToDictionaryAsync(account => account.NormalizedUserName!, cancellationToken);
    }

    /// <summary>The slow part: a password that is already the account's keeps its hash, for an import made twice changes nothing.</summary>
    static void Hash(List<Row> rows, Dictionary<string, Account> known, IPasswordHasher<Account> hasher, CancellationToken cancellationToken) =>
        Parallel.ForEach(rows.Where(row => row.Password is not null), new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            var old = known.GetValueOrDefault(row.Key);
            row.Hash = old?.PasswordHash is { } hash && hasher.VerifyHashedPassword(old, hash, row.Password!) != PasswordVerificationResult.Failed
                ? hash
                : hasher.HashPassword(old!, row.Password!);
        });

    /// <returns>The account as it is now; null if nothing differs.</returns>
    static async Task<Account?> Store(Row row, Account? account, ImportReport report, GatewayDb db, UserManager<Account> accounts, string publicAddress, DateTimeOffset now)
    {
        if (account is null)
        {
            account = new Account { UserName = row.UserName, NormalizedUserName = row.Key, LockoutEnabled = true, SecurityStamp = Guid.NewGuid().ToString("N"), CreatedAt = now };
            Take(row, account);
            db.Accounts.Add(account);
            report.Created++;
            if (row.Password is null)
            {
                var link = await InvitationTokens.Link(accounts, account, publicAddress);
                db.Publish(new InvitationIssued(Guid.CreateVersion7(), account.UserName!, account.RegistryNumber, account.Email, "el", link, now + InvitationTokens.Life));
            }
        }
        else if (row.SameAs(account))
        {
            report.Unchanged++;
            return null;
        }
        else
        {
            db.Accounts.Update(account);
            Take(row, account);
            account.SecurityStamp = Guid.NewGuid().ToString("N"); // what was signed in before has other rights now
            account.ConcurrencyStamp = Guid.NewGuid().ToString();
            report.Updated++;
        }
        account.Version++;
        return account;
    }

    static void Take(Row row, Account account)
    {
        account.Roles = row.Roles;
        account.RegistryNumber = row.RegistryNumber;
        account.Centre = row.Centre;
        account.PasswordHash = row.Hash ?? account.PasswordHash;
        if (row.UserName.Contains('@', StringComparison.Ordinal))
        {
            (account.Email, account.NormalizedEmail) = (row.UserName, row.Key);
        }
    }

    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult With(this Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult problem, params (string Name, int Count)[] counts)
    {
        foreach (var (name, count) in counts)
        {
            problem.ProblemDetails.Extensions[name] = count;
        }
        return problem;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._@+-]{1,100}\z")]
    private static partial Regex UserName();

    [GeneratedRegex(@"^[A-Za-z0-9.-]{1,40}\z")]
    private static partial Regex Code();

    sealed record Row(string UserName, string[] Roles, string? RegistryNumber, string? Centre, string? Password)
    {
        public string Key { get; } = UserName.ToUpperInvariant();

        public string? Hash { get; set; }

        public bool SameAs(Account account) => account.Roles.SequenceEqual(Roles) && account.RegistryNumber == RegistryNumber && account.Centre == Centre
            && (Hash is null || Hash == account.PasswordHash);
    }
}
