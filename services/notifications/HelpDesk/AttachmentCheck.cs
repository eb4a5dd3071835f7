using System.IO.Compression;

namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>Which files a question may carry: of these kinds by name and by content, not too large, and no archive that unpacks to more than it should.</summary>
public static class AttachmentCheck
{
    public const int MostFiles = 5, Largest = 5 << 20;
    const int MostParts = 2000;
    const long MostUnpacked = 50 << 20;

    static readonly Dictionary<string, (string Type, byte[][] Starts)> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = ("application/pdf", ["%PDF-"u8.ToArray()]),
        [".png"] = ("image/png", [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]),
        [".jpg"] = ("image/jpeg", [[0xFF, 0xD8, 0xFF]]),
        [".jpeg"] = ("image/jpeg", [[0xFF, 0xD8, 0xFF]]),
        [".txt"] = ("text/plain; charset=utf-8", []),
        [".docx"] = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["PK\u0003\u0004"u8.ToArray()]),
        [".xlsx"] = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ["PK\u0003\u0004"u8.ToArray()]),
        [".odt"] = ("application/vnd.oasis.opendocument.text", ["PK\u0003\u0004"u8.ToArray()]),
    };

    /// <returns>The type it is kept under; or the name of the text that says why not.</returns>
    public static (string? Type, string? Fault) Judge(string name, byte[] content)
    {
        if (content.Length == 0 || content.Length > Largest)
        {
            return (null, "AttachmentSize");
        }
        if (!Kinds.TryGetValue(Path.GetExtension(name), out var kind) || (kind.Starts.Length > 0 && !kind.Starts.Any(start => content.AsSpan().StartsWith(start))))
        {
            return (null, "AttachmentType");
        }
        return kind.Starts is [[(byte)'P', ..]] && !UnpacksToReason(content) ? (null, "AttachmentBomb") : (kind.Type, null);
    }

    /// <summary>By unpacking: what an archive says of its own size is not believed.</summary>
    static bool UnpacksToReason(byte[] content)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content));
            var (left, room) = (MostUnpacked, new byte[1 << 16]);
            if (archive.Entries.Count > MostParts || archive.Entries.Any(e => e.FullName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
            foreach (var entry in archive.Entries)
            {
                using var part = entry.Open();
                while (part.Read(room) is > 0 and var read)
                {
                    if ((left -= read) < 0)
                    {
                        return false;
                    }
                }
            }
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>A name that is only a name.</summary>
    public static string Name(string given)
    {
        var name = string.Concat(Path.GetFileName(given.Replace('\\', '/')).Where(c => !char.IsControl(c) && c is not ('"' or '/' or ':' or '<' or '>' or '|' or '?' or '*'))).Trim();
        return name.Length is > 0 and <= 120 ? name : $"attachment{Path.GetExtension(name)}";
    }
}
