using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace EPimorfosi.Gateway.Exports;

/// <summary>
/// Tables as people open them in a spreadsheet. Every cell is text: what begins like a formula is none. In XLSX a cell says so itself; in CSV, where it cannot, an apostrophe goes before
/// it, which the imports take away again.
/// </summary>
static class Sheets
{
    const string Beginnings = "=+-@\t\r";
    const int MostRows = 1_048_576, LongestCell = 32_767;

    /// <summary>The same text, such that no spreadsheet takes it for a formula.</summary>
    internal static string Guarded(string value) => value.TrimStart('\'') is [var first, ..] && Beginnings.Contains(first, StringComparison.Ordinal) ? "'" + value : value;

    /// <summary>The rows, the header among them, as an XLSX file; written row by row, so its length costs no memory.</summary>
    /// <param name="file">That can be read and sought in.</param>
    internal static async Task Write(Stream file, string name, IAsyncEnumerable<string[]> rows)
    {
        using var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook);
        var workbook = document.AddWorkbookPart();
        var sheet = workbook.AddNewPart<WorksheetPart>();
        using (var writer = OpenXmlWriter.Create(sheet))
        {
            writer.WriteStartElement(new Worksheet());
            writer.WriteStartElement(new SheetData());
            var count = 0;
            await foreach (var row in rows)
            {
                if (++count > MostRows)
                {
                    break;
                }
                writer.WriteStartElement(new Row());
                foreach (var value in row)
                {
                    writer.WriteElement(new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(Printable(value)) { Space = SpaceProcessingModeValues.Preserve }) });
                }
                writer.WriteEndElement();
            }
            writer.WriteEndElement();
            writer.WriteEndElement();
        }
        workbook.Workbook = new Workbook(new DocumentFormat.OpenXml.Spreadsheet.Sheets(new Sheet { Name = name, SheetId = 1, Id = workbook.GetIdOfPart(sheet) }));
    }

    /// <summary>Without the few characters that XML cannot hold.</summary>
    static string Printable(string value)
    {
        var short_ = value.Length > LongestCell ? value[..LongestCell] : value;
        return short_.Any(c => c < ' ' && c is not ('\t' or '\n' or '\r')) ? new StringBuilder().AppendJoin("", short_.Where(c => c >= ' ' || c is '\t' or '\n' or '\r')).ToString() : short_;
    }
}
