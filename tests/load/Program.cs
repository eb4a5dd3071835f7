using System.Text;
using EPimorfosi.Load;
using Spectre.Console;

Console.OutputEncoding = Encoding.UTF8;
if (Arguments.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(Arguments.Usage);
    return 2;
}
try
{
    return await Demo.Run(options, AnsiConsole.Console) ? 0 : 1;
}
catch (Exception fault) when (fault is UnexpectedAnswerException or TimeoutException or HttpRequestException or FormatException or IOException)
{
    await Console.Error.WriteLineAsync($"The play stops here.\n{fault.Message}");
    return 1;
}
