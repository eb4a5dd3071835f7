namespace EPimorfosi.Tests.Servers;

/// <summary>The work tree that the tests were built from.</summary>
public static class ProjectRoot
{
    public static string Path { get; } = Find();

    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EPimorfosi.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No EPimorfosi.sln above {AppContext.BaseDirectory}.");
    }
}
