using System.Collections.Frozen;

namespace Dogana.Identity.Secrets;

/// <summary>The commonest of the passwords that are long enough, in lower case, and texts that repeat one short piece.</summary>
internal static class CommonPasswords
{
    private const int PieceMax = 4;

    private static readonly FrozenSet<string> All = """
        123456789012 1234567890123 12345678901234 123456789123 1234567891234 0123456789012 1234567890abc 123456789abc 1234567890qwerty
        1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopasdf qwerty123456
        qwerty1234567 qwerty12345678 asdfghjkl123 asdfghjkl1234 zxcvbnm12345 qwertyuiop[] qwertzuiop12 azertyuiop12 abcdefghijkl abcdefghijklm abcd12345678
        password1234 password12345 password123456 password1234567 password123! password1234! passwordpassword mypassword123 p@ssw0rd1234 p@ssword1234
        passw0rd1234 welcome12345 welcome123456 administrator administrator1 admin1234567 admin12345678 adminadmin123 letmein12345 letmeinplease
        iloveyou1234 iloveyou12345 iloveyou123456 iloveyouforever changeme1234 changemenow1 changemeplease trustno1trustno1 superman1234 batman123456
        football1234 baseball1234 basketball12 liverpool123 chelsea12345 manchester12 princess1234 sunshine1234 starwars1234 pokemon12345 minecraft123
        dragon123456 monkey123456 master123456 shadow123456 michael12345 jennifer1234 computer1234 internet1234 whatever1234 secret123456 correcthorsebatterystaple
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string password) => All.Contains(password) || Enumerable.Range(1, PieceMax).Any(length => Repeats(password, length));

    private static bool Repeats(string password, int length)
    {
        for (var i = length; i < password.Length; i++)
        {
            if (password[i] != password[i - length])
            {
                return false;
            }
        }

        return true;
    }
}
