using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Who sits in a programme, for the centre that runs it and for its trainers: names only once the results are public (R19, R28), and no more than a list for the door needs.</summary>
static class Members
{
    internal static async Task<IResult> List(
        string period, string programme, ClaimsPrincipal user, NpgsqlDataSource source, Catalogues catalogues, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return Refused.NoPeriod(text, period);
        }
        if (!catalogue.Programmes.TryGetValue(programme, out var known) || !(IsCentre(known, user) || await IsTrainer(connection, period, programme, user, cancellationToken)))
        {
            return Problems.Refuse(StatusCodes.Status404NotFound, "not-your-programme", text["NotYourProgramme"]);
        }
        if (!await connection.Scalar<bool>("select exists (select from draw_results where period = $1)", cancellationToken, period))
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "results-not-published", text["NoResults"], text["MembersLater"], "R19");
        }
        var members = await connection.Rows("""
            select t.last_name, t.first_name, t.specialty, coalesce((select string_agg(s.name, ', ' order by s.name) from schools s where s.code = any(t.schools)), ''), e.confirmed
            from standings standing
            join applications a on a.period = standing.period and a.ticket = standing.ticket
            join teachers t on t.registry_number = a.registry_number
            left join enrolments e on e.period = standing.period and e.registry_number = a.registry_number and e.programme = standing.seat
            where standing.period = $1 and standing.seat = $2
            order by t.last_name, t.first_name, t.registry_number
            """, row => new Member(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetBoolean(4)), cancellationToken, period, programme);
        return TypedResults.Ok(new Paged<Member>(members, 1, members.Count, members.Count));
    }

    static bool IsCentre(Contracts.Programmes.Programme programme, ClaimsPrincipal user) => user.Is(Policies.Centre) && programme.Centre == user.Centre();

    static async Task<bool> IsTrainer(NpgsqlConnection connection, string period, string programme, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        user.Is(Policies.Trainer) && user.RegistryNumber() is { } number
        && await connection.Scalar<bool>("select exists (select from programme_trainers where period = $1 and code = $2 and $3 = any(trainers))", cancellationToken, period, programme, number);
}

/// <param name="Schools">Their names.</param>
/// <param name="Confirmed">R28: null before the teacher answered.</param>
public record Member(string LastName, string FirstName, string Specialty, string Schools, bool? Confirmed);
