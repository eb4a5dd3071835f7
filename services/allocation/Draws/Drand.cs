using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The chain whose rounds a draw may name, and where they are read. Section <c>Drand</c>.</summary>
public sealed class DrandOptions
{
    /// <summary>64 hex digits.</summary>
    [RegularExpression("^[0-9a-f]{64}$")]
    public required string ChainHash { get; init; }

    /// <summary>When round 1 was, in seconds of Unix time.</summary>
    public required long Genesis { get; init; }

    /// <summary>Seconds from one round to the next.</summary>
    [Range(1, 3600)]
    public required int Period { get; init; }

    /// <summary>Base addresses; each is asked.</summary>
    [MinLength(1)]
    public required Uri[] Relays { get; init; }

    /// <summary>How far ahead of the commit a round must at least lie, so that everybody can read the commitment first.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For one relay's answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>A published round. Hex is lower case.</summary>
public sealed record DrandRound(long Round, string Randomness, string Signature, string? PreviousSignature);

/// <summary>No relay gave a round that can be used; each relay with what was wrong.</summary>
public sealed class RandomnessUnavailableException(string message) : Exception(message);

/// <summary>drand, public randomness that nobody knows before its time (R18).</summary>
public sealed partial class Drand(HttpClient http, IOptions<DrandOptions> options)
{
    const int Attempts = 3;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    readonly DrandOptions options = options.Value;

    public TimeSpan Lead => options.Lead;

    /// <summary>As in the seed's text.</summary>
    public string Source(long round) => string.Create(CultureInfo.InvariantCulture, $"drand:{options.ChainHash}:{round}");

    /// <summary>When a round is made; null for a number that no round can have.</summary>
    public DateTimeOffset? TimeOf(long round) => round < 1 || round > (DateTimeOffset.MaxValue.ToUnixTimeSeconds() - options.Genesis) / options.Period
        ? null
        : DateTimeOffset.FromUnixTimeSeconds(options.Genesis + (round - 1) * options.Period);

    /// <summary>The first round made at or after an instant.</summary>
    public long RoundAt(DateTimeOffset time) => Math.Max(1, (time.ToUnixTimeSeconds() - options.Genesis + 2 * options.Period - 1) / options.Period);

    /// <summary>
    /// Asks every relay and takes the round that all who answer agree on. Whether it is the chain's own follows from its signature, which
    /// each verifier checks; a relay alone cannot choose the randomness unseen.
    /// </summary>
    /// <exception cref="RandomnessUnavailableException">None answers with such a round, or two differ.</exception>
    public async Task<DrandRound> Fetch(long round, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(options.Relays.Select(relay => Ask(relay, round, cancellationToken)));
        var rounds = answers.Select(answer => answer.Round).OfType<DrandRound>().Distinct().ToList();
        return rounds.Count == 1
            ? rounds[0]
            : throw new RandomnessUnavailableException(rounds.Count == 0
                ? string.Join("; ", answers.Select(answer => answer.Fault))
                : $"the relays differ on round {round}");
    }

    async Task<(DrandRound? Round, string? Fault)> Ask(Uri relay, long round, CancellationToken cancellationToken)
    {
        var fault = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await Task.Delay(Pause * attempt, cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.Patience);
            try
            {
                var answer = await http.GetFromJsonAsync<Answer>(new Uri(relay, $"/{options.ChainHash}/public/{round}"), limit.Token);
                return Check(answer, round) is { } wrong ? (null, $"{relay.Host}: {wrong}") : (new(round, answer!.Randomness!, answer.Signature!, answer.PreviousSignature), null);
            }
            catch (Exception unreachable) when (!cancellationToken.IsCancellationRequested
                && unreachable is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException or IOException)
            {
                fault = $"{relay.Host}: {Words(unreachable)}";
            }
        }
        return (null, fault);
    }

    static string Words(Exception fault) => fault switch
    {
        HttpRequestException { StatusCode: HttpStatusCode status } => string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}"),
        OperationCanceledException => "no answer in time",
        System.Text.Json.JsonException => "not JSON",
        _ => "not reachable",
    };

    /// <summary>What is wrong with an answer: another round, or a randomness that is not its signature's digest.</summary>
    static string? Check(Answer? answer, long round) =>
        answer?.Round != round ? $"round {answer?.Round} instead of {round}"
        : answer is not { Signature: { } signature, Randomness: { } randomness } || !Bytes().IsMatch(signature) || answer.PreviousSignature is { } previous && !Bytes().IsMatch(previous) ? "no signature"
        : Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(signature))) != randomness ? "its randomness is not SHA-256 of its signature"
        : null;

    [GeneratedRegex(@"^(?:[0-9a-f]{2}){32,128}\z")]
    private static partial Regex Bytes();

    sealed record Answer(long Round, string? Randomness, string? Signature, [property: System.Text.Json.Serialization.JsonPropertyName("previous_signature")] string? PreviousSignature);
}
