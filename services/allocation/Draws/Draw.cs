using System.Buffers.Binary;
using System.Runtime.InteropServices;
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
        var result = new DrawResult(book, Order(book.Tickets, seed));
        for (var place = 1; place <= result.Order.Length; place++)
        {
            Seat(result, result.Order[place - 1], place);
        }
        return result;
    }

    /// <summary>The applications' numbers by ascending key, unsigned bytes; equal keys by ticket.</summary>
    static int[] Order(IReadOnlyList<string> tickets, ReadOnlySpan<byte> seed)
    {
        var keys = new Key[tickets.Count];
        Span<byte> text = stackalloc byte[seed.Length + 64], hash = stackalloc byte[SHA256.HashSizeInBytes];
        seed.CopyTo(text);
        for (var application = 0; application < keys.Length; application++)
        {
            var length = Encoding.ASCII.GetBytes(tickets[application], text[seed.Length..]);
            SHA256.HashData(text[..(seed.Length + length)], hash);
            var parts = MemoryMarshal.Cast<byte, ulong>(hash);
            keys[application] = new(Big(parts[0]), Big(parts[1]), Big(parts[2]), Big(parts[3]), application);
        }
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => key.Application);
    }

    static ulong Big(ulong part) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(part) : part;

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

    readonly record struct Key(ulong A, ulong B, ulong C, ulong D, int Application) : IComparable<Key>
    {
        public int CompareTo(Key other) =>
            A != other.A ? A.CompareTo(other.A)
            : B != other.B ? B.CompareTo(other.B)
            : C != other.C ? C.CompareTo(other.C)
            : D != other.D ? D.CompareTo(other.D)
            : Application.CompareTo(other.Application);
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
