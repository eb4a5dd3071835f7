using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Applications;

/// <summary>
/// Teachers as the office searches them: folded as <see cref="SearchText"/> folds, but by the database, so that whoever writes a row writes it right.
/// </summary>
static class TeacherSearch
{
    public const string Column = "Search";

    const string From = "ABEHIKMNOPTXYZabcdefghijklmnopqrstuvwxyzÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿΆΈΉΊΌΎΏΐΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώἀἁἂἃἄἅἆἇἈἉἊἋἌἍἎἏἐἑἒἓἔἕἘἙἚἛἜἝἠἡἢἣἤἥἦἧἨἩἪἫἬἭἮἯἰἱἲἳἴἵἶἷἸἹἺἻἼἽἾἿὀὁὂὃὄὅὈὉὊὋὌὍὐὑὒὓὔὕὖὗὙὛὝὟὠὡὢὣὤὥὦὧὨὩὪὫὬὭὮὯὰάὲέὴήὶίὸόὺύὼώᾀᾁᾂᾃᾄᾅᾆᾇᾈᾉᾊᾋᾌᾍᾎᾏᾐᾑᾒᾓᾔᾕᾖᾗᾘᾙᾚᾛᾜᾝᾞᾟᾠᾡᾢᾣᾤᾥᾦᾧᾨᾩᾪᾫᾬᾭᾮᾯᾰᾱᾲᾳᾴᾶᾷᾸᾹᾺΆᾼιῂῃῄῆῇῈΈῊΉῌῐῑῒΐῖῗῘῙῚΊῠῡῢΰῤῥῦῧῨῩῪΎῬῲῳῴῶῷῸΌῺΏῼ";
    const string To = "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖΑΒCDΕFGΗΙJΚLΜΝΟΡQRSΤUVWΧΥΖΑΑΑΑΑΑCΕΕΕΕΙΙΙΙΝΟΟΟΟΟUUUUΥΑΑΑΑΑΑÆCΕΕΕΕΙΙΙΙÐΝΟΟΟΟΟØUUUUΥÞΥΑΕΗΙΟΥΩΙΙΥΑΕΗΙΥΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΣΤΥΦΧΨΩΙΥΟΥΩΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΕΕΕΕΕΕΕΕΕΕΕΕΗΗΗΗΗΗΗΗΗΗΗΗΗΗΗΗΙΙΙΙΙΙΙΙΙΙΙΙΙΙΙΙΟΟΟΟΟΟΟΟΟΟΟΟΥΥΥΥΥΥΥΥΥΥΥΥΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΑΑΕΕΗΗΙΙΟΟΥΥΩΩΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΗΗΗΗΗΗΗΗΗΗΗΗΗΗΗΗΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΑΑΑΑΑΑΑΑΑΑΑΑΙΗΗΗΗΗΕΕΗΗΗΙΙΙΙΙΙΙΙΙΙΥΥΥΥΡΡΥΥΥΥΥΥΡΩΩΩΩΩΟΟΩΩΩ";

    public const string Sql = $"translate(registry_number || ' ' || last_name || ' ' || first_name || ' ' || email, '{From}', '{To}')";

    /// <summary>Those that hold every word.</summary>
    public static IQueryable<Teacher> Holding(this IQueryable<Teacher> teachers, string? words) => SearchText.Patterns(words)
        .Aggregate(teachers, (found, pattern) => found.Where(teacher => EF.Functions.Like(EF.Property<string>(teacher, Column), pattern)));
}
