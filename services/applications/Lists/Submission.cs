using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>
/// Putting in a list, and taking it back. In one transaction: leave for the period, then the teacher's row, then the rules; so two requests of one
/// teacher go one after the other, and what is acknowledged is in the frozen list.
/// </summary>
static class Submission
{
    public static async Task<IResult> Put(
        string period, ApplicationRequest request, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time,
        IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: true, out var caller) is { } refused)
        {
            return refused;
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (admission, closed) = await Admission.Seek(connection, catalogues, period, time, text, cancellationToken);
        if (admission is null)
        {
            return closed!;
        }
        string[] number = [caller.RegistryNumber];
        if ((await Candidates.Lock(connection, number, cancellationToken)).GetValueOrDefault(caller.RegistryNumber) is not { } who)
        {
            return Refused.NoTeacher(text, caller.RegistryNumber);
        }
        var (programmes, policy) = (admission.Catalogue.Programmes, admission.Catalogue.Period.Policy);
        var list = request.List;
        var cluster = Eligibility.ClusterOf(who, request.Cluster, list, programmes);
        var refusals = Eligibility.OfApplication(who, request.Declarations?.TeachingNow == true, cluster, list, programmes, policy);
        if (refusals.Count > 0)
        {
            return Refused.ByRule(refusals, text);
        }
        var current = (await Versions.Current(connection, period, number, cancellationToken)).GetValueOrDefault(caller.RegistryNumber);
        var next = Versions.Next(current, caller.RegistryNumber, cluster!, list, false, Ticket.New);
        return Overtaken(http, current, next, text) ?? await Store(http, connection, transaction, period, current, next, admission.Now, caller, cancellationToken);
    }

    public static async Task<IResult> Withdraw(
        string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: true, out var caller) is { } refused)
        {
            return refused;
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (admission, closed) = await Admission.Seek(connection, catalogues, period, time, text, cancellationToken);
        if (admission is null)
        {
            return closed!;
        }
        string[] number = [caller.RegistryNumber];
        await Candidates.Lock(connection, number, cancellationToken);
        var current = (await Versions.Current(connection, period, number, cancellationToken)).GetValueOrDefault(caller.RegistryNumber);
        if (current is null or { Version: 0 })
        {
            return Refused.NoApplication(text);
        }
        var next = Versions.Next(current, caller.RegistryNumber, current.Cluster, [], true, Ticket.New);
        return Overtaken(http, current, next, text) ?? await Store(http, connection, transaction, period, current, next, admission.Now, caller, cancellationToken);
    }

    /// <summary>
    /// Who says <c>If-Match: "3"</c> changes version 3 (<c>"0"</c>: there is none yet) and no other: of two who edit at once the second is told. The same list again is no change.
    /// </summary>
    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Overtaken(HttpContext http, Application? current, NewVersion? next, IStringLocalizer<Texts> text) =>
        next is not null && http.Request.Headers.IfMatch is [{ Length: > 0 } expected] && expected != "*" && expected.Trim('"') != (current?.Version ?? 0).ToString(CultureInfo.InvariantCulture)
            ? Problems.Refuse(StatusCodes.Status412PreconditionFailed, "changed-meanwhile", text["ChangedMeanwhile"], text["ChangedMeanwhile.Detail"])
            : null;

    static async Task<IResult> Store(
        HttpContext http, NpgsqlConnection connection, NpgsqlTransaction transaction, string period, Application? current, NewVersion? next, DateTimeOffset now, Caller caller,
        CancellationToken cancellationToken)
    {
        if (next is null) // the same list again: the receipt stands
        {
            return TypedResults.Ok(new SubmissionReceipt(current!.Ticket, current.Version, current.ReceivedAt, current.Digest,
                Canonical.ApplicationLine(current.Ticket, current.Cluster, current.Preferences)));
        }
        await Versions.Store(connection, period, [next], now, caller, cancellationToken);
        await caller.Record(http, connection, now, next.Withdrawn ? "application.withdrawn" : "application.submitted", period,
            string.Create(CultureInfo.InvariantCulture, $"version {next.Version}: {string.Join(", ", next.Preferences)}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new SubmissionReceipt(next.Ticket, next.Version, now, next.Digest, next.Line));
    }
}

/// <summary>A ranked list as it is put in.</summary>
/// <param name="Cluster">R11: for who may choose; else it follows from the list.</param>
public record ApplicationRequest(IReadOnlyList<string?>? Preferences, string? Cluster, Declarations? Declarations)
{
    internal IReadOnlyList<string> List => [.. (Preferences ?? []).Select(code => code?.Trim() ?? "")];
}

/// <summary>R8: what the applicant declares.</summary>
public record Declarations(bool TeachingNow);

/// <summary>R15: the receipt of a version.</summary>
/// <param name="Digest">SHA-256, lower-case hex, of the UTF-8 bytes of <paramref name="Line"/> with its LF.</param>
/// <param name="Line">The version as a line of <c>applications.txt</c>, its LF included.</param>
public record SubmissionReceipt(string Ticket, int Version, DateTimeOffset ReceivedAt, string Digest, string Line);
