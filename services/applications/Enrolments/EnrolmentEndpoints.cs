using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>The placed teacher's answer in the days of enrolment (R28).</summary>
static class EnrolmentEndpoints
{
    public static void MapEnrolments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/enrolments/{period}/members", Members.List).WithTags("Enrolments").RequireAuthorization(Policies.CentreOrTrainer);
        var enrolments = routes.MapGroup("/api/enrolments/{period}").WithTags("Enrolments").RequireAuthorization(Policies.TeacherOrOffice);
        enrolments.MapPost("/confirm", (string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
            Answer(true, period, http, source, catalogues, time, text, cancellationToken));
        enrolments.MapPost("/decline", (string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
            Answer(false, period, http, source, catalogues, time, text, cancellationToken));
    }

    static async Task<IResult> Answer(
        bool confirmed, string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text,
        CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: true, out var caller) is { } refused)
        {
            return refused;
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return Refused.NoPeriod(text, period);
        }
        await Candidates.Lock(connection, [caller.RegistryNumber], cancellationToken); // one answer at a time
        var now = time.Now();
        if (Refused.Outside(catalogue.Period.Enrolment, "Enrolment", "R28", now, text) is { } closed)
        {
            return closed;
        }
        var given = (await connection.Rows("select programme, confirmed, answered_at from enrolments where period = $1 and registry_number = $2",
            row => new EnrolmentView(row.GetString(0), row.GetBoolean(1), row.Time(2)), cancellationToken, period, caller.RegistryNumber)).SingleOrDefault();
        if (given is not null && (given.Confirmed == confirmed || !given.Confirmed))
        {
            return given.Confirmed == confirmed
                ? TypedResults.Ok(given)
                : Problems.Refuse(StatusCodes.Status409Conflict, "seat-given-up", text["SeatGivenUp"], text["SeatGivenUp.Detail", given.Programme], "R28");
        }
        var holding = await Holding.Of(connection, period, caller.RegistryNumber, cancellationToken);
        if (holding.Seat is null || holding.Releasing is not null)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "no-seat", text["NoSeat"], text["NoSeat.Detail"], "R28");
        }
        await Store(connection, period, caller, holding.Ticket!, holding.Seat, confirmed, now, cancellationToken);
        await caller.Record(http, connection, now, confirmed ? "enrolment.confirmed" : "enrolment.declined", period, holding.Seat, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new EnrolmentView(holding.Seat, confirmed, now));
    }

    static async Task Store(NpgsqlConnection connection, string period, Caller caller, string ticket, string programme, bool confirmed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await connection.Execute("""
            insert into enrolments (period, registry_number, ticket, programme, confirmed, answered_at, acted_by, act_reason) values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (period, registry_number) do update set confirmed = excluded.confirmed, answered_at = excluded.answered_at,
                acted_by = excluded.acted_by, act_reason = excluded.act_reason
            """, cancellationToken, period, caller.RegistryNumber, ticket, programme, confirmed, now, caller.ActedBy, caller.ActReason);
        await connection.Publish([new EnrolmentAnswered(period, ticket, programme, confirmed, now)], cancellationToken);
        if (!confirmed) // the seat is given up in the order of everything that moves seats; stored last, as it locks the counter
        {
            var release = new NewRequest(SeatRequestKind.Release, caller.RegistryNumber, ticket, [], "decline of enrolment", caller);
            await SeatRequests.Store(connection, period, [release], now, System.Diagnostics.Activity.Current?.Id, cancellationToken);
        }
    }
}

/// <summary>A teacher's answer to the seat.</summary>
public record EnrolmentView(string Programme, bool Confirmed, DateTimeOffset AnsweredAt);
