using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Leave to write applications of a period, good to the end of the transaction.</summary>
/// <param name="Now">When it was given: the time of every receipt of this transaction.</param>
sealed record Admission(Catalogue Catalogue, DateTimeOffset Now)
{
    /// <summary>Takes the period's lock shared, and only then looks at the clock and at the freeze (R15, R17, R30).</summary>
    public static async Task<(Admission? Admission, IResult? Refusal)> Seek(
        NpgsqlConnection connection, Catalogues catalogues, string period, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await PeriodLock.Shared(connection, period, cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return (null, Refused.NoPeriod(text, period));
        }
        var frozen = await connection.Scalar<bool>("select exists (select from freezes where period = $1)", cancellationToken, period);
        var now = time.Now();
        return Refused.Outside(catalogue.Period.PhaseA, "PhaseA", "R15", now, text, shut: frozen) is { } refusal
            ? (null, refusal)
            : (new(catalogue, now), null);
    }
}
