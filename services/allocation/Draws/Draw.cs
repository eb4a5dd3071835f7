using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Allocation.Draws;

/// <summary>Κλήρωση: serial dictatorship in one order of tickets for all programmes (R16), as the bundle format, version 1, says.</summary>
public static class Draw
{
    public const string Algorithm = "serial-dictatorship-v1";

    /// <param name="seed">32 bytes, see <see cref="Seed"/>.</param>
    public static DrawResult Run(DrawBook book, ReadOnlySpan<byte> seed)
    {
        var secret = seed.ToArray();
        var result = new DrawResult(book, Order(book.Tickets.Count, (application, key) => Key(secret, book.Tickets[application], key)));
        for (var place = 1; place <= result.Order.Length; place++)
        {
            Seat(result, result.Order[place - 1], place);
        }
        return result;
    }

    /// <summary>Writes an application's key, 32 bytes.</summary>
    public delegate void KeyOf(int application, Span<byte> key);

    static void Key(byte[] seed, string ticket, Span<byte> key)
    {
        Span<byte> text = stackalloc byte[seed.Length + 64];
        seed.CopyTo(text);
        SHA256.HashData(text[..(seed.Length + Encoding.ASCII.GetBytes(ticket, text[seed.Length..]))], key);
    }

    /// <summary>The applications' numbers by ascending key, unsigned bytes; equal keys by number, which is by ticket.</summary>
    public static int[] Order(int count, KeyOf keyOf)
    {
        var (heads, order) = (new ulong[count], new int[count]);
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        for (var application = 0; application < count; application++)
        {
            keyOf(application, key);
            (heads[application], order[application]) = (BinaryPrimitives.ReadUInt64BigEndian(key), application);
        }
        Array.Sort(heads, order);
        // Eight bytes decide, but for an accident that the rest of the key then decides.
        for (var (start, end) = (0, 1); start < count; start = end++)
        {
            while (end < count && heads[end] == heads[start])
            {
                end++;
            }
            if (end - start > 1)
            {
                SortByWholeKey(order.AsSpan(start..end), keyOf);
            }
        }
        return order;
    }

    static void SortByWholeKey(Span<int> applications, KeyOf keyOf) => applications.Sort((one, other) =>
    {
        Span<byte> mine = stackalloc byte[SHA256.HashSizeInBytes], theirs = stackalloc byte[SHA256.HashSizeInBytes];
        keyOf(one, mine);
        keyOf(other, theirs);
        return mine.SequenceCompareTo(theirs) is not 0 and var difference ? difference : one.CompareTo(other);
    });

    static void Seat(DrawResult result, int application, int place)
    {
        var choice = result.Book.FirstChoice(application);
        foreach (var programme in result.Book.Choices(application))
        {
            if (result.Members[programme] < result.Book.Programmes[programme].Maximum)
            {
                result.Seat[application] = programme;
                if (++result.Members[programme] == result.Book.Programmes[programme].Maximum)
                {
                    result.CutOff[programme] = place;
                }
                return;
            }
            // R19: listed above what they get, if they get anything; the draw goes in order, so its positions are the runners-up's.
            result.RunnerUp[choice++] = ++result.RunnersUp[programme];
        }
    }
}

/// <summary>Who got what. Applications and programmes go by their numbers in the book.</summary>
public sealed class DrawResult
{
    internal DrawResult(DrawBook book, int[] order)
    {
        Book = book;
        Order = order;
        Seat = new int[order.Length];
        Array.Fill(Seat, -1);
        RunnerUp = new int[book.AllChoices];
        Members = new int[book.Programmes.Count];
        CutOff = new int[book.Programmes.Count];
        RunnersUp = new int[book.Programmes.Count];
    }

    public DrawBook Book { get; }

    /// <summary>By place (from 0) the application.</summary>
    public int[] Order { get; }

    /// <summary>By application the programme, or -1.</summary>
    public int[] Seat { get; }

    /// <summary>By choice, over all applications, the position among the programme's runners-up from 1; 0 for no runner-up (R19).</summary>
    public int[] RunnerUp { get; }

    /// <summary>By programme.</summary>
    public int[] Members { get; }

    /// <summary>By programme the place that took the last seat; 0 if seats were left.</summary>
    public int[] CutOff { get; }

    /// <summary>By programme.</summary>
    public int[] RunnersUp { get; }

    /// <summary>The seat's rank on the application's list, from 1; 0 for none.</summary>
    public int Rank(int application) => Book.Choices(application).IndexOf(Seat[application]) + 1;

    /// <summary>The application's part of <see cref="RunnerUp"/>, in rank order.</summary>
    public ArraySegment<int> RunnerUpOf(int application) => new(RunnerUp, Book.FirstChoice(application), Book.Choices(application).Length);
}
